"""A family: all figures of one name, computed together from one set of grouped rows."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

from evaluation.figures import figure as show
from evaluation.figures.computation import Computation
from evaluation.figures.coverage import coverage_parts
from evaluation.figures.definition import Definition, definition_of
from evaluation.figures.figure import Figure
from evaluation.figures.key import MONTH, FigureKey, UnknownFigure, values_of
from evaluation.figures.names import Names
from evaluation.figures.rollup import QUARTER, Part, Parts, Total, Values, matching, roll_up
from vru.lib.bounded import Precision

Slice = tuple[str, ...]
Rows = Callable[[Computation, Slice], Parts]
FOUR_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Worked:
    """What a total comes to."""

    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = show.COUNT
    precision: Precision = Precision.EXACT
    numerator: Decimal | None = None
    denominator: Decimal | None = None


Finish = Callable[[Computation, dict[str, str], Total], Worked]


@dataclass(frozen=True)
class RolledFamily:
    """``slices`` are computed when everything is asked for; any other combination of parameters when it is named.

    ``rows`` are summed and ``finish`` turns each sum into a number. With ``from_returns`` every figure says how many
    approved returns it rests on, and has no value where there was none.
    """

    name: str
    title: str
    unit: str
    definition: Definition
    parameters: tuple[str, ...]
    slices: tuple[Slice, ...]
    rows: Rows
    finish: Finish
    required: tuple[str, ...] = ()
    from_returns: bool = False
    additive: bool = False
    coverage: Callable[[Computation], Parts] = field(default=coverage_parts)

    @property
    def has_time(self) -> bool:
        """Whether it comes from quarters or days, so that the year may be cut off in its course."""
        return self.from_returns or not {QUARTER, MONTH}.isdisjoint(self.parameters)

    def compute(self, computation: Computation, wanted: Iterable[FigureKey] | None) -> dict[str, Figure]:
        if wanted is None:
            found: dict[str, Figure] = {}
            for names in self.slices:
                found |= self._slice(computation, names)
            return found
        keys = list(wanted)
        made = {str(key): self._united(computation, key) for key in keys if key.is_united}
        spots: dict[Slice, set[Values]] = {}
        for key in keys:
            if not key.is_united:
                spots.setdefault(key.names, set()).add(tuple(value for _, value in key.parameters))
        for names in sorted(spots):
            made |= self._slice(computation, names, only=spots[names])
        return {str(key): made.get(str(key)) or self._nothing(computation, key) for key in keys}

    def _united(self, computation: Computation, key: FigureKey) -> Figure | None:
        """A key that names several values of a parameter: each row that belongs to any of them is counted once."""
        wanted = {name: values_of(name, value) for name, value in key.parameters}
        parts = self.rows(computation, key.names)
        total = _sum(matching(parts.narrowed(key.names), wanted))
        cover = None
        if self.from_returns:
            coverage = self.coverage(computation)
            shared = {name: wanted[name] for name in self._shared(parts, coverage, key.names)}
            cover = _sum(matching(coverage, shared))
        if total is None and cover is None:
            return None
        spot = tuple(value for _name, value in key.parameters)
        names = Names.of(computation)
        return self._figure(computation, key.names, spot, total or _MISSING, cover, names)

    def _shared(self, parts: Parts, coverage: Parts, names: Slice) -> Slice:
        # What only the rows themselves carry (a borough of residence) does not divide the returns.
        apart = {name for name in parts.extra if name != "source" and name not in coverage.extra}
        return tuple(name for name in names if name not in apart)

    def _slice(
        self, computation: Computation, names: Slice, only: Container[Values] | None = None
    ) -> dict[str, Figure]:
        """Every figure of a slice; with ``only`` those values of its parameters."""
        parts = self.rows(computation, names)
        totals = roll_up(parts, names, only)
        covered: dict[Values, Total] = {}
        shared = names
        if self.from_returns:
            coverage = self.coverage(computation)
            shared = self._shared(parts, coverage, names)
            covered = computation.keep(("covered", id(coverage), shared), partial(roll_up, coverage, shared))
            if shared == names:
                totals = {spot: totals.get(spot, _MISSING) for spot in sorted({*totals, *covered})}
        places = [names.index(name) for name in shared]
        label = Names.of(computation)
        made = {}
        for spot, total in totals.items():
            if only is not None and spot not in only:
                continue
            cover = covered.get(tuple(spot[place] for place in places))
            figure = self._figure(computation, names, spot, total, cover, label)
            made[figure.key] = figure
        return made

    def _figure(
        self, computation: Computation, names: Slice, spot: Values, total: Total, cover: Total | None, label: Names
    ) -> Figure:
        chosen = dict(zip(names, spot, strict=True))
        if total is _MISSING:
            nil = self.additive and cover is not None and cover.low > 0
            worked = self.finish(computation, chosen, Total()) if nil else Worked(None, unit=self.unit)
        else:
            worked = self.finish(computation, chosen, total)
        received, expected, sources = (
            _rests_on(cover, total) if self.from_returns else (None, None, tuple(total.sources))
        )
        return Figure(
            key=str(FigureKey(self.name, tuple(chosen.items()))),
            label=label.label(self.title, chosen),
            value=worked.value,
            low=worked.low,
            high=worked.high,
            unit=worked.unit,
            precision=worked.precision.value,
            numerator=worked.numerator,
            denominator=worked.denominator,
            returns_received=received,
            returns_expected=expected,
            sources=sources,
        )

    def _nothing(self, computation: Computation, key: FigureKey) -> Figure:
        """A slice that exists and holds nothing: nought in a register that has rows at all, else no value."""
        chosen = dict(key.parameters)
        known_elsewhere = not self.from_returns and self.additive and bool(self.rows(computation, ()).rows)
        worked = self.finish(computation, chosen, Total()) if known_elsewhere else Worked(None, unit=self.unit)
        number = 0 if self.from_returns else None
        return Figure(
            key=str(key),
            label=Names.of(computation).label(self.title, chosen),
            value=worked.value,
            low=worked.low,
            high=worked.high,
            unit=worked.unit,
            returns_received=number,
            returns_expected=number,
        )


@dataclass(frozen=True)
class ListedFamily:
    """A family whose figures are each their own row, such as stated values. ``listed`` gives all of them by key and
    ``find`` one that the list leaves out, or None.
    """

    name: str
    title: str
    unit: str
    definition: Definition
    parameters: tuple[str, ...]
    listed: Callable[[Computation], dict[str, Figure]]
    find: Callable[[Computation, FigureKey], Figure | None] = lambda computation, key: None
    required: tuple[str, ...] = ()

    def compute(self, computation: Computation, wanted: Iterable[FigureKey] | None) -> dict[str, Figure]:
        everything = self.listed(computation)
        if wanted is None:
            return everything
        made = {}
        for key in wanted:
            figure = everything.get(str(key)) or self.find(computation, key)
            if figure is None:
                raise UnknownFigure(f'There is no figure "{key}" in the {computation.scope.layer} layer.')
            made[str(key)] = figure
        return made


Family = RolledFamily | ListedFamily
_MISSING = Total()


def _sum(rows: Iterable[Part]) -> Total | None:
    """The rows as one total; None where there is none."""
    total = None
    for row in rows:
        total = total or Total()
        total.add(row)
    return total


def _rests_on(cover: Total | None, total: Total) -> tuple[int, int, tuple[str, ...]]:
    expected, received = (cover.value, cover.denominator) if cover else (0, 0)
    noun = "return" if received == 1 else "returns"
    return received, expected, (f"{received} approved {noun}", *total.sources) if received else tuple(total.sources)


def rolled(
    name: str, *, title: str, unit: str, parameters: Slice, slices: tuple[Slice, ...], finish: Finish, **options: Any
) -> Callable[[Rows], RolledFamily]:
    """Makes a family of the decorated function, whose docstring is its definition."""

    def decorate(rows: Rows) -> RolledFamily:
        ordered = tuple(tuple(sorted(names)) for names in slices)
        return RolledFamily(name, title, unit, definition_of(rows), parameters, ordered, rows, finish, **options)

    return decorate


def counted(unit: str) -> Finish:
    """A sum of counts, whose bounds are the sums of the bounds."""

    def finish(_: Computation, __: dict[str, str], total: Total) -> Worked:
        value = Decimal(total.value)
        if total.unbounded:
            return Worked(value, value + total.low, None, unit, Precision.AT_LEAST)
        about = bool(total.low or total.high)
        return Worked(value, value + total.low, value + total.high, unit, Precision.ABOUT if about else Precision.EXACT)

    return finish


def money(_: Computation, __: dict[str, str], total: Total) -> Worked:
    pounds = Decimal(total.value).scaleb(-2)
    return Worked(pounds, pounds, pounds, show.GBP)


def distinct(_: Computation, __: dict[str, str], total: Total) -> Worked:
    number = Decimal(len(total.items))
    return Worked(number, number, number, show.COUNT)


def ratio(numerator: Decimal, denominator: Decimal, unit: str, scale: int = 1) -> Worked:
    """numerator ÷ denominator × scale, to four places; no value where the denominator is nought."""
    if denominator == 0:
        return Worked(None, unit=unit, numerator=numerator, denominator=denominator)
    value = (numerator * scale / denominator).quantize(FOUR_PLACES, rounding=ROUND_HALF_UP)
    return Worked(value, value, value, unit, Precision.EXACT, numerator, denominator)


__all__ = [
    "QUARTER",
    "Family",
    "ListedFamily",
    "RolledFamily",
    "Worked",
    "counted",
    "distinct",
    "money",
    "ratio",
    "rolled",
]
