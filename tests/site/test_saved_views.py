"""Saved views: kept with their filters, private unless shared, changed by their owner alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.cast import World
from tests.factories import SavedViewFactory
from vru.accounts.actions.saved_views import MOST_VIEWS, SavedViewRefused, change_view, delete_view, save_view
from vru.accounts.models import SavedView, User

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def saved(by: User, **fields: Any) -> SavedView:
    return save_view(
        **({"page": "grants:list", "name": "Mine", "query": "status=active", "is_shared": False} | fields), by=by
    )


def test_a_view_opens_the_list_with_its_filters_and_order(world: World) -> None:
    client = client_of(world.cast.director)
    query = "status=active&sort=-award&layer=recorded"
    client.post("/saved-views/save/", {"list": "grants:list", "name": " Large  ones ", "query": f"{query}&page=3"})
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("Large ones", query)
    opened = client.get(f"/saved-views/{view.pk}/open/")
    assert opened["Location"] == f"/grants/?{query}"
    page = client.get(opened["Location"])
    assert "Large ones" in page.content.decode()
    assert page.context["found"].query == "status=active&sort=-award"


def test_the_same_name_is_kept_with_the_new_filters(world: World) -> None:
    saved(world.cast.director)
    saved(world.cast.director, query="status=draft")
    assert [view.query for view in SavedView.objects.all()] == ["status=draft"]


def test_what_is_not_shared_is_seen_by_its_owner_alone(world: World) -> None:
    private = saved(world.cast.director, name="Private view")
    shared = saved(world.cast.director, name="Shared view", is_shared=True)
    for other in (world.cast.programme_manager, world.cast.auditor):
        client = client_of(other)
        for page in ("/grants/", "/saved-views/"):
            body = client.get(page).content.decode()
            assert ("Shared view" in body, "Private view" in body) == (True, False)
        assert client.get(f"/saved-views/{private.pk}/open/").status_code == 404
        assert client.get(f"/saved-views/{shared.pk}/open/").status_code == 302


def test_only_the_owner_changes_or_deletes_a_view(world: World) -> None:
    view = saved(world.cast.director, is_shared=True)
    other = client_of(world.cast.programme_manager)
    assert other.post(f"/saved-views/{view.pk}/", {"name": "Taken"}).status_code == 404
    other.post(f"/saved-views/{view.pk}/delete/")
    with pytest.raises(SavedViewRefused, match="Only the person"):
        change_view(view=view, name="Taken", is_shared=True, by=world.cast.programme_manager)
    with pytest.raises(SavedViewRefused, match="Only the person"):
        delete_view(view=view, by=world.cast.programme_manager)
    view.refresh_from_db()
    assert view.name == "Mine"


def test_a_view_is_renamed_shared_and_deleted(world: World) -> None:
    view, client = saved(world.cast.director), client_of(world.cast.director)
    client.post(f"/saved-views/{view.pk}/", {"name": "At risk", "is_shared": "on"})
    view.refresh_from_db()
    assert (view.name, view.is_shared) == ("At risk", True)
    for _ in range(2):
        assert client.post(f"/saved-views/{view.pk}/delete/").status_code == 302
    assert not SavedView.objects.exists()


def test_a_name_that_another_view_of_the_list_has_is_refused_beside_the_box(world: World) -> None:
    saved(world.cast.director, name="First")
    view = saved(world.cast.director, name="Second")
    answer = client_of(world.cast.director).post(f"/saved-views/{view.pk}/", {"name": "First"})
    assert answer.status_code == 422
    assert "another view called" in answer.content.decode()


@pytest.mark.parametrize("fields", [{"name": "  "}, {"name": "x" * 101}, {"query": "a=" + "x" * 2000}])
def test_what_cannot_be_kept_is_said(world: World, fields: dict[str, str]) -> None:
    with pytest.raises(SavedViewRefused):
        saved(world.cast.director, **fields)
    page = client_of(world.cast.director).post("/saved-views/save/", {"list": "grants:list", "name": "", "query": ""})
    assert page["Location"].startswith("/grants/")


def test_nobody_keeps_views_without_end(world: World) -> None:
    SavedViewFactory.create_batch(MOST_VIEWS, owner=world.cast.director, page="grants:list")
    with pytest.raises(SavedViewRefused, match="Delete one"):
        saved(world.cast.director, name="One too many")


def test_a_list_that_does_not_exist_is_not_kept(world: World) -> None:
    client = client_of(world.cast.director)
    answer = client.post("/saved-views/save/", {"list": "https://example.org", "name": "x", "query": ""})
    assert answer.status_code == 404
    view = SavedViewFactory(owner=world.cast.director, page="no-such:list")
    assert client.get(f"/saved-views/{view.pk}/open/").status_code == 404
    assert client.get("/saved-views/").status_code == 200
