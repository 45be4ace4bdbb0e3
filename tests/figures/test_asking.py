"""The same questions on the command line and to the API."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from evaluation.figures.asking import default_layer
from tests.factories import (
    AllocationFactory,
    CommitmentFactory,
    MembershipFactory,
    SourceDocumentFactory,
    UserFactory,
    approved_return,
)
from vru.accounts.models import Role

pytestmark = pytest.mark.django_db
FIELDS = {
    "key", "label", "value", "low", "high", "display", "unit", "precision", "numerator", "denominator",
    "returns_received", "returns_expected", "basis", "sources",
}  # fmt: skip


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("figures", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def analyst() -> Client:
    client = Client()
    client.force_login(UserFactory(role=Role.ANALYST))
    return client


def test_the_command_prints_one_json_document_in_the_contracts_shape() -> None:
    document = SourceDocumentFactory(key="D1")
    AllocationFactory(layer="published", amount_pence=1_970_000_000, source_document=document, place="Table 1")
    found = json.loads(
        run(
            "--year",
            "2020/21",
            "--layer",
            "published",
            "--as-at",
            "2021-03-31",
            "--key",
            "funding.total",
            "--format",
            "json",
        )
    )
    assert (found["year"], found["layer"], found["as_at"]) == ("2020-21", "published", "2021-03-31")
    (figure,) = found["figures"]
    assert set(figure) == FIELDS
    assert (figure["value"], figure["display"], figure["unit"]) == ("19700000.00", "£19.7m", "GBP")
    assert (figure["basis"], figure["sources"]) == ("computed", ["D1, Table 1"])


def test_the_command_prints_a_table_with_what_each_figure_rests_on() -> None:
    approved_return(CommitmentFactory(), 1, reach={"new": 1_234})
    text = run("--year", "2020-21", "--layer", "recorded", "--key", "reach.new", "--key", "returns.expected")
    assert "reach.new" in text
    assert "1,234  from 1 of 1 returns" in text
    assert len(text.splitlines()) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--year", "2020"], "Write the financial year as"),
        (["--year", "2020-21", "--layer", "real"], '"real" is not a layer'),
        (["--year", "2020-21", "--as-at", "yesterday"], '"yesterday" is not a day'),
        (["--year", "2020-21", "--key", "reach.knew"], "Near it: reach.new"),
    ],
)
def test_the_command_refuses_what_does_not_exist_in_a_sentence(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        run(*arguments)


def test_the_api_answers_as_the_command_does(analyst: Client) -> None:
    approved_return(CommitmentFactory(), 1, reach={"new": 12})
    asked = {"year": "2020-21", "layer": "recorded", "as_at": "2021-06-30", "key": "reach.new quarter=2020-21Q1"}
    answer = analyst.get("/api/v1/figures", asked)
    printed = run(
        *[word for name, value in asked.items() for word in (f"--{name.replace('_', '-')}", value)], "--format", "json"
    )
    assert answer.status_code == 200
    assert answer.json() == json.loads(printed)
    assert answer.json()["figures"][0]["value"] == "12"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({}, "is not a financial year"),
        ({"year": "2020"}, "could be a calendar year"),
        ({"year": "2020-21", "layer": "real"}, "is not a layer"),
        ({"year": "2020-21", "as_at": "soon"}, "is not a day"),
        ({"year": "2020-21", "key": "reach.knew"}, "Near it: reach.new"),
    ],
)
def test_the_api_answers_a_bad_question_with_a_sentence(analyst: Client, asked: dict[str, str], message: str) -> None:
    answer = analyst.get("/api/v1/figures", asked)
    assert answer.status_code == 400
    assert message in answer.json()["detail"]


def test_the_api_gives_every_definition(analyst: Client) -> None:
    found = {item["name"]: item for item in analyst.get("/api/v1/figures/definitions").json()}
    assert "approved returns" in found["reach.new"]["numerator"]
    assert found["funding.source"]["required"] == ["source"]


def test_the_api_describes_itself(analyst: Client) -> None:
    schema = analyst.get("/api/schema", {"format": "json"}).json()
    assert {"/api/v1/figures", "/api/v1/figures/definitions"} <= set(schema["paths"])


@pytest.mark.parametrize("path", ["/api/v1/figures?year=2020-21", "/api/v1/figures/definitions", "/api/schema"])
def test_only_the_units_staff_may_ask_the_api(path: str) -> None:
    client = Client()
    assert client.get(path).status_code in (302, 401, 403)
    client.force_login(MembershipFactory().user)
    assert client.get(path).status_code == 403


def test_the_layer_is_published_in_a_demonstration_and_recorded_once_the_unit_records(settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    assert default_layer() == "recorded"
    AllocationFactory(layer="published")
    assert default_layer() == "published"
    AllocationFactory(layer="recorded")
    assert default_layer() == "recorded"
    settings.DEMO = True  # type: ignore[attr-defined]
    assert default_layer() == "published"
