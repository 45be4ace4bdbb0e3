"""A signatory lets a colleague sign for a while: the page, its refusals and what is recorded."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import World
from tests.factories import DelegationFactory
from vru.accounts.actions.delegations import DelegationRefused, end_delegation, make_delegation
from vru.accounts.models import AuditEvent, Delegation, User

pytestmark = pytest.mark.django_db
PAGE = "/organisation/delegations/"
DAY = datetime.timedelta(days=1)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(world: World, ends: datetime.date | None = None, **changes: str) -> dict[str, str]:
    first, last = timezone.localdate(), ends or timezone.localdate() + 7 * DAY
    days = {
        f"{name}-{part}": str(getattr(day, part))
        for name, day in (("starts_on", first), ("ends_on", last))
        for part in ("day", "month", "year")
    }
    chosen = f"{world.grant.organisation_id}-{world.cast.grantee.pk}"
    return {"colleague": chosen, "reason": "On leave", **days, **changes}


def make(world: World, by: User, delegate: User, starts: int = 0, ends: int = 7) -> Delegation:
    today = timezone.localdate()
    return make_delegation(
        organisation=world.grant.organisation,
        delegate=delegate,
        starts_on=today + starts * DAY,
        ends_on=today + ends * DAY,
        reason="On leave",
        by=by,
    )


def test_a_signatory_makes_one_on_the_page_and_ends_it(world: World) -> None:
    client = signed_in(world.cast.signatory)
    for _ in range(2):  # A double click makes one.
        assert client.post(PAGE, typed(world)).status_code == 302
    delegation = Delegation.objects.get()
    assert (delegation.signatory, delegation.delegate) == (world.cast.signatory, world.cast.grantee)
    assert "In force" in client.get(PAGE).content.decode()
    for _ in range(2):
        client.post(f"{PAGE}{delegation.pk}/end/")
    assert not Delegation.objects.in_force_on(timezone.localdate()).exists()
    assert "Ended" in client.get(PAGE).content.decode()
    actions = AuditEvent.objects.about(world.grant.organisation).values_list("action", flat=True)
    assert sorted(actions) == ["delegation ended", "signature delegated"]


def test_a_mistake_comes_back_with_what_was_typed(world: World) -> None:
    answer = signed_in(world.cast.signatory).post(PAGE, typed(world, ends=timezone.localdate() - DAY, reason="Away"))
    assert answer.status_code == 422
    assert "The last day is before the first" in answer.content.decode()
    assert 'value="Away"' in answer.content.decode()
    assert not Delegation.objects.exists()


def test_only_a_signatory_delegates_and_ends(world: World) -> None:
    client = signed_in(world.cast.grantee)
    assert "Let somebody sign for you" not in client.get(PAGE).content.decode()
    client.post(PAGE, typed(world))
    assert not Delegation.objects.exists()
    with pytest.raises(DelegationRefused, match="Only a signatory"):
        make(world, world.cast.grantee, world.cast.signatory)
    delegation = make(world, world.cast.signatory, world.cast.grantee)
    client.post(f"{PAGE}{delegation.pk}/end/")
    delegation.refresh_from_db()
    assert delegation.ended_at is None
    with pytest.raises(DelegationRefused, match="Only a signatory"):
        end_delegation(delegation=delegation, by=world.cast.programme_manager)


def test_only_to_a_colleague_and_never_to_oneself(world: World) -> None:
    with pytest.raises(DelegationRefused, match="acts for the organisation"):
        make(world, world.cast.signatory, world.cast.outside_grantee)
    with pytest.raises(DelegationRefused, match="somebody else"):
        make(world, world.cast.signatory, world.cast.signatory)
    chosen = f"{world.other_grant.organisation_id}-{world.cast.outside_grantee.pk}"
    assert signed_in(world.cast.signatory).post(PAGE, typed(world, colleague=chosen)).status_code == 422


@pytest.mark.parametrize(
    ("starts", "ends", "words"), [(2, 1, "before the first"), (-9, -1, "is past"), (0, 400, "a year at most")]
)
def test_days_that_make_no_sense_are_refused(world: World, starts: int, ends: int, words: str) -> None:
    with pytest.raises(DelegationRefused, match=words):
        make(world, world.cast.signatory, world.cast.grantee, starts, ends)


def test_another_organisations_delegations_do_not_exist(world: World) -> None:
    delegation = make(world, world.cast.signatory, world.cast.grantee)
    outsider = signed_in(world.cast.outside_grantee)
    assert "On leave" not in outsider.get(PAGE).content.decode()
    assert outsider.post(f"{PAGE}{delegation.pk}/end/").status_code == 404
    assert signed_in(world.cast.programme_manager).post(f"{PAGE}{delegation.pk}/end/").status_code == 404
    assert DelegationFactory(organisation=world.other_grant.organisation).ended_at is None
