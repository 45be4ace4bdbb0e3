"""What parameters may be, and how they read in a label."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from evaluation.figures.computation import Computation
from evaluation.figures.key import MONTH, values_of
from evaluation.figures.rollup import NONE
from grants.models import Commitment
from programmes.models import (
    Area,
    BudgetCategory,
    Category,
    CostHeading,
    FundingSource,
    Indicator,
    Objective,
    Outcome,
    Programme,
    Theme,
)
from vru.accounts.models import Organisation
from vru.lib.periods import MONTHS_IN_YEAR, Month, Quarter

TITLED = frozenset(
    (
        *("objective", "outcome", "programme", "theme", "organisation", "source", "category", "borough"),
        *("indicator", "kind", "heading"),
    )
)
# The register of programmes has kinds of its own beside those of commitments.
PROGRAMME_KINDS = {"programme": "Programmes only", "project": "Projects only", "all": "Programmes and projects"}
SEVERAL = "a programme may count towards several outcomes"


class Names:
    """Titles by parameter, each read once and only when a label or a check needs it."""

    def __init__(self, computation: Computation) -> None:
        self._computation = computation
        self._layer = computation.scope.layer
        self._version = computation.scope.strategy_version
        self._known: dict[str, Mapping[str, str]] = {}
        self._said: dict[tuple[str, str], str] = {}

    @classmethod
    def of(cls, computation: Computation) -> Names:
        found = computation.kept.setdefault("names", cls(computation))
        assert isinstance(found, cls)
        return found

    def known(self, parameter: str) -> Mapping[str, str] | None:
        """Every value the parameter may have, with its title; None where that depends on the family."""
        if parameter not in self._known:
            reader = getattr(self, f"_{parameter}", None)
            if reader is None:
                return None
            self._known[parameter] = reader()
        return self._known[parameter]

    def label(self, title: str, chosen: Mapping[str, str]) -> str:
        """The figure's title and its slice: "New people supported, objective 5 (…), 2020-21 Q2"."""
        if "dimension" in chosen:
            rest = {name: value for name, value in chosen.items() if name not in ("dimension", "category")}
            spot = self._category_of(chosen["dimension"], chosen.get("category", ""))
            return self.label(f"{title}, {spot}", rest)
        return ", ".join([title, *[self._say(spot) for spot in sorted(chosen.items())]])

    def _category_of(self, dimension: str, category: str) -> str:
        """ "Age: 15 to 17", or "Age: 10 to 14 or 15 to 17" where several are asked for together."""
        several = values_of("category", category)
        if len(several) == 1:
            return self.breakdown.get((dimension, category), category)
        order = list(self.breakdown)
        spots = [(dimension, each) for each in several]
        spots.sort(key=lambda spot: order.index(spot) if spot in self.breakdown else len(order))
        named = [self.breakdown.get(spot, spot[1]) for spot in spots]
        return " or ".join([*named[:1], *(each.partition(": ")[2] or each for each in named[1:])])

    @cached_property
    def breakdown(self) -> dict[tuple[str, str], str]:
        """Titles of breakdown categories by dimension and slug: "Age band: 15 to 17"."""
        fields = ("dimension__slug", "slug", "dimension__title", "label")
        rows = Category.objects.order_by("valid_from", "pk").values_list(*fields)
        return {(dimension, slug): f"{title}: {label}" for dimension, slug, title, label in rows}

    def _say(self, spot: tuple[str, str]) -> str:
        # The same slice is named by every family: thousands of labels are made of some hundred of these.
        if spot not in self._said:
            self._said[spot] = self._words(*spot)
        return self._said[spot]

    def _words(self, name: str, value: str) -> str:
        several = values_of(name, value)
        if len(several) > 1:
            return " or ".join(self._words(name, each) for each in several)
        if name == "quarter":
            return str(Quarter.parse(value))
        if name == MONTH:
            return str(Month.parse(value))
        if value == NONE:
            return f"no {name}"
        if name not in TITLED:
            return f"{name.replace('_', ' ')} {value}"
        title = (self.known(name) or {}).get(value, value)
        if name == "objective":
            return f"objective {value} ({title})"
        return f"outcome {value} ({title}; {SEVERAL})" if name == "outcome" else title

    def _objective(self) -> dict[str, str]:
        # Programmes may hold an objective of another version: its number stands, its wording is the scope's.
        numbers = {str(n): str(n) for n in Objective.objects.order_by("number").values_list("number", flat=True)}
        return numbers | self._numbered(Objective)

    def _outcome(self) -> dict[str, str]:
        return self._numbered(Outcome)

    def _numbered(self, model: type[Objective | Outcome]) -> dict[str, str]:
        rows = model.objects.filter(version=self._version).order_by("number").values_list("number", "title")
        return {str(number): title for number, title in rows}

    def _theme(self) -> dict[str, str]:
        return dict(Theme.objects.order_by("version__valid_from", "slug").values_list("slug", "title"))

    def _programme(self) -> dict[str, str]:
        return dict(Programme.objects.in_layer(self._layer).order_by("ref").values_list("ref", "title"))

    def _organisation(self) -> dict[str, str]:
        return dict(Organisation.objects.filter(layer=self._layer).order_by("ref").values_list("ref", "name"))

    def _source(self) -> dict[str, str]:
        return dict(FundingSource.objects.order_by("slug").values_list("slug", "title"))

    def _category(self) -> dict[str, str]:
        return dict(BudgetCategory.objects.order_by("slug").values_list("slug", "title"))

    def _heading(self) -> dict[str, str]:
        return dict(CostHeading.objects.order_by("slug").values_list("slug", "title"))

    def _borough(self) -> dict[str, str]:
        return dict(Area.objects.order_by("code").values_list("code", "name"))

    def _kind(self) -> dict[str, str]:
        return {value: str(label) for value, label in Commitment.Kind.choices} | PROGRAMME_KINDS

    def _indicator(self) -> dict[str, str]:
        return dict(Indicator.objects.order_by("slug").values_list("slug", "title"))

    def _quarter(self) -> dict[str, str]:
        return {quarter.key: str(quarter) for quarter in self._computation.scope.year.quarters()}

    def _month(self) -> dict[str, str]:
        year = self._computation.scope.year.start
        months = [Month(year, number) for number in range(1, MONTHS_IN_YEAR + 1)]
        return {month.key: str(month) for month in months}
