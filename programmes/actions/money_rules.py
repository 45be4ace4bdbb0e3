"""What every write about the unit's own money asks first: who it is, and whether what was typed can be kept."""

from __future__ import annotations

from programmes.errors import ProgrammeRefused
from programmes.models import FundingSource
from vru.accounts.models import User
from vru.accounts.permissions import can_keep_money
from vru.lib.periods import EARLIEST, LATEST

LONGEST_REASON, LONGEST_TEXT = 300, 20_000
# £100bn: what a wrong unit reaches, and no budget of the unit's does. Sums of such amounts fit the database's columns.
MOST_PENCE = 10**13


def check_keeper(by: User, what: str) -> None:
    """Raises ``ProgrammeRefused`` unless ``by`` keeps the unit's money."""
    if not can_keep_money(by):
        raise ProgrammeRefused(f"Only a finance officer can {what}.")


def check_words(text: str, what: str, *, longest: int = LONGEST_REASON, missing: str = "") -> str:
    """The text without spaces around it. With ``missing``, the sentence for a text that must be there."""
    words = text.strip()
    if missing and not words:
        raise ProgrammeRefused(missing)
    if len(words) > longest:
        raise ProgrammeRefused(f"{what} is longer than {longest:,} characters. Shorten it.")
    if "\0" in words:
        raise ProgrammeRefused(f"{what} has a hidden character in it. Clear it and retype it.")
    return words


def check_amount(pence: int, what: str) -> None:
    if pence < 0:
        raise ProgrammeRefused(f"{what} cannot be below nought.")
    if pence > MOST_PENCE:
        raise ProgrammeRefused(f"{what} cannot be so large. Check the pounds and pence.")


def check_year(year: int) -> None:
    if not EARLIEST <= year <= LATEST:
        raise ProgrammeRefused("Choose a financial year, like 2020-21.")


def lock_source(source: FundingSource) -> FundingSource:
    """The source's row, locked until the transaction ends: what is allocated and promised of it changes one by one."""
    return FundingSource.objects.select_for_update().get(pk=source.pk)
