"""A unit whose every supported person is known one by one, so that a test can tell what readers could work out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any

from evaluation.actions.building import build_edition
from evaluation.actions.reports import request_edition
from evaluation.models import Edition, OutlineSection
from grants.models import Revision
from programmes.models import Category
from tests.factories import (
    AreaFactory,
    CategoryFactory,
    CellFactory,
    CommitmentFactory,
    DimensionFactory,
    ObjectiveFactory,
    OutlineSectionFactory,
    ProgrammeFactory,
    ReportOutlineFactory,
    SpendLineFactory,
    StrategyVersionFactory,
    ThemeFactory,
    UnitFactory,
    UserFactory,
    approved_return,
)
from tests.report import changing
from tests.report import unit_year as year
from vru.accounts.models import User
from vru.lib.disclosure import Publication, Relation, attack
from vru.lib.periods import due_at

# Programmes with the objective that each serves.
PROGRAMMES = {"A1": 1, "A2": 1, "B1": 2, "B2": 2}
QUARTERS = (1, 2, 3)
AGES, SEXES, DISTRICTS = ("young", "older", "oldest"), ("female", "male"), ("north", "south", "east")
CODES = dict(zip(DISTRICTS, ("E07000001", "E07000002", "E07000003"), strict=True))
SPLITS = {"age": AGES, "sex": SEXES, "district": DISTRICTS}


@dataclass(frozen=True, order=True)
class Person:
    programme: str
    quarter: int
    age: str
    sex: str
    district: str


def random_crowd(random: Random, size: int = 160) -> list[Person]:
    """People unevenly spread: in every dimension some value has but a few of them."""
    choices = [list(PROGRAMMES), QUARTERS, AGES, SEXES, DISTRICTS]
    spread = [[random.choice((0.02, 0.05, 1, 1)) for _ in values] for values in choices]
    for weights in spread:
        weights[random.randrange(len(weights))] = 1
        weights[random.randrange(len(weights))] *= 0.03
    drawn = [random.choices(values, weights, k=size) for values, weights in zip(choices, spread, strict=True)]
    return sorted(Person(*place) for place in zip(*drawn, strict=True))


def load(crowd: Iterable[Person], text: str = "") -> None:
    """The unit, its grants and approved returns, and an outline whose tables show every split of the people."""
    UnitFactory()
    version = StrategyVersionFactory()
    for slug, categories in SPLITS.items():
        dimension = DimensionFactory(slug=slug, title=slug.title())
        for order, name in enumerate(categories):
            area = AreaFactory(code=CODES[name], name=name.title(), order=order) if slug == "district" else None
            CategoryFactory(dimension=dimension, slug=name, label=name.title(), order=order, area=area)
    theme = ThemeFactory(version=version, slug="all")
    for ref, number in PROGRAMMES.items():
        objective = ObjectiveFactory(version=version, number=number, title=f"Aim {number}")
        programme = ProgrammeFactory(
            ref=ref, title=f"Project {ref}", layer=year.LAYER, primary_objective=objective, theme=theme
        )
        commitment = CommitmentFactory(programme=programme, ref=f"G-{ref}", award_pence=1_000_000)
        for quarter in QUARTERS:
            send(commitment, quarter, [p for p in crowd if (p.programme, p.quarter) == (ref, quarter)])
    _outline(text)


def send(commitment: Any, quarter: int, people: list[Person], **more: Any) -> Any:
    revision = approved_return(
        commitment,
        quarter,
        reach={"new": len(people)},
        actual_pence=250_000,
        submitted_by=UserFactory(),
        approved_by=UserFactory(),
        **more,
    )
    divide(revision, people)
    return revision


def divide(revision: Any, people: list[Person]) -> None:
    for slug, categories in SPLITS.items():
        counted = Counter(getattr(person, slug) for person in people)
        for name in categories:
            category = Category.objects.get(dimension__slug=slug, slug=name)
            CellFactory(revision=revision, category=category, value=counted[name])


def _outline(text: str) -> None:
    outline = ReportOutlineFactory(kind=year.KIND, title="Annual report", funder="Home Office")
    OutlineSection.objects.filter(outline=outline).delete()
    tables = [
        {"table": "reach_by_objective"},
        {"table": "reach_by_quarter"},
        {"table": "reach_by_area"},
        {"table": "programmes_by_objective"},
        {"table": "unit_costs"},
        *({"table": "reach_breakdown", "params": {"dimension": slug}} for slug in SPLITS),
    ]
    blocks = [{"kind": "table", "caption": f"Table {n}", **table} for n, table in enumerate(tables, start=1)]
    blocks.append({"kind": "chart", "chart": "area_map", "params": {"figure": "reach.new"}, "caption": "Map"})
    blocks.append({"kind": "prose", "text": text or "It reached {{reach.new}} people."})
    blocks += [{"kind": "prose", "text": f"Quarter {q}: {_crossed(q)}."} for q in QUARTERS]
    OutlineSectionFactory(
        outline=outline, order=1, slug="people", number="1", title="People", key_points=[], blocks=blocks
    )


def _crossed(quarter: int) -> str:
    return " and ".join(
        f"{{{{reach.new objective={number} quarter=2020-21Q{quarter}}}}}" for number in sorted({*PROGRAMMES.values()})
    )


def members(key: str) -> Any:
    """Whether a person is counted under a key, as a function."""
    name, *parts = key.split(" ")
    where = dict(part.split("=") for part in parts)

    def counted(person: Person) -> bool:
        own = {
            "programme": person.programme,
            "objective": str(PROGRAMMES[person.programme]),
            "theme": "all",
            "quarter": f"2020-21Q{person.quarter}",
            "borough": CODES[person.district],
        }
        if "until" in where and own["quarter"] > where["until"]:
            return False
        if name == "reach.breakdown" and getattr(person, where["dimension"]) not in where["category"].split("+"):
            return False
        return all(own[each] in value.split("+") for each, value in where.items() if each in own)

    return counted


def readers_ranges(
    figures: Mapping[str, Mapping[str, Any]], crowd: Iterable[Person], threshold: int = 5
) -> dict[str, tuple[int, int | None]]:
    """What a reader can narrow each small hidden count to, who knows of every table whom it counts.

    The unknowns are the groups of people alike in everything, so that every total, part, overlap and difference there
    is follows from them: no equation between tables is written down here.
    """
    crowd = list(crowd)
    groups = {
        f"{number}": Person(*place)
        for number, place in enumerate(product(PROGRAMMES, QUARTERS, AGES, SEXES, DISTRICTS))
    }
    counted = {key: members(key) for key in figures if key.startswith(("reach.new", "reach.breakdown", "unit_cost"))}
    values: dict[str, int | None] = dict.fromkeys(groups)
    relations = []
    for key, inside in counted.items():
        # Whoever knows what was spent has the people of a unit cost from it.
        printed = figures[key]["denominator" if key.startswith("unit_cost") else "value"]
        values[key] = None if printed is None else int(printed)
        relations.append(Relation.total(key, [name for name, person in groups.items() if inside(person)]))
    truth = {key: sum(map(inside, crowd)) for key, inside in counted.items()}
    small = [key for key, number in truth.items() if 0 < number < threshold]
    assert all(values[key] is None for key in small)
    assert all(values[key] in (None, truth[key]) for key in counted)
    return attack(Publication(values, tuple(relations)), small)


def everywhere() -> list[Person]:
    """One person in every place where there can be any."""
    return [Person(*place) for place in product(PROGRAMMES, QUARTERS, AGES, SEXES, DISTRICTS)]


def correct(programme: str, quarter: int, people: list[Person]) -> None:
    """Replace a programme's approved return of a quarter, after the first edition's day."""
    moment = due_at(changing.CORRECTED)
    old = Revision.objects.live().get(
        monitoring_return__commitment__ref=f"G-{programme}", monitoring_return__quarter__number=quarter
    )
    Revision.objects.filter(pk=old.pk).update(superseded_at=moment)
    new = Revision.objects.create(
        monitoring_return=old.monitoring_return,
        number=old.number + 1,
        submitted_by=UserFactory(),
        submitted_at=moment,
        declared_name="Somebody",
        approved_by=UserFactory(),
        approved_at=moment,
        correction_reason="Some were left out",
    )
    CellFactory(revision=new, value=len(people))
    SpendLineFactory(revision=new, number=1, actual_pence=250_000)
    divide(new, people)


def build(by: User, *, later: bool = False) -> Edition:
    day = changing.LATER if later else year.AFTER
    edition = request_edition(kind=year.KIND, year=year.YEAR, layer=year.LAYER, by=by, as_at=day)
    return build_edition(edition=edition, by=by)


def sign(edition: Edition, by: User) -> Edition:
    """As signed as an edition can be without the checks before it: those have their own tests."""
    Edition.objects.filter(pk=edition.pk).update(
        status=Edition.Status.SIGNED_OFF,
        signed_by=by,
        signed_at=due_at(year.AFTER),
        signed_name="Dana Director",
        signed_role="Director",
        imprint_hash="0" * 64,
    )
    edition.refresh_from_db()
    return edition
