"""What every write to the plan checks first: who asks, is the programme still open, can the text be kept."""

from __future__ import annotations

from programmes.errors import ProgrammeRefused
from programmes.models import Programme
from vru.accounts.models import User
from vru.accounts.permissions import EDITORS_OF_PROGRAMMES
from vru.lib.layers import Layer

LONGEST_TEXT = 10_000
LONGEST_REASON = 1_000
ENDED = frozenset({Programme.Status.CLOSED, Programme.Status.CANCELLED})


def check_editor(by: User) -> None:
    if not by.has_role(*EDITORS_OF_PROGRAMMES):
        raise ProgrammeRefused("Only a programme manager or the director can change this.")


def cleaned(text: str, what: str, *, longest: int = LONGEST_TEXT, required: bool = False) -> str:
    """The text without spaces around it. Raises ``ProgrammeRefused`` when it is missing, too long or cannot be kept.

    No keyboard types NUL, and PostgreSQL can keep it neither in a text nor in JSON.
    """
    kept = text.strip()
    if required and not kept:
        raise ProgrammeRefused(f"{what} is missing. Enter it.")
    if len(kept) > longest:
        raise ProgrammeRefused(f"{what} is longer than {longest:,} characters. Shorten it.")
    if "\0" in kept:
        raise ProgrammeRefused(f"{what} has a hidden character in it. Clear it and retype it.")
    return kept


def edit_refusal(programme: Programme) -> str:
    """Why what the programme sets out to do cannot be changed; empty when it can."""
    if programme.layer == Layer.PUBLISHED:
        return "This programme was read from published documents. It changes only when they are read again."
    if programme.status in ENDED:
        return f"This programme is {programme.get_status_display().lower()}: what it set out to do stays as it was."
    return ""


def locked_for_editing(programme: Programme, by: User) -> Programme:
    """The programme's row, locked. Raises ``ProgrammeRefused`` for who may not, and for a programme that is over."""
    check_editor(by)
    locked = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    refusal = edit_refusal(locked)
    if refusal:
        raise ProgrammeRefused(refusal)
    return locked
