"""A person with an account who posts what no form of ours would send."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from grants.actions import review
from grants.actions.drafts import save_section
from grants.actions.submission import submit_return
from grants.errors import ActionRefused, ReturnNotAcceptable
from grants.models import MonitoringReturn, Revision, Section, SectionDraft
from tests.cast import World, complete_answers
from tests.grants.test_return_actions import fill_in, submit
from vru.accounts.models import User


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def address(world: World, name: str, *extra: str) -> str:
    return reverse(f"returns:{name}", args=[world.grant.ref, world.monitoring_return.quarter.key, *extra])


def status(world: World) -> str:
    return MonitoringReturn.objects.get(pk=world.monitoring_return.pk).status


@pytest.mark.parametrize("version", ["9" * 5000, "9" * 30, "-1", "1e5", "\u00b2", "\0"])
def test_a_tampered_version_is_taken_as_none(world: World, version: str) -> None:
    sent = {"version": version, "reach.new": "5"}
    response = signed_in(world.cast.grantee).post(address(world, "section", "C"), sent)
    assert response.status_code == 302
    assert SectionDraft.objects.get(section="C").data == {"reach.new": "5"}


def test_a_nul_character_in_a_draft_is_refused_and_nothing_is_kept(world: World) -> None:
    sent = {"version": "0", "reach.new": "1\x00"}
    response = signed_in(world.cast.grantee).post(address(world, "section", "C"), sent)
    assert response.status_code == 422
    assert "hidden character" in response.content.decode()
    assert not SectionDraft.objects.exists()


def test_fields_of_other_sections_are_not_kept(world: World) -> None:
    sent = {"version": "0", "reach.new": "5", "age.10-14": "3", "spend.labour.actual": "9", "__proto__": "x"}
    signed_in(world.cast.grantee).post(address(world, "section", "C"), sent)
    assert SectionDraft.objects.get().data == {"reach.new": "5"}


@pytest.mark.parametrize("typed", ["1,000,000,000", "9,999,999,999", "999999999999999"])
def test_more_people_than_a_count_can_hold_is_an_error_of_its_box(world: World, typed: str) -> None:
    slug = world.grant.indicators.get().version.indicator.slug
    ratio = {f"indicator.{slug}.numerator": "1", f"indicator.{slug}.denominator": typed}
    fill_in(world, C={"reach.new": "10", "reach.contacts": typed}, E=ratio)
    with pytest.raises(ReturnNotAcceptable) as refused:
        submit(world)
    found = {problem.field for problem in refused.value.outcome.errors if "largest number" in problem.message}
    assert found == {"reach.contacts", f"indicator.{slug}.denominator"}
    assert not Revision.objects.exists()


def test_more_pounds_than_can_be_kept_is_an_error_of_its_box(world: World) -> None:
    fill_in(world, F={"spend.labour.actual": "999999999999999", "spend.labour.forecast": "100"})
    with pytest.raises(ReturnNotAcceptable) as refused:
        submit(world)
    assert [problem.field for problem in refused.value.outcome.errors] == ["spend.labour.actual"]


def test_the_largest_number_of_people_is_kept(world: World) -> None:
    fill_in(world, C={"reach.new": "10", "reach.contacts": "999,999,999"})
    revision = submit_return(
        monitoring_return=world.monitoring_return, by=world.cast.grantee, declared_name="Gia Grantee"
    )
    assert revision.cells.get(measure="contacts").value == 999_999_999


def test_a_text_of_200_001_characters_is_refused(world: World) -> None:
    with pytest.raises(ActionRefused, match="200,000"):
        save_section(
            monitoring_return=world.monitoring_return,
            section=Section.DELIVERY,
            data={"answer.what-went-well": "x" * 200_001},
            version=0,
            by=world.cast.grantee,
            complete=False,
        )


@pytest.mark.parametrize("answer", ["yes\x00", "x" * 200_001])
def test_an_answer_that_cannot_be_kept_is_refused(world: World, answer: str) -> None:
    fill_in(world)
    submit(world)
    query = review.raise_query(
        monitoring_return=world.monitoring_return, section=Section.REACH, text="Why?", by=world.cast.programme_manager
    )
    with pytest.raises(ActionRefused):
        review.answer_query(query=query, text=answer, by=world.cast.grantee)


@pytest.mark.parametrize("reason", ["x" * 301, "because\x00"])
def test_a_reason_that_does_not_fit_is_refused_and_the_return_stays_approved(world: World, reason: str) -> None:
    fill_in(world)
    submit(world)
    review.approve_return(monitoring_return=world.monitoring_return, by=world.cast.programme_manager)
    client = signed_in(world.cast.programme_manager)
    response = client.post(address(world, "reopen"), {"reason": reason}, follow=True)
    assert response.status_code == 200
    assert "The reason" in response.content.decode()
    assert status(world) == "approved"


def sent_twice(world: World) -> None:
    """Revision 1 is queried, answered, and sent again as revision 2."""
    fill_in(world)
    submit(world)
    query = review.raise_query(
        monitoring_return=world.monitoring_return, section=Section.REACH, text="Why?", by=world.cast.programme_manager
    )
    review.answer_query(query=query, text="Counted again.", by=world.cast.grantee)
    fill_in(world, C={**complete_answers(world)["C"], "reach.contacts": "9"})
    submit(world)


def test_a_signature_for_an_older_version_is_not_put_under_a_newer_one(world: World) -> None:
    world.grant.needs_signatory = True
    world.grant.save()
    sent_twice(world)
    client = signed_in(world.cast.signatory)
    client.post(address(world, "sign"), {"revision": "1"})
    assert Revision.objects.get(number=2).signed_at is None
    assert 'name="revision" value="2"' in client.get(address(world, "receipt")).content.decode()
    client.post(address(world, "sign"), {"revision": "2"})
    assert Revision.objects.get(number=2).signed_at is not None


def test_an_approval_of_an_older_version_does_not_approve_a_newer_one(world: World) -> None:
    sent_twice(world)
    client = signed_in(world.cast.programme_manager)
    client.post(address(world, "approve"), {"revision": "1"})
    assert status(world) == "submitted"
    assert 'name="revision" value="2"' in client.get(address(world, "review")).content.decode()
    client.post(address(world, "approve"), {"revision": "2"})
    assert status(world) == "approved"
