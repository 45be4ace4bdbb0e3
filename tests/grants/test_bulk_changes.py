"""One change to many grants: what it does, what it leaves, how it is taken back, and two presses at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from grants.actions.awards import change_status
from grants.actions.bulk_changes import Wanted, current, make_bulk_change, obstacle, plan, undo_bulk_change
from grants.errors import ActionRefused
from grants.models import BulkChange, Commitment
from tests.cast import World
from tests.factories import CommitmentFactory, UserFactory
from vru.accounts.models import AuditEvent, Role, User

pytestmark = pytest.mark.django_db
Kind, Status = BulkChange.Kind, Commitment.Status


def several(world: World, many: int = 3, **fields: Any) -> list[Commitment]:
    chosen = {"programme": world.grant.programme, "status": Status.ACTIVE, "manager": world.cast.programme_manager}
    return [CommitmentFactory(**(chosen | fields)) for _ in range(many)]


def seen(grants: list[Commitment], kind: str) -> dict[str, str]:
    return {grant.ref: current(grant, kind) for grant in grants}


def to_manager(grants: list[Commitment], manager: User, by: User) -> Any:
    return make_bulk_change(
        seen=seen(grants, Kind.MANAGER), wanted=Wanted(Kind.MANAGER, manager=manager), reason="On leave.", by=by
    )


def to_status(grants: list[Commitment], status: Commitment.Status, by: User) -> Any:
    return make_bulk_change(
        seen=seen(grants, Kind.STATUS), wanted=Wanted(Kind.STATUS, status=status), reason="A pause.", by=by
    )


def now(grants: list[Commitment], field: str) -> list[Any]:
    return [getattr(Commitment.objects.get(pk=grant.pk), field) for grant in grants]


def another_manager() -> User:
    return UserFactory(name="Nell Newcomer", role=Role.PROGRAMME_MANAGER)


def test_each_grant_is_given_to_the_new_manager_with_its_own_audit_event(world: World) -> None:
    grants, to = several(world), another_manager()
    outcome = to_manager(grants, to, world.cast.programme_manager)
    assert now(grants, "manager") == [to] * 3
    assert [AuditEvent.objects.about(grant).filter(action="grant reassigned").count() for grant in grants] == [1] * 3
    assert outcome.change.before == seen(grants, Kind.MANAGER)


def test_undoing_gives_each_its_own_manager_back_and_nobody_where_there_was_nobody(world: World) -> None:
    first, second = several(world, 1)[0], several(world, 1, manager=None)[0]
    to = another_manager()
    change = to_manager([first, second], to, world.cast.programme_manager).change
    undo_bulk_change(change=change, by=world.cast.programme_manager)
    assert now([first, second], "manager") == [world.cast.programme_manager, None]


def test_what_was_changed_since_stays_and_is_named(world: World) -> None:
    grants, to = several(world), another_manager()
    change = to_manager(grants, to, world.cast.programme_manager).change
    third = UserFactory(name="Third", role=Role.PROGRAMME_MANAGER)
    Commitment.objects.filter(pk=grants[0].pk).update(manager=third)
    outcome = undo_bulk_change(change=change, by=world.cast.programme_manager)
    assert [(grant.ref, "changed since" in why) for grant, why in outcome.left] == [(grants[0].ref, True)]
    assert now(grants, "manager") == [third, world.cast.programme_manager, world.cast.programme_manager]


def test_a_change_is_undone_once(world: World) -> None:
    change = to_status(several(world), Status.SUSPENDED, world.cast.director).change
    undo_bulk_change(change=change, by=world.cast.director)
    with pytest.raises(ActionRefused, match="undone already"):
        undo_bulk_change(change=change, by=world.cast.director)


def test_a_grant_that_started_cannot_be_put_back_before_its_start(world: World) -> None:
    change = to_status(several(world, status=Status.ACCEPTED), Status.ACTIVE, world.cast.director).change
    with pytest.raises(ActionRefused, match="cannot become accepted again"):
        undo_bulk_change(change=change, by=world.cast.director)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("to", [Status.ACTIVE, Status.SUSPENDED])
def test_the_preview_tells_what_the_change_then_does(world: World, status: Status, to: Status) -> None:
    grant = several(world, 1, status=status)[0]
    predicted = not plan([grant], Wanted(Kind.STATUS, status=to))[0].obstacle
    try:
        done = bool(to_status([grant], to, world.cast.director).done)
    except ActionRefused:
        done = False
    assert done == predicted
    assert now([grant], "status") == [to if predicted else status]


def test_the_rest_is_done_when_one_cannot_be(world: World) -> None:
    grants = [*several(world, 2), *several(world, 1, status=Status.DRAFT)]
    outcome = to_status(grants, Status.SUSPENDED, world.cast.director)
    assert [grant.ref for grant, _ in outcome.left] == [grants[2].ref]
    assert now(grants, "status") == ["suspended", "suspended", "draft"]


def test_a_second_press_changes_nothing_and_leaves_no_second_change(world: World) -> None:
    grants, to = several(world), another_manager()
    looked = seen(grants, Kind.MANAGER)
    wanted = Wanted(Kind.MANAGER, manager=to)
    make_bulk_change(seen=looked, wanted=wanted, reason="Leave.", by=world.cast.programme_manager)
    with pytest.raises(ActionRefused, match="your own first press"):
        make_bulk_change(seen=looked, wanted=wanted, reason="Leave.", by=world.cast.programme_manager)
    assert BulkChange.objects.count() == 1


def test_a_reason_and_the_right_role_are_needed(world: World) -> None:
    grants = several(world)
    with pytest.raises(ActionRefused, match="Say why"):
        make_bulk_change(
            seen=seen(grants, Kind.STATUS),
            wanted=Wanted(Kind.STATUS, status=Status.SUSPENDED),
            reason=" ",
            by=world.cast.director,
        )
    for nobody in ("finance_officer", "analyst", "auditor", "administrator", "grantee"):
        with pytest.raises(ActionRefused, match="Only a programme manager"):
            to_status(grants, Status.SUSPENDED, world.cast.named(nobody))
    assert now(grants, "status") == ["active"] * 3


def test_nothing_to_change_is_said_of_each(world: World) -> None:
    grant = several(world, 1)[0]
    assert "already" in obstacle(grant, Wanted(Kind.MANAGER, manager=world.cast.programme_manager))
    assert "already" in obstacle(grant, Wanted(Kind.STATUS, status=Status.ACTIVE))


def test_the_pages_lead_from_the_list_to_a_preview_the_change_and_its_undoing(world: World) -> None:
    client, grants, to = Client(), several(world), another_manager()
    client.force_login(world.cast.programme_manager)
    asked = {"grant": [grant.ref for grant in grants[:2]], "do": "manager", "to_manager": to.pk, "why": "On leave."}
    preview = client.get("/grants/change/", asked).content.decode()
    assert "2 grants" in preview
    assert now(grants, "manager") == [world.cast.programme_manager] * 3
    body = {key: value for key, value in asked.items() if key != "grant"}
    body["seen"] = [f"{grant.ref}|{grant.manager_id}" for grant in grants[:2]]
    answer = client.post("/grants/change/", body)
    change = BulkChange.objects.get()
    assert answer["Location"] == f"/grants/changes/{change.pk}/"
    assert now(grants, "manager") == [to, to, world.cast.programme_manager]
    assert "Undo this change" in client.get(answer["Location"]).content.decode()
    client.post(f"/grants/changes/{change.pk}/undo/")
    assert now(grants, "manager") == [world.cast.programme_manager] * 3


def test_all_that_match_are_those_of_the_list(world: World) -> None:
    client = Client()
    client.force_login(world.cast.programme_manager)
    suspended = several(world, 2, status=Status.SUSPENDED)
    several(world, 3)
    page = client.get("/grants/change/?all=1&status=suspended&do=status&to_status=active&why=Back").context
    assert [row.grant.ref for row in page["ready"]] == sorted(grant.ref for grant in suspended)


def test_nothing_chosen_and_a_filter_that_cannot_be_read_change_nothing(world: World) -> None:
    client = Client()
    client.force_login(world.cast.programme_manager)
    for address in ("/grants/change/", "/grants/change/?all=1&status=nonsense"):
        assert "No grants are chosen" in client.get(address).content.decode()


def test_a_preview_asks_no_more_for_thirty_than_for_three(world: World, django_assert_max_num_queries: Any) -> None:
    client = Client()
    client.force_login(world.cast.programme_manager)
    several(world, 30)
    client.get("/grants/")
    with django_assert_max_num_queries(20):
        client.get("/grants/change/?all=1&do=status&to_status=suspended&why=Pause")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_make_one_change(world: World) -> None:
    grants, to, refused = several(world), another_manager(), []
    looked, start = seen(grants, Kind.MANAGER), threading.Barrier(2)

    def press() -> None:
        try:
            start.wait(timeout=10)
            wanted = Wanted(Kind.MANAGER, manager=to)
            make_bulk_change(seen=looked, wanted=wanted, reason="Leave.", by=world.cast.programme_manager)
        except ActionRefused as error:
            refused.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert (BulkChange.objects.count(), len(refused)) == (1, 1)


def test_an_undo_after_a_later_status_change_is_left(world: World) -> None:
    grants = several(world, 2)
    change = to_status(grants, Status.SUSPENDED, world.cast.director).change
    change_status(commitment=grants[0], to=Status.TERMINATED, by=world.cast.director, reason="It closed.")
    outcome = undo_bulk_change(change=change, by=world.cast.director)
    assert [grant.ref for grant, _ in outcome.left] == [grants[0].ref]
    assert now(grants, "status") == ["terminated", "active"]
