"""How counts of people hang together, as any reader can tell from their names, and what they truly were.

Written apart from the protector's own equations and from other material: a count is a measure and, for each dimension,
the set of values it covers. Two counts add up where their sets do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from evaluation.figures.figure import COMPUTED, PERCENT, Figure
from evaluation.figures.key import FigureKey, values_of
from evaluation.reports.disclosure_tables import Plan, is_of_people
from vru.lib.disclosure import Relation

PEOPLE, TOP, BOTTOM = "people", "numerator", "denominator"
_YEARS_LAST = frozenset(("reach.active", "reach.continuing"))
_SPLIT_OF_NEW = "reach.breakdown"

Values = frozenset[str]


@dataclass(frozen=True, slots=True)
class Count:
    """Whom a number counts. ``part`` is the figure's own value or what a ratio is made of."""

    measure: str
    part: str
    where: tuple[tuple[str, Values], ...] = ()

    @classmethod
    def of(cls, measure: str, part: str, where: Mapping[str, Values]) -> Count:
        return cls(measure, part, tuple(sorted(where.items())))

    def less(self, *names: str) -> dict[str, Values]:
        return {name: values for name, values in self.where if name not in names}

    @property
    def name(self) -> str:
        places = (f"{name}={'+'.join(sorted(values))}" for name, values in self.where)
        return " ".join([self.measure, *([] if self.part == PEOPLE else [f"({self.part})"]), *places])

    @property
    def shape(self) -> tuple[str, str, tuple[str, ...]]:
        return self.measure, self.part, tuple(name for name, _values in self.where)


def count_of(key: str, part: str, plan: Plan) -> Count:
    """What a key counts. Times become sets of quarters, an area the category of residence that counts the same."""
    parsed = FigureKey.parse(key)
    measure = parsed.name
    where = {name: frozenset(values_of(name, value)) for name, value in parsed.parameters}
    if "until" in where:
        quarters = _quarters_to(next(iter(where.pop("until"))))
        if len(quarters) < 4:
            where["quarter"] = quarters
    area = where.get("borough", frozenset())
    if measure == "reach.new" and len(area) == 1 and (spot := plan.area_categories.get(next(iter(area)))):
        del where["borough"]
        where |= {"dimension": frozenset([spot[0]]), "category": frozenset([spot[1]])}
        measure = _SPLIT_OF_NEW
    return Count.of(measure, part, where)


def _quarters_to(period: str) -> Values:
    year, last = period[:7], int(period[8:])
    ended = last if period[7] == "Q" else last // 3
    return frozenset(f"{year}Q{number}" for number in range(1, ended + 1))


def true_counts(figures: Mapping[str, Figure], plan: Plan) -> dict[Count, int]:
    """Every count of people that the figures hold, in whole people."""
    found: dict[Count, int] = {}
    for key, figure in figures.items():
        for part, number in numbers_of(key, figure):
            found.setdefault(count_of(key, part, plan), number)
    return found


def numbers_of(key: str, figure: Figure) -> Iterator[tuple[str, int]]:
    if figure.basis != COMPUTED:
        return
    if is_of_people(key, figure.unit) and figure.value is not None:
        yield PEOPLE, int(figure.value)
    parts = ratio_parts(key, figure.unit)
    for part, number in ((TOP, figure.numerator), (BOTTOM, figure.denominator)):
        if part in parts and number is not None and number == int(number):
            yield part, int(number)


def ratio_parts(key: str, unit: str) -> tuple[str, ...]:
    """Which parts of a ratio count people: both of a percentage, only the divisor of money or points for each."""
    if not key.startswith(("indicator.result ", "unit_cost")) or unit == "count":
        return ()
    return (TOP, BOTTOM) if unit == PERCENT else (BOTTOM,)


def equations(counts: Mapping[Count, int], plan: Plan) -> Iterator[tuple[Count, tuple[Count, ...]]]:
    """(a count, counts of separate parts of it). The parts may be all of it or leave some out."""
    groups: dict[tuple[Count, str], list[Count]] = {}
    for count in counts:
        for whole, kind in _wholes(count, plan):
            if whole in counts:
                groups.setdefault((whole, kind), []).append(count)
    for (whole, _kind), parts in groups.items():
        yield whole, tuple(parts)
    for count in counts:
        if singles := _singles(count, counts):
            yield count, singles
        for part in _included(count):
            if part in counts:
                yield count, (part,)


def _wholes(count: Count, plan: Plan) -> Iterator[tuple[Count, str]]:
    for name, values in count.where:
        if len(values) > 1 or name in ("dimension", "indicator"):
            continue
        rest, value = count.less(name), next(iter(values))
        if name == "category":
            yield Count.of("reach.new", PEOPLE, count.less("category", "dimension")), f"{count.less('category')}"
        elif name == "source":
            yield Count.of(count.measure, count.part, rest), f"source {value}"
        elif name != "quarter" or count.measure not in _YEARS_LAST:
            yield Count.of(count.measure, count.part, rest), name
        if name == "programme" and value in plan.programmes:
            for owner in ("objective", "theme"):
                owned = {owner: frozenset([plan.programmes[value][owner]])}
                yield Count.of(count.measure, count.part, rest | owned), f"programme in {owner}"


def _singles(count: Count, counts: Mapping[Count, int]) -> tuple[Count, ...]:
    """The parts of a union, of those that have any count."""
    if count.measure in _YEARS_LAST or all(len(values) == 1 for _name, values in count.where):
        return ()
    names = [name for name, _values in count.where]
    made = product(*(sorted(values) for _name, values in count.where))
    singles = (
        Count.of(count.measure, count.part, {n: frozenset([v]) for n, v in zip(names, chosen, strict=True)})
        for chosen in made
    )
    return tuple(single for single in singles if single in counts)


def _included(count: Count) -> tuple[Count, ...]:
    """Counts of some of the same people, under another measure or at another time."""
    if count.measure == "reach.supported":
        return (Count("reach.new", PEOPLE, count.where),)
    if count.measure == "reach.new":
        return (Count("unit_cost", BOTTOM, count.where),)
    if count.part == BOTTOM and count.measure == "indicator.result":
        return (Count(count.measure, TOP, count.where),)
    return ()


def relations_of(counts: Mapping[Count, int], plan: Plan) -> tuple[list[Relation], dict[str, int]]:
    """(Relations between the counts' names, the rests that they leave with their true numbers).

    Parts that are more than their whole overlap: then each alone is no more than the whole.
    """
    made: list[Relation] = []
    rests: dict[str, int] = {}
    for whole, parts in [*equations(counts, plan), *_last_quarters(counts)]:
        left = counts[whole] - sum(counts[part] for part in parts)
        names = [part.name for part in parts]
        if left < 0:
            made += [Relation({whole.name: 1, part: -1}, low=0, high=None) for part in names]
        elif left == 0:
            made.append(Relation.total(whole.name, names))
        else:
            rest = f"{whole.name} without {_listed(names)}"
            rests[rest] = left
            made.append(Relation.total(whole.name, [*names, rest]))
    return made, rests


def _last_quarters(counts: Mapping[Count, int]) -> Iterator[tuple[Count, tuple[Count, ...]]]:
    """What is never added over quarters is in the year what it was last, and more where somebody fell silent."""
    last: dict[Count, tuple[str, Count]] = {}
    for count in counts:
        where = dict(count.where)
        quarter = where.get("quarter")
        if count.measure in _YEARS_LAST and quarter is not None and len(quarter) == 1:
            year = Count.of(count.measure, count.part, count.less("quarter"))
            last[year] = max(last.get(year, ("", count)), (next(iter(quarter)), count), key=lambda each: each[0])
    for year, (_quarter, count) in last.items():
        if year in counts:
            yield year, (count,)


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    return listed[0] if len(listed) == 1 else f"its {len(listed)} parts {listed[0]} …"
