"""A report from its first word to its second signature: written, checked, explained, signed, sent, restated, read."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator

from evaluation.actions.issues import refresh_issues
from evaluation.models import DataIssue, Edition, Report
from evaluation.reports import build as building
from evaluation.tasks import build_report, finish_report
from grants.models import Commitment, MonitoringReturn
from tests.browser.conftest import PHONE, Enter, Visitor
from tests.browser.steps import save_status
from tests.factories import MonitoringReturnFactory, ReportingQuarterFactory, UserFactory
from tests.report import unit_year as year
from tests.report.changing import CORRECTED
from tests.report.quick_pdf import QuickPdf
from vru.accounts.models import Role, User
from vru.jobs.models import Job
from vru.jobs.registry import handler_for
from vru.jobs.runner import run_job
from vru.lib.periods import due_at

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LATE = "The charity closed in December; its figures are in no total."
WHY = "Two registers were found after the year was over."
LATER = datetime.date(2021, 8, 31)
STATUS = Edition.Status


@dataclass(frozen=True)
class Staff:
    analyst: User
    director: User
    manager: User
    second_manager: User


@pytest.fixture
def staff(transactional_db: None, private_files: Path, monkeypatch: pytest.MonkeyPatch) -> Staff:
    """A year with a contradiction in a document and a return that never came; nothing of a report but its outline."""
    monkeypatch.setattr(building, "PdfProcess", QuickPdf)
    year.unit_year()
    year.outline(
        {"slug": "summary", "title": "Summary"},
        {"slug": "money", "title": "Money", "blocks": [{"kind": "prose", "text": "Awards: {{award.total}}."}]},
    )
    never_came()
    refresh_issues(year=year.YEAR, layer=year.LAYER)
    return Staff(
        analyst=UserFactory(name="Ana Analyst", role=Role.ANALYST),
        director=UserFactory(name="Dara Director", role=Role.DIRECTOR),
        manager=UserFactory(name="Maya Manager", role=Role.PROGRAMME_MANAGER),
        second_manager=UserFactory(name="Moses Manager", role=Role.PROGRAMME_MANAGER),
    )


def never_came() -> None:
    MonitoringReturnFactory(
        commitment=Commitment.objects.get(ref="G1"),
        quarter=ReportingQuarterFactory(number=3),
        status=MonitoringReturn.Status.OPEN,
        due_on=datetime.date(2021, 1, 31),
    )


def work() -> None:
    """Do what waits for a worker. Nobody has a page open that asks meanwhile."""
    assert {handler_for("report.build"), handler_for("report.finish")} == {build_report, finish_report}
    for job in Job.objects.filter(status=Job.Status.QUEUED).order_by("pk"):
        done = run_job(job.pk)
        assert done is not None
        assert done.status == Job.Status.DONE, (done.kind, done.error)


def test_two_editions_are_signed_compared_and_read(staff: Staff, enter: Enter) -> None:
    analyst, director = enter(staff.analyst), enter(staff.director, strongly=True)
    report = begun_and_written(analyst)
    numbers_decided(analyst, report)
    sections_approved(director, report)
    contradiction_accepted(analyst, made(director, report, year.AFTER))
    first = made(director, report, year.AFTER)
    explained_and_sent(enter(staff.analyst, width=PHONE, scripts=False), first)
    signed(director, first)
    is_genuine(enter(scripts=False), first)
    sent_and_published(director, first)

    corrected(enter(staff.manager), enter(staff.second_manager))
    second = made(director, report, LATER)
    sent_again(analyst, second)
    signed(director, second)
    says_what_changed(director, first, second)
    compared(analyst, first, second)
    traced(analyst, second)
    published(director, second)
    for reader in (enter(width=PHONE), enter(scripts=False)):
        read_by_the_public(reader, first, second)


def begun_and_written(analyst: Visitor) -> Report:
    """A report is begun; a figure from the picker goes into its first section, where the cursor is."""
    analyst.open("/reports/")
    analyst.press("Begin a report")
    analyst.press("Begin")
    report = Report.objects.get()
    analyst.follow("Summary")
    text = analyst.page.get_by_label("Text", exact=True)
    text.fill("It reached  new people. It bought 17 bicycles.")
    text.evaluate("box => { box.focus(); box.setSelectionRange(11, 11); }")
    analyst.page.get_by_text("Find a figure, or a sentence that states one").click()
    analyst.type_in("Words in the figure’s name", "new people supported gross")
    analyst.page.get_by_role("button", name="Insert 140", exact=True).first.click()
    save_status(analyst, "Saved at")
    analyst.press("Save and send for review")
    assert report.sections.get(slug="summary").text == "It reached {{reach.new}} new people. It bought 17 bicycles."
    analyst.open(f"/reports/{report.pk}/sections/money/")
    analyst.type_in("Text", "Awards: {{award.total}}. We supported 140 new people with it.")
    analyst.press("Save and send for review")
    return report


def numbers_decided(analyst: Visitor, report: Report) -> None:
    """One number is a figure that somebody typed, the other stands in a document."""
    analyst.open(f"/reports/{report.pk}/numbers/")
    assert "2 still to decide" in analyst.text
    card = analyst.page.get_by_role("listitem").filter(has_text="We supported 140")
    with analyst.page.expect_navigation():
        card.get_by_role("button", name=re.compile("^Bind to “New people")).click()
    analyst.look()
    assert "{{reach.new" in report.sections.get(slug="money").text
    analyst.follow("Decide about 17")
    analyst.follow("Say where it comes from")
    analyst.press("Save")
    assert "Choose the document that the number stands in." in analyst.text
    analyst.page.get_by_label("Which document?").select_option("D1")
    analyst.type_in("Where in it?", "Page 4")
    analyst.press("Save")
    assert "0 still to decide" in analyst.text


def sections_approved(director: Visitor, report: Report) -> None:
    """By somebody who did not write them. Binding a number was writing, so that section goes to review again."""
    for section in report.sections.order_by("order"):
        director.open(f"/reports/{report.pk}/sections/{section.slug}/")
        director.press("Approve the section")
        director.press("Approve the section")
    assert set(report.sections.values_list("status", flat=True)) == {"approved"}


def made(director: Visitor, report: Report, day: datetime.date) -> Edition:
    """A draft as at this day, made while the page that shows its progress is closed."""
    director.open(f"/reports/{report.pk}/")
    director.press("Make a draft edition")
    director.type_day("As at", day)
    director.press("Make it")
    assert director.heading == "Making the report"
    watching = director.page.url.removeprefix(director.base)
    director.page.goto("about:blank")
    work()
    director.open(watching)
    edition = Edition.objects.select_related("report__outline").latest("pk")
    assert director.page.url.endswith(f"/reports/editions/{edition.pk}/")
    assert edition.snapshot_hash in director.text
    return edition


def contradiction_accepted(analyst: Visitor, edition: Edition) -> None:
    """The checks lead to the difference; accepting it changes what is printed, so this draft is not signed."""
    analyst.open(f"/reports/editions/{edition.pk}/")
    analyst.follow("checks before sign-off")
    assert "To mend before it can be signed" in analyst.text
    assert "To explain in a sentence" in analyst.text
    analyst.follow("Open the data issue")
    for issue in DataIssue.objects.filter(status=DataIssue.Status.OPEN, severity=DataIssue.Severity.ERROR):
        card = analyst.page.locator(f"#issue-{issue.pk}")
        card.get_by_text("Accept with a note").click()
        card.get_by_label("Why is the difference accepted?").fill("The document adds up wrongly.")
        analyst.press("Accept", within=card)
    analyst.open(f"/reports/editions/{edition.pk}/sign-off/")
    assert "Make a new edition." in analyst.text


def explained_and_sent(analyst: Visitor, edition: Edition) -> None:
    """A sentence for each thing that asks for one, then to those who sign; whoever sends cannot sign."""
    analyst.open(f"/reports/editions/{edition.pk}/sign-off/")
    assert "To mend before it can be signed" not in analyst.text
    assert "Not counted: G1 (not received)" in analyst.text
    sentences_written(analyst, LATE)
    assert f"Printed: “{LATE}”" in analyst.text
    assert "Nothing stands in the way of a signature." in analyst.text
    analyst.press("Send it to be signed")
    assert "Sent to be signed." in analyst.text
    assert analyst.page.get_by_role("button", name="Read it again and sign").count() == 0


def sentences_written(analyst: Visitor, sentence: str) -> None:
    waiting = analyst.page.get_by_role("link", name=re.compile(r"^Write \d+ sentences?"))
    while waiting.count():
        analyst.follow(re.compile(r"^Write \d+ sentences?"))
        for box in analyst.page.get_by_role("main").get_by_role("textbox").all():
            box.fill(sentence)
        analyst.press("Keep the sentences")
        assert "Your sentences are kept." in analyst.text


def sent_again(analyst: Visitor, edition: Edition) -> None:
    """Sentences that still say what is so are carried over; what changed is on the page before anybody signs."""
    analyst.open(f"/reports/editions/{edition.pk}/sign-off/")
    assert "this one is marked “restated”" in analyst.text
    sentences_written(analyst, LATE)
    assert "Nothing stands in the way of a signature." in analyst.text
    analyst.press("Send it to be signed")


def signed(director: Visitor, edition: Edition) -> None:
    """Read once more, ticked and signed; the final files are made by a worker."""
    director.open(f"/reports/editions/{edition.pk}/")
    director.follow("Open the checks")
    director.press("Read it again and sign")
    assert edition.snapshot_hash in director.text
    assert LATE in director.text
    director.press("Sign")
    assert "Tick the box to sign." in director.text
    director.choose("I have read this edition and sign it")
    director.press("Sign")
    assert "Signed. The final files are being made" in director.text
    director.page.goto("about:blank")
    work()
    director.open(f"/reports/editions/{edition.pk}/")
    assert "The final files are ready and never change." in director.text
    edition.refresh_from_db()
    assert (edition.status, edition.signed_name) == (STATUS.SIGNED_OFF, "Dara Director")
    director.follow("Is it still what was signed?")
    assert "is the same as when it was made" in director.text


def is_genuine(anybody: Visitor, edition: Edition) -> None:
    """Nobody signed in: by the hash that is printed, by the file, and not by a file with one letter more."""
    anybody.open("/verify/")
    anybody.fill({"sha256": edition.snapshot_hash.upper()})
    anybody.press("Check")
    assert "This is the hash of its facts" in anybody.text
    content = edition.files.get(kind="pdf", is_final=True).file.read()
    for sent, answer in ((content, "Signed by Dara Director, Director"), (content + b" ", "We do not know this file")):
        anybody.open("/verify/")
        file = {"name": "report.pdf", "mimeType": "application/pdf", "buffer": sent}
        anybody.page.get_by_label("Or the file itself").set_input_files(file)  # type: ignore[arg-type]
        anybody.press("Check")
        assert answer in anybody.text


def sent_and_published(director: Visitor, edition: Edition) -> None:
    director.open(f"/reports/editions/{edition.pk}/")
    director.press("Note that it was sent")
    director.type_in("To whom did it go?", "")
    director.press("Note it as sent")
    director.mend("Say to whom it went.")
    director.type_in("To whom did it go?", "Home Office, by email")
    director.press("Note it as sent")
    assert "It was sent to Home Office, by email on" in director.text
    published(director, edition)


def published(director: Visitor, edition: Edition) -> None:
    director.open(f"/reports/editions/{edition.pk}/")
    director.follow("Publish it for everybody to read")
    director.press("Publish")
    director.open(f"/reports/editions/{edition.pk}/")
    assert "see it as the public does" in director.text


def corrected(manager: Visitor, second: Visitor) -> None:
    """A return that the signature locked: one manager types the correction, another approves it."""
    item = MonitoringReturn.objects.get(quarter__number=1)
    assert item.status == MonitoringReturn.Status.LOCKED
    address = f"/returns/G1/{item.quarter.key}/review/"
    manager.open(address)
    manager.follow("type the correction for them")
    manager.type_in("Why are the figures corrected?", WHY)
    for label, text in (("New people supported", "90"), ("15-17", "60"), ("District-1", "90")):
        manager.page.get_by_role("textbox", name=label).fill(text)
    manager.press("Keep the correction")
    assert "It counts once another programme manager approves it." in manager.text
    second.open(address)
    second.press("Approve the whole return")
    assert "Its figures count from now." in second.text
    two_months_later(item)


def two_months_later(item: MonitoringReturn) -> None:
    """The story is of 2021: what was approved a moment ago was approved then."""
    moment = due_at(CORRECTED)
    item.revisions.filter(superseded_at=None).update(submitted_at=moment, approved_at=moment)
    item.revisions.exclude(superseded_at=None).update(superseded_at=moment)


def says_what_changed(director: Visitor, first: Edition, second: Edition) -> None:
    """Each figure's old and new value and why, where it is verified and in the report itself."""
    first.refresh_from_db()
    assert (first.status, first.superseded_by, second.is_restated) == (STATUS.SUPERSEDED, second, True)
    table = director.page.get_by_role("table", name="What changed since edition", exact=False)
    assert changed_row(table) == ["140", "160", "One return (2020-21 Q1) was corrected after approval."]
    director.open(f"/reports/editions/{second.pk}/")
    assert "Restates figures of an earlier edition" in director.text
    director.open(f"/reports/editions/{first.pk}/")
    assert "has taken its place" in director.text
    director.page.goto(f"{director.base}/reports/editions/{second.pk}/files/html/")
    printed = director.page.locator("body").inner_text()
    for words in ("Restated", LATE, "140", "160", "corrected after approval", "Dara Director"):
        assert words in printed, words


def changed_row(table: Locator) -> list[str]:
    row = table.get_by_role("row").filter(has=table.page.get_by_text("New people supported (gross)", exact=True))
    return row.get_by_role("cell").all_inner_texts()


def compared(analyst: Visitor, first: Edition, second: Edition) -> None:
    """The unit reads the reason that the manager gave."""
    analyst.open(f"/reports/editions/{first.pk}/")
    analyst.follow("Compare with another edition")
    analyst.follow(str(second))
    assert analyst.heading.endswith("Two editions compared")
    old, new, why = changed_row(analyst.page.get_by_role("table").first)
    assert (old, new) == ("140", "160")
    assert why.endswith(f"Reason given: {WHY}")
    assert "The same words in every section." in analyst.text
    analyst.follow("Every edition", exact=False)
    assert str(first) in analyst.text
    assert str(second) in analyst.text


def traced(analyst: Visitor, edition: Edition) -> None:
    """From the figure in the web edition to the returns that give it again, and who approved them."""
    analyst.page.goto(f"{analyst.base}/reports/editions/{edition.pk}/files/html/")
    analyst.page.get_by_role("link", name="160", exact=True).first.click()
    analyst.page.wait_for_url("**/figures/?key=reach.new**")
    analyst.look()
    assert "Nothing has changed since" in analyst.text
    rows = analyst.page.get_by_role("table").get_by_role("row")
    values = [int(row.get_by_role("cell").last.inner_text()) for row in rows.all()[1:]]
    assert sorted(values) == [70, 90]
    assert "Moses Manager" in rows.nth(1).inner_text()
    analyst.follow("G1, 2020-21Q1")
    assert analyst.page.url.endswith("/returns/G1/2020-21Q1/review/")


def read_by_the_public(reader: Visitor, first: Edition, second: Edition) -> None:
    """Both editions, the changes without the unit's own words, and a trace that ends at the sum."""
    reader.open("/published/")
    assert "restated" in reader.text
    reader.open(f"/published/{first.pk}/")
    reader.follow(f"Edition {second.number} replaces it")
    assert changed_row(reader.page.get_by_role("table", name="Changed figures"))[:2] == ["140", "160"]
    assert WHY not in reader.page.content()
    reader.page.goto(f"{reader.base}/published/{second.pk}/files/html/")
    assert WHY not in reader.page.content()
    reader.page.get_by_role("link", name="160", exact=True).first.click()
    reader.page.wait_for_url("**/figures/?key=reach.new**")
    reader.look()
    assert "160" in reader.text
    assert "The returns behind a figure name organisations and are not published." in reader.text
    assert reader.page.get_by_role("main").get_by_role("table").count() == 0
    organisation = Commitment.objects.get(ref="G1").organisation.name
    for hidden in (organisation, "Moses Manager", "/returns/", WHY):
        assert hidden not in reader.page.content()
    for closed in (f"/reports/editions/{second.pk}/", f"/reports/editions/{second.pk}/figures/?key=reach.new"):
        answer = reader.page.goto(reader.base + closed)
        assert answer is not None
        assert "/login/" in reader.page.url or answer.status in (403, 404)
