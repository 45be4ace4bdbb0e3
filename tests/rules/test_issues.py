"""Keeping what is found: decisions survive, nothing doubles, and the command says what is kept."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from evaluation.actions.issues import IssueError, accept_issue, refresh_issues, reopen_issue
from evaluation.models import DataIssue, StatedValue
from tests.factories.accounts import UserFactory
from tests.factories.evaluation import RelationFactory, RelationTermFactory, StatedValueFactory
from tests.factories.programmes import AllocationFactory
from vru.accounts.models import AuditEvent
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear

YEAR = FinancialYear(2020)
Status = DataIssue.Status
pytestmark = pytest.mark.django_db


@pytest.fixture
def contradiction() -> StatedValue:
    """A total of 100 whose parts come to 90; the year is one of which money is held."""
    AllocationFactory(year=YEAR.start, layer=Layer.PUBLISHED)
    total = StatedValueFactory(value=100, measure="total")
    relation = RelationFactory(result=total)
    for position, part in enumerate((60, 30), start=1):
        term = StatedValueFactory(value=part, measure=f"part-{position}")
        RelationTermFactory(relation=relation, value=term, position=position)
    return total


def refresh() -> dict[str, int]:
    return refresh_issues(year=YEAR, layer=Layer.PUBLISHED)


def set_total(total: StatedValue, number: int) -> None:
    StatedValue.objects.filter(pk=total.pk).update(value=number, low=number, high=number, as_printed=str(number))


def test_refreshing_stores_what_is_found_with_its_numbers_and_sentence(contradiction: StatedValue) -> None:
    assert refresh() == {"found": 1, "new": 1, "reopened": 0, "gone": 0}
    issue = DataIssue.objects.get()
    assert (issue.rule, issue.stated, issue.computed, issue.difference) == ("parts-miss-total", "100", "90", "10")
    assert issue.explanation.startswith("The parts 60 + 30 come to 90; the printed total is 100. The gap of 10")
    assert issue.sources


def test_refreshing_again_changes_nothing(contradiction: StatedValue) -> None:
    refresh()
    assert refresh() == {"found": 1, "new": 0, "reopened": 0, "gone": 0}
    assert DataIssue.objects.count() == 1


def test_an_acceptance_survives_while_the_numbers_stay(contradiction: StatedValue) -> None:
    refresh()
    accept_issue(issue=DataIssue.objects.get(), note="The source was asked.", by=UserFactory())
    refresh()
    assert DataIssue.objects.get().status == Status.ACCEPTED


def test_an_accepted_issue_opens_again_when_its_numbers_change(contradiction: StatedValue) -> None:
    refresh()
    accept_issue(issue=DataIssue.objects.get(), note="The source was asked.", by=UserFactory())
    set_total(contradiction, 200)
    assert refresh()["reopened"] == 1
    issue = DataIssue.objects.get()
    assert (issue.status, issue.stated, issue.note) == (Status.OPEN, "200", "The source was asked.")


def test_what_is_mended_is_gone_and_what_comes_back_is_open(contradiction: StatedValue) -> None:
    refresh()
    set_total(contradiction, 90)
    assert refresh() == {"found": 0, "new": 0, "reopened": 0, "gone": 1}
    assert DataIssue.objects.get().status == Status.GONE
    set_total(contradiction, 100)
    assert refresh()["reopened"] == 1
    assert DataIssue.objects.get().status == Status.OPEN


def test_every_change_of_status_is_in_the_audit_trail(contradiction: StatedValue) -> None:
    refresh()
    person = UserFactory()
    issue = accept_issue(issue=DataIssue.objects.get(), note="The source was asked.", by=person)
    reopen_issue(issue=issue, reason="It answered.", by=person)
    set_total(contradiction, 90)
    refresh()
    actions = list(AuditEvent.objects.about(issue).order_by("pk").values_list("action", flat=True))
    assert actions == ["issue.accepted", "issue.open", "issue.gone"]


def test_an_acceptance_needs_a_reason_and_an_issue_that_stands(contradiction: StatedValue) -> None:
    refresh()
    issue, person = DataIssue.objects.get(), UserFactory()
    with pytest.raises(IssueError, match="Say why"):
        accept_issue(issue=issue, note="  ", by=person)
    with pytest.raises(IssueError, match="Only an accepted issue"):
        reopen_issue(issue=issue, reason="No.", by=person)
    set_total(contradiction, 90)
    refresh()
    with pytest.raises(IssueError, match="no longer found"):
        accept_issue(issue=issue, note="Fine.", by=person)


def test_the_command_prints_the_contract_as_one_json_document(
    contradiction: StatedValue, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("data_issues", "--year", "2020-21", "--layer", "published", "--format", "json")
    (issue,) = json.loads(capsys.readouterr().out)
    assert list(issue) == ["rule", "severity", "where", "stated", "computed", "difference", "source", "status"]
    assert (issue["rule"], issue["severity"], issue["status"]) == ("parts-miss-total", "error", "open")
    assert "Section 2, table 1" in issue["source"]


def test_the_command_prints_a_table_without_a_format(
    contradiction: StatedValue, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("data_issues", "--year", "2020-21", "--layer", "published")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2020-21, published layer: 1 error, 0 warnings, 0 notes"
    assert "parts-miss-total" in lines[1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--year", "2031-32", "--layer", "published"], "Nothing is held for 2031-32 in the published layer"),
        (["--year", "2020", "--layer", "published"], "could be a calendar year or a financial year"),
        (["--year", "2020-21", "--layer", "invented"], '"invented" is not a layer'),
        (["--year", "2020-21", "--layer", "published", "--as-at", "soon"], "is not a day"),
        ([], "Say which year"),
    ],
)
def test_a_year_layer_or_day_that_does_not_exist_is_refused(
    contradiction: StatedValue, arguments: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("data_issues", *arguments)
