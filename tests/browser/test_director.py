"""The director's journey: the position, results, the logic model, one figure's trace, and a report made by a worker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from evaluation.models import DataIssue, Edition
from tests.browser.conftest import Enter
from tests.factories import DataIssueFactory, UserFactory
from tests.report.unit_year import outline, unit_year
from vru.accounts.models import Role, User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def director(transactional_db: None) -> User:
    unit_year()
    user: User = UserFactory(name="Dara Director", role=Role.DIRECTOR)
    return user


def test_from_the_position_to_the_return_behind_a_number(director: User, enter: Enter) -> None:
    reader = enter(director)
    reader.open("/")
    assert reader.heading.endswith("The position")
    reader.follow("New people supported (gross)")
    assert "that add up to it" in reader.text
    reader.page.get_by_role("row").nth(1).get_by_role("link").click()
    reader.page.wait_for_url("**/review/")
    reader.look()
    reader.open("/results/")
    assert "1. Safer schools" in reader.text
    reader.follow("Logic model")
    assert reader.page.locator("svg[role=img]").count() == 1
    assert reader.page.get_by_role("table").count() == 2
    reader.open("/figures/?text=new")
    reader.follow("New people supported (gross)", exact=False)
    assert "Numerator" in reader.text


def test_an_analyst_reads_statements_and_accepts_a_difference(director: User, enter: Enter) -> None:
    issue = DataIssueFactory(year=2020, layer="recorded", where="Funding, page 4")
    reader = enter(UserFactory(role=Role.ANALYST))
    reader.open("/statements/")
    assert "As printed" in reader.text
    reader.open("/data-issues/")
    assert "Funding, page 4" in reader.text
    reader.page.get_by_text("Accept with a note").click()
    reader.page.get_by_label("Why is the difference accepted?").fill("Rounded in the source.")
    reader.press("Accept")
    assert "Accepted." in reader.text
    issue.refresh_from_db()
    assert (issue.status, issue.note) == (DataIssue.Status.ACCEPTED, "Rounded in the source.")


def test_an_auditor_opens_every_administration_page(director: User, enter: Enter) -> None:
    auditor = enter(UserFactory(role=Role.AUDITOR))
    auditor.open("/administration/")
    for name in ("People", "Organisations", "Background work", "Outgoing mail", "Audit trail"):
        auditor.open("/administration/")
        auditor.follow(name)
        assert auditor.heading == name


@pytest.mark.worker
@pytest.mark.slow
def test_a_report_is_started_watched_read_and_downloaded(
    director: User, enter: Enter, celery_worker_process: Callable[..., Any]
) -> None:
    outline()
    reader = enter(director)
    reader.open("/reports/")
    assert "No report has been made yet" in reader.text
    reader.press("Begin a report")
    reader.press("Begin")
    reader.press("Make a draft edition")
    reader.press("Make it")
    assert reader.heading == "Making the report"
    assert "You may leave this page" in reader.text
    celery_worker_process(lease_seconds=60)
    reader.page.wait_for_url("**/reports/editions/*/", timeout=90_000)
    reader.page.wait_for_selector("text=Read it as a web page", timeout=90_000)
    reader.look()
    edition = Edition.objects.get()
    assert edition.snapshot_hash in reader.text
    with reader.page.expect_download() as download:
        reader.page.get_by_role("link", name="Data annex", exact=False).first.click()
    assert download.value.suggested_filename.startswith(f"annual-2020-21-recorded-{edition.number}.")
    pdf = reader.page.request.get(f"{reader.base}/reports/editions/{edition.pk}/files/pdf/")
    assert pdf.body().startswith(b"%PDF-")
    reader.press("Read it as a web page")
    assert "Annual report" in reader.page.locator("body").inner_text()
