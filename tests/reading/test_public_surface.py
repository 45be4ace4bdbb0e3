"""What the public can reach is what editions hold: no page or address of theirs reads the records behind."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver, reverse

from evaluation.actions.publishing import publish_edition
from evaluation.models import Edition
from evaluation.tracing import facts_of
from tests.factories import StaffRoleFactory
from tests.reading.editions import signed_edition
from vru.accounts.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]
# Editions, what kind of report they are of, and the unit's name in the heading of the page.
EDITION_TABLES = {
    "evaluation_edition",
    "evaluation_editionfile",
    "evaluation_report",
    "evaluation_reportoutline",
    "programmes_unit",
}
TABLE = re.compile(r'(?:FROM|JOIN|INTO|UPDATE)\s+"(\w+)"')


@pytest.fixture
def published() -> Edition:
    return publish_edition(edition=signed_edition(), by=StaffRoleFactory(role=Role.DIRECTOR).user)


def tables_read(client, address: str) -> set[str]:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
        if response.streaming:
            b"".join(response.streaming_content)
    assert response.status_code == 200, address
    return {table for query in queries for table in TABLE.findall(query["sql"])}


def test_public_pages_and_files_read_the_tables_of_editions_and_no_others(client, published):
    pages = [
        reverse("evaluation:published"),
        reverse("evaluation:published-edition", args=[published.pk]),
        reverse("evaluation:published-figures", args=[published.pk]),
        reverse("evaluation:verify"),
        *(
            f"{reverse('evaluation:published-figures', args=[published.pk])}?key={key.replace(' ', '+')}"
            for key in list(facts_of(published).data["figures"])[:10]
        ),
        *(
            reverse("evaluation:published-file", args=[published.pk, kind])
            for kind in published.files.filter(is_final=True).values_list("kind", flat=True)
        ),
    ]
    read = {address: tables_read(client, address) for address in pages}
    assert read[pages[0]] >= {"evaluation_edition"}
    assert {address: tables - EDITION_TABLES for address, tables in read.items() if tables - EDITION_TABLES} == {}


def names_under(start: str) -> set[str]:
    """The names of all addresses of the site that begin so."""
    found: set[str] = set()

    def walk(patterns, before: str) -> None:
        for each in patterns:
            address = before + str(each.pattern).removeprefix("^")
            if isinstance(each, URLResolver):
                walk(each.url_patterns, address)
            elif address.startswith(start):
                found.add(each.name)

    walk(get_resolver().url_patterns, "")
    return found


def test_no_other_address_is_published() -> None:
    assert names_under("published/") == {"published", "published-edition", "published-figures", "published-file"}


@pytest.mark.parametrize(
    "address",
    ["/api/v1/figures", "/api/v1/figures/definitions", "/api/v1/returns", "/api/v1/grants", "/api/schema"],
)
def test_the_api_is_closed_to_anybody_who_has_not_signed_in(client, published, address) -> None:
    response = client.get(address, {"year": "2020-21", "layer": published.layer})
    assert response.status_code in (401, 403)
    assert "140" not in response.content.decode()


def test_published_reports_and_every_page_lead_to_checking_a_copy(client, published) -> None:
    link = f'href="{reverse("evaluation:verify")}"'
    page = client.get(reverse("evaluation:published")).content.decode()
    assert link in page.split("<main")[1].split("</main>")[0]
    assert link in page.split("<footer")[1]
