"""The words of an agreement as pages and its file show them. Imports nothing that makes a PDF."""

from __future__ import annotations

from grants.models import AwardAgreement
from vru.lib.narrative import Token, to_html


def body_html(agreement: AwardAgreement) -> str:
    """The words as safe HTML; the template's first heading is the document's own, so headings begin at the second."""
    # Whatever looks like a token now was typed by somebody and stays as it is.
    return to_html(agreement.body, lambda token: as_typed(token), top_heading=2)


def as_typed(token: Token) -> str:
    return f"{{{{{token}}}}}"


def reference_of(agreement: AwardAgreement) -> str:
    """ "GR-0001 agreement 2": what the page, the file and the register call it."""
    return f"{agreement.commitment.ref} agreement {agreement.number}"
