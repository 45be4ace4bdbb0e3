"""Saving a section: no word is lost, nobody overwrites anybody, and what was approved stays what was approved."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from evaluation.actions import sections as actions
from evaluation.actions.reports import begin_report
from evaluation.actions.section_comments import comment_on_section, reopen_comment, resolve_comment
from evaluation.actions.section_review import approve_section, assign_section, send_back, send_for_review
from evaluation.actions.sections import bring_back, save_section
from evaluation.models import ReportSection, SectionComment
from evaluation.reports.errors import ReportRefused, StaleSection
from tests.cast import Cast
from tests.factories import OutlineSectionFactory, ReportOutlineFactory, ReportSectionFactory, UnitFactory
from vru.accounts.models import AuditEvent
from vru.jobs.models import Notification
from vru.lib.periods import FinancialYear

pytestmark = pytest.mark.django_db


@pytest.fixture
def section(cast: Cast) -> ReportSection:
    UnitFactory()
    made: ReportSection = ReportSectionFactory(text="First.", key_points=["One."])
    return made


def in_review(section: ReportSection, cast: Cast) -> ReportSection:
    saved = save_section(section=section, text="Written by the manager.", version=1, by=cast.programme_manager)
    return send_for_review(section=saved, by=cast.programme_manager)


def approved(section: ReportSection, cast: Cast) -> ReportSection:
    item = in_review(section, cast)
    return approve_section(section=item, version=item.version, by=cast.analyst)


def test_a_save_raises_the_version_and_keeps_what_stood(section: ReportSection, cast: Cast) -> None:
    saved = save_section(
        section=section, text="Second.\r\n", key_points=[" Two  words. ", ""], version=1, by=cast.analyst
    )
    assert (saved.version, saved.text, saved.key_points) == (2, "Second.\n", ["Two words."])
    assert (saved.updated_by, saved.updated_at is not None) == (cast.analyst, True)
    assert list(saved.versions.values_list("number", "text")) == [(2, "Second.\n"), (1, "First.")]


def test_a_save_without_key_points_leaves_them(section: ReportSection, cast: Cast) -> None:
    assert save_section(section=section, text="Second.", version=1, by=cast.analyst).key_points == ["One."]


def test_two_editors_never_overwrite_each_other(section: ReportSection, cast: Cast) -> None:
    save_section(section=section, text="Mine.", version=1, by=cast.analyst)
    with pytest.raises(StaleSection, match="Analyst saved this section after you opened it") as stale:
        save_section(section=section, text="Theirs.", version=1, by=cast.programme_manager)
    assert stale.value.current.text == "Mine."
    section.refresh_from_db()
    assert section.text == "Mine."


def test_the_same_text_sent_twice_is_no_conflict(section: ReportSection, cast: Cast) -> None:
    save_section(section=section, text="Mine.", version=1, by=cast.analyst)
    assert save_section(section=section, text="Mine.", version=1, by=cast.programme_manager).version == 2


def test_a_save_whose_answer_was_lost_is_no_stranger_to_the_next(section: ReportSection, cast: Cast) -> None:
    save_section(section=section, text="Mi", version=1, by=cast.analyst, page="k3f9:1")
    assert save_section(section=section, text="Mine.", version=1, by=cast.analyst, page="k3f9:2").text == "Mine."
    with pytest.raises(StaleSection):
        save_section(section=section, text="Old.", version=1, by=cast.analyst, page="k3f9:1")
    with pytest.raises(StaleSection):
        save_section(section=section, text="Other.", version=1, by=cast.analyst, page="zzzz:9")


def test_saves_of_one_person_within_minutes_are_one_version(section: ReportSection, cast: Cast) -> None:
    for version, text in enumerate(("A.", "AB.", "ABC."), start=1):
        save_section(section=section, text=text, version=version, by=cast.analyst)
    assert list(section.versions.values_list("number", "text")) == [(4, "ABC."), (1, "First.")]
    save_section(section=section, text="ABCD.", version=4, by=cast.director)
    assert section.versions.values_list("number", "text").first() == (5, "ABCD.")


def test_after_ten_minutes_a_save_is_a_version_of_its_own(section: ReportSection, cast: Cast) -> None:
    save_section(section=section, text="A.", version=1, by=cast.analyst)
    earlier = timezone.now() - actions.ONE_VERSION - datetime.timedelta(seconds=1)
    section.versions.filter(number=2).update(saved_at=earlier)
    save_section(section=section, text="AB.", version=2, by=cast.analyst)
    assert list(section.versions.values_list("number", flat=True)) == [3, 2, 1]


def test_bringing_back_loses_nothing_in_between(section: ReportSection, cast: Cast) -> None:
    save_section(section=section, text="Second.", version=1, by=cast.analyst)
    brought = bring_back(section=section, number=1, version=2, by=cast.programme_manager)
    assert (brought.text, brought.version) == ("First.", 3)
    newest = section.versions.first()
    assert newest is not None
    assert newest.note.startswith("Brought back from ")
    assert section.versions.filter(number=2, text="Second.").exists()


@pytest.mark.parametrize(
    ("text", "points", "why"),
    [
        ("a" * 200_001, [], "at most 200,000 characters"),
        ("a", ["p"] * 21, "at most 20 key points, and there are 21"),
        ("a", ["p" * 1001], "A key point takes at most"),
        ("a\0", [], "hidden character"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    section: ReportSection, cast: Cast, text: str, points: list[str], why: str
) -> None:
    with pytest.raises(ReportRefused, match=why):
        save_section(section=section, text=text, key_points=points, version=1, by=cast.analyst)


@pytest.mark.parametrize("name", ["auditor", "administrator", "grantee", "nobody"])
def test_who_may_not_write_is_refused_everything(section: ReportSection, cast: Cast, name: str) -> None:
    by = cast.named(name)
    for act in (
        lambda: save_section(section=section, text="No.", version=1, by=by),
        lambda: send_for_review(section=section, by=by),
        lambda: comment_on_section(section=section, text="No.", by=by),
    ):
        with pytest.raises(ReportRefused):
            act()
    section.refresh_from_db()
    assert (section.text, section.status) == ("First.", "writing")


@pytest.mark.parametrize("name", ["programme_manager", "finance_officer", "auditor"])
def test_only_makers_of_reports_approve_assign_and_send_back(section: ReportSection, cast: Cast, name: str) -> None:
    item, by = in_review(section, cast), cast.named(name)
    for act in (
        lambda: approve_section(section=item, version=item.version, by=by),
        lambda: send_back(section=item, reason="No.", by=by),
        lambda: assign_section(section=item, owner=cast.analyst, due_on=None, by=by),
    ):
        with pytest.raises(ReportRefused, match="by the director and by analysts"):
            act()


def test_an_approved_section_names_who_and_when(section: ReportSection, cast: Cast) -> None:
    item = approved(section, cast)
    assert (item.status, item.approved_by, item.approved_at is not None) == ("approved", cast.analyst, True)
    assert [each.note for each in item.versions.all()] == ["Sent for review; approved", ""]


def test_whoever_wrote_last_does_not_approve(section: ReportSection, cast: Cast) -> None:
    item = send_for_review(
        section=save_section(section=section, text="Mine.", version=1, by=cast.analyst), by=cast.analyst
    )
    with pytest.raises(ReportRefused, match="somebody else approves it"):
        approve_section(section=item, version=item.version, by=cast.analyst)
    assert approve_section(section=item, version=item.version, by=cast.director).status == "approved"


def test_a_text_that_changed_after_it_was_read_is_not_approved(section: ReportSection, cast: Cast) -> None:
    item = in_review(section, cast)
    save_section(section=item, text="Changed in review.", version=2, by=cast.finance_officer)
    with pytest.raises(StaleSection):
        approve_section(section=item, version=2, by=cast.analyst)


def test_an_open_comment_stops_the_approval(section: ReportSection, cast: Cast) -> None:
    item = in_review(section, cast)
    remark = comment_on_section(section=item, text="From how many returns?", by=cast.director)
    comment_on_section(section=item, text="Of 150.", answers=remark, by=cast.programme_manager)
    with pytest.raises(ReportRefused, match="1 comment is still open"):
        approve_section(section=item, version=item.version, by=cast.analyst)
    resolve_comment(comment=remark, by=cast.director)
    assert approve_section(section=item, version=item.version, by=cast.analyst).status == "approved"


def test_any_edit_takes_the_approval_and_the_approved_text_stays_in_the_history(
    section: ReportSection, cast: Cast
) -> None:
    item = approved(section, cast)
    edited = save_section(section=item, text="Changed after.", version=item.version, by=cast.programme_manager)
    assert (edited.status, edited.approved_by, edited.approved_at) == ("writing", None, None)
    kept = edited.versions.get(note="Sent for review; approved")
    assert kept.text == "Written by the manager."
    assert AuditEvent.objects.about(edited).filter(action="section.approval taken").count() == 1


def test_a_section_in_writing_is_not_approved(section: ReportSection, cast: Cast) -> None:
    with pytest.raises(ReportRefused, match="cannot become approved"):
        approve_section(section=section, version=1, by=cast.analyst)


def test_sending_back_needs_a_reason_which_stands_among_the_comments(section: ReportSection, cast: Cast) -> None:
    item = in_review(section, cast)
    with pytest.raises(ReportRefused, match="Say what should be changed"):
        send_back(section=item, reason="  ", by=cast.analyst)
    assert send_back(section=item, reason="Name the boroughs.", by=cast.analyst).status == "writing"
    assert SectionComment.objects.get(section=item).text == "Name the boroughs."
    told = Notification.objects.get(user=cast.programme_manager)
    assert told.title == "A section came back to you"


def test_sending_for_review_says_that_a_copied_section_was_gone_over(section: ReportSection, cast: Cast) -> None:
    ReportSection.objects.update(carried=True)
    assert send_for_review(section=section, by=cast.programme_manager).carried is False
    assert set(Notification.objects.values_list("user", flat=True)) == {cast.director.pk, cast.analyst.pk}


def test_the_new_owner_is_told_once(section: ReportSection, cast: Cast) -> None:
    due = datetime.date(2021, 5, 3)
    for _ in range(2):
        assign_section(section=section, owner=cast.finance_officer, due_on=due, by=cast.analyst)
    told = Notification.objects.get()
    assert (told.user, told.text) == (cast.finance_officer, f"{section}. It is due on 3 May 2021.")


def test_a_section_is_given_only_to_who_may_write_it(section: ReportSection, cast: Cast) -> None:
    with pytest.raises(ReportRefused, match="Auditor may not write reports"):
        assign_section(section=section, owner=cast.auditor, due_on=None, by=cast.analyst)
    with pytest.raises(ReportRefused, match="Say who writes the section"):
        assign_section(section=section, owner=None, due_on=datetime.date(2021, 5, 3), by=cast.analyst)


def test_everybody_in_a_discussion_is_told_but_not_who_spoke(section: ReportSection, cast: Cast) -> None:
    ReportSection.objects.update(owner=cast.finance_officer)
    section.refresh_from_db()
    remark = comment_on_section(section=section, text="Which year?", by=cast.director)
    assert set(Notification.objects.values_list("user", flat=True)) == {cast.finance_officer.pk}
    comment_on_section(section=section, text="2020-21.", answers=remark, by=cast.finance_officer)
    assert Notification.objects.filter(user=cast.director).count() == 1


def test_an_answer_opens_a_settled_comment_again(section: ReportSection, cast: Cast) -> None:
    remark = comment_on_section(section=section, text="Which year?", quote="First", by=cast.director)
    resolve_comment(comment=remark, by=cast.director)
    remark.refresh_from_db()
    comment_on_section(section=section, text="Not this one.", answers=remark, by=cast.analyst)
    remark.refresh_from_db()
    assert remark.resolved_at is None
    assert reopen_comment(comment=remark, by=cast.analyst).resolved_by is None


def test_an_answer_to_an_answer_and_a_comment_without_words_are_refused(section: ReportSection, cast: Cast) -> None:
    remark = comment_on_section(section=section, text="Which year?", by=cast.director)
    answer = comment_on_section(section=section, text="This.", answers=remark, by=cast.analyst)
    with pytest.raises(ReportRefused, match="Only a remark"):
        comment_on_section(section=section, text="No.", answers=answer, by=cast.director)
    with pytest.raises(ReportRefused, match="Write the comment"):
        comment_on_section(section=section, text=" ", by=cast.director)
    with pytest.raises(ReportRefused, match="settled with the remark"):
        resolve_comment(comment=answer, by=cast.director)


def test_once_people_work_on_a_report_its_outline_changes_it_no_more(cast: Cast) -> None:
    UnitFactory()
    outline = ReportOutlineFactory()
    OutlineSectionFactory(outline=outline, order=1, slug="one", blocks=[{"kind": "prose", "text": "Old."}])
    asked = {"kind": outline.kind, "year": FinancialYear(2020), "layer": "recorded", "by": cast.analyst}
    report = begin_report(**asked)
    assign_section(section=report.sections.get(), owner=cast.analyst, due_on=None, by=cast.director)
    outline.sections.all().delete()
    OutlineSectionFactory(outline=outline, order=1, slug="two")
    assert [each.slug for each in begin_report(**asked).sections.all()] == ["one"]
