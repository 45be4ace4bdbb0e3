"""The pages of a section: written in, put together, looked back on, discussed and decided on."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.actions.section_comments import comment_on_section
from evaluation.actions.section_review import send_for_review
from evaluation.actions.sections import save_section
from evaluation.models import ReportSection, SectionComment, SectionVersion
from tests.cast import Cast
from tests.factories import (
    ReportFactory,
    ReportSectionFactory,
    SectionCommentFactory,
    SectionVersionFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def section(cast: Cast) -> ReportSection:
    UnitFactory()
    made: ReportSection = ReportSectionFactory(
        slug="needs", order=2, text="One.\n\nTwo.", key_points=["Point."], guidance="Say why.", word_limit=2
    )
    return made


def address(section: ReportSection, name: str = "section", *more: object) -> str:
    return reverse(f"evaluation:{name}", args=[section.report_id, section.slug, *more])


def signed_in(cast: Cast, name: str = "analyst") -> Client:
    client = Client()
    client.force_login(cast.named(name))
    return client


def typed(section: ReportSection, **more: str) -> dict[str, str]:
    return {"text": section.text, "key_points": "\n".join(section.key_points), "version": str(section.version)} | more


def test_the_editor_shows_text_guidance_and_length(section: ReportSection, cast: Cast) -> None:
    page = signed_in(cast).get(address(section)).content.decode()
    for words in ("One.\n\nTwo.", "Say why.", "3 words: 1 over the limit of 2", "Save and send for review"):
        assert words in page


def test_who_may_only_read_gets_the_preview_and_no_box(section: ReportSection, cast: Cast) -> None:
    client = signed_in(cast, "auditor")
    page = client.get(address(section)).content.decode()
    assert "<textarea" not in page
    assert address(section, "section-preview") in page
    assert client.post(address(section), typed(section, text="No.")).status_code == 403


def test_a_grantee_gets_nothing(section: ReportSection, cast: Cast) -> None:
    for name in ("section", "section-preview", "section-history"):
        assert signed_in(cast, "grantee").get(address(section, name)).status_code == 403


def test_save_keeps_the_text_and_says_so(section: ReportSection, cast: Cast) -> None:
    answer = signed_in(cast).post(address(section), typed(section, text="One.\r\n\r\nThree."), follow=True)
    assert "saved." in answer.content.decode()
    section.refresh_from_db()
    assert (section.text, section.updated_by) == ("One.\n\nThree.", cast.analyst)


def test_a_save_behind_the_page_answers_with_the_next_version(section: ReportSection, cast: Cast) -> None:
    answer = signed_in(cast).post(address(section), typed(section, text="Now."), headers=HTMX)
    assert 'name="version" value="2"' in answer.content.decode()
    assert "2 of 2 words" in answer.content.decode()


def test_the_second_editor_gets_a_text_with_both_changes(section: ReportSection, cast: Cast) -> None:
    signed_in(cast, "director").post(address(section), typed(section, text="One, hers.\n\nTwo."))
    client = signed_in(cast)
    answer = client.post(address(section), typed(section, text="One.\n\nTwo, his."))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Director saved this section after you opened it" in page
    assert "Both changes fit together" in page
    assert "One, hers.\n\nTwo, his.</textarea>" in page
    section.refresh_from_db()
    assert section.text == "One, hers.\n\nTwo."
    done = client.post(address(section), {"text": "One, hers.\n\nTwo, his.", "key_points": "Point.", "version": "2"})
    assert done.status_code == 302
    section.refresh_from_db()
    assert section.text == "One, hers.\n\nTwo, his."


def test_where_both_changed_a_line_both_stand_in_the_box(section: ReportSection, cast: Cast) -> None:
    signed_in(cast, "director").post(address(section), typed(section, text="One.\n\nHers."))
    page = signed_in(cast).post(address(section), typed(section, text="One.\n\nHis.")).content.decode()
    assert "the same lines in 1 place" in page
    assert "One.\n\nHis.\n\nHers.</textarea>" in page


def test_a_conflict_of_which_the_common_version_is_not_kept_shows_both(section: ReportSection, cast: Cast) -> None:
    signed_in(cast, "director").post(address(section), typed(section, text="Hers."))
    answer = signed_in(cast).post(address(section), typed(section, text="His.", version="77"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "The box holds what you typed" in page
    assert "His." in page
    assert "Hers." in page


def test_a_conflict_behind_the_page_stores_nothing_and_says_so(section: ReportSection, cast: Cast) -> None:
    signed_in(cast, "director").post(address(section), typed(section, text="Hers."))
    answer = signed_in(cast).post(address(section), typed(section, text="His."), headers=HTMX)
    assert answer.status_code == 409
    assert "Nothing is lost" in answer.content.decode()
    assert ReportSection.objects.get().text == "Hers."


def test_words_typed_after_the_session_ended_come_back_after_signing_in(section: ReportSection, cast: Cast) -> None:
    client = signed_in(cast)
    seal = client.get(address(section)).context["seal"]
    client.logout()
    assert client.post(address(section), typed(section, text="Long work.", seal=seal)).status_code == 302
    client.session.save()
    kept = client.session["kept_words"]
    client.force_login(cast.analyst)
    session = client.session
    session["kept_words"] = kept
    session.save()
    page = client.get(address(section)).content.decode()
    assert "Long work." in page
    assert "You were signed out before this was saved" in page


def test_a_text_that_cannot_be_kept_stays_on_the_page(section: ReportSection, cast: Cast) -> None:
    points = "\n".join(f"Point {n}." for n in range(30))
    answer = signed_in(cast).post(address(section), typed(section, key_points=points, text="Kept here."))
    assert answer.status_code == 422
    assert "at most 20 key points" in answer.content.decode()
    assert "Kept here." in answer.content.decode()


def test_save_and_send_for_review_does_both(section: ReportSection, cast: Cast) -> None:
    signed_in(cast, "programme_manager").post(address(section), typed(section, text="Done.", send="1"))
    section.refresh_from_db()
    assert (section.text, section.status) == ("Done.", "in_review")


def test_the_preview_takes_what_is_posted(section: ReportSection, cast: Cast) -> None:
    answer = signed_in(cast, "auditor").post(address(section, "section-preview"), {"text": "**Only** typed."})
    assert "<strong>Only</strong> typed." in answer.content.decode()
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert ReportSection.objects.get().text == "One.\n\nTwo."


def test_markup_typed_into_a_section_is_shown_and_never_obeyed(section: ReportSection, cast: Cast) -> None:
    hostile = "<script>alert(1)</script> [x](javascript:alert(1)) {{<img src=x onerror=alert(1)>}}"
    answer = signed_in(cast).post(address(section, "section-preview"), {"text": hostile, "key_points": hostile})
    page = answer.content.decode()
    assert "<script>alert" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page


def test_the_history_says_what_each_version_changed_and_brings_one_back(section: ReportSection, cast: Cast) -> None:
    client = signed_in(cast)
    client.post(address(section), typed(section, text="One.\n\nTwo and more."))
    page = client.get(address(section, "section-history")).content.decode()
    assert "Version 2" in page
    assert "Version 1" in page
    shown = client.get(address(section, "section-version", 2)).content.decode()
    assert "<ins>" in shown
    since = client.get(address(section, "section-version", 1) + "?against=now").content.decode()
    assert " and more" in since
    client.post(address(section, "section-bring-back", 1), {"version": "2"})
    section.refresh_from_db()
    assert (section.text, section.version) == ("One.\n\nTwo.", 3)
    assert client.get(address(section, "section-version", 99)).status_code == 404


def test_bringing_back_over_a_newer_save_is_refused(section: ReportSection, cast: Cast) -> None:
    save_section(section=section, text="New.", version=1, by=cast.director)
    answer = signed_in(cast).post(address(section, "section-bring-back", 1), {"version": "1"}, follow=True)
    assert "saved this section after you opened it" in answer.content.decode()
    assert ReportSection.objects.get().text == "New."


def test_a_comment_names_the_words_and_is_answered_and_settled(section: ReportSection, cast: Cast) -> None:
    client = signed_in(cast)
    client.post(address(section, "section-comment"), {"quote": "Two.", "comment": "Two what?"})
    remark = SectionComment.objects.get()
    client.post(address(section, "section-comment"), {"answers": str(remark.pk), "comment": "Boroughs."})
    page = client.get(address(section)).content.decode()
    assert "Comments (1 open)" in page
    assert "Boroughs." in page
    client.post(address(section, "section-comment-settle", remark.pk))
    assert "1 settled comment" in client.get(address(section)).content.decode()
    client.post(address(section), typed(section, text="Rewritten."))
    assert "These words are no longer in the text." in client.get(address(section)).content.decode()


def test_an_empty_comment_is_asked_for_again(section: ReportSection, cast: Cast) -> None:
    answer = signed_in(cast).post(address(section, "section-comment"), {"comment": " "})
    assert answer.status_code == 422
    assert "Write the comment." in answer.content.decode()


def test_a_comment_of_another_section_is_not_answered_here(section: ReportSection, cast: Cast) -> None:
    other = comment_on_section(section=ReportSectionFactory(report=section.report), text="There.", by=cast.analyst)
    for name in (str(other.pk), "x", "9" * 30):
        posted = {"answers": name, "comment": "Here."}
        assert signed_in(cast).post(address(section, "section-comment"), posted).status_code == 404


def test_approving_asks_for_a_recent_sign_in(section: ReportSection, cast: Cast) -> None:
    item = send_for_review(section=section, by=cast.programme_manager)
    answer = signed_in(cast).post(address(item, "section-approve"), {"version": "1"})
    assert answer.status_code == 302
    section.refresh_from_db()
    assert section.status == "in_review"


def test_sections_are_added_moved_and_taken_out_and_brought_back_in_pages(section: ReportSection, cast: Cast) -> None:
    client, report = signed_in(cast), section.report
    client.post(reverse("evaluation:section-add", args=[report.pk]), {"title": "After it", "after": str(section.pk)})
    added = report.sections.get(slug="after-it")
    client.post(address(added, "section-move"), {"up": "1"})
    assert [each.slug for each in report.sections.order_by("order")] == ["after-it", "needs"]
    client.post(address(added, "section-move"), {"after": str(section.pk)})
    assert [each.slug for each in report.sections.order_by("order")] == ["needs", "after-it"]
    client.post(address(added, "section-remove"))
    page = client.get(reverse("evaluation:sections", args=[report.pk])).content.decode()
    assert "Bring it back" in page
    removed = report.removed_sections.get()
    client.post(reverse("evaluation:section-restore", args=[report.pk, removed.pk]))
    assert report.sections.count() == 2


def test_an_assignment_with_a_wrong_date_is_asked_for_again(section: ReportSection, cast: Cast) -> None:
    posted = {"owner": str(cast.analyst.pk), "due_on-day": "31", "due_on-month": "2", "due_on-year": "2021"}
    answer = signed_in(cast).post(address(section, "section-assign"), posted)
    assert answer.status_code == 422
    assert "real date" in answer.content.decode()


@pytest.mark.parametrize("name", ["section", "section-history", "sections"])
def test_thirty_times_as_much_costs_no_more_queries(section: ReportSection, cast: Cast, name: str) -> None:
    client = signed_in(cast)
    path = reverse("evaluation:sections", args=[section.report_id]) if name == "sections" else address(section, name)

    def more(many: int) -> None:
        last = SectionVersion.objects.order_by("-number").first()
        for number in range(many):
            ReportSectionFactory(report=section.report, owner=cast.analyst, order=100 + many * 40 + number)
            SectionVersionFactory(section=section, number=(last.number if last else 1) + number + 1)
            remark = SectionCommentFactory(section=section)
            SectionCommentFactory(section=section, answers=remark)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    more(3)
    queries()
    few = queries()
    more(27)
    assert queries() <= few <= 25


def test_a_report_without_sections_says_what_to_do(cast: Cast) -> None:
    UnitFactory()
    page = signed_in(cast).get(reverse("evaluation:sections", args=[ReportFactory().pk])).content.decode()
    assert "This report has no sections" in page
