"""Every published figure, in families; what may be asked for, and the trace back to the returns.

Adding a family is one line in ``_FAMILIES``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

from evaluation.figures.computation import Computation
from evaluation.figures.families import (
    awards,
    counts,
    funding,
    indicators,
    payments,
    reach,
    returns,
    signed,
    spend,
    spend_lines,
    stated,
    unit_cost,
)
from evaluation.figures.family import Family, RolledFamily
from evaluation.figures.figure import Figure
from evaluation.figures.key import MONTH, UNTIL, FigureKey, UnknownFigure, period_of, values_of
from evaluation.figures.names import PROGRAMME_KINDS, Names
from evaluation.figures.rollup import NONE, QUARTER
from evaluation.figures.scope import Scope
from grants.models import Commitment
from programmes.models import Category

_FAMILIES: tuple[Family, ...] = (
    *funding.FAMILIES,
    *awards.FAMILIES,
    *spend.FAMILIES,
    *spend_lines.FAMILIES,
    *payments.FAMILIES,
    *counts.FAMILIES,
    *reach.FAMILIES,
    *unit_cost.FAMILIES,
    *indicators.FAMILIES,
    *returns.FAMILIES,
    *stated.FAMILIES,
    *signed.FAMILIES,
)
_BY_NAME = {family.name: family for family in _FAMILIES}
NEAR = 3


def families() -> tuple[Family, ...]:
    return _FAMILIES


def compute(scope: Scope, keys: Iterable[str] | None = None) -> dict[str, Figure]:
    """Figures by key. Without ``keys``, every figure of every family, stated ones included.

    A key is returned in its normal form. Where nothing computes a value that a document states, the stated one stands.
    Raises UnknownFigure for a family, parameter or value that does not exist, naming those that come near.
    """
    computation = Computation(scope)
    return computed(computation, keys)


def computed(computation: Computation, keys: Iterable[str] | None = None) -> dict[str, Figure]:
    """``compute`` within a reading that is already open, so that several callers share its rows."""
    if keys is None:
        return dict(computation.keep("every figure", lambda: _every_figure(computation)))
    wanted = [check(computation, FigureKey.parse(text)) for text in keys]
    by_family: dict[str, list[FigureKey]] = defaultdict(list)
    for key in dict.fromkeys(wanted):
        by_family[key.name].append(key)
    found: dict[str, Figure] = {}
    every: dict[str, Figure] = computation.kept.get("every figure", {})
    for name, asked in by_family.items():
        found |= {str(key): every[str(key)] for key in asked if str(key) in every}
        left = [key for key in asked if str(key) not in found]
        if left:
            found |= _compute(computation, _BY_NAME[name], left)
    lacking = {key: figure for key, figure in found.items() if not figure.has_value}
    instead = _stated_instead(computation, found, only=frozenset(lacking)) if lacking else {}
    return {str(key): (found | instead)[str(key)] for key in dict.fromkeys(wanted)}


def _every_figure(computation: Computation) -> dict[str, Figure]:
    computation.is_whole = True
    found: dict[str, Figure] = {}
    for family in _FAMILIES:
        found |= all_of(computation, family)
    return found | _stated_instead(computation, found)


def all_of(computation: Computation, family: Family) -> dict[str, Figure]:
    """Every figure of a family as the records give it, worked out once in a reading."""
    return computation.keep(("all of", family.name), lambda: family.compute(computation, None))


def _compute(computation: Computation, family: Family, keys: list[FigureKey]) -> dict[str, Figure]:
    """The figures of one family; those with ``until`` in a reading that ends there."""
    found = family.compute(computation, [key for key in keys if key.get(UNTIL) is None])
    for until in dict.fromkeys(key.get(UNTIL) for key in keys):
        if until is None:
            continue
        period = period_of(until)
        bare = {str(key.without(UNTIL)): str(key) for key in keys if key.get(UNTIL) == until}
        made = family.compute(computation.ending(period.ends_on), [FigureKey.parse(text) for text in bare])
        for text, figure in made.items():
            label = f"{figure.label}, from April to the end of {period}"
            found[bare[text]] = replace(figure, key=bare[text], label=label)
    return found


def compute_family(scope: Scope, family: Family) -> dict[str, Figure]:
    """Every figure of one family, with those that documents state where it computes nothing."""
    computation = Computation(scope)
    found = family.compute(computation, None)
    instead = _stated_instead(computation, found)
    return found | {key: figure for key, figure in instead.items() if key.split(" ")[0] == family.name}


def check(computation: Computation, key: FigureKey) -> FigureKey:
    """The key itself, once its family, parameters and their values are known to exist. Raises UnknownFigure."""
    family = family_of(key)
    if UNTIL in key.names:
        _check_until(computation, key, family)
    for name in key.names:
        if name not in family.parameters and name != UNTIL:
            raise UnknownFigure(
                f'The figure {family.name} has no parameter "{name}" (in "{key}"). {_offered(family.parameters)}'
            )
    for name in family.required:
        if name not in key.names:
            raise UnknownFigure(f'The figure key "{key}" does not say which {name}. {_example(family)}')
    for name, value in key.parameters:
        for each in values_of(name, value) if name != UNTIL else ():
            _check_value(computation, key, name, each)
    return key


def _check_until(computation: Computation, key: FigureKey, family: Family) -> None:
    """Only what comes quarter by quarter, or on days, can be cut off; and not where a period is named already."""
    if isinstance(family, RolledFamily) and family.has_time and not {QUARTER, MONTH} & set(key.names):
        if period_of(key.get(UNTIL) or "").year != computation.scope.year.start:
            raise UnknownFigure(f'The period {key.get(UNTIL)} in "{key}" is not in the year {computation.scope.year}.')
        return
    raise UnknownFigure(
        f'The figure {family.name} cannot be cut off with "until" (in "{key}"): it is not counted over time, or the '
        "key names a quarter or month already."
    )


def family_of(key: FigureKey) -> Family:
    family = _BY_NAME.get(key.name)
    if family is None:
        raise UnknownFigure(f'There is no figure "{key.name}". {_near(key.name, _BY_NAME)}')
    return family


def _check_value(computation: Computation, key: FigureKey, name: str, value: str) -> None:
    known = possible(computation, key, name)
    if known is None or value in known or (value == NONE and name != QUARTER):
        return
    if name in (QUARTER, MONTH):
        raise UnknownFigure(f'The {name} {value} in "{key}" is not in the year {computation.scope.year}.')
    raise UnknownFigure(f'There is no {name} "{value}" (in "{key}"). {_near(value, known)}')


def possible(computation: Computation, key: FigureKey, name: str) -> Iterable[str] | None:
    """The values a parameter may have in this key's family; None where the family itself decides."""
    if not isinstance(family_of(key), RolledFamily):
        return None
    if "dimension" in key.names and name in ("dimension", "category"):
        spots = computation.keep("categories", _categories)
        return spots.keys() if name == "dimension" else spots.get(key.get("dimension") or "", ())
    if name == "kind" and key.name == "programmes.count":
        return PROGRAMME_KINDS
    if name == "kind":
        return Commitment.Kind.values
    return Names.of(computation).known(name)


def _categories() -> dict[str, list[str]]:
    """Categories by dimension, both by slug."""
    found: dict[str, list[str]] = {}
    for dimension, category in Category.objects.order_by("dimension__slug", "slug").values_list(
        "dimension__slug", "slug"
    ):
        found.setdefault(dimension, []).append(category)
    return found


def _stated_instead(
    computation: Computation, found: dict[str, Figure], only: frozenset[str] | None = None
) -> dict[str, Figure]:
    """Stated values under the key they state, where nothing computes it. The first statement by reference stands."""
    instead: dict[str, Figure] = {}
    for item in stated.stated(computation):
        if not item.figure_key or not item.belongs_to(computation.scope.year):
            continue
        key = str(FigureKey.parse(item.figure_key))
        computed_figure = found.get(key)
        if (only is None or key in only) and (computed_figure is None or not computed_figure.has_value):
            instead.setdefault(key, item.under(key))
    return instead


def _near(text: str, known: Iterable[str]) -> str:
    choices = list(known)
    close = (
        get_close_matches(text, choices, n=NEAR, cutoff=0.5)
        or [choice for choice in choices if text and (choice.startswith(text[:4]) or text in choice)][:NEAR]
    )
    if close:
        return f"Near it: {', '.join(close)}."
    return f"Known: {', '.join(choices[:20])}{'…' if len(choices) > 20 else ''}." if choices else "None is known."


def _offered(parameters: tuple[str, ...]) -> str:
    return f"It takes {', '.join(parameters)}." if parameters else "It takes none."


def _example(family: Family) -> str:
    return f"Write {' '.join([family.name, *(f'{name}=…' for name in sorted(family.required))])}."
