"""Saving a draft through the API: by box name, with versions, nothing overwritten and nothing mangled."""

from __future__ import annotations

from typing import Any

import pytest

from grants.actions.drafts import save_section
from grants.api.filing import findings_of
from grants.models import Section, SectionDraft
from grants.validation import Outcome, Problem
from tests.api.callers import Caller, whole_return
from tests.cast import World
from tests.grants.test_return_actions import fill_in, submit


def saved(letter: str) -> dict[str, str]:
    return SectionDraft.objects.get(section=letter).data


def type_on_the_site(world: World, letter: str, data: dict[str, str], version: int) -> None:
    save_section(
        monitoring_return=world.monitoring_return,
        section=Section(letter),
        data=data,
        version=version,
        by=world.cast.signatory,
        complete=False,
    )


def test_a_whole_draft_is_kept_under_the_sections_of_its_boxes(world: World) -> None:
    response = Caller(world).save(whole_return(world), method="PUT")
    assert response.status_code == 200
    assert response.json()["values"] == whole_return(world)
    assert response["ETag"] == '"C1.D1.E1.F1.G1"'
    assert saved("C") == {"reach.new": "10", "reach.contacts": "1,169"}
    assert SectionDraft.objects.get(section="C").saved_by == world.cast.grantee
    world.monitoring_return.refresh_from_db()
    assert world.monitoring_return.status == "draft"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("10", "10"), ("10.0", "10"), ("1234.50", "1234.5"), ("0.1", "0.1"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("-0", "0"), ("0.0", "0"), ("1e3", "1000"), ("12E-2", "0.12"), ("-7", "-7"),
        ("12345678901234567890", "12345678901234567890"), ("1e999999", "1E+999999"), ("1e-999999", "1E-999999"),
        ('"1,169"', "1,169"), ('"c.80,000"', "c.80,000"), ('"1e6"', "1e6"), ('"=1+1"', "=1+1"), ('" 7 "', " 7 "),
    ],
)  # fmt: skip
def test_a_number_is_kept_to_its_last_digit_and_a_text_as_typed(world: World, sent: str, kept: str) -> None:
    response = Caller(world).call("PATCH", "draft", raw=f'{{"values": {{"reach.new": {sent}}}}}'.encode())
    assert response.status_code == 200
    assert saved("C") == {"reach.new": kept}


def test_text_of_any_script_and_length_survives(world: World) -> None:
    text = "שלום ‮ 🌟 <b>&amp;</b>\r\n" + "x" * 100_000
    caller = Caller(world)
    assert caller.save({"answer.what-went-well": text}).status_code == 200
    assert caller.get("draft").json()["values"]["answer.what-went-well"] == text


@pytest.mark.parametrize("wrong", [True, False, [], ["1"], {}, {"a": 1}])
def test_a_value_that_is_neither_text_nor_number_is_refused_by_name(world: World, wrong: Any) -> None:
    response = Caller(world).save({"reach.new": wrong})
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"].startswith("values.reach.new")
    assert not SectionDraft.objects.exists()


def test_boxes_that_are_not_there_are_named_and_nothing_is_saved(world: World) -> None:
    response = Caller(world).save({"reach.new": 1, "reach.nwe": 2, "__proto__": "x"})
    assert response.status_code == 400
    assert response.json()["type"] == "urn:vru:problem:unknown-box"
    assert [row["field"] for row in response.json()["errors"]] == ["reach.nwe", "__proto__"]
    assert not SectionDraft.objects.exists()


def test_a_change_leaves_other_boxes_and_a_replacement_empties_them(world: World) -> None:
    caller = Caller(world)
    caller.save({"reach.new": 10, "reach.contacts": 20, "age.10-14": 4})
    changed = caller.save({"reach.new": 11}, versions={"C": 1})
    assert changed.json()["values"] == {"reach.new": "11", "reach.contacts": "20", "age.10-14": "4"}
    replaced = caller.save({"reach.new": 12}, method="PUT", versions={"C": 2, "D": 1})
    assert replaced.json()["values"] == {"reach.new": "12"}


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_null_or_blank_empties_a_box(world: World, blank: str | None) -> None:
    caller = Caller(world)
    caller.save({"reach.new": 10, "reach.contacts": 20})
    assert caller.save({"reach.contacts": blank}, versions={"C": 1}).json()["values"] == {"reach.new": "10"}


def test_the_same_again_changes_nothing_and_needs_no_version(world: World) -> None:
    caller = Caller(world)
    caller.save({"reach.new": 10})
    again = caller.save({"reach.new": "10"})
    assert again.status_code == 200
    assert again.json()["versions"]["C"] == 1


def test_a_stale_save_is_409_with_both_texts_and_overwrites_nothing(world: World) -> None:
    caller = Caller(world)
    etag = caller.save({"reach.new": 10, "age.10-14": 4})["ETag"]
    type_on_the_site(world, "C", {"reach.new": "12"}, version=1)
    response = caller.call("PATCH", "draft", {"values": {"reach.new": 11, "age.10-14": 5}}, If_Match=etag)
    assert response.status_code == 409
    body = response.json()
    assert body["type"] == "urn:vru:problem:stale-draft"
    [conflict] = body["conflicts"]
    assert (conflict["section"], conflict["version"]) == ("C", 2)
    assert conflict["saved"] == {"reach.new": "12"}
    assert conflict["yours"] == {"reach.new": "11"}
    assert conflict["saved_by"] == world.cast.signatory.name
    assert saved("C") == {"reach.new": "12"}
    assert saved("D") == {"age.10-14": "4"}
    assert caller.save({"reach.new": 11}, versions={"C": 2}).status_code == 200


def test_without_versions_a_section_counts_as_never_seen(world: World) -> None:
    fill_in(world)
    response = Caller(world).save({"reach.new": 11})
    assert response.status_code == 409
    assert saved("C")["reach.new"] == "10"


def test_a_save_of_one_section_does_not_mind_that_another_changed(world: World) -> None:
    caller = Caller(world)
    etag = caller.save({"reach.new": 10, "age.10-14": 4})["ETag"]
    type_on_the_site(world, "C", {"reach.new": "12"}, version=1)
    assert caller.call("PATCH", "draft", {"values": {"age.10-14": 5}}, If_Match=f"W/{etag}").status_code == 200


@pytest.mark.parametrize("header", ["*", '"Z1"', '"C"', '"C1.D"', '"C99999999999"', '"C١"', '"'])
def test_an_if_match_that_is_not_ours_is_400(world: World, header: str) -> None:
    fill_in(world)
    caller = Caller(world)
    response = caller.call("PATCH", "draft", {"values": {"reach.new": 11}}, If_Match=header)
    assert response.status_code == 400
    assert saved("C")["reach.new"] == "10"


@pytest.mark.parametrize(
    "versions", [{"C": -1}, {"C": "x"}, {"Z": 1}, {"C": 1.5}, {"C": 10**12}, [], "C1", {"C": None}]
)
def test_versions_that_mean_nothing_are_400(world: World, versions: Any) -> None:
    response = Caller(world).save({"reach.new": 1}, versions=versions)
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"].startswith("versions")


def test_a_sent_return_is_not_changed_and_says_why(world: World) -> None:
    fill_in(world)
    submit(world)
    response = Caller(world).save({"reach.new": 11}, versions={"C": 1})
    assert response.status_code == 409
    assert response.json()["type"] == "urn:vru:problem:locked"
    assert "has been sent" in response.json()["detail"]


def test_a_section_the_grant_does_not_answer_has_no_boxes(world: World) -> None:
    world.grant.waived_sections = ["G"]
    world.grant.save()
    response = Caller(world).save({"answer.what-went-well": "Much."})
    assert response.json()["type"] == "urn:vru:problem:unknown-box"


def test_validation_reads_the_saved_draft_and_saves_nothing(world: World) -> None:
    fill_in(world, D={"age.10-14": "1"})
    before = list(SectionDraft.objects.values_list("section", "version"))
    body = Caller(world).call("POST", "validation", {}).json()
    assert body["acceptable"] is False
    assert [(row["code"], row["section"], row["field"]) for row in body["errors"]] == [("R101", "D", "age.10-14")]
    assert list(SectionDraft.objects.values_list("section", "version")) == before


def test_validation_takes_a_body_of_its_own_or_none(world: World) -> None:
    caller = Caller(world)
    assert caller.call("POST", "validation", {"values": whole_return(world)}).json()["acceptable"] is True
    assert caller.call("POST", "validation").json()["acceptable"] is False
    assert caller.call("POST", "validation", {"is_nil": True}).json()["acceptable"] is True
    assert caller.call("POST", "validation", {"values": {"no.such": 1}}).status_code == 400
    assert not SectionDraft.objects.exists()


def test_what_only_the_unit_may_see_is_never_in_a_validation() -> None:
    seen = Outcome([])
    seen.warnings = [Problem("W299", Section.REACH, "", "Dearer than the others.", staff_only=True)]
    seen.errors = [Problem("R199", Section.REACH, "", "Others said otherwise.", staff_only=True)]
    found = findings_of(seen)
    assert found["errors"] == []
    assert found["warnings"] == []
