"""Rules that came out of an attack: each was a way in or a way to harm before it stood here."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grants.actions import review
from grants.actions.submission import submit_return
from grants.errors import ActionRefused
from grants.models import Section
from tests.cast import World
from tests.factories import MembershipFactory
from tests.grants.test_return_actions import fill_in, submit
from vru.accounts.models import User


def test_nul_in_any_address_is_refused_before_the_database_sees_it(world: World) -> None:
    client = Client()
    client.force_login(world.cast.analyst)
    for name in ("evaluation:statements", "programmes:list", "grants:list", "evaluation:figures"):
        assert client.get(reverse(name), {"text": "a\x00b"}).status_code == 400


def test_signed_in_pages_are_not_kept_by_browsers(world: World) -> None:
    client = Client()
    assert "no-store" not in client.get(reverse("help")).get("Cache-Control", "")
    client.force_login(world.cast.grantee)
    assert "no-store" in client.get(reverse("home"))["Cache-Control"]


def test_manager_who_acts_for_the_grantee_cannot_review_its_return(world: World) -> None:
    fill_in(world)
    revision = submit(world)
    manager = world.cast.programme_manager
    MembershipFactory(user=manager, organisation=world.grant.organisation)
    assert review.review_refusal(manager, revision)
    with pytest.raises(ActionRefused, match="act for this organisation"):
        review.approve_return(monitoring_return=world.monitoring_return, by=manager)


def test_return_is_not_submitted_again_while_a_question_is_open(world: World) -> None:
    fill_in(world)
    submit(world)
    query = review.raise_query(
        monitoring_return=world.monitoring_return, section=Section.REACH, text="Why?", by=world.cast.programme_manager
    )
    with pytest.raises(ActionRefused, match="Answer each question"):
        submit_return(monitoring_return=world.monitoring_return, by=world.cast.grantee, declared_name="Gia")
    review.answer_query(query=query, text="Because.", by=world.cast.grantee)
    assert submit(world).number == 2


def test_answer_to_an_earlier_versions_question_is_refused(world: World) -> None:
    fill_in(world)
    submit(world)
    manager = world.cast.programme_manager
    ask = {"monitoring_return": world.monitoring_return, "section": Section.REACH, "by": manager}
    first = review.raise_query(**ask, text="Why?")
    review.answer_query(query=first, text="Because.", by=world.cast.grantee)
    submit(world)
    review.raise_query(**ask, text="Really?")
    first.refresh_from_db()
    with pytest.raises(ActionRefused, match="earlier version"):
        review.answer_query(query=first, text="Something else.", by=world.cast.grantee)
    first.refresh_from_db()
    assert first.answer == "Because."


def test_who_left_an_organisation_sees_its_people_no_more(world: World) -> None:
    leaver, colleague = world.cast.grantee, world.cast.signatory
    assert colleague in User.objects.visible_to(leaver)
    leaver.memberships.update(ended_at=timezone.now())
    assert set(User.objects.visible_to(leaver)) == {leaver}
