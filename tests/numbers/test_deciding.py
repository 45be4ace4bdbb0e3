"""A typed number is bound, given a source or left with a reason; the page says what stands; facts print the sources."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.actions.numbers import bind_number, dismiss_numbers, reopen_number, source_numbers
from evaluation.models import NumberDecision, Report, ReportSection
from evaluation.numbers import Standing, sourced_numbers, state_of
from evaluation.reports.context import report_html
from evaluation.reports.errors import ReportRefused
from evaluation.reports.facts import Facts
from tests.cast import STAFF, Cast
from tests.factories import UserFactory
from tests.factories.evaluation import ReportFactory, ReportSectionFactory, StatedValueFactory, StatementFactory
from tests.factories.programmes import SourceDocumentFactory, UnitFactory
from tests.report.unit_year import facts, full_outline, outline, unit_year
from vru.accounts.models import AuditEvent, Role, User
from vru.lib.layers import Layer

pytestmark = pytest.mark.django_db
TEXT = (
    "In all, the library lent 1,234 books. Nearly **40** readers came.\n\n"
    ":::callout\ntitle: Note\n\nOpen all day.\n:::\n"
)


@pytest.fixture
def report() -> Report:
    UnitFactory()
    made: Report = ReportFactory(layer=Layer.PUBLISHED)
    ReportSectionFactory(report=made, slug="library", title="Library", text=TEXT, key_points=["Twelve shelves."])
    lent = StatementFactory(ref="L1", subject="books lent by the library")
    StatedValueFactory(statement=lent, key="books", value=1234, unit="books", measure="books-lent")
    return made


@pytest.fixture
def analyst() -> User:
    return UserFactory(role=Role.ANALYST)


def mark_of(report: Report, printed: str) -> str:
    return next(each.fingerprint for each in state_of(report).amounts if each.typed.printed == printed)


def text_of(report: Report) -> str:
    return ReportSection.objects.get(report=report).text


def test_every_typed_number_of_a_report_has_a_standing(report: Report) -> None:
    state = state_of(report)
    assert {each.typed.printed: each.standing for each in state.amounts} == {
        "Twelve": Standing.UNKNOWN,
        "1,234": Standing.BINDABLE,
        "Nearly **40": Standing.UNKNOWN,
    }
    assert (state.tokens, len(state.undecided), state.is_settled) == (0, 3, False)


def test_binding_puts_a_token_in_place_of_the_number_and_nothing_else_changes(report: Report, analyst: User) -> None:
    section = bind_number(
        report=report, fingerprint=mark_of(report, "1,234"), key="stated.value ref=L1.books", option="exact", by=analyst
    )
    assert section.text == TEXT.replace("1,234", "{{stated.value ref=L1.books | exact}}")
    assert [each.typed.printed for each in state_of(report).undecided] == ["Twelve", "Nearly **40"]
    assert section.versions.first().note.startswith("“1,234” bound to stated.value")


def test_emphasis_around_a_bound_number_stays_whole(report: Report, analyst: User) -> None:
    bind_number(report=report, fingerprint=mark_of(report, "Nearly **40"), key="stated.value ref=L1.books", by=analyst)
    assert "**{{stated.value ref=L1.books}}** readers" in text_of(report)


def test_a_key_point_is_bound_in_its_own_text(report: Report, analyst: User) -> None:
    section = bind_number(
        report=report, fingerprint=mark_of(report, "Twelve"), key="stated.value ref=L1.books", by=analyst
    )
    assert section.key_points == ["{{stated.value ref=L1.books}} shelves."]
    assert section.text == TEXT


@pytest.mark.parametrize(
    ("key", "option", "says"),
    [("stated.value ref=nothing", "", "no figure"), ("", "", "Choose the figure"), ("funding.total", "loud", "no way")],
)
def test_what_cannot_be_bound_is_refused_and_nothing_changes(
    report: Report, analyst: User, key: str, option: str, says: str
) -> None:
    with pytest.raises(ReportRefused, match=says):
        bind_number(report=report, fingerprint=mark_of(report, "1,234"), key=key, option=option, by=analyst)
    assert text_of(report) == TEXT


def test_a_source_is_kept_and_printed_with_the_methods(report: Report, analyst: User) -> None:
    document = SourceDocumentFactory(key="annals")
    source_numbers(
        report=report, fingerprints=[mark_of(report, "Nearly **40")], document=document, place="Page 3", by=analyst
    )
    state = state_of(report)
    assert [each.typed.printed for each in state.decided] == ["Nearly **40"]
    (printed,) = sourced_numbers(report)
    assert (printed["printed"], printed["document"], printed["place"]) == ("Nearly 40", "annals", "Page 3")


def test_a_source_of_a_sentence_that_was_changed_is_not_printed_and_the_number_asks_again(
    report: Report, analyst: User
) -> None:
    mark = mark_of(report, "1,234")
    source_numbers(report=report, fingerprints=[mark], document=SourceDocumentFactory(), place="Page 3", by=analyst)
    ReportSection.objects.filter(report=report).update(text=TEXT.replace("In all, the", "The"))
    assert sourced_numbers(report) == []
    assert "1,234" in [each.typed.printed for each in state_of(report).undecided]


def test_several_numbers_are_left_standing_with_one_reason_and_can_be_taken_up_again(
    report: Report, analyst: User
) -> None:
    marks = [each.fingerprint for each in state_of(report).amounts]
    dismiss_numbers(report=report, fingerprints=marks, reason="Counted by hand.", by=analyst)
    dismiss_numbers(report=report, fingerprints=marks, reason="Counted by hand, twice.", by=analyst)
    assert state_of(report).is_settled
    assert NumberDecision.objects.count() == 3
    reopen_number(report=report, fingerprint=marks[0], by=analyst)
    assert len(state_of(report).undecided) == 1
    assert AuditEvent.objects.filter(action="number.reopened").count() == 1


@pytest.mark.parametrize("reason", ["", "  ", "x" * 1001])
def test_a_number_is_not_left_standing_without_a_reason(report: Report, analyst: User, reason: str) -> None:
    with pytest.raises(ReportRefused):
        dismiss_numbers(report=report, fingerprints=[mark_of(report, "Twelve")], reason=reason, by=analyst)


def test_whoever_only_reads_decides_nothing(report: Report) -> None:
    auditor = UserFactory(role=Role.AUDITOR)
    mark = mark_of(report, "1,234")
    with pytest.raises(ReportRefused):
        dismiss_numbers(report=report, fingerprints=[mark], reason="No.", by=auditor)
    with pytest.raises(ReportRefused):
        bind_number(report=report, fingerprint=mark, key="stated.value ref=L1.books", by=auditor)


def test_a_number_that_is_gone_is_refused_with_what_to_do(report: Report, analyst: User) -> None:
    mark = mark_of(report, "1,234")
    ReportSection.objects.filter(report=report).update(text="Nothing.")
    with pytest.raises(ReportRefused, match="Look at the list again"):
        dismiss_numbers(report=report, fingerprints=[mark], reason="No.", by=analyst)


def test_the_list_shows_each_number_in_its_sentence_and_binds_with_one_button(
    report: Report, analyst: User, client: Client
) -> None:
    client.force_login(analyst)
    page = client.get(reverse("evaluation:numbers", args=[report.pk]))
    assert "<mark>1,234</mark> books" in page.content.decode()
    mark = mark_of(report, "1,234")
    asked = {"figure": "stated.value ref=L1.books|"}
    answer = client.post(reverse("evaluation:number-bind", args=[report.pk, mark]), asked, follow=True)
    assert "now follows the figure" in answer.content.decode()
    assert "{{stated.value ref=L1.books}}" in text_of(report)


@pytest.mark.parametrize(("standing", "count"), [("", 3), ("bindable", 1), ("unknown", 2), ("decided", 0), ("odd", 3)])
def test_the_list_is_narrowed_by_standing(
    report: Report, analyst: User, client: Client, standing: str, count: int
) -> None:
    client.force_login(analyst)
    page = client.get(reverse("evaluation:numbers", args=[report.pk]), {"standing": standing})
    assert len(page.context["rows"]) == count


def test_ticked_numbers_are_decided_on_one_page_which_says_what_is_missing(
    report: Report, analyst: User, client: Client
) -> None:
    client.force_login(analyst)
    marks = [each.fingerprint for each in state_of(report).amounts][:2]
    address = reverse("evaluation:number-dismiss", args=[report.pk])
    assert client.get(address, {"number": marks}).status_code == 200
    refused = client.post(address, {"number": marks, "reason": ""})
    assert (refused.status_code, "Say why the number may stay" in refused.content.decode()) == (422, True)
    assert client.post(address, {"number": marks, "reason": "By hand."}).status_code == 302
    assert len(state_of(report).undecided) == 1


def test_a_number_whose_sentence_changed_leads_back_to_the_list(report: Report, analyst: User, client: Client) -> None:
    client.force_login(analyst)
    answer = client.get(reverse("evaluation:number", args=[report.pk, "0" * 64]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("evaluation:numbers", args=[report.pk])
    assert "changed since" in answer.content.decode()


def test_the_list_asks_the_database_as_often_for_many_numbers_as_for_few(
    report: Report, analyst: User, client: Client, django_assert_max_num_queries: object
) -> None:
    client.force_login(analyst)
    address = reverse("evaluation:numbers", args=[report.pk])
    with django_assert_max_num_queries(60) as few:  # type: ignore[operator]
        client.get(address)
    text = " ".join(f"There were {number:,} of them at place {number}." for number in range(1000, 1200))
    ReportSectionFactory(report=report, slug="more", order=31000, text=text)
    with django_assert_max_num_queries(len(few)) as many:  # type: ignore[operator]
        client.get(address)
    assert len(many) == len(few)


def test_only_the_units_own_people_see_the_numbers(report: Report, cast: Cast, client: Client) -> None:
    for name in (*STAFF, "grantee"):
        client.force_login(cast.named(name))
        expected = 200 if name in STAFF else 403
        assert client.get(reverse("evaluation:numbers", args=[report.pk])).status_code == expected


def test_sourced_numbers_are_a_table_of_the_methods() -> None:
    unit_year()
    outline(*full_outline())
    row = {"section": "1 Library", "printed": "Nearly 40", "sentence": "", "document": "annals", "place": "Page 3"}
    bare, with_row = (report_html(Facts({**facts().data, "numbers": rows}))[0] for rows in ([], [row]))
    assert "Numbers that follow no figure" not in bare
    assert all(text in with_row for text in ("Numbers that follow no figure", "Nearly 40", "annals", "Page 3"))
