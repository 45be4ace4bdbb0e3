"""The search box: what is found, by whom, in what order, and what is done with odd texts."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from grants.models import Commitment
from grants.search import KINDS, Asked, exactly, search
from programmes.models import Programme
from tests.cast import World
from tests.factories import (
    CommitmentFactory,
    DecisionFactory,
    FormerNameFactory,
    OrganisationFactory,
    ProgrammeDocumentFactory,
    ProgrammeFactory,
    SourceDocumentFactory,
)
from vru.accounts.models import Organisation, User
from vru.lib.finding.full_text import has_full_text, highlighted, matching

pytestmark = pytest.mark.django_db


def found(text: str, by: User, layer: str = "recorded") -> dict[str, list[str]]:
    """Titles by kind, without their marks."""
    return {
        group.kind.key: [hit.title.replace("<mark>", "").replace("</mark>", "") for hit in group.hits]
        for group in search(Asked(text, by, layer), KINDS)
    }


def page(user: User, text: str, **more: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get("/search/", {"q": text, **more})


def test_one_box_finds_every_kind_of_thing(world: World) -> None:
    programme = ProgrammeFactory(title="Lantern mentoring", layer="recorded")
    CommitmentFactory(programme=programme, title="Lantern in Hackney")
    OrganisationFactory(name="Lantern Trust", layer="recorded")
    DecisionFactory(title="Lantern: award", layer="recorded")
    ProgrammeDocumentFactory(programme=programme, title="Lantern business case")
    SourceDocumentFactory(title="The Lantern report")
    kinds = set(found("lantern", world.cast.director))
    assert kinds == {"programmes", "grants", "organisations", "decisions", "documents", "sources"}


def test_all_words_must_stand_in_a_text(world: World) -> None:
    for title in ("Night mentoring", "Night football", "Day mentoring"):
        ProgrammeFactory(title=title, summary="", layer="recorded")
    assert found("night mentoring", world.cast.director)["programmes"] == ["Night mentoring"]


def test_the_beginning_of_a_word_is_enough(world: World) -> None:
    ProgrammeFactory(title="Neighbourhood mentors", summary="", layer="recorded")
    assert found("neigh ment", world.cast.director)["programmes"] == ["Neighbourhood mentors"]


def test_a_title_stands_before_a_text_that_only_mentions_the_word(world: World) -> None:
    ProgrammeFactory(title="Aardvark club", summary="It has a lighthouse.", layer="recorded")
    ProgrammeFactory(title="Lighthouse", summary="", layer="recorded")
    assert found("lighthouse", world.cast.director)["programmes"] == ["Lighthouse", "Aardvark club"]


@pytest.mark.postgres
def test_postgresql_finds_other_forms_of_a_word(world: World) -> None:
    ProgrammeFactory(title="Mentoring in schools", summary="", layer="recorded")
    assert found("mentors school", world.cast.director)["programmes"] == ["Mentoring in schools"]


def test_a_former_name_finds_the_organisation_and_its_grants(world: World) -> None:
    organisation = OrganisationFactory(name="Harbour Works", layer="recorded")
    FormerNameFactory(organisation=organisation, name="Quayside Boxing")
    grant = CommitmentFactory(organisation=organisation, programme=world.grant.programme, title="Evenings")
    hits = found("quayside", world.cast.director)
    assert (hits["organisations"], hits["grants"]) == (["Harbour Works"], [grant.title])


def test_a_reference_is_found_exactly_whatever_its_capitals_and_layer(world: World) -> None:
    programme = ProgrammeFactory(ref="VRU-77b", layer="published")
    hits = exactly(Asked("vru-77B", world.cast.director, "recorded"))
    assert [(kind.key, hit.ref) for kind, hit in hits] == [("programmes", programme.ref)]


def test_the_beginning_of_a_reference_finds_what_begins_so(world: World) -> None:
    CommitmentFactory(programme=world.grant.programme, ref="ZZ-100", title="One")
    CommitmentFactory(programme=world.grant.programme, ref="ZZ-101", title="Two")
    assert sorted(found("ZZ-10", world.cast.director)["grants"]) == ["One", "Two"]


def test_a_grantee_finds_its_own_grants_and_organisation_and_nothing_else(world: World) -> None:
    for grant in (world.grant, world.other_grant):
        grant.title = "Beacon project"
        grant.save(update_fields=["title"])
    ProgrammeFactory(title="Beacon programme", layer="recorded")
    DecisionFactory(title="Beacon decision", layer="recorded")
    SourceDocumentFactory(title="Beacon report")
    hits = search(Asked("beacon", world.cast.grantee, ""), KINDS)
    assert [(group.kind.key, group.count, group.hits[0].ref) for group in hits] == [("grants", 1, world.grant.ref)]
    assert found("rivals", world.cast.grantee, "") == {}
    assert found("bright futures", world.cast.grantee, "")["organisations"] == ["Bright Futures (invented)"]


def test_a_grantee_cannot_tell_from_a_reference_that_a_grant_exists(world: World) -> None:
    assert exactly(Asked(world.other_grant.ref, world.cast.grantee, "")) == []


def test_a_removed_document_is_not_found(world: World) -> None:
    paper = ProgrammeDocumentFactory(title="Withdrawn lantern paper", programme=ProgrammeFactory(layer="recorded"))
    assert "documents" in found("withdrawn", world.cast.director)
    paper.removed_by, paper.removed_at = world.cast.director, datetime.datetime.now(datetime.UTC)
    paper.save()
    assert "documents" not in found("withdrawn", world.cast.director)


def test_other_layers_are_not_counted_in(world: World) -> None:
    ProgrammeFactory(title="Kestrel", layer="published")
    assert found("kestrel", world.cast.director) == {}
    assert found("kestrel", world.cast.director, "published")["programmes"] == ["Kestrel"]


def test_each_kind_is_counted_and_all_of_it_is_a_link_away(world: World) -> None:
    for number in range(7):
        ProgrammeFactory(title=f"Harbour {number}", layer="recorded")
    body = page(world.cast.director, "harbour").content.decode()
    assert ("Programmes (7)" in body, "See all 7" in body) == (True, True)
    everything = page(world.cast.director, "harbour", **{"in": "programmes"}).content.decode()
    assert all(f"</mark> {number}</a>" in everything for number in range(7))


@pytest.mark.parametrize(
    "text", ["", "   ", "!!!", "' OR 1=1 --", "a & | ! : * <->", "x" * 5000, "מילה", "the", "%_%", "\\", "a'b’c-d"]
)
def test_odd_texts_are_answered_with_a_page(world: World, text: str) -> None:
    assert page(world.cast.director, text).status_code == 200
    assert page(world.cast.grantee, text).status_code == 200


def test_what_is_typed_is_shown_as_text(world: World) -> None:
    body = page(world.cast.director, "<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in body


def test_matches_are_marked_and_everything_else_is_escaped() -> None:
    assert highlighted("<b>Mentoring</b> & more", "mentor") == "&lt;b&gt;<mark>Mentoring</mark>&lt;/b&gt; &amp; more"


def test_nothing_found_says_what_to_try(world: World) -> None:
    assert "Nothing found" in page(world.cast.director, "zzzzzz").content.decode()


def test_search_asks_no_more_of_a_full_register(world: World, django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        CommitmentFactory(programme=world.grant.programme, title=f"Harbour {number}")
    with django_assert_max_num_queries(36):
        page(world.cast.director, "harbour")


@pytest.mark.parametrize(
    ("model", "fields"),
    [(Commitment, ("title", "description")), (Programme, ("title", "summary")), (Organisation, ("name",))],
)
def test_postgresql_reads_words_from_the_index_of_the_table(model: Any, fields: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        if has_full_text():
            # A table of no rows is always quicker to read through.
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = matching(model.objects.all(), "mentor", fields).order_by().explain()
    assert (f"{model._meta.db_table}_words" in plan) == has_full_text()
