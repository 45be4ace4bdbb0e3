"""Case studies: taken with consent, told in a report, withdrawn."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from evaluation.actions.case_studies import take_case_study, withdraw_case_study
from evaluation.models import CaseStudy
from evaluation.reports.assembly import Assembly
from evaluation.reports.blocks import assemble_section
from evaluation.reports.content import SectionContent
from evaluation.reports.errors import ReportRefused
from evaluation.reports.gather import case_studies
from evaluation.reports.markup import parse_blocks
from evaluation.reports.material import Figures, Material
from evaluation.writing_aid.stories import told_in
from grants.models import Revision
from tests.cast import World
from tests.factories import (
    AnswerFactory,
    ApprovedRevisionFactory,
    CaseStudyFactory,
    CommitmentFactory,
    MonitoringReturnFactory,
    QuestionFactory,
    ReportingQuarterFactory,
    ReportSectionFactory,
    UserFactory,
)
from vru.accounts.models import AuditEvent, Role
from vru.lib.layers import Layer

pytestmark = pytest.mark.django_db
STORY = "R came after a fight and stayed for the music."
SAID: dict[str, Any] = {
    "title": "R stayed", "text": STORY, "scope": "public", "consent_on": datetime.date(2021, 1, 5),
    "consent_note": "On paper, held by the manager.",
}  # fmt: skip


def telling(consent: str = "yes", **fields: object) -> Revision:
    revision: Revision = ApprovedRevisionFactory(**fields)
    AnswerFactory(revision=revision, question=QuestionFactory(section="H", kind="long"), text=STORY)
    if consent:
        AnswerFactory(revision=revision, question=QuestionFactory(section="H", kind="yes_no"), text=consent)
    return revision


def analyst() -> Any:
    return UserFactory(role=Role.ANALYST)


def test_a_case_study_is_taken_from_a_return_with_its_consent() -> None:
    by, revision = analyst(), telling()
    study = take_case_study(revision=revision, by=by, **SAID)
    assert (study.text, study.scope, study.kept_by, study.revision) == (STORY, "public", by, revision)
    assert study.commitment == revision.monitoring_return.commitment
    assert AuditEvent.objects.about(study).get().action == "case_study.taken"
    with pytest.raises(ReportRefused, match="taken already"):
        take_case_study(revision=revision, by=by, **SAID)


def test_two_case_studies_of_one_award_have_references_of_their_own() -> None:
    grant, by = CommitmentFactory(), analyst()
    refs = []
    for number in (1, 2):
        quarter = ReportingQuarterFactory(year=2020, number=number)
        revision = telling(monitoring_return=MonitoringReturnFactory(commitment=grant, quarter=quarter))
        refs.append(take_case_study(revision=revision, by=by, **SAID).ref)
    assert refs == [f"{grant.ref.lower()}-1", f"{grant.ref.lower()}-2"]


@pytest.mark.parametrize("consent", ["no", ""])
def test_without_agreement_in_the_return_it_stays_inside_the_unit(consent: str) -> None:
    revision, by = telling(consent), analyst()
    with pytest.raises(ReportRefused, match="inside the unit"):
        take_case_study(revision=revision, by=by, **SAID)
    assert take_case_study(revision=revision, by=by, **{**SAID, "scope": "internal"}).scope == "internal"


def test_nothing_is_taken_from_a_return_that_tells_nothing_or_by_those_who_do_not_write() -> None:
    with pytest.raises(ReportRefused, match="Only what an approved return"):
        take_case_study(revision=ApprovedRevisionFactory(), by=analyst(), **SAID)
    with pytest.raises(ReportRefused, match="write reports"):
        take_case_study(revision=telling(), by=UserFactory(role=Role.AUDITOR), **SAID)
    late = {**SAID, "consent_on": timezone.localdate() + datetime.timedelta(days=1)}
    with pytest.raises(ReportRefused, match="a day to come"):
        take_case_study(revision=telling(), by=analyst(), **late)


def test_consent_is_withdrawn_once_with_a_reason() -> None:
    study, by = CaseStudyFactory(), analyst()
    with pytest.raises(ReportRefused, match="Say who"):
        withdraw_case_study(study=study, reason=" ", by=by)
    gone = withdraw_case_study(study=study, reason="They rang us.", by=by)
    assert (gone.withdrawn_by, gone.withdrawn_because) == (by, "They rang us.")
    assert list(CaseStudy.objects.usable(public=False)) == []
    with pytest.raises(ReportRefused, match="before"):
        withdraw_case_study(study=study, reason="Again.", by=by)


def told(text: str) -> tuple[list[dict[str, Any]], list[str]]:
    material = Material(
        year="2020-21", layer=Layer.RECORDED, as_at="", unit={}, figures=Figures({}),
        case_studies=case_studies(Layer.RECORDED),
    )  # fmt: skip
    assembly = Assembly(material)
    section = SectionContent("1", "stories", "Stories", blocks=tuple(parse_blocks(text)), is_strict=False)
    return assemble_section(assembly, section)["blocks"], assembly.problems


def test_a_report_tells_a_case_study_as_it_stands_and_braces_in_it_are_words() -> None:
    study = CaseStudyFactory(commitment__programme__layer="recorded", text="R wrote {{reach.new}}.", scope="funder")
    [block], problems = told(f":::case_study {study.ref}\n:::")
    assert (block["kind"], block["title"], block["case_study"]) == ("callout", study.title, study.ref)
    assert "R wrote { {reach.new} }." in block["text"]
    assert study.commitment.organisation.name in block["text"]
    assert problems == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"scope": "internal"}, "does not reach outside the unit"),
        ({"withdrawn_at": datetime.datetime(2021, 5, 1, tzinfo=datetime.UTC)}, "was withdrawn"),
        ({"commitment__programme__layer": "illustrative"}, "There is no case study"),
    ],
)
def test_a_case_study_that_may_not_be_told_says_so_in_its_place(fields: dict[str, Any], said: str) -> None:
    if "withdrawn_at" in fields:
        fields = {**fields, "withdrawn_by": analyst()}
    study = CaseStudyFactory(**{"commitment__programme__layer": "recorded", **fields})
    [block], problems = told(f":::case_study {study.ref}\n:::")
    assert block["kind"] == "problem"
    assert said in block["text"]
    assert len(problems) == 1


def client_of(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.cast.named(role))
    return client


def test_the_list_shows_what_is_kept_where_it_is_used_and_what_returns_tell(world: World) -> None:
    study = CaseStudyFactory(commitment=world.grant)
    section = ReportSectionFactory(text=f"Words.\n\n:::case_study {study.ref}\n:::\n")
    revision = telling(monitoring_return=MonitoringReturnFactory(commitment__programme=world.grant.programme))
    client = client_of(world, "programme_manager")
    layer = {"layer": world.grant.programme.layer}
    page = client.get(reverse("evaluation:case-studies"), layer).content.decode()
    assert study.title in page
    assert reverse("evaluation:section", args=[section.report_id, section.slug]) in page
    told_page = client.get(reverse("evaluation:case-studies"), {**layer, "show": "told"}).content.decode()
    assert reverse("evaluation:case-study-take", args=[revision.pk]) in told_page
    auditor = client_of(world, "auditor").get(reverse("evaluation:case-studies"), {**layer, "show": "told"})
    assert "Take it" not in auditor.content.decode()


def test_a_case_study_is_taken_and_withdrawn_on_its_pages(world: World) -> None:
    revision = telling()
    client = client_of(world, "analyst")
    address = reverse("evaluation:case-study-take", args=[revision.pk])
    assert STORY in client.get(address).content.decode()
    assert client.post(address, {}).status_code == 422
    day = {"consent_on-day": "5", "consent_on-month": "1", "consent_on-year": "2021"}
    sent = {name: value for name, value in SAID.items() if name != "consent_on"} | day
    client.post(address, sent)
    study = CaseStudy.objects.get()
    page = client.get(reverse("evaluation:case-study", args=[study.ref])).content.decode()
    assert f":::case_study {study.ref}" in page
    withdraw = reverse("evaluation:case-study-withdraw", args=[study.ref])
    assert client.post(withdraw, {"reason": ""}).status_code == 422
    client.post(withdraw, {"reason": "They rang us."})
    assert "They rang us." in client.get(reverse("evaluation:case-study", args=[study.ref])).content.decode()


@pytest.mark.parametrize("show", ["kept", "told"])
def test_the_list_takes_the_same_queries_however_long_it_is(
    world: World, show: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(8):
        CaseStudyFactory(commitment=CommitmentFactory(programme=world.grant.programme))
        telling(monitoring_return=MonitoringReturnFactory(commitment__programme=world.grant.programme))
    client = client_of(world, "analyst")
    client.get("/")
    with django_assert_max_num_queries(18):
        client.get(reverse("evaluation:case-studies"), {"layer": world.grant.programme.layer, "show": show})


def test_a_return_without_a_case_study_tells_none() -> None:
    assert told_in(ApprovedRevisionFactory()) is None
