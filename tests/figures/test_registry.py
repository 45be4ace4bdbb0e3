"""Keys, definitions, documentation, and what it costs to compute everything."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from evaluation.figures import (
    Figure,
    FigureError,
    FigureKey,
    Scope,
    ScopeError,
    UnknownFigure,
    compute,
    contributions,
    families,
    read_snapshot,
)
from evaluation.figures.definition import definition_of
from evaluation.figures.family import RolledFamily
from tests.factories import (
    ApprovedRevisionFactory,
    CommitmentFactory,
    FundingSplitFactory,
    ObjectiveFactory,
    StrategyVersionFactory,
    approved_return,
)
from tests.figures.worlds import YEAR, scope
from vru.management.commands.figures_document import PLACE, document

# What the contract of the registry names; adding families is welcome, losing one is not.
PROMISED = [
    "funding.total",
    "funding.source",
    "budget.category",
    "spend.total",
    "award.total",
    "programmes.count",
    "grants.count",
    "grantees.count",
    "boroughs.count",
    "reach.new",
    "reach.supported",
    "reach.continuing",
    "reach.active",
    "reach.contacts",
    "reach.indirect",
    "reach.trained",
    "reach.referred",
    "reach.started",
    "reach.completed",
    "reach.breakdown",
    "indicator.result",
    "indicator.target",
    "returns.received",
    "returns.expected",
    "spend.forecast",
    "spend.variance",
    "spend.heading",
    "match.total",
    "unit_cost",
    "series.value",
    "series.change",
    "stated.value",
]


def test_every_promised_family_is_registered_once() -> None:
    names = [family.name for family in families()]
    assert set(PROMISED) <= set(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("family", families(), ids=lambda family: family.name)
def test_every_family_defines_what_it_counts(family: object) -> None:
    meaning = family.definition  # type: ignore[attr-defined]
    for part in (
        meaning.summary,
        meaning.numerator,
        meaning.denominator,
        meaning.exclusions,
        meaning.unit,
        meaning.source,
    ):
        assert len(part) > 3
        assert part.endswith(".")


@pytest.mark.parametrize(
    "family", [f for f in families() if isinstance(f, RolledFamily)], ids=lambda family: family.name
)
def test_every_slice_computed_unasked_could_also_be_asked_for(family: RolledFamily) -> None:
    for names in family.slices:
        assert set(names) <= set(family.parameters)
        assert set(family.required) <= set(names)
    assert set(family.required) <= set(family.parameters)


def test_a_function_without_a_full_definition_cannot_become_a_figure() -> None:
    def vague() -> None:
        """Something.

        Numerator: things.
        """

    with pytest.raises(TypeError, match="denominator, exclusions, unit, source"):
        definition_of(vague)


def test_the_document_of_figures_is_what_the_registry_says() -> None:
    assert PLACE.read_text() == document()
    call_command("figures_document", "--check")


@given(
    st.dictionaries(
        st.sampled_from(["objective", "theme", "source", "programme"]),
        st.from_regex(r"[A-Za-z0-9.\-]{1,12}", fullmatch=True),
    )
)
def test_a_key_is_the_same_in_whatever_order_it_is_typed(parameters: dict[str, str]) -> None:
    words = [f"{name}={value}" for name, value in parameters.items()]
    typed, backwards = (
        FigureKey.parse("  ".join(["reach.new", *words])),
        FigureKey.parse(" ".join(["reach.new", *words[::-1]])),
    )
    assert str(typed) == str(backwards)
    assert FigureKey.parse(str(typed)) == typed
    assert "  " not in str(typed)
    assert "|" not in str(typed)


@pytest.mark.parametrize(
    "text",
    ["", "Reach", "reach.new objective", "reach.new objective=", "reach.new a|b=1", "reach.new a=1|2",
     "reach.new a=1 a=2", "reach.new quarter=2020", "<b>", "reach..new", "=1"],
)  # fmt: skip
def test_text_that_is_not_a_key_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        FigureKey.parse(text)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("reach.knew", "Near it: reach.new"),
        ("reach.new colour=red", "It takes quarter, programme"),
        ("reach.new objective=99", "There is no objective"),
        ("reach.new quarter=2019-20Q1", "is not in the year 2020-21"),
        ("funding.source", "does not say which source"),
        ("funding.source source=lotery", "Near it: lottery"),
        ("reach.breakdown category=x dimension=age", 'There is no category "x"'),
        ("stated.value ref=nothing", "There is no figure"),
    ],
)
def test_an_unknown_figure_is_named_with_what_comes_near(key: str, message: str) -> None:
    FundingSplitFactory(source__slug="lottery")
    with pytest.raises(UnknownFigure, match=message):
        compute(scope(), [key])
    with pytest.raises(FigureError):
        contributions(scope(), key)


@pytest.mark.django_db
def test_an_unknown_layer_is_refused() -> None:
    with pytest.raises(ScopeError, match=r'"real" is not a layer\. Use one of recorded, published, illustrative'):
        Scope.of(YEAR, "real", datetime.date(2021, 4, 1))


@pytest.mark.django_db
def test_the_strategy_version_is_the_one_in_force_at_the_years_end_or_on_the_day() -> None:
    old = StrategyVersionFactory(key="old", valid_to=datetime.date(2020, 9, 30))
    new = StrategyVersionFactory(key="new", valid_from=datetime.date(2020, 10, 1))
    assert scope(datetime.date(2020, 6, 1)).strategy_version == old
    assert scope(datetime.date(2026, 1, 1)).strategy_version == new


@pytest.mark.django_db
def test_an_objective_is_worded_as_in_the_version_of_the_scope() -> None:
    old = ObjectiveFactory(version=StrategyVersionFactory(key="old", valid_to=datetime.date(2020, 9, 30)), number=5)
    ObjectiveFactory(
        version=StrategyVersionFactory(key="new", valid_from=datetime.date(2020, 10, 1)), number=5, title="New words"
    )
    approved_return(CommitmentFactory(programme__primary_objective=old), 1, reach={"new": 4})
    figure = compute(scope(), ["reach.new objective=5"])["reach.new objective=5"]
    assert (figure.value, "New words" in figure.label) == (4, True)


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_number_of_returns() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            compute(scope())
        return len(captured)

    approved_return(CommitmentFactory(), 1, reach={"new": 1}, actual_pence=1)
    few = queries()
    for _ in range(3):
        approved_return(CommitmentFactory(), 2, reach={"new": 1}, actual_pence=1)
    assert queries() == few <= 45


@pytest.mark.django_db
def test_one_figure_costs_only_its_own_queries() -> None:
    approved_return(CommitmentFactory(), 1, reach={"new": 1})
    found = scope()
    with CaptureQueriesContext(connection) as captured:
        compute(found, ["funding.total"])
    assert len(captured) == 2
    with CaptureQueriesContext(connection) as one_measure:
        compute(found, ["reach.new"])
    assert len(one_measure) <= 8
    with CaptureQueriesContext(connection) as four_measures:
        compute(found, ["reach.new", "reach.contacts", "reach.supported", "reach.active"])
    # One for each further measure that they count, and one for the statements they are compared with.
    assert len(four_measures) <= len(one_measure) + 4


@pytest.mark.django_db
def test_a_trace_names_the_return_and_who_approved_it() -> None:
    revision = approved_return(CommitmentFactory(ref="GR-7"), 2, reach={"new": 4})
    (row,) = contributions(scope(), "reach.new")
    assert (row.revision_id, row.grant, row.quarter, row.value) == (revision.pk, "GR-7", "2020-21Q2", 4)
    assert row.approved_by == revision.approved_by.name
    assert row.organisation == revision.monitoring_return.commitment.organisation.name


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_does_not_see_what_is_written_beside_it() -> None:
    approved_return(CommitmentFactory(), 1, reach={"new": 1})
    with read_snapshot():
        assert ApprovedRevisionFactory._meta.model.objects.count() == 1
        assert compute(scope(), ["reach.new"])["reach.new"].value == 1
    assert not connection.in_atomic_block


@pytest.mark.parametrize(
    ("figure", "display", "exact", "words"),
    [
        (Figure("k", "l", Decimal(19_700_000), "GBP"), "£19.7m", "£19,700,000.00", "£19.7 million"),
        (Figure("k", "l", Decimal("-5.5"), "GBP"), "\N{MINUS SIGN}£6", "\N{MINUS SIGN}£5.50", "\N{MINUS SIGN}£6"),
        (Figure("k", "l", Decimal(3_000_000_000), "GBP"), "£3bn", "£3,000,000,000.00", "£3 billion"),
        (Figure("k", "l", Decimal(1_380_000), "GBP", Decimal(1_375_000), Decimal(1_385_000), "rounded"),
         "£1.38m", "£1,380,000.00", "£1.38 million"),
        (Figure("k", "l", Decimal(80_000), "people", Decimal(75_000), Decimal(85_000), "about"),
         "c.80,000", "80,000", "about 80,000"),
        (Figure("k", "l", Decimal(140), "people", Decimal(140), None, "at_least"), "140+", "140", "at least 140"),
        (Figure("k", "l", Decimal(40), "people", None, Decimal(40), "at_most"), "up to 40", "40", "up to 40"),
        (Figure("k", "l", Decimal(3884), "people"), "3,884", "3,884", "3,884"),
        (Figure("k", "l", Decimal(25), "percent"), "25.0%", "25%", "25.0%"),
        (Figure("k", "l", Decimal(26), "percent", Decimal("25.5"), Decimal("26.5"), "rounded"), "26%", "26%", "26%"),
        (Figure("k", "l", None, "people", Decimal(3), Decimal(4), "about"), "3 to 4", "3 to 4", "three to four"),
        (Figure("k", "l", None, "people", returns_received=0, returns_expected=4), *["not received"] * 3),
        (Figure("k", "l", None, "GBP"), *["not available"] * 3),
    ],
)  # fmt: skip
def test_a_figure_is_shown_as_prose_needs_it(figure: Figure, display: str, exact: str, words: str) -> None:
    assert (figure.display, figure.shown("exact"), figure.shown("words")) == (display, exact, words)


def test_a_figure_cannot_be_shown_in_a_way_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="Use one of exact, short, words, plain"):
        Figure("k", "l", Decimal(1), "people").shown("loud")


def test_numbers_are_text_in_json_and_money_has_pence() -> None:
    money = Figure("k", "l", Decimal(19_700_000), "GBP").as_json()
    share = Figure("k", "l", Decimal("25.8000"), "percent", numerator=Decimal("4021.0000")).as_json()
    assert (money["value"], share["value"], share["numerator"], share["low"]) == ("19700000.00", "25.8", "4021", None)
