"""The review page: what is unusual first, each value beside what is known, notes and queries beside the figure."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.actions import review
from grants.answers.peers import peer_figures
from grants.models import ReturnQuery, ReviewNote, Revision
from grants.questionnaire import boxes_for
from tests.cast import World
from tests.factories import (
    AttachmentFactory,
    CommitmentFactory,
    MonitoringReturnFactory,
    PaymentFactory,
    ReportingQuarterFactory,
    RevisionFactory,
    UserFactory,
    approved_return,
)
from tests.review.sending import send, send_and_approve, status_of
from vru.accounts.models import Role

pytestmark = pytest.mark.django_db


def client_of(world: World, name: str = "programme_manager") -> Client:
    client = Client()
    client.force_login(world.cast.named(name))
    return client


def address(world: World, name: str = "review", *extra: str) -> str:
    return reverse(f"returns:{name}", args=[world.grant.ref, world.monitoring_return.quarter.key, *extra])


def row_of(page: object, name: str) -> object:
    parts = page.context["parts"]  # type: ignore[attr-defined]
    return next(row for part in parts for group in part.groups for row in group.rows if row.box.name == name)


def test_a_value_stands_beside_the_quarter_before_and_the_year(world: World) -> None:
    approved_return(world.grant, 1, reach={"new": 7})
    send(world)
    row = row_of(client_of(world).get(address(world)), "reach.new")
    assert (row.value, row.last, row.year) == ("10", "7", "17")  # type: ignore[attr-defined]


def test_other_grants_of_the_programme_are_summed_up_and_only_staff_see_them(world: World) -> None:
    for count in (4, 12, 30):
        other = CommitmentFactory(programme=world.grant.programme)
        approved_return(other, 2, reach={"new": count}, actual_pence=count * 100_00)
    approved_return(CommitmentFactory(), 2, reach={"new": 1000})
    send(world)
    item = world.monitoring_return
    found = peer_figures(item, boxes_for(item))["reach.new"]
    assert (found.median, found.low, found.high, found.grants) == (12, 4, 30, 3)
    assert "4 to 30, 3 grants" in client_of(world).get(address(world)).content.decode()
    assert client_of(world, "grantee").get(address(world)).status_code == 403


def test_stored_warnings_are_shown_with_their_explanations_and_lead_to_the_box(world: World) -> None:
    send(world, {"W206": "The invoices come next month."}, F={"spend.labour.actual": "0"})
    page = client_of(world).get(address(world))
    text = page.content.decode()
    assert "The invoices come next month." in text
    assert 'href="#box-spend.labour.actual"' in text


def test_what_was_changed_since_a_query_shows_what_it_was(world: World) -> None:
    send(world)
    query = review.raise_query(
        monitoring_return=world.monitoring_return, section="C", text="Sure?", by=world.cast.programme_manager
    )
    review.answer_query(query=query, text="No: eight.", by=world.cast.grantee)
    send(world, C={"reach.new": "8", "reach.contacts": "1,169"}, D={"age.10-14": "2", "age.15-17": "6"})
    page = client_of(world).get(address(world))
    assert row_of(page, "reach.new").was == "10"  # type: ignore[attr-defined]
    assert row_of(page, "reach.contacts").was is None  # type: ignore[attr-defined]
    # The question asked about the version before, and its answer, are read beside what was mended.
    text = page.content.decode()
    assert "Sure?" in text
    assert "No: eight." in text


def test_a_figure_is_queried_by_itself_and_the_query_stands_beside_it(world: World) -> None:
    send(world)
    client = client_of(world)
    box = address(world, "query-box", "reach.new")
    assert "This quarter" in client.get(box).content.decode()
    assert client.post(box, {"kind": "query", "text": " "}).status_code == 422
    assert client.post(box, {"kind": "query", "text": "Why ten?"})["Location"].endswith("#box-reach.new")
    query = ReturnQuery.objects.get()
    assert (query.field, query.section) == ("reach.new", "C")
    assert status_of(world.monitoring_return) == "queried"
    assert [one.text for one in row_of(client.get(address(world)), "reach.new").queries] == ["Why ten?"]  # type: ignore[attr-defined]


def test_a_note_stays_with_the_unit_and_a_double_click_keeps_one(world: World) -> None:
    send(world)
    client = client_of(world)
    for _ in range(2):
        client.post(address(world, "query-box", "reach.new"), {"kind": "note", "text": "Ask at the visit."})
    assert ReviewNote.objects.get().field == "reach.new"
    assert status_of(world.monitoring_return) == "submitted"
    assert "Ask at the visit." in client.get(address(world)).content.decode()
    for page in ("tasks", "receipt", "check"):
        assert "Ask at the visit." not in client_of(world, "grantee").get(address(world, page)).content.decode()


def test_a_figure_that_is_not_asked_has_no_page(world: World) -> None:
    send(world)
    assert client_of(world).get(address(world, "query-box", "reach.nothing")).status_code == 404


def test_the_files_sent_with_a_version_stand_in_its_evidence(world: World) -> None:
    revision = send(world)
    for name, days in (("before.pdf", -1), ("after.pdf", 1)):
        AttachmentFactory(
            monitoring_return=world.monitoring_return,
            name=name,
            uploaded_at=revision.submitted_at + datetime.timedelta(days=days),
        )
    text = client_of(world).get(address(world)).content.decode()
    assert "before.pdf" in text
    assert "after.pdf" not in text


def queue(world: World, count: int) -> list[Revision]:
    return [
        RevisionFactory(
            monitoring_return=MonitoringReturnFactory(
                commitment=CommitmentFactory(programme=world.grant.programme, manager=world.cast.programme_manager),
                quarter=world.monitoring_return.quarter,
                status="submitted",
                due_on=datetime.date(2020, 10, 15) + datetime.timedelta(days=number + 1),
            )
        )
        for number in range(count)
    ]


def test_approving_leads_to_the_next_return_and_at_last_home(world: World) -> None:
    first, last = send(world), queue(world, 1)[0]
    client = client_of(world)
    place = client.get(address(world)).context["place"]
    assert (place.number, place.total, place.previous) == (1, 2, "")
    second = reverse("returns:review", args=[last.monitoring_return.commitment.ref, "2020-21Q2"])
    assert place.next == second
    told = {"revision": first.number, "next": "1"}
    assert client.post(address(world, "approve"), told)["Location"] == second
    assert client.post(second + "approve/", {"revision": "1", "next": "1"})["Location"] == reverse("home")


def test_the_message_of_an_approval_names_the_payment_it_releases(world: World) -> None:
    PaymentFactory(commitment=world.grant, number=3, waits_for=world.monitoring_return)
    send(world)
    client = client_of(world)
    assert "waits until the return is approved" in client.get(address(world)).content.decode()
    page = client.post(address(world, "approve"), follow=True).content.decode()
    assert "Payment 3 waited for it and can be made." in page
    assert "can be made: the return is approved" in page


def test_a_late_approval_asks_for_its_reason_on_the_page(world: World) -> None:
    send(world)
    quarter = world.monitoring_return.quarter
    quarter.closes_on = datetime.date(2020, 11, 30)
    quarter.save()
    client = client_of(world)
    assert "Why is it approved now?" in client.get(address(world)).content.decode()
    refused = client.post(address(world, "approve"), follow=True).content.decode()
    assert "Say why you approve the return now" in refused
    done = client.post(address(world, "approve"), {"note": "Their office flooded."}, follow=True).content.decode()
    assert "Late, because: Their office flooded." in done


def test_a_locked_return_is_reopened_by_the_director_with_a_reason(world: World) -> None:
    send_and_approve(world)
    review.lock_approved(monitoring_return=world.monitoring_return, by=None)
    director = client_of(world, "director")
    assert "Reopen" in director.get(address(world)).content.decode()
    director.post(address(world, "reopen"), {"reason": " "})
    assert status_of(world.monitoring_return) == "locked"
    director.post(address(world, "reopen"), {"reason": "The auditor found two counted twice."})
    assert status_of(world.monitoring_return) == "reopened"


def test_the_review_page_costs_the_same_whatever_the_history(world: World) -> None:
    send(world)
    client = client_of(world)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(world)).status_code == 200
        return len(captured)

    asked()
    short = asked()
    for year in (2018, 2019):
        for number in (1, 2, 3, 4):
            ReportingQuarterFactory(year=year, number=number)
            approved_return(world.grant, number, year=year, reach={"new": 3}, actual_pence=100)
    for _ in range(10):
        approved_return(CommitmentFactory(programme=world.grant.programme), 2, reach={"new": 3}, actual_pence=100)
    queue(world, 5)
    # A quarter before brings its own values, whatever came before that.
    assert asked() <= short + 8
    assert short <= 60


def test_the_list_and_the_previews_say_what_will_happen(world: World) -> None:
    revision = send(world)
    client = client_of(world)
    listed = client.get(reverse("returns:list"), {"status": "submitted"}).content.decode()
    assert world.grant.title in listed
    preview = client.get(reverse("returns:bulk-approve"), {"return": revision.monitoring_return_id})
    assert f'value="{revision.monitoring_return_id}.1"' in preview.content.decode()
    done = client.post(
        reverse("returns:bulk-approve"), {"seen": f"{revision.monitoring_return_id}.1"}, follow=True
    ).content.decode()
    assert "1 return approved." in done
    assert status_of(world.monitoring_return) == "approved"


def test_reminding_and_handing_over_are_previewed_and_done_from_the_list(world: World) -> None:
    client, item = client_of(world), world.monitoring_return
    colleague = UserFactory(role=Role.PROGRAMME_MANAGER)
    remind = reverse("returns:bulk-remind") + f"?return={item.pk}"
    assert world.grant.title in client.get(remind).content.decode()
    page = client.post(remind, {"return": item.pk, "sentence": "Ring me."}, follow=True).content.decode()
    assert "1 return reminded." in page
    reassign = reverse("returns:bulk-reassign") + f"?return={item.pk}"
    assert client.post(reassign, {"return": item.pk, "to": colleague.pk}).status_code == 422
    client.post(reassign, {"return": item.pk, "to": colleague.pk, "reason": "I am away."})
    item.refresh_from_db()
    assert item.reviewer == colleague
