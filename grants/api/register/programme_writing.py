"""Adding and changing a programme through the API: the actions behind the pages, with names instead of boxes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import IntegrityError

from grants.actions.programmes import change_programme_status
from grants.api.register.writing import about, against_a_rule, chosen, no_such
from programmes.actions.objectives import set_objectives, set_places
from programmes.actions.programmes import Audience, Basics, create_programme, edit_programme, set_audience
from programmes.models import Area, Objective, Programme
from programmes.views.programme_forms import BasicsForm, version_of
from vru.accounts.models import User

_PLAIN = ("title", "summary", "starts_on", "ends_on")
# What is sent, where it is kept, how its rows are found, and what people call it.
_CHOSEN = (
    ("part_of", "parent", "ref", "programme"),
    ("theme", "theme", "slug", "theme"),
    ("decision", "decision", "ref", "decision"),
    ("manager_email", "manager", "email__iexact", "manager with the address"),
)
_AUDIENCE = ("target_group", "need", "youngest_age", "oldest_age")


def add(body: dict[str, Any], *, layer: str, by: User) -> Programme:
    """A draft, with whatever of its plan was sent. Like the page, it gives the programme to whoever adds it."""
    offered = BasicsForm(layer, None)
    manager = offered.fields["manager"].queryset.filter(pk=by.pk).first()  # type: ignore[attr-defined]
    basics = _basics(Basics(title="", manager=manager), body, offered)
    try:
        with about("ref"):
            programme = create_programme(ref=body["ref"], layer=layer, basics=basics, by=by)
    except IntegrityError as error:
        raise against_a_rule("ref", "Somebody has just taken this reference. Choose another one.") from error
    _plan(programme, body, by)
    return programme


def change(programme: Programme, body: dict[str, Any], *, by: User) -> None:
    held = Basics(**{name: getattr(programme, name) for name in Basics.__dataclass_fields__})
    basics = _basics(held, body, BasicsForm(programme.layer, programme))
    if basics != held:
        with about():
            edit_programme(programme=programme, basics=basics, by=by)
    _plan(programme, body, by)


def move(programme: Programme, body: dict[str, Any], *, by: User) -> None:
    with about("status"):
        change_programme_status(
            programme=programme, to=Programme.Status(body["status"]), by=by, reason=body.get("reason", "")
        )


def _basics(held: Basics, body: dict[str, Any], offered: BasicsForm) -> Basics:
    """What is held, with what was sent. A theme, decision, manager or parent is one that the page would offer."""
    values: dict[str, Any] = {name: body[name] for name in _PLAIN if name in body}
    for name, kept_as, key, what in _CHOSEN:
        if name in body:
            rows = offered.fields[kept_as].queryset  # type: ignore[attr-defined]
            values[kept_as] = chosen(name, what, body[name], rows, **{key: body[name]})
    return replace(held, **values)


def _plan(programme: Programme, body: dict[str, Any], by: User) -> None:
    if set(_AUDIENCE) & set(body):
        held = Audience(**{name: getattr(programme, name) for name in Audience.__dataclass_fields__})
        given = {name: body[name] for name in _AUDIENCE if name in body}
        with about():
            set_audience(programme=programme, audience=replace(held, **given), by=by)
    if {"objective", "objectives"} & set(body):
        _objectives(programme, body, by)
    if {"level", "areas"} & set(body):
        _places(programme, body, by)


def _objectives(programme: Programme, body: dict[str, Any], by: User) -> None:
    """The weights sent, or those held; the main one sent, or the one held."""
    known = {each.number: each for each in Objective.objects.filter(version=version_of(programme))}
    weights: dict[Objective, int] = {}
    held = [
        {"number": row.objective.number, "percent": row.percent}
        for row in programme.objective_weights.select_related("objective")
    ]
    for line in body.get("objectives", held):
        objective = _objective(known, "objectives", line["number"])
        if objective in weights:
            raise against_a_rule("objectives", f"Objective {objective.number} is given twice. Give it one weight.")
        weights[objective] = line["percent"]
    main = programme.primary_objective
    number = body.get("objective", main.number if main else None)
    if number is None:
        raise against_a_rule("objective", "Say which objective is the main one.")
    primary = _objective(known, "objective", number)
    with about("objectives" if "objectives" in body else "objective"):
        set_objectives(programme=programme, weights=weights, primary=primary, by=by)


def _objective(known: dict[int, Objective], field: str, number: int) -> Objective:
    if number not in known:
        raise no_such(field, "objective", str(number))
    return known[number]


def _places(programme: Programme, body: dict[str, Any], by: User) -> None:
    areas = list(programme.areas.all())
    if "areas" in body:
        places = Area.objects.places()
        areas = [chosen("areas", "area", code, places, code=code) for code in dict.fromkeys(body["areas"])]
    with about("areas" if "areas" in body else "level"):
        level = Programme.Level(body.get("level", programme.level))
        set_places(programme=programme, level=level, areas=areas, by=by)
