"""What differs between two plans, in words: part by part, before beside after."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from grants.models import Measure
from grants.money.plan import PARTS, Plan, read_indicator_key, read_split_key, total_of
from programmes.models import Area, CostHeading, FundingSource, Indicator
from vru.lib.money import Money
from vru.lib.periods import FinancialYear, Quarter, long_date

TITLES = {
    "award": "Award and dates",
    "splits": "Funding by source and year",
    "shares": "Shares by area",
    "profile": "Profile by quarter",
    "targets": "People to reach",
    "indicators": "Indicators",
}
NONE = "None"


@dataclass(frozen=True, slots=True)
class Change:
    """One line that differs; ``by`` says by how much where both are numbers."""

    label: str
    before: str
    after: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Names:
    sources: dict[str, str]
    areas: dict[str, str]
    headings: dict[str, str]
    indicators: dict[str, str]


def differences(before: Plan, after: Plan) -> list[Part]:
    """The parts that differ, in the order of a plan. An old record that kept no plan has none. Four queries at most."""
    if not set(PARTS) <= set(before) or not set(PARTS) <= set(after):
        return []
    names = _names(before, after)
    makers = {
        "award": _award,
        "splits": _splits,
        "shares": _shares,
        "profile": _profile,
        "targets": _targets,
        "indicators": _indicators,
    }
    parts = [Part(TITLES[part], tuple(make(before, after, names))) for part, make in makers.items()]
    return [part for part in parts if part.changes]


def _award(before: Plan, after: Plan, names: _Names) -> Iterator[Change]:
    yield from _amount("Award", before["award"], after["award"])
    for key, label in (("starts_on", "First day"), ("ends_on", "Last day")):
        if before[key] != after[key]:
            yield Change(label, *(long_date(datetime.date.fromisoformat(plan[key])) for plan in (before, after)))


def _splits(before: Plan, after: Plan, names: _Names) -> Iterator[Change]:
    keys = sorted(
        {*before["splits"], *after["splits"]},
        key=lambda key: (read_split_key(key)[1], list(names.sources).index(read_split_key(key)[0])),
    )
    for key in keys:
        slug, year = read_split_key(key)
        label = f"{names.sources[slug]}, {FinancialYear(year)}"
        yield from _amount(label, before["splits"].get(key, 0), after["splits"].get(key, 0))


def _shares(before: Plan, after: Plan, names: _Names) -> Iterator[Change]:
    for code, name in names.areas.items():
        yield from _amount(name, before["shares"].get(code, 0), after["shares"].get(code, 0))


def _profile(before: Plan, after: Plan, names: _Names) -> Iterator[Change]:
    for key in sorted({*before["profile"], *after["profile"]}):
        stood, stands = before["profile"].get(key, {}), after["profile"].get(key, {})
        for slug, title in names.headings.items():
            yield from _amount(f"{Quarter.parse(key)}, {title}", stood.get(slug, 0), stands.get(slug, 0))
    if total_of(before["profile"]) != total_of(after["profile"]):
        yield from _amount("All quarters", total_of(before["profile"]), total_of(after["profile"]))


def _targets(before: Plan, after: Plan, names: _Names) -> Iterator[Change]:
    for measure in Measure:
        stood, stands = before["targets"].get(measure.value, {}), after["targets"].get(measure.value, {})
        for key in sorted({*stood, *stands}):
            if stood.get(key) != stands.get(key):
                label = f"{Quarter.parse(key)}, {measure.label}"
                by = "" if None in (stood.get(key), stands.get(key)) else _signed(stands[key] - stood[key])
                yield Change(label, _count(stood.get(key)), _count(stands.get(key)), by)


def _indicators(before: Plan, after: Plan, names: _Names) -> Iterator[Change]:
    for key in sorted({*before["indicators"], *after["indicators"]}):
        slug, _, year = read_indicator_key(key)
        title = f"{names.indicators.get(slug, slug)}, {FinancialYear(year)}"
        stood, stands = before["indicators"].get(key), after["indicators"].get(key)
        if stood is None or stands is None:
            yield Change(title, NONE if stood is None else "Asked", NONE if stands is None else "Asked")
            continue
        for part in ("baseline", "target"):
            if stood[part] != stands[part]:
                yield Change(f"{title}: {part}", _figure(stood[part]), _figure(stands[part]))


def _amount(label: str, before: int, after: int) -> Iterator[Change]:
    if before != after:
        by = Money(after - before)
        yield Change(label, Money(before).exact(), Money(after).exact(), f"+{by}" if after > before else by.exact())


def _signed(number: int) -> str:
    return f"{number:+,}".replace("-", "\N{MINUS SIGN}")


def _count(value: int | None) -> str:
    return NONE if value is None else f"{value:,}"


def _figure(text: str | None) -> str:
    return NONE if text is None else f"{Decimal(text):,f}"


def _names(before: Plan, after: Plan) -> _Names:
    plans = (before, after)
    return _Names(
        sources=_titles(FundingSource, "slug", {read_split_key(key)[0] for plan in plans for key in plan["splits"]}),
        areas=_titles(Area, "code", {code for plan in plans for code in plan["shares"]}),
        headings=_titles(CostHeading, "slug", {s for plan in plans for of in plan["profile"].values() for s in of}),
        indicators=_titles(Indicator, "slug", {read_indicator_key(k)[0] for plan in plans for k in plan["indicators"]}),
    )


def _titles(model: Any, field: str, keys: set[str]) -> dict[str, str]:
    """In the order of the list the keys come from; a key whose row is gone stands for itself, at the end."""
    rows = {getattr(row, field): str(row) for row in model.objects.filter(**{f"{field}__in": keys})} if keys else {}
    return rows | {key: key for key in sorted(keys - set(rows))}
