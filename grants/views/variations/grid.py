"""The plan as boxes: what stands beside what is to be, in grids of money, people and targets."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from grants.models import Commitment, Measure
from grants.money.plan import Plan, indicator_key, quarters_of_plan, read_split_key, split_key, total_of
from grants.money.plan_rules import COVERED
from programmes.models import Area, CostHeading, FundingSource
from vru.lib.govuk.amounts import PoundsField, pounds_text
from vru.lib.money import Money
from vru.lib.numbers import NumberKind, NumberProblem, read_number
from vru.lib.periods import FinancialYear, Quarter

MEASURES = (Measure.NEW, Measure.STARTED, Measure.COMPLETED)
NEW_AREAS = 2
Key = tuple[str, ...]


class NumberField(forms.CharField):
    """A count of people, or the target of an indicator; empty is none."""

    def __init__(self, *, kind: NumberKind, **options: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **options)
        self.kind = kind

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            found = read_number(text, kind=self.kind).value
        except NumberProblem as problem:
            raise ValidationError(str(problem)) from None
        return int(found) if self.kind is NumberKind.PEOPLE and found is not None else found


@dataclass(slots=True)
class Box:
    """One amount: ``before`` is how it stood, as shown; ``bound`` is the box, or None where it cannot change.

    ``is_row_sum`` is what the rest of its row comes to.
    """

    label: str
    before: str
    bound: Any = None
    after: str = ""
    is_row_sum: bool = False

    @property
    def is_changed(self) -> bool:
        return self.after != self.before


@dataclass(slots=True)
class Row:
    label: str
    boxes: list[Box]
    note: str = ""


@dataclass(slots=True)
class Grid:
    slug: str
    title: str
    unit: str
    columns: list[str]
    rows: list[Row]
    hint: str = ""
    totals: list[str] = field(default_factory=list)
    must_be: str = ""
    is_out: bool = False


class PlanForm(forms.Form):
    """Every box of a plan that this kind of variation may change, and the reason.

    ``suggested`` fills the boxes at first; ``after()`` is the plan as typed, once the form is valid. Quarters in
    ``reported`` are shown and cannot be typed in.
    """

    mark_optional = False

    def __init__(
        self,
        *args: Any,
        commitment: Commitment,
        kind: str,
        before: Plan,
        suggested: Plan,
        reported: Iterable[str],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.commitment, self.kind, self.before, self.suggested = commitment, kind, before, suggested
        self.reported = set(reported)
        self.parts = COVERED[kind]
        self.quarters = quarters_of_plan(suggested)
        self.years = sorted({quarter.year for quarter in self.quarters} | self._split_years())
        self.where: dict[str, Key] = {}
        self.sources = self._sources() if "splits" in self.parts else []
        self.areas = self._areas() if "shares" in self.parts else []
        self.headings = self._headings() if "profile" in self.parts and suggested["profile"] else []
        self.fields["reason"] = forms.CharField(
            label="Why does the award change?",
            help_text="Kept with the variation. The grantee reads it.",
            max_length=300,
            widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"required": "Say why the award changes."},
        )
        for name, (label, key, value, make) in self._boxes().items():
            self.where[name] = key
            self.fields[name] = make(label=label, required=False)
            self.initial.setdefault(name, value)
        if "shares" in self.parts:
            self._add_new_areas()

    def _split_years(self) -> set[int]:
        return {read_split_key(key)[1] for plan in (self.before, self.suggested) for key in plan["splits"]}

    def _sources(self) -> list[FundingSource]:
        """Those in the plan, and those with money allocated in one of its years."""
        used = {read_split_key(key)[0] for plan in (self.before, self.suggested) for key in plan["splits"]}
        layer = self.commitment.programme.layer
        allocated = FundingSource.objects.filter(allocations__layer=layer, allocations__year__in=self.years)
        return list((FundingSource.objects.filter(slug__in=used) | allocated).distinct().order_by("order", "slug"))

    def _areas(self) -> list[Area]:
        return list(Area.objects.filter(code__in={*self.before["shares"], *self.suggested["shares"]}))

    def _headings(self) -> list[CostHeading]:
        used = {
            slug for lines in [*self.suggested["profile"].values(), *self.before["profile"].values()] for slug in lines
        }
        asked = {heading.slug for heading in self.commitment.headings.all()}
        chosen = CostHeading.objects.filter(slug__in=used | asked) if asked else CostHeading.objects.all()
        return list(chosen)

    def _boxes(self) -> dict[str, tuple[str, Key, str, Any]]:
        """Name → (what it is called, its place in the plan, what it holds at first, how it is read)."""
        plan = self.suggested
        found: dict[str, tuple[str, Key, str, Any]] = {}
        for source in self.sources:
            for year in self.years:
                key = split_key(source.slug, year)
                label = f"{source}, {FinancialYear(year)}"
                found[f"split.{key}"] = (label, ("splits", key), _pounds(plan["splits"].get(key)), PoundsField)
        for area in self.areas:
            value = _pounds(plan["shares"].get(area.code))
            found[f"share.{area.code}"] = (area.name, ("shares", area.code), value, PoundsField)
        for quarter in self._open_quarters():
            for heading in self.headings:
                value = _pounds(plan["profile"].get(quarter.key, {}).get(heading.slug))
                key3 = ("profile", quarter.key, heading.slug)
                found[f"profile.{quarter.key}.{heading.slug}"] = (f"{quarter}, {heading}", key3, value, PoundsField)
            for measure in self._measures():
                target = plan["targets"].get(measure, {}).get(quarter.key)
                label, key3 = f"{quarter}, {Measure(measure).label}", ("targets", measure, quarter.key)
                found[f"target.{measure}.{quarter.key}"] = (
                    label,
                    key3,
                    "" if target is None else f"{target:,}",
                    _people,
                )
        if "indicators" in self.parts:
            for key, wanted in plan["indicators"].items():
                for part in ("baseline", "target"):
                    spot = ("indicators", key, part)
                    found[f"indicator.{key}.{part}"] = (f"{key}, {part}", spot, wanted[part] or "", _decimal)
        return found

    def _open_quarters(self) -> list[Quarter]:
        return [quarter for quarter in self.quarters if quarter.key not in self.reported]

    def _measures(self) -> list[str]:
        if "targets" not in self.parts:
            return []
        used = {*self.before["targets"], *self.suggested["targets"]}
        return [measure.value for measure in Measure if measure in MEASURES or measure.value in used]

    def _add_new_areas(self) -> None:
        others = Area.objects.exclude(code__in=[area.code for area in self.areas]).order_by("order", "code")
        choices = [("", "Choose"), *((area.code, area.name) for area in others)]
        for number in range(1, NEW_AREAS + 1):
            self.fields[f"new_area_{number}"] = forms.ChoiceField(label="Another area", choices=choices, required=False)
            self.fields[f"new_share_{number}"] = PoundsField(label="Its share", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for number in range(1, NEW_AREAS + 1):
            area, share = data.get(f"new_area_{number}"), data.get(f"new_share_{number}")
            if share and not area and f"new_area_{number}" not in self.errors:
                self.add_error(f"new_area_{number}", "Choose the area that this share is for.")
        return data

    def after(self) -> Plan:
        """The plan as typed. What is not in the form's boxes is as suggested; nought and empty boxes are left out."""
        plan = copy.deepcopy(self.suggested)
        for name, key in self.where.items():
            _put(plan, key, self.cleaned_data.get(name))
        for number in range(1, NEW_AREAS + 1):
            area, share = self.cleaned_data.get(f"new_area_{number}"), self.cleaned_data.get(f"new_share_{number}")
            if area and share:
                plan["shares"][area] = plan["shares"].get(area, 0) + share
        for part in ("profile", "targets"):
            plan[part] = {key: lines for key, lines in plan[part].items() if lines}
        return plan

    def grids(self, after: Plan | None = None) -> list[Grid]:
        """The tables of the page. ``after`` is the plan as typed, for totals; without it, as suggested."""
        plan = after or self.suggested
        makers = (self._split_grid, self._share_grid, self._profile_grid, self._target_grid, self._indicator_grid)
        return [grid for grid in (make(plan) for make in makers) if grid is not None]

    def _split_grid(self, plan: Plan) -> Grid | None:
        if not self.sources:
            return None
        rows = [
            Row(
                str(source),
                [
                    self._box(f"split.{key}", _money(self.before["splits"].get(key)), _money(plan["splits"].get(key)))
                    for key in (split_key(source.slug, year) for year in self.years)
                ],
            )
            for source in self.sources
        ]
        columns = [str(FinancialYear(year)) for year in self.years]
        totals = [
            _money(sum(pence for key, pence in plan["splits"].items() if read_split_key(key)[1] == year))
            for year in self.years
        ]
        return self._summed("splits", "Funding by source and year", columns, rows, totals, plan)

    def _share_grid(self, plan: Plan) -> Grid | None:
        if "shares" not in self.parts:
            return None
        rows = [
            Row(
                area.name,
                [
                    self._box(
                        f"share.{area.code}",
                        _money(self.before["shares"].get(area.code)),
                        _money(plan["shares"].get(area.code)),
                    )
                ],
            )
            for area in self.areas
        ]
        return self._summed("shares", "Shares by area", ["Share"], rows, [_money(total_of(plan["shares"]))], plan)

    def _profile_grid(self, plan: Plan) -> Grid | None:
        if not self.headings:
            return None
        rows = []
        for quarter in self.quarters:
            stood, stands = (each["profile"].get(quarter.key, {}) for each in (self.before, plan))
            boxes = [
                self._box(
                    f"profile.{quarter.key}.{heading.slug}",
                    _money(stood.get(heading.slug)),
                    _money(stands.get(heading.slug)),
                )
                for heading in self.headings
            ]
            summed = (_money(sum(lines.values())) for lines in (stood, stands))
            boxes.append(Box("All headings", next(summed), None, next(summed), is_row_sum=True))
            rows.append(Row(str(quarter), boxes, self._note(quarter)))
        totals = [
            _money(sum(lines.get(heading.slug, 0) for lines in plan["profile"].values())) for heading in self.headings
        ]
        columns = [*map(str, self.headings), "All headings"]
        totals.append(_money(total_of(plan["profile"])))
        return self._summed("profile", "Profile by quarter", columns, rows, totals, plan)

    def _target_grid(self, plan: Plan) -> Grid | None:
        measures = self._measures()
        if not measures:
            return None
        rows = [
            Row(
                str(quarter),
                [
                    self._box(
                        f"target.{measure}.{quarter.key}",
                        _count(self.before["targets"].get(measure, {}).get(quarter.key)),
                        _count(plan["targets"].get(measure, {}).get(quarter.key)),
                    )
                    for measure in measures
                ],
                self._note(quarter),
            )
            for quarter in self.quarters
        ]
        columns = [Measure(measure).label for measure in measures]
        return Grid("targets", "People to reach", "people", columns, rows)

    def _indicator_grid(self, plan: Plan) -> Grid | None:
        if "indicators" not in self.parts or not plan["indicators"]:
            return None
        titles = {
            indicator_key(
                row.version.indicator.slug, row.version.number, row.year
            ): f"{row.version.indicator}, {FinancialYear(row.year)}"
            for row in self.commitment.indicators.select_related("version__indicator")
        }
        rows = [
            Row(
                titles.get(key, key),
                [
                    self._box(
                        f"indicator.{key}.{part}",
                        self.before["indicators"].get(key, {}).get(part) or "",
                        wanted[part] or "",
                    )
                    for part in ("baseline", "target")
                ],
            )
            for key, wanted in plan["indicators"].items()
        ]
        return Grid("indicators", "Indicators", "", ["Baseline", "Target"], rows)

    def _summed(
        self, slug: str, title: str, columns: list[str], rows: list[Row], totals: list[str], plan: Plan
    ) -> Grid:
        total, award = total_of(plan[slug]), plan["award"]
        grid = Grid(slug, title, "£", columns, rows, totals=totals, must_be=Money(award).exact())
        if total != award:
            grid.is_out = True
            side = "short" if total < award else "too much"
            grid.hint = f"{Money(abs(award - total))} {side}: together they must come to {Money(award)}."
        else:
            grid.hint = f"Together {Money(total)}, which is the award."
        return grid

    def _note(self, quarter: Quarter) -> str:
        return "Return approved: stays" if quarter.key in self.reported else ""

    def _box(self, name: str, before: str, after: str) -> Box:
        bound = self[name] if name in self.fields else None
        return Box(str(self.fields[name].label) if bound is not None else "", before, bound, after)


def _put(plan: Plan, key: Key, value: Any) -> None:
    target: Any = plan[key[0]]
    for step in key[1:-1]:
        target = target.setdefault(step, {})
    if key[0] == "indicators":
        target[key[-1]] = None if value is None else f"{Decimal(value).normalize():f}"
    elif value is None or (value == 0 and key[0] != "targets"):
        target.pop(key[-1], None)
    else:
        target[key[-1]] = value


def _people(**options: Any) -> NumberField:
    return NumberField(kind=NumberKind.PEOPLE, **options)


def _decimal(**options: Any) -> NumberField:
    return NumberField(kind=NumberKind.DECIMAL, **options)


def _pounds(pence: int | None) -> str:
    return pounds_text(pence) if pence else ""


def _money(pence: int | None) -> str:
    return pounds_text(pence or 0)


def _count(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def typed_values(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was typed, to be carried through the page on which it is checked."""
    skipped = {"csrfmiddlewaretoken", "step"}
    return [(name, str(value)) for name, value in data.items() if name not in skipped]
