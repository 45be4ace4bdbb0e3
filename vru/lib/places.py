"""Places as people type them: one of the unit's own areas, or refused with a sentence, never guessed at."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vru.lib.typed_text import NOTHING_SAID, TypedProblem, clip, tidy

MOST_CHARACTERS = 100


class PlaceProblem(TypedProblem):
    """Why a text could not be read as one of the places."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place that may be named by its code, its name or one of its other names."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()


def read_place(
    text: str, places: Iterable[Place], *, noun: str = "area", inside: Mapping[str, str] | None = None
) -> Place:
    """The place that a text names, whatever its capitals, spaces, "&" for "and", hyphens and apostrophes.

    `inside` maps the names of smaller places to the code of the place they lie in; such a name is refused all the
    same, with the likely place named, because a town may reach over a boundary. `noun` is what the unit calls a
    place ("borough"). Raises PlaceProblem; also when two places answer to the name.
    """
    typed = _one_line(text, noun)
    known = list(places)
    wanted = _plain(typed)
    found = [place for place in known if wanted in _names(place)]
    if len(found) == 1:
        return found[0]
    shown = clip(typed)
    if found:
        named = " and ".join(f"{place.name} ({place.code})" for place in sorted(found, key=lambda place: place.code))
        raise PlaceProblem("ambiguous_place", f'"{shown}" may be {named}. Give the code of the one you mean.')
    likely = _likely(wanted, known, inside or {})
    if likely is not None:
        raise PlaceProblem(
            "inside_a_place", f'"{shown}" is not a {noun}. It may lie in {likely.name}: if so, enter {likely.name}.'
        )
    raise PlaceProblem("unknown_place", f'"{shown}" is not one of the {noun} names. Choose one from the list.')


def _one_line(text: str, noun: str) -> str:
    if len(text) > MOST_CHARACTERS * 4:
        raise PlaceProblem("too_long", f'"{clip(text)}" is too long for the name of a place.')
    try:
        typed = tidy(text)
    except TypedProblem as problem:
        raise PlaceProblem(problem.code, problem.message) from None
    if not typed or typed.lower() in NOTHING_SAID - {"not known", "unknown"}:
        raise PlaceProblem("blank", f"Enter the name of a {noun}, or “Not known”.")
    if typed[0] in "=@+-":
        raise PlaceProblem("formula", f'"{clip(typed)}" begins with "{typed[0]}", as a formula does. Enter a name.')
    return typed


def _names(place: Place) -> set[str]:
    return {_plain(name) for name in (place.code, place.name, *place.aliases)} - {""}


def _likely(wanted: str, known: list[Place], inside: Mapping[str, str]) -> Place | None:
    codes = {code for name, code in inside.items() if _plain(name) == wanted}
    likely = [place for place in known if place.code in codes]
    return likely[0] if len(likely) == 1 else None


def _plain(name: str) -> str:
    """The name without what people write in more than one way; letters of every script are kept."""
    folded = unicodedata.normalize("NFD", name.casefold()).replace("&", " and ")
    letters = "".join(character for character in folded if not unicodedata.combining(character))
    words = re.sub(r"[^\w]+", " ", re.sub(r"['’.]", "", letters)).split()
    return " ".join(words)
