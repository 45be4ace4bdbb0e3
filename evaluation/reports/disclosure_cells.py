"""From figures to what the protector works on: counts, and every equation between them that a reader can know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from evaluation.figures.figure import Figure
from evaluation.reports.disclosure_tables import (
    BOTTOM,
    BREAKDOWN,
    LATEST,
    NEW,
    OTHERS,
    SUPPORTED,
    TOP,
    UNIT_COST,
    Parameters,
    Plan,
    counts_behind,
    counts_people,
)
from evaluation.reports.material import split_key
from vru.lib.disclosure import Relation

QUARTERS = ("Q1", "Q2", "Q3", "Q4")
# What a programme adds up to.
_OWNERS = ("objective", "theme")
# The people of returns that state their spend as well.
_COSTED = f"{UNIT_COST}/{BOTTOM.replace(' ', '-')}"


@dataclass
class Cells:
    """``counts`` by cell, ``relations`` between them, ``of_figure`` the cells that printing a figure would show, and
    ``unprinted`` those that stand in equations alone.
    """

    counts: dict[str, int] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    of_figure: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unprinted: set[str] = field(default_factory=set)


def cells_of(figures: Mapping[str, Figure], printed: Iterable[str], plan: Plan) -> Cells:
    """The cells of the figures that may be ``printed``, with whatever other figures those are unions of."""
    return _Builder(figures, plan).build(printed)


def part_of(key: str, part: str) -> str:
    """The cell of a count behind a percentage or unit cost: "indicator.result/out of indicator=safer"."""
    name, _space, rest = key.partition(" ")
    return f"{name}/{part.replace(' ', '-')} {rest}".strip()


def same_people(key: str, plan: Plan) -> str:
    """The one name of a count that can be asked for under several: a year until its last quarter is the year, until
    its first one that quarter, and new people of an area are those of its category.
    """
    if "borough=" not in key and "until=" not in key:
        return key
    name, parameters = split_key(key)
    if name == NEW and (spot := plan.area_categories.get(parameters.get("borough", ""))):
        parameters = {each: value for each, value in parameters.items() if each != "borough"}
        return key_of(BREAKDOWN, parameters | {"dimension": spot[0], "category": spot[1]})
    until = quarters_until(parameters.get("until", ""))
    if len(until) == len(QUARTERS):
        del parameters["until"]
    elif len(until) == 1 and name.partition("/")[0] != SUPPORTED:
        del parameters["until"]
        parameters["quarter"] = until[0]
    return key_of(name, parameters)


def quarters_until(period: str) -> list[str]:
    """The keys of the quarters that had ended by the end of "2020-21Q3" or "2020-21M07"; none for another text."""
    year, kind, number = (period[:7], period[7:8], period[8:]) if period else ("", "", "")
    if not number.isdigit() or kind not in "QM":
        return []
    return [f"{year}{quarter}" for quarter in QUARTERS[: int(number) if kind == "Q" else int(number) // 3]]


def key_of(name: str, parameters: Parameters) -> str:
    return " ".join([name, *(f"{each}={parameters[each]}" for each in sorted(parameters))])


class _Builder:
    def __init__(self, figures: Mapping[str, Figure], plan: Plan) -> None:
        self.plan = plan
        self.cells = Cells()
        self.known: dict[str, int] = {}
        self.figures = figures
        for key, figure in figures.items():
            for cell, count in self._counts(key, figure):
                # A borough's new people are those of its category only if both say the same number.
                self.known.setdefault(cell, count)

    def _counts(self, key: str, figure: Figure) -> Iterator[tuple[str, int]]:
        if counts_people(figure):
            value = int(figure.value or 0)
            same = same_people(key, self.plan)
            yield (key if self._differs(same, key, value) else same), value
        for part, count in counts_behind(figure).items():
            yield same_people(part_of(key, part), self.plan), count

    def _differs(self, same: str, key: str, value: int) -> bool:
        other = self.figures.get(same)
        return same != key and other is not None and other.value != value

    def build(self, printed: Iterable[str]) -> Cells:
        made = self.cells
        for key in printed:
            shown = dict(self._counts(key, self.figures[key]))
            made.of_figure[key] = tuple(shown)
            made.counts |= {cell: self.known[cell] for cell in shown}
        for cell in list(made.counts):
            self._divide(cell)
        self._totals()
        self._neighbours()
        return made

    def _divide(self, cell: str) -> None:
        """A union of categories or quarters is the sum of its parts, which may be printed nowhere."""
        name, parameters = split_key(cell)
        values = {each: value.split("+") for each, value in parameters.items()}
        if "until" in values:
            values["quarter"] = quarters_until(parameters["until"])
            del values["until"]
        if name in LATEST or all(len(each) == 1 for each in values.values()):
            return
        singles = [key_of(name, dict(zip(values, chosen, strict=True))) for chosen in product(*values.values())]
        parts = [part for part in singles if part in self.known]
        for part in parts:
            self._support(part)
        self._equal(cell, parts, f"{cell} (others)", is_known=False)

    def _keyed(self) -> list[str]:
        """The cells with a key of their own; the rests of totals have none."""
        return [cell for cell in self.cells.counts if not cell.endswith(")")]

    def _support(self, cell: str) -> None:
        if cell not in self.cells.counts:
            self.cells.counts[cell] = self.known[cell]
            self.cells.unprinted.add(cell)

    def _totals(self) -> None:
        """Parts and the totals they make up: quarters, categories, objectives, themes, programmes."""
        groups: dict[tuple[str, str], list[str]] = {}
        for cell in self._keyed():
            for total, kind in self._totals_of(*split_key(cell)):
                if total in self.cells.counts:
                    groups.setdefault((total, kind), []).append(cell)
        for (total, kind), parts in sorted(groups.items()):
            # One grant may have several sources, so they do not add up; what is left of each tells as much.
            apart = [[part] for part in parts] if kind == "source" else [parts]
            for each in apart:
                is_known = kind != "source" and self.cells.unprinted.isdisjoint(each)
                self._equal(total, each, f"{total} (rest by {kind}{_only(each)})", is_known=is_known)

    def _totals_of(self, name: str, parameters: Parameters) -> Iterator[tuple[str, str]]:
        """(key of the total, kind of split) for each total that a count is a part of."""
        for left_out, value in parameters.items():
            if "+" in value or left_out in ("until", "indicator", "dimension"):
                continue
            rest = {each: found for each, found in parameters.items() if each != left_out}
            if left_out == "category":
                dimension = rest.pop("dimension")
                yield key_of(NEW, rest), dimension
            elif left_out == "quarter" and name in LATEST:
                continue
            else:
                yield key_of(name, rest), left_out
            for owner in _OWNERS if left_out == "programme" else ():
                if value in self.plan.programmes:
                    yield key_of(name, rest | {owner: self.plan.programmes[value][owner]}), f"programme of {owner}"

    def _neighbours(self) -> None:
        """Counts that differ by a group of people: those carried in, those without spend, those who did not."""
        by_quarter = self._by_quarter()
        for cell in self._keyed():
            name, _space, rest = cell.partition(" ")
            new = f"{NEW} {rest}".strip()
            if name == SUPPORTED and new in self.cells.counts:
                self._equal(cell, [new], f"{cell} (carried in)", is_known=False)
            elif name == _COSTED and new in self.cells.counts:
                self._equal(new, [cell], f"{new} (without spend)", is_known=False)
            elif name in LATEST and "quarter=" not in cell:
                self._latest(cell, by_quarter)
        for key, shown in self.cells.of_figure.items():
            if part_of(key, OTHERS) in shown:
                top, bottom, others = (same_people(part_of(key, part), self.plan) for part in (TOP, BOTTOM, OTHERS))
                self._equal(bottom, [top, others], "", is_known=True)

    def _by_quarter(self) -> dict[str, dict[str, str]]:
        """{cell without its quarter: {quarter: cell}} for what is never added over quarters."""
        found: dict[str, dict[str, str]] = {}
        for cell in self._keyed():
            if cell.startswith(LATEST) and "quarter=" in cell:
                name, parameters = split_key(cell)
                quarter = parameters.pop("quarter")
                found.setdefault(key_of(name, parameters), {})[quarter] = cell
        return found

    def _latest(self, cell: str, by_quarter: Mapping[str, Mapping[str, str]]) -> None:
        """The year is its last quarter, and of grants that said nothing then an earlier one."""
        name, parameters = split_key(cell)
        allowed = quarters_until(parameters.pop("until", ""))
        quarters = by_quarter.get(key_of(name, parameters), {})
        within = [quarter for quarter in quarters if not allowed or quarter in allowed]
        if within:
            self._equal(cell, [quarters[max(within)]], f"{cell} (earlier quarters)", is_known=True)

    def _equal(self, total: str, parts: list[str], rest_name: str, *, is_known: bool) -> None:
        """total = parts + rest. Where the parts are more than the total they overlap, and nothing follows."""
        if not parts:
            return
        counts = self.cells.counts
        rest = counts[total] - sum(counts[part] for part in parts)
        if rest < 0:
            return
        if rest:
            parts = [*parts, rest_name]
            counts[rest_name] = rest
            if not is_known:
                self.cells.unprinted.add(rest_name)
        self.cells.relations.append(Relation.total(total, parts))


def _only(parts: list[str]) -> str:
    return f", {parts[0]}" if len(parts) == 1 else ""
