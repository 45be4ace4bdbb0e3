"""The sections of a report as a list: added, renamed, moved, taken out and brought back whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from evaluation.actions.arranging import (
    add_section,
    change_section,
    move_section,
    remove_section,
    restore_section,
)
from evaluation.actions.section_comments import comment_on_section, resolve_comment
from evaluation.actions.sections import save_section
from evaluation.models import NumberDecision, Report, ReportSection
from evaluation.reports.errors import ReportRefused
from tests.cast import Cast
from tests.factories import NumberDecisionFactory, ReportFactory, ReportSectionFactory, UnitFactory, UserFactory
from vru.accounts.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(cast: Cast) -> Report:
    UnitFactory()
    made: Report = ReportFactory()
    for order, slug in ((3, "a"), (7, "b"), (8, "c")):
        ReportSectionFactory(report=made, order=order, slug=slug, title=slug.upper())
    return made


def slugs(report: Report) -> list[str]:
    return [each.slug for each in report.sections.order_by("order")]


def at(report: Report, slug: str) -> ReportSection:
    return report.sections.get(slug=slug)


def test_a_new_section_stands_behind_the_one_chosen(report: Report, cast: Cast) -> None:
    made = add_section(report=report, title="What we learnt", number="3E", after=at(report, "a"), by=cast.analyst)
    assert slugs(report) == ["a", "what-we-learnt", "b", "c"]
    assert (str(made), made.version, made.text) == ("3E What we learnt", 1, "")
    add_section(report=report, title="First", by=cast.analyst)
    assert slugs(report)[0] == "first"


def test_two_sections_of_one_title_have_two_addresses(report: Report, cast: Cast) -> None:
    for _ in range(2):
        add_section(report=report, title="Lessons", by=cast.director)
    assert {"lessons", "lessons-2"} < set(slugs(report))


def test_a_title_without_letters_still_has_an_address(report: Report, cast: Cast) -> None:
    assert add_section(report=report, title="…", by=cast.analyst).slug == "section"


def test_a_section_moves_to_any_place(report: Report, cast: Cast) -> None:
    move_section(section=at(report, "c"), after=None, by=cast.analyst)
    assert slugs(report) == ["c", "a", "b"]
    move_section(section=at(report, "c"), after=at(report, "a"), by=cast.analyst)
    assert slugs(report) == ["a", "c", "b"]


def test_a_section_does_not_move_behind_itself_or_into_another_report(report: Report, cast: Cast) -> None:
    other = ReportSectionFactory(report=ReportFactory(year=2019))
    for wrong in (at(report, "a"), other):
        with pytest.raises(ReportRefused, match="another section of this report"):
            move_section(section=at(report, "a"), after=wrong, by=cast.analyst)


@examples(max_examples=15)
@given(moves=st.lists(st.tuples(st.integers(0, 5), st.integers(-1, 5)), max_size=6))
def test_however_sections_are_moved_they_are_numbered_one_after_another(moves: list[tuple[int, int]]) -> None:
    analyst = UserFactory(role=Role.ANALYST)
    report = ReportFactory(subject=f"P{UserFactory().pk}")
    made = [ReportSectionFactory(report=report, order=order * 2 + 5) for order in range(6)]
    expected = list(made)
    for which, behind in moves:
        item, after = made[which], None if behind < 0 else made[behind]
        if item == after:
            continue
        move_section(section=item, after=after, by=analyst)
        expected.remove(item)
        expected.insert(0 if after is None else expected.index(after) + 1, item)
    assert slugs(report) == [each.slug for each in expected]


def test_a_new_name_takes_the_approval_and_keeps_the_address(report: Report, cast: Cast) -> None:
    ReportSection.objects.filter(slug="a").update(
        status="approved", approved_by=cast.director, approved_at="2021-04-01T12:00:00Z"
    )
    same = {"number": "", "title": "A", "guidance": "Be short.", "word_limit": 200}
    assert change_section(section=at(report, "a"), by=cast.analyst, **same).status == "approved"
    changed = change_section(section=at(report, "a"), by=cast.analyst, **same | {"title": "Another"})
    assert (changed.status, changed.slug, changed.word_limit) == ("writing", "a", 200)


def test_a_section_taken_out_comes_back_whole_to_its_place(report: Report, cast: Cast) -> None:
    section = save_section(section=at(report, "b"), text="Twice.", key_points=["P."], version=1, by=cast.analyst)
    remark = comment_on_section(section=section, text="Which?", by=cast.director)
    comment_on_section(section=section, text="This.", answers=remark, by=cast.analyst)
    resolve_comment(comment=remark, by=cast.director)
    decision = NumberDecisionFactory(section=section, report=report)
    removed = remove_section(section=section, by=cast.analyst)
    assert slugs(report) == ["a", "c"]
    assert not NumberDecision.objects.exists()
    back = restore_section(removed=removed, by=cast.analyst)
    assert slugs(report) == ["a", "b", "c"]
    assert (back.pk, back.text, back.key_points, back.version) == (section.pk, "Twice.", ["P."], 2)
    assert list(back.versions.values_list("number", flat=True)) == [2, 1]
    kept = back.comments.get(pk=remark.pk)
    assert (kept.answers_given.count(), kept.resolved_by) == (1, cast.director)
    assert NumberDecision.objects.get().fingerprint == decision.fingerprint
    assert not report.removed_sections.exists()


def test_a_section_comes_back_beside_one_that_took_its_address(report: Report, cast: Cast) -> None:
    removed = remove_section(section=at(report, "c"), by=cast.analyst)
    add_section(report=report, title="C", by=cast.analyst)
    assert restore_section(removed=removed, by=cast.analyst).slug == "c-2"
    with pytest.raises(ReportRefused, match="back already"):
        restore_section(removed=removed, by=cast.analyst)


def test_the_last_section_stays(report: Report, cast: Cast) -> None:
    for slug in ("a", "b"):
        remove_section(section=at(report, slug), by=cast.analyst)
    with pytest.raises(ReportRefused, match="this is the last"):
        remove_section(section=at(report, "c"), by=cast.analyst)


def test_a_save_of_a_section_that_was_taken_out_is_refused(report: Report, cast: Cast) -> None:
    section = at(report, "a")
    remove_section(section=section, by=cast.analyst)
    with pytest.raises(ReportRefused, match="taken out of the report"):
        save_section(section=section, text="Late.", version=1, by=cast.programme_manager)


@pytest.mark.parametrize("name", ["programme_manager", "finance_officer", "auditor", "grantee"])
def test_only_makers_of_reports_arrange(report: Report, cast: Cast, name: str) -> None:
    by, section = cast.named(name), at(report, "a")
    fields = {"title": "No", "number": "", "guidance": "", "word_limit": None}
    for act in (
        lambda: add_section(report=report, title="No", by=by),
        lambda: move_section(section=section, after=None, by=by),
        lambda: change_section(section=section, by=by, **fields),
        lambda: remove_section(section=section, by=by),
    ):
        with pytest.raises(ReportRefused, match="by the director and by analysts"):
            act()
    assert slugs(report) == ["a", "b", "c"]
