"""What several pages share: filters, the choice of records, the demonstration's band, files, health."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client

from evaluation.models import EditionFile
from tests.cast import World
from tests.factories import CommitmentFactory, EditionFactory, ProgrammeFactory
from tests.factories.grants import ReportingQuarterFactory
from vru.lib.layers import Layer

pytestmark = pytest.mark.django_db


def signed_in(world: World, name: str = "director") -> Client:
    client = Client()
    client.force_login(world.cast.named(name))
    return client


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_grants_are_filtered_by_words_and_by_manager(world: World) -> None:
    client = signed_in(world)
    found = page(client, f"/grants/?text={world.grant.ref}")
    assert world.grant.title in found
    assert world.other_grant.title not in found
    assert "1 commitment," in found
    mine = page(client, f"/grants/?manager={world.cast.programme_manager.pk}")
    assert world.other_grant.title not in mine


def test_a_filter_nobody_offers_shows_no_error_page(world: World) -> None:
    assert signed_in(world).get("/grants/?manager=nobody&status=lost&page=999").status_code == 200


def test_the_chosen_records_stay_chosen_and_totals_never_mix(world: World) -> None:
    invented = ProgrammeFactory(layer=Layer.ILLUSTRATIVE, title="Invented programme")
    CommitmentFactory(programme=invented, title="Invented grant")
    client = signed_in(world)
    assert "Invented grant" not in page(client, "/grants/")
    shown = page(client, "/grants/?layer=illustrative")
    assert "Invented grant" in shown
    assert world.grant.title not in shown
    assert "Invented data" in shown
    assert "Invented programme" in page(client, "/programmes/")
    assert "Invented grant" not in page(client, "/grants/?layer=recorded")


def test_the_choice_of_records_keeps_what_else_was_asked(world: World) -> None:
    ProgrammeFactory(layer=Layer.ILLUSTRATIVE)
    assert "?text=camden&amp;layer=illustrative" in page(signed_in(world), "/grants/?text=camden&page=2")


def test_the_year_shown_is_the_newest_with_returns_not_the_newest_with_money(world: World) -> None:
    ReportingQuarterFactory(year=2031)
    assert "2020-21" in page(signed_in(world), "/")
    assert signed_in(world).get("/results/?year=twenty").status_code == 404


def test_a_demonstration_says_so_on_every_page(world: World, settings: pytest.FixtureRequest) -> None:
    assert "Demonstration." not in page(signed_in(world), "/")
    settings.DEMO = True  # type: ignore[attr-defined]
    assert "Demonstration." in page(signed_in(world), "/")
    assert "Demonstration." in page(Client(), "/account/login/")


@pytest.fixture
def edition_file(world: World) -> EditionFile:
    edition = EditionFactory(built_at="2021-04-01T09:00:00Z", snapshot_hash="a" * 64)
    name = default_storage.save("editions/test/annex.xlsx", ContentFile(b"PK annex"))
    return EditionFile.objects.create(edition=edition, kind="annex_xlsx", file=name, sha256="b" * 64, size=8)


def test_a_file_of_a_report_downloads_under_its_name(world: World, edition_file: EditionFile) -> None:
    answer = signed_in(world, "auditor").get(f"/reports/editions/{edition_file.edition_id}/files/annex_xlsx/")
    assert b"".join(answer.streaming_content) == b"PK annex"
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert ".xlsx" in answer["Content-Disposition"]
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "script-src 'none'" in answer["Content-Security-Policy"]


def test_files_are_served_through_the_check_only(world: World, edition_file: EditionFile) -> None:
    path = f"/reports/editions/{edition_file.edition_id}/files/annex_xlsx/"
    assert Client().get(path).status_code == 302
    assert signed_in(world, "grantee").get(path).status_code == 403
    director = signed_in(world)
    for guess in (f"/files/{edition_file.file.name}", f"/static/{edition_file.file.name}", f"{path}../../secret/"):
        assert director.get(guess).status_code == 404


def test_a_file_that_was_not_built_is_not_found(world: World, edition_file: EditionFile) -> None:
    assert signed_in(world).get(f"/reports/editions/{edition_file.edition_id}/files/pdf/").status_code == 404


def test_health_says_the_process_answers_and_ready_asks_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().get("/health/").json() == {"status": "alive"}
    assert Client().get("/ready/").json() == {"status": "ready"}

    def refuse() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = Client().get("/ready/")
    assert (answer.status_code, answer.json()) == (503, {"status": "database does not answer"})
