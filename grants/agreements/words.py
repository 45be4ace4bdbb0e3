"""The words of an agreement as pages and its file show them. Imports nothing that makes a PDF."""

from __future__ import annotations

from grants.models import AwardAgreement
from vru.lib.narrative import Token, to_html


def body_html(agreement: AwardAgreement, *, top_heading: int = 2) -> str:
    """The words as safe HTML; ``#`` in the template becomes a heading of level ``top_heading``."""
    # Whatever looks like a token now was typed by somebody and stays as it is.
    return to_html(agreement.body, as_typed, top_heading=top_heading)


def as_typed(token: Token) -> str:
    return f"{{{{{token}}}}}"


def reference_of(agreement: AwardAgreement) -> str:
    """ "GR-0001 agreement 2": what the page, the file and the register call it."""
    return f"{agreement.commitment.ref} agreement {agreement.number}"
