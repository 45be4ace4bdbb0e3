"""A programme manager's pages: adding, editing, copying and ending a programme, its records, and its history."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programmes.models import Programme, ProgrammeDocument
from tests.cast import STAFF, World
from tests.factories import (
    AreaFactory,
    AreaShareFactory,
    AuditEventFactory,
    BudgetLineFactory,
    CommitmentFactory,
    DecisionFactory,
    FundingSplitFactory,
    IndicatorTargetFactory,
    NamedWardFactory,
    ObjectiveFactory,
    OrganisationFactory,
    ProgrammeFactory,
    ProgrammeRiskFactory,
    UserFactory,
    approved_return,
)
from vru.accounts.models import AuditEvent

EDITORS = ("director", "programme_manager")
PDF = b"%PDF-1.7 a paper"
LATER = {"review_on-day": "1", "review_on-month": "1", "review_on-year": str(timezone.localdate().year + 1)}
RISK = {"title": "Staff leave", "likelihood": "3", "impact": "5", "response": "treat", **LATER}


@pytest.fixture
def store(settings: Any, tmp_path: Path) -> Path:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    }
    return tmp_path


def signed_in(world: World, name: str = "programme_manager") -> Client:
    client = Client()
    client.force_login(world.cast.named(name))
    return client


def address(name: str, programme: Programme, *more: Any) -> str:
    return reverse(name, args=[programme.ref, *more])


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_a_manager_adds_a_programme_and_is_told_what_comes_next(world: World) -> None:
    client = signed_in(world)
    response = client.post(reverse("programmes:add"), {"ref": "YW-2021", "title": "Youth work"})
    programme = Programme.objects.get(ref="YW-2021")
    assert response["Location"] == address("programme", programme)
    page = text_of(client, response["Location"])
    for step in ("Choose its objectives", "Say where it works", "Name the decision", "Add what it aims for"):
        assert step in page


def test_what_is_refused_comes_back_as_it_was_typed(world: World) -> None:
    typed = {"ref": "no digits", "title": "Youth <work>", "starts_on-day": "31", "starts_on-month": "2"}
    response = signed_in(world).post(reverse("programmes:add"), typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Youth &lt;work&gt;" in page
    assert 'value="no digits"' in page
    assert "There is a problem" in page


@pytest.mark.parametrize("person", [name for name in STAFF if name not in EDITORS])
def test_readers_see_the_pages_without_the_ways_to_change_them(world: World, person: str) -> None:
    programme, client = world.grant.programme, signed_in(world, person)
    NamedWardFactory(programme=programme)
    risk = ProgrammeRiskFactory(programme=programme)
    page = text_of(client, address("programme", programme))
    for name in ("programmes:edit", "programmes:objectives", "programme:status", "programmes:copy"):
        assert address(name, programme) not in page
    records = text_of(client, address("programmes:records", programme))
    assert risk.title in records
    assert address("programmes:risk", programme, risk.pk) not in records
    assert client.post(address("programmes:edit", programme), {"title": "Mine"}).status_code == 403
    assert client.post(address("programme:status", programme), {"to": "paused", "reason": "No"}).status_code == 403


def test_objectives_are_set_by_their_weights_in_one_form(world: World) -> None:
    programme = world.grant.programme
    first = programme.primary_objective
    assert first is not None
    second = ObjectiveFactory(version=first.version)
    sent = {"primary": first.pk, f"weight_{first.number}": "70", f"weight_{second.number}": "20"}
    client, path = signed_in(world), address("programmes:objectives", programme)
    refused = client.post(path, sent)
    assert refused.status_code == 422
    assert "add up to 90, not to 100" in refused.content.decode()
    assert client.post(path, sent | {f"weight_{second.number}": "30"}).status_code == 302
    assert list(programme.secondary_objectives.all()) == [second]
    assert "30%" in text_of(client, address("programme", programme))


def test_ending_a_programme_with_a_live_grant_is_refused_and_says_which(world: World) -> None:
    programme, client = world.grant.programme, signed_in(world)
    programme.status = Programme.Status.CLOSING
    programme.save(update_fields=["status"])
    path = address("programme:status", programme)
    assert world.grant.ref in text_of(client, path)
    response = client.post(path, {"to": "closed", "reason": "The year is over."})
    assert response.status_code == 422
    assert "Complete or end each of them first" in response.content.decode()
    without = client.post(path, {"to": "closed", "reason": " "})
    assert "Say why the programme is closed." in without.content.decode()


def test_a_final_status_offers_no_form(world: World) -> None:
    programme = ProgrammeFactory(status="cancelled")
    page = text_of(signed_in(world), address("programme:status", programme))
    assert "which is final" in page
    assert "<button" not in page.split("<main", 1)[1].split("</main>")[0]


def test_a_copy_leads_to_the_new_programme_which_names_the_old(world: World) -> None:
    programme, client = world.grant.programme, signed_in(world)
    response = client.post(
        address("programmes:copy", programme), {"ref": "NEW-2021", "title": programme.title, "year": "2021"}
    )
    new = Programme.objects.get(ref="NEW-2021")
    assert response["Location"] == address("programme", new)
    assert programme.ref in text_of(client, response["Location"])


def test_a_target_to_be_set_is_named_as_a_step_and_then_set(world: World) -> None:
    programme = ProgrammeFactory(status="draft")
    row = IndicatorTargetFactory(programme=programme, target=None)
    client = signed_in(world)
    assert "Set the target for" in text_of(client, address("programme", programme))
    path = address("programmes:target", programme, row.pk)
    assert client.post(path, {"target": "£8.8m"}).status_code == 422
    assert client.post(path, {"target": "12.5"}).status_code == 302
    row.refresh_from_db()
    assert row.target == 12.5


def test_a_ward_is_named_and_taken_out_and_a_second_click_does_no_harm(world: World) -> None:
    programme, client = world.grant.programme, signed_in(world)
    area = AreaFactory(name="Northside")
    programme.areas.add(area)
    sent = {"area": area.pk, "name": "Hill", "code": "E05013657", "vintage": "2022"}
    assert client.post(address("programmes:ward-add", programme), sent).status_code == 302
    ward = programme.wards.get()
    path = address("programmes:ward-remove", programme, ward.pk)
    assert [client.post(path).status_code for _ in range(2)] == [302, 302]
    assert not programme.wards.exists()


def test_risks_stand_with_the_highest_first_and_the_overdue_marked(world: World) -> None:
    programme, client = world.grant.programme, signed_in(world)
    ProgrammeRiskFactory(programme=programme, title="Small", likelihood=1, impact=1)
    assert client.post(address("programmes:risk-add", programme), RISK).status_code == 422  # nobody owns it
    owner = {"owner": world.cast.analyst.pk}
    assert client.post(address("programmes:risk-add", programme), RISK | owner).status_code == 302
    page = text_of(client, address("programmes:records", programme))
    assert page.index("Staff leave") < page.index("Small")
    assert page.count("Overdue") == 1
    risk = programme.risks.get(title="Staff leave")
    closed = client.post(address("programmes:risk-close", programme, risk.pk), {"reason": "They stayed."})
    assert closed.status_code == 302
    assert "They stayed." in text_of(client, address("programmes:records", programme))


def paper(name: str = "case.pdf", data: bytes = PDF) -> dict[str, Any]:
    return {"chosen": SimpleUploadedFile(name, data), "title": "Business case", "kind": "business_case"}


def test_a_document_is_kept_downloaded_and_removed(world: World, store: Path) -> None:
    programme, client = world.grant.programme, signed_in(world)
    for _ in range(2):  # A double click keeps one.
        assert client.post(address("programmes:document-add", programme), paper()).status_code == 302
    document = programme.documents.get()
    path = address("programmes:document", programme, document.pk)
    got = signed_in(world, "auditor").get(path)
    assert b"".join(got.streaming_content) == PDF  # type: ignore[attr-defined]
    assert got["Content-Disposition"].startswith("attachment")
    assert (got["Content-Type"], got["Cache-Control"]) == ("application/pdf", "no-store, private")
    assert client.post(address("programmes:document-remove", programme, document.pk)).status_code == 302
    assert client.get(path).status_code == 404
    assert ProgrammeDocument.objects.get().removed_by == world.cast.programme_manager


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("case.pdf", b"MZ\x90 not a paper", "cannot be attached"),
        ("case.docx", b"PK\x03\x04 not a zip", "damaged"),
        ("page.html", b"<script>alert(1)</script>", "cannot be attached"),
    ],
)
def test_a_file_of_the_wrong_kind_is_not_kept(world: World, store: Path, name: str, data: bytes, says: str) -> None:
    response = signed_in(world).post(address("programmes:document-add", world.grant.programme), paper(name, data))
    assert response.status_code == 422
    assert says in response.content.decode()
    assert not ProgrammeDocument.objects.exists()
    assert not [path for path in store.rglob("*") if path.is_file()]


def test_a_hostile_name_reaches_neither_the_store_nor_the_page_whole(world: World, store: Path) -> None:
    client, programme = signed_in(world), world.grant.programme
    sent = paper("..\\..\\<b>fdp\u202e.exe.pdf") | {"title": "<img src=x onerror=alert(1)>"}
    assert client.post(address("programmes:document-add", programme), sent).status_code == 302
    document = programme.documents.get()
    assert "\u202e" not in document.name
    assert "/" not in document.name
    assert document.file.name.rsplit("/", 1)[1].split(".")[0] == document.sha256[:16]
    page = text_of(client, address("programmes:records", programme))
    assert "<img src=x" not in page
    assert "<b>fdp" not in page


def test_another_programmes_document_risk_and_ward_are_not_found_here(world: World, store: Path) -> None:
    client, programme, other = signed_in(world), world.grant.programme, ProgrammeFactory()
    risk, ward = ProgrammeRiskFactory(programme=other), NamedWardFactory(programme=other)
    assert client.get(address("programmes:risk", programme, risk.pk)).status_code == 404
    client.post(address("programmes:ward-remove", programme, ward.pk))
    assert other.wards.exists()


def test_the_history_merges_decisions_awards_and_changes_newest_first(world: World) -> None:
    programme, client = world.grant.programme, signed_in(world)
    programme.decision = DecisionFactory(title="Fund it", decided_on=datetime.date(2020, 3, 1))
    programme.save(update_fields=["decision"])
    client.post(address("programme:status", programme), {"to": "paused", "reason": "The building is shut."})
    page = text_of(client, address("programme:history", programme))
    paused, awarded, decided = (
        page.index(words) for words in ("Programme paused", "Awarded £10,000.00 to Bright Futures", "Decided: Fund it")
    )
    assert paused < awarded < decided
    assert "The building is shut." in page


def test_a_long_history_shows_each_event_once_over_its_pages(world: World) -> None:
    programme, client = world.grant.programme, signed_in(world)
    for number in range(70):
        AuditEvent.record(f"step {number:03d}.", world.grant if number % 2 else programme, by=None)
    AuditEventFactory(action="Nothing to do with it")
    pages = "".join(text_of(client, f"{address('programme:history', programme)}?page={number}") for number in (1, 2, 3))
    assert [pages.count(f"Step {number:03d}.") for number in range(70)] == [1] * 70
    assert "Nothing to do with it" not in pages
    assert pages.index("Step 069") < pages.index("Step 000")


def test_the_money_page_adds_up_by_year_and_by_source(world: World) -> None:
    programme = world.grant.programme
    source = world.grant.splits.get().source
    BudgetLineFactory(programme=programme, source=source, year=2020, amount_pence=15_000_00)
    approved_return(world.grant, 1, reach={"new": 1}, actual_pence=2_500_00)
    project = ProgrammeFactory(parent=programme)
    inside = CommitmentFactory(programme=project, award_pence=3_000_00)
    FundingSplitFactory(commitment=inside, source=source, year=2020)
    draft = CommitmentFactory(programme=programme, status="draft", award_pence=99_000_00)
    FundingSplitFactory(commitment=draft, source=source, year=2020)
    page = text_of(signed_in(world), address("programme:money", programme))
    for amount in ("£15,000.00", "£13,000.00", "£2,000.00", "£2,500.00"):
        assert amount in page
    assert "£99,000.00" not in page


def test_money_that_may_be_given_twice_is_shown_beside_the_award(world: World) -> None:
    programme, theirs = world.grant.programme, OrganisationFactory()
    area = AreaFactory(name="Northside")
    grants = [CommitmentFactory(programme=programme, organisation=theirs) for _ in range(2)]
    for grant in grants:
        AreaShareFactory(commitment=grant, area=area)
    page = text_of(signed_in(world), address("programme:grants", programme))
    assert page.count("Funded already?") == 2
    assert "2 awards on this page" in page
    assert "Northside" in page


def more_of_everything(world: World, many: int) -> None:
    programme = world.grant.programme
    for _ in range(many):
        grant = CommitmentFactory(
            programme=programme, organisation=world.grant.organisation, decision=DecisionFactory()
        )
        AreaShareFactory(commitment=grant, area=AreaFactory())
        BudgetLineFactory(programme=programme)
        ProgrammeRiskFactory(programme=programme, owner=UserFactory())
        NamedWardFactory(programme=programme)
        IndicatorTargetFactory(programme=programme)
        AuditEvent.record("something", grant, by=UserFactory())


@pytest.mark.parametrize(
    "name", ["programme", "programme:money", "programme:grants", "programmes:records", "programme:history"]
)
def test_more_rows_cost_no_more_queries(world: World, name: str) -> None:
    client, path = signed_in(world), address(name, world.grant.programme)
    more_of_everything(world, 3)
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        assert client.get(path).status_code == 200
    more_of_everything(world, 12)
    with CaptureQueriesContext(connection) as many:
        assert client.get(path).status_code == 200
    assert len(many) <= len(few) <= 28


def test_the_list_of_programmes_leads_editors_to_adding_one_and_nobody_else(world: World) -> None:
    for person in STAFF:
        page = text_of(signed_in(world, person), reverse("programmes:list"))
        assert (reverse("programmes:add") in page) == (person in EDITORS)
