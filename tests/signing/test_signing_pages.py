"""The pages of signing, as the people see them who use them."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from evaluation.actions.final_files import finish_edition
from evaluation.models import DataIssue, Edition, Explanation
from evaluation.views.signing import verifying
from tests.signing.conftest import approve_sections, build
from tests.signing_in import sign_in_strongly

pytestmark = pytest.mark.django_db
Status = Edition.Status


def url(name: str, edition: Edition, *more: str) -> str:
    return reverse(f"evaluation:{name}", args=[edition.pk, *more])


@pytest.fixture
def strong(client, director):
    return sign_in_strongly(client, director)


@pytest.fixture
def final(clear, strong, director) -> Edition:
    """Signed through the pages, and its files made."""
    page = strong.get(url("edition-sign", clear))
    strong.post(url("edition-sign", clear), {"seen": page.context["form"]["seen"].value(), "agreed": "on"})
    signed = Edition.objects.select_related("report__outline").get(pk=clear.pk)
    return finish_edition(edition=signed, by=director)


def test_a_draft_lists_what_is_to_mend_first(client, built, analyst):
    client.force_login(analyst)
    page = client.get(url("sign-off", built)).content.decode()
    assert page.index("To mend before it can be signed") < page.index("In order")
    assert "Summary is being written, not approved." in page
    assert "Send it to be signed" in page
    assert "Read it again and sign" not in page


def test_somebody_who_only_reads_sees_the_checks_and_no_button(client, built, cast):
    client.force_login(cast.auditor)
    page = client.get(url("sign-off", built)).content.decode()
    assert "To mend before it can be signed" in page
    assert "Send it to be signed" not in page
    assert "Write" not in page.split("<main")[1].split("</main>")[0].replace("Written", "")


def test_signing_through_the_pages(final, strong):
    assert (final.status, final.signed_name) == (Status.SIGNED_OFF, "Ama Director")
    page = strong.get(url("report", final)).content.decode()
    assert "The final files are ready and never change." in page
    assert "Note that it was sent" in page


def test_the_signing_page_shows_what_is_printed_and_what_it_does(clear, strong):
    page = strong.get(url("edition-sign", clear)).content.decode()
    assert "It is a small test." in page
    assert "frozen" in page
    assert clear.snapshot_hash in page


def test_nobody_signs_without_ticking_the_box(clear, strong):
    page = strong.get(url("edition-sign", clear))
    response = strong.post(url("edition-sign", clear), {"seen": page.context["form"]["seen"].value()})
    assert response.status_code == 422
    assert "Tick the box to sign." in response.content.decode()
    assert Edition.objects.get(pk=clear.pk).signed_at is None


def test_a_sign_in_of_an_hour_ago_is_not_enough_to_sign(client, clear, director):
    sign_in_strongly(client, director, seconds_ago=3600)
    response = client.get(url("edition-sign", clear))
    assert response.status_code == 302
    assert "reauthenticate" in response["Location"]


def test_what_was_not_seen_is_not_signed(clear, strong):
    response = strong.post(url("edition-sign", clear), {"seen": "0" * 64, "agreed": "on"}, follow=True)
    assert "changed since you opened this page" in response.content.decode()


def test_an_edition_that_is_not_clear_leads_back_to_the_checks(clear, strong):
    DataIssue.objects.update(status=DataIssue.Status.OPEN)
    response = strong.get(url("edition-sign", clear))
    assert response["Location"] == url("sign-off", clear)


def test_sentences_are_written_on_one_page_and_one_may_serve_for_all(client, report, analyst, director):
    approve_sections(report, director)
    edition = build(report, analyst)
    DataIssue.objects.update(severity=DataIssue.Severity.WARNING)
    client.force_login(analyst)
    address = url("sign-off-explain", edition, "data-issues")
    assert "One sentence for all that have none" in client.get(address).content.decode()
    response = client.post(address, {"for_all": "Known.", "sentence-0": "Other.", "sentence-1": ""})
    assert response["Location"] == url("sign-off", edition)
    assert sorted(Explanation.objects.values_list("sentence", flat=True)) == ["Known.", "Other."]
    assert "Printed: “Known.”" in client.get(url("sign-off", edition)).content.decode()


def test_a_check_that_does_not_exist_is_not_found(client, built, analyst):
    client.force_login(analyst)
    assert client.get(url("sign-off-explain", built, "moon-phase")).status_code == 404


def test_going_back_to_draft_asks_why(client, clear, director):
    client.force_login(director)
    empty = client.post(url("edition-back", clear), {"reason": ""})
    assert empty.status_code == 422
    client.post(url("edition-back", clear), {"reason": "The summary is too long."})
    assert Edition.objects.get(pk=clear.pk).status == Status.DRAFT


def test_to_whom_it_went_is_kept_and_shown(final, strong):
    strong.post(url("edition-send", final), {"to": "Home Office, by email"})
    page = strong.get(url("report", final)).content.decode()
    assert "It was sent to Home Office, by email on" in page


def test_the_files_of_a_signed_edition_are_the_final_ones(final, strong):
    response = strong.get(url("report-file", final, "html"))
    assert "Ama Director" in b"".join(response.streaming_content).decode()


def test_the_verification_page_hashes_every_part_again(final, strong):
    assert "is the same as when it was made" in strong.get(url("edition-verify", final)).content.decode()
    stored = final.files.get(kind="html", is_final=True)
    with stored.file.open("wb") as file:
        file.write(b"something else")
    page = strong.get(url("edition-verify", final)).content.decode()
    assert "1 part of this edition is not as noted" in page
    assert "was changed after it was made" in page


def test_a_signed_edition_has_its_verification_in_place_of_the_checks(final, strong):
    assert strong.get(url("sign-off", final))["Location"] == url("edition-verify", final)


def test_anybody_may_ask_whether_a_file_is_genuine(client, final):
    client.logout()
    content = final.files.get(kind="pdf", is_final=True).file.read()
    page = client.post(reverse("evaluation:verify"), {"file": SimpleUploadedFile("r.pdf", content)}).content.decode()
    assert "edition 1" in page
    assert "Ama Director, Director" in page
    changed = SimpleUploadedFile("r.pdf", content + b" ")
    page = client.post(reverse("evaluation:verify"), {"file": changed}).content.decode()
    assert "We do not know this file" in page


def test_a_hash_may_be_typed_in_capitals_and_with_spaces(client, final):
    client.logout()
    hashed = final.snapshot_hash.upper()
    typed = " ".join(hashed[place : place + 8] for place in range(0, 64, 8))
    page = client.post(reverse("evaluation:verify"), {"sha256": f"SHA256: {typed}"}).content.decode()
    assert "This is the hash of its facts" in page


def test_a_draft_is_not_told_to_anybody(client, built):
    hashed = built.files.get(kind="pdf").sha256
    page = client.post(reverse("evaluation:verify"), {"sha256": hashed}).content.decode()
    assert "We do not know this file" in page
    page = client.post(reverse("evaluation:verify"), {"sha256": built.snapshot_hash}).content.decode()
    assert "We do not know this file" in page


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Type a hash, or choose a file."),
        ({"sha256": "abc"}, "A hash has 64 digits"),
        ({"sha256": "z" * 64}, "A hash has 64 digits"),
    ],
)
def test_what_is_no_hash_is_refused_with_a_sentence(client, db, data, said):
    response = client.post(reverse("evaluation:verify"), data)
    assert response.status_code == 422
    assert said in response.content.decode()


def test_a_hash_and_a_file_at_once_are_refused(client, db):
    data = {"sha256": hashlib.sha256(b"").hexdigest(), "file": SimpleUploadedFile("r.pdf", b"x")}
    assert "not both" in client.post(reverse("evaluation:verify"), data).content.decode()


def test_asking_too_often_is_slowed_down(client, db, monkeypatch):
    monkeypatch.setattr(verifying, "ATTEMPTS_A_MINUTE", 0)
    assert client.post(reverse("evaluation:verify"), {"sha256": "abc"}).status_code == 429


def test_the_checks_ask_no_more_for_more_findings(client, report, analyst, django_assert_max_num_queries):
    edition = build(report, analyst)
    client.force_login(analyst)
    client.get(url("sign-off", edition))
    with django_assert_max_num_queries(10_000) as few:
        client.get(url("sign-off", edition))
    issue = DataIssue.objects.first()
    for number in range(20):
        issue.pk, issue.fingerprint, issue.where = None, f"{number:064x}", f"Table {number}"
        issue.save()
    with django_assert_max_num_queries(len(few)):
        client.get(url("sign-off", edition))
