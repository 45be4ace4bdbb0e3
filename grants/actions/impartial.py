"""Nobody of the unit decides about money of an organisation that they act for themselves."""

from __future__ import annotations

from collections.abc import Collection

from grants.errors import ActionRefused
from vru.accounts.models import Membership, User


def check_impartial(by: User, organisations: Collection[int], what: str) -> None:
    """Raises ``ActionRefused`` when ``by`` acts now for one of these organisations (their ids). One query."""
    theirs = Membership.objects.current().filter(user=by, organisation__in=organisations)
    membership = theirs.select_related("organisation").order_by("pk").first()
    if membership is not None:
        raise ActionRefused(f"You act for {membership.organisation}, so somebody else must {what}.")
