"""What the public reads: signed editions that a director opened, and no step further than what they print."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from evaluation.actions import publishing
from evaluation.actions.publishing import publish_edition, unpublish_edition
from evaluation.disclosure_audit import Exposure
from evaluation.models import Edition
from evaluation.reports.errors import ReportRefused
from evaluation.reports.imprint import Changed, Imprint
from evaluation.tracing import facts_of
from grants.models import Cell
from tests.factories import StaffRoleFactory
from tests.reading.editions import built_edition, signed_edition
from tests.signing_in import sign_in_strongly
from vru.accounts.models import AuditEvent, Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]
BY_AGE = "reach.breakdown category=18-24 dimension=age"


@pytest.fixture
def director():
    return StaffRoleFactory(role=Role.DIRECTOR).user


@pytest.fixture
def edition() -> Edition:
    return signed_edition()


@pytest.fixture
def published(edition, director) -> Edition:
    return publish_edition(edition=edition, by=director)


def addresses(edition: Edition) -> list[str]:
    kinds = ("html", "pdf", "annex_xlsx", "annex_zip", "snapshot")
    return [
        reverse("evaluation:published-edition", args=[edition.pk]),
        reverse("evaluation:published-figures", args=[edition.pk]),
        *(reverse("evaluation:published-file", args=[edition.pk, kind]) for kind in kinds),
    ]


def test_a_published_edition_is_open_to_anybody_in_all_its_parts(client, published) -> None:
    for address in addresses(published):
        assert client.get(address).status_code == 200, address
    listed = client.get(reverse("evaluation:published")).content.decode()
    assert reverse("evaluation:published-edition", args=[published.pk]) in listed


def test_signed_is_not_published_and_taken_back_is_gone(client, edition, director) -> None:
    for address in addresses(edition):
        assert client.get(address).status_code == 404, address
    publish_edition(edition=edition, by=director)
    unpublish_edition(edition=edition, reason="A name stood in section 2", by=director)
    for address in addresses(edition):
        assert client.get(address).status_code == 404, address
    assert "No report is published yet" in client.get(reverse("evaluation:published")).content.decode()
    assert AuditEvent.objects.get(action="edition.unpublished").reason == "A name stood in section 2"


def test_only_final_files_are_served(client, published) -> None:
    published.files.filter(kind="annex_xlsx", is_final=True).delete()
    assert published.files.filter(kind="annex_xlsx").exists()
    address = reverse("evaluation:published-file", args=[published.pk, "annex_xlsx"])
    assert client.get(address).status_code == 404
    assert client.get(address.replace("annex_xlsx", "nothing")).status_code == 404


def test_the_same_web_page_leads_the_public_to_public_traces_that_exist(client, published) -> None:
    address = reverse("evaluation:published-file", args=[published.pk, "html"])
    page = b"".join(client.get(address).streaming_content).decode()
    figures = reverse("evaluation:published-figures", args=[published.pk])
    assert f"{address.removesuffix('files/html/')}figures/" == figures
    for key in facts_of(published).data["figures"]:
        assert client.get(figures, {"key": key}).status_code == 200, key
    assert "reports/editions" not in page


def test_a_public_trace_names_no_return_no_organisation_and_no_approver(client, published) -> None:
    revision = published.revisions.select_related("approved_by", "monitoring_return__commitment__organisation").first()
    figures = reverse("evaluation:published-figures", args=[published.pk])
    one = client.get(figures, {"key": "reach.new"}).content.decode()
    assert "From 2 of 2 returns" in one
    assert "140" in one
    for secret in (revision.approved_by.name, revision.monitoring_return.commitment.organisation.name, "/returns/"):
        assert secret not in one


def test_a_hidden_figure_says_so_and_leads_to_nothing(client, director) -> None:
    Cell.objects.filter(category__slug="18-24").update(value=1)
    Cell.objects.filter(category__slug="not-known").update(value=9)
    edition = publish_edition(edition=signed_edition(), by=director)
    page = client.get(reverse("evaluation:published-figures", args=[edition.pk]), {"key": BY_AGE}).content.decode()
    assert '<p class="app-figure-value">[c]</p>' in page
    assert "This number is hidden" in page
    assert "Worked out from" not in page


def test_the_public_page_says_what_changed_and_which_edition_replaces_it(client, director, published) -> None:
    newer = signed_edition(number=2, as_at=datetime.date(2021, 7, 31))
    change = Changed("reach.new", "New people supported", "138", "140", "One return (2020-21 Q1) was corrected.")
    imprint = Imprint.read(newer.imprint)
    told = Imprint(**{**vars(imprint), "changes": (change,), "since": "edition 1"})
    Edition.objects.filter(pk=newer.pk).update(imprint=told.as_json(), imprint_hash=told.sha256, is_restated=True)
    publish_edition(edition=newer, by=director)
    Edition.objects.filter(pk=published.pk).update(status="superseded", superseded_by=newer)
    page = client.get(reverse("evaluation:published-edition", args=[newer.pk])).content.decode()
    assert "What changed since edition 1" in page
    assert "One return (2020-21 Q1) was corrected." in page
    assert "restated" in page
    old = client.get(reverse("evaluation:published-edition", args=[published.pk])).content.decode()
    assert "Edition 2 replaces it" in old


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"finished_at": None}, "The final files are still being made"),
        ({"status": "superseded"}, "A later edition replaces this one"),
    ],
)
def test_what_is_not_finished_or_replaced_is_not_published(edition, director, change, sentence) -> None:
    Edition.objects.filter(pk=edition.pk).update(**change)
    edition.refresh_from_db()
    with pytest.raises(ReportRefused, match=sentence):
        publish_edition(edition=edition, by=director)


def test_a_draft_is_not_published(director) -> None:
    with pytest.raises(ReportRefused, match="Only a signed edition"):
        publish_edition(edition=built_edition(), by=director)


def test_only_a_director_publishes_and_takes_back(edition) -> None:
    analyst = StaffRoleFactory(role=Role.ANALYST).user
    with pytest.raises(ReportRefused, match="Only a director"):
        publish_edition(edition=edition, by=analyst)
    with pytest.raises(ReportRefused, match="Only a director"):
        unpublish_edition(edition=edition, reason="No", by=analyst)


def test_taking_back_needs_a_reason(published, director) -> None:
    with pytest.raises(ReportRefused, match="why it is taken back"):
        unpublish_edition(edition=published, reason="  ", by=director)


def test_publishing_twice_changes_nothing_the_second_time(published, director) -> None:
    again = publish_edition(edition=published, by=director)
    assert again.published_at == published.published_at
    assert AuditEvent.objects.filter(action="edition.published").count() == 1


def test_an_edition_whose_numbers_give_people_away_is_not_published(edition, director, monkeypatch) -> None:
    found = [Exposure("printed", BY_AGE, "18 to 24", "Table 4 prints 3 people.")]
    monkeypatch.setattr(publishing, "audit_edition", lambda edition: found)
    with pytest.raises(ReportRefused, match=r"One number .* Table 4 prints 3 people\."):
        publish_edition(edition=edition, by=director)
    edition.refresh_from_db()
    assert edition.published_at is None


def test_a_director_publishes_and_takes_back_with_the_pages(client, edition, director) -> None:
    sign_in_strongly(client, director)
    page = client.get(reverse("evaluation:edition-publish", args=[edition.pk])).content.decode()
    assert reverse("evaluation:published-edition", args=[edition.pk]) in page
    client.post(reverse("evaluation:edition-publish", args=[edition.pk]))
    assert Edition.objects.published().filter(pk=edition.pk).exists()
    back = reverse("evaluation:edition-unpublish", args=[edition.pk])
    assert client.post(back, {"reason": ""}).status_code == 422
    assert client.post(back, {"reason": "A mistake in section 2"}).status_code == 302
    assert not Edition.objects.published().exists()


def test_public_lists_have_a_fixed_number_of_queries(
    client, published, director, django_assert_max_num_queries
) -> None:
    for number in (2, 3):
        publish_edition(edition=signed_edition(number=number), by=director)
    with django_assert_max_num_queries(6):
        client.get(reverse("evaluation:published"))
    with django_assert_max_num_queries(8):
        client.get(reverse("evaluation:published-edition", args=[published.pk]))
    with django_assert_max_num_queries(6):
        client.get(reverse("evaluation:published-figures", args=[published.pk]), {"key": "reach.new"})
