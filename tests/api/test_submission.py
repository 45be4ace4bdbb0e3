"""Sending through the API: the receipt, what stops it, and one answer for one idempotency key."""

from __future__ import annotations

from typing import Any

import pytest

from grants.actions import review
from grants.api import filing
from grants.models import MonitoringReturn, Revision, Section
from tests.api.callers import Caller, make_key, whole_return
from tests.cast import World
from tests.grants.test_return_actions import fill_in
from vru.accounts.models import ApiToken, AuditEvent, IdempotentRequest


def status(world: World) -> str:
    return MonitoringReturn.objects.get(pk=world.monitoring_return.pk).status


def test_a_return_is_filled_checked_and_sent_without_a_page(world: World) -> None:
    caller = Caller(world)
    etag = caller.save(whole_return(world), method="PUT")["ETag"]
    assert caller.call("POST", "validation", {}).json() == {"acceptable": True, "errors": [], "warnings": []}
    response = caller.call(
        "POST", "submission", {"declared_name": "Gia Grantee"}, Idempotency_Key="2020Q2", If_Match=etag
    )
    assert response.status_code == 201
    body = response.json()
    assert body["reference"] == f"{world.grant.ref} 2020-21Q2 v1"
    assert body["number"] == 1
    assert body["signature_needed"] is False
    assert body["receipt"].endswith(f"/returns/{world.grant.ref}/2020-21Q2/sent/")
    assert response["Location"] == body["receipt"]
    revision = Revision.objects.get()
    assert (revision.channel, revision.submitted_by, revision.declared_name) == (
        "api",
        world.cast.grantee,
        "Gia Grantee",
    )
    event = AuditEvent.objects.get(action="return sent with a key")
    assert event.details == {"key": ApiToken.objects.get().prefix, "number": 1}


def test_a_second_persons_signature_is_said_to_be_needed(world: World) -> None:
    world.grant.needs_signatory = True
    world.grant.save()
    fill_in(world)
    body = Caller(world).submit().json()
    assert body["signature_needed"] is True
    assert body["status"] == "submitted"


def test_errors_are_422_and_nothing_is_sent(world: World) -> None:
    fill_in(world, D={"age.10-14": "1"})
    response = Caller(world).submit()
    assert response.status_code == 422
    body = response.json()
    assert body["type"] == "urn:vru:problem:not-acceptable"
    assert [row["code"] for row in body["errors"]] == ["R101"]
    assert status(world) == "draft"
    assert not IdempotentRequest.objects.exists()


def test_a_warning_needs_a_sentence_and_then_the_same_key_serves(world: World) -> None:
    fill_in(world, F={"spend.labour.actual": "0", "spend.labour.forecast": "100"})
    caller = Caller(world)
    response = caller.submit()
    assert response.status_code == 422
    body = response.json()
    assert body["type"] == "urn:vru:problem:unexplained"
    codes = {row["code"] for row in body["errors"]}
    assert "W206" in codes
    sent = caller.submit(explanations=dict.fromkeys(codes, "The invoices come next month."))
    assert sent.status_code == 201
    assert Revision.objects.get().explanations["W206"] == "The invoices come next month."


def test_a_nil_return_needs_a_reason(world: World) -> None:
    caller = Caller(world)
    refused = caller.submit(is_nil=True)
    assert refused.status_code == 409
    assert "nothing to report" in refused.json()["detail"]
    sent = caller.submit(is_nil=True, nil_reason="The hall was closed.")
    assert sent.json()["is_nil"] is True


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"declared_name": ""}, "declared_name"),
        ({"declared_name": "   "}, "declared_name"),
        ({"declared_name": "x" * 201}, "declared_name"),
        ({"declared_name": None}, "declared_name"),
        ({"declared_name": 7}, "declared_name"),
        ({"nil_reason": "x" * 301}, "nil_reason"),
        ({"is_nil": "yes"}, "is_nil"),
        ({"is_nil": 1}, "is_nil"),
        ({"explanations": ["W206"]}, "explanations"),
        ({"explanations": {"W206": "x" * 2001}}, "explanations.W206"),
        ({"declared": "Gia"}, "declared"),
        ({"versions": {"C": -1}}, "versions.C"),
    ],
)
def test_a_declaration_that_cannot_be_read_is_400_and_named(world: World, changes: Any, field: str) -> None:
    fill_in(world)
    response = Caller(world).submit(**changes)
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == field
    assert status(world) == "draft"


@pytest.mark.parametrize("key", ["", "  ", "x" * 101, "é"])
def test_an_idempotency_key_is_needed(world: World, key: str) -> None:
    fill_in(world)
    response = Caller(world).submit(key)
    assert response.status_code == 400
    assert "Idempotency-Key" in response.json()["detail"]
    assert status(world) == "draft"


def test_the_same_key_and_body_give_the_same_answer_again(world: World) -> None:
    fill_in(world)
    caller = Caller(world)
    first = caller.submit(explanations={}, nil_reason="")
    again = caller.call(
        "POST",
        "submission",
        raw=b'{"nil_reason": "",\n "explanations": {}, "declared_name": "Gia Grantee"}',
        Idempotency_Key="first",
    )
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert (first["Idempotency-Replayed"], again["Idempotency-Replayed"]) == ("false", "true")
    assert Revision.objects.count() == 1


def test_the_same_key_with_another_body_is_422(world: World) -> None:
    fill_in(world)
    caller = Caller(world)
    caller.submit()
    response = caller.submit(declared_name="Somebody Else")
    assert response.status_code == 422
    assert response.json()["type"] == "urn:vru:problem:key-reused"
    assert Revision.objects.get().declared_name == "Gia Grantee"


def test_another_key_does_not_send_it_twice(world: World) -> None:
    fill_in(world)
    caller = Caller(world)
    caller.submit("one")
    response = caller.submit("two")
    assert response.status_code == 409
    assert response.json()["type"] == "urn:vru:problem:locked"
    assert Revision.objects.count() == 1


def test_keys_of_two_systems_do_not_meet(world: World) -> None:
    fill_in(world)
    Caller(world).submit("same")
    other = Caller(world, secret=make_key(world, by=world.cast.signatory, name="Other"))
    assert other.submit("same", declared_name="Sam").json()["type"] == "urn:vru:problem:locked"


def test_a_crash_half_way_leaves_the_key_free_and_nothing_half_done(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_in(world)
    caller = Caller(world)

    def crash(revision: Revision) -> Any:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr(filing, "receipt_of", crash)
        with pytest.raises(RuntimeError, match="the power went"):
            caller.submit()
    assert status(world) == "draft"
    assert not Revision.objects.exists()
    assert not IdempotentRequest.objects.exists()
    assert caller.submit().status_code == 201


def test_a_draft_that_changed_meanwhile_is_not_sent(world: World) -> None:
    caller = Caller(world)
    etag = caller.save(whole_return(world))["ETag"]
    fill_in(world, C={"reach.new": "10", "reach.contacts": "7"})
    response = caller.call("POST", "submission", {"declared_name": "Gia"}, Idempotency_Key="k", If_Match=etag)
    assert response.status_code == 409
    assert response.json()["type"] == "urn:vru:problem:stale-draft"
    assert "C" in [row["section"] for row in response.json()["conflicts"]]
    assert status(world) == "draft"


def test_an_open_question_is_answered_on_the_site_before_the_return_goes_again(world: World) -> None:
    fill_in(world)
    caller = Caller(world)
    caller.submit()
    query = review.raise_query(
        monitoring_return=world.monitoring_return, section=Section.REACH, text="Why?", by=world.cast.programme_manager
    )
    assert caller.get().json()["queries"] == [{"section": "C", "text": "Why?"}]
    assert caller.submit("second").status_code == 409
    review.answer_query(query=query, text="Because.", by=world.cast.grantee)
    assert caller.submit("second").json()["number"] == 2


def test_a_query_comes_back_with_what_was_sent_and_a_patch_keeps_the_rest(world: World) -> None:
    caller = Caller(world)
    caller.save(whole_return(world), method="PUT")
    caller.submit()
    review.raise_query(
        monitoring_return=world.monitoring_return, section=Section.REACH, text="Why?", by=world.cast.programme_manager
    )
    draft = caller.get("draft")
    changed = caller.call("PATCH", "draft", {"values": {"reach.contacts": 12}}, If_Match=draft["ETag"])
    assert changed.json()["values"] == {**draft.json()["values"], "reach.contacts": "12"}
