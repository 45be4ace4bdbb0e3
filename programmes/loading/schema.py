"""What a data file may hold, written as data: fields, lists of rows and nested mappings, each read with its path.

Reading never stops at the first problem: everything wrong is recorded with its place and a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from programmes.loading.problems import Problems, near_match
from vru.lib.money import Money
from vru.lib.periods import FinancialYear

_SLUG = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_WHOLE = re.compile(r"[-+]?[0-9]+", re.ASCII)


class Row(dict[str, Any]):
    """A mapping that was read, with every field of its schema present and ``place``, where it stands in the file."""

    def __init__(self, place: str, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.place = place

    def at(self, field: str) -> str:
        return f"{self.place}.{field}" if self.place else field


Reader = Callable[[object, str, Problems], Any]


@dataclass(frozen=True, slots=True)
class Spec:
    """How one key is read. An absent or null optional key takes ``default``; a required one is a problem."""

    read: Reader
    optional: bool = False
    default: Any = None


Fields = Mapping[str, Spec]
_NO_VALUE = object()


def read_row(raw: object, fields: Fields, place: str, problems: Problems) -> Row:
    """The mapping at ``place``. Unknown keys and missing ones are recorded by name."""
    if not isinstance(raw, Mapping):
        problems.add(place, f"{_shown(raw)} is not a set of keys and values.")
        return Row(place, {name: spec.default for name, spec in fields.items()})
    for key in raw:
        if key not in fields:
            problems.add(_under(place, key), f'"{key}" is not a key that is known here.{near_match(key, fields)}')
    values: dict[str, Any] = {}
    for name, spec in fields.items():
        value = raw.get(name, _NO_VALUE)
        if value is _NO_VALUE or value is None:
            if not spec.optional:
                problems.add(_under(place, name), "is missing. Give it a value.")
            default = spec.default
            values[name] = default() if callable(default) else default
        else:
            values[name] = spec.read(value, _under(place, name), problems)
    return Row(place, values)


def rows(fields: Fields, *, optional: bool = True) -> Spec:
    """A list of mappings."""

    def read(raw: object, place: str, problems: Problems) -> list[Row]:
        if not isinstance(raw, list):
            problems.add(place, "is not a list. Begin each row with a dash.")
            return []
        return [read_row(each, fields, f"{place}[{index}]", problems) for index, each in enumerate(raw)]

    return Spec(read, optional, list)


def mapping(fields: Fields, *, optional: bool = False) -> Spec:
    return Spec(lambda raw, place, problems: read_row(raw, fields, place, problems), optional)


def _field(parse: Callable[[object], Any], optional: bool, default: Any = None) -> Spec:
    def read(raw: object, place: str, problems: Problems) -> Any:
        try:
            return parse(raw)
        except ValueError as error:
            problems.add(place, str(error))
            return default

    return Spec(read, optional, default)


def _list_of(parse: Callable[[object], Any], optional: bool) -> Spec:
    def read(raw: object, place: str, problems: Problems) -> list[Any]:
        if not isinstance(raw, list):
            problems.add(place, "is not a list. Write it like [one, two].")
            return []
        found = []
        for index, each in enumerate(raw):
            try:
                found.append(parse(each))
            except ValueError as error:
                problems.add(f"{place}[{index}]", str(error))
        return found

    return Spec(read, optional, list)


def text(longest: int | None = None, *, optional: bool = False) -> Spec:
    return _field(lambda raw: _text(raw, longest), optional, "")


def slug(longest: int = 60, *, optional: bool = False) -> Spec:
    return _field(lambda raw: _slug(raw, longest), optional, "")


def reference(*, optional: bool = False) -> Spec:
    """The key of a row elsewhere, as text: 2020 and "2020" name the same row."""
    return _field(lambda raw: _text(str(raw) if type(raw) is int else raw, None), optional, None)


def whole(*, optional: bool = False, default: int | None = None) -> Spec:
    return _field(_whole, optional, default)


def decimal(*, optional: bool = True) -> Spec:
    return _field(_decimal, optional)


def pence(*, optional: bool = False) -> Spec:
    """Pounds in the file, whole pence when read."""
    return _field(_pence, optional)


def day(*, optional: bool = True) -> Spec:
    return _field(_day, optional)


def year(*, optional: bool = False) -> Spec:
    """A financial year such as 2020-21, read as the year in which it begins."""
    return _field(_year, optional)


def flag() -> Spec:
    return _field(_flag, True, False)


def choice(options: Mapping[str, Any] | list[str], *, optional: bool = False, default: Any = None) -> Spec:
    """One of the words; a mapping turns the file's word into the value stored."""
    table = options if isinstance(options, Mapping) else {each: each for each in options}
    return _field(lambda raw: _choice(raw, table), optional, default)


def references() -> Spec:
    return _list_of(lambda raw: _text(str(raw) if type(raw) is int else raw, None), True)


def numbers() -> Spec:
    return _list_of(_whole, True)


def anything() -> Spec:
    """Kept as it stands, or left unread by the loader."""
    return Spec(lambda raw, place, problems: raw, True)


def _text(raw: object, longest: int | None) -> str:
    if isinstance(raw, bool):
        raise ValueError(f"{_shown(raw)} is read as yes or no. Put the words in quotes.")
    if isinstance(raw, int | Decimal):
        raw = str(raw)
    if not isinstance(raw, str):
        raise ValueError(f"{_shown(raw)} is not text. Put it in quotes.")
    words = raw.strip()
    if not words:
        raise ValueError("is blank. Give it some words, or leave the key out where it may be left out.")
    if "\x00" in words:
        raise ValueError("holds a character that cannot be stored (NUL). Remove it.")
    if longest is not None and len(words) > longest:
        raise ValueError(f"is {len(words)} characters long; the longest it may be is {longest}.")
    return words


def _slug(raw: object, longest: int) -> str:
    words = _text(raw, longest)
    if not _SLUG.fullmatch(words):
        raise ValueError(f"{_shown(raw)} is not a short name. Use letters, digits, hyphens and underscores only.")
    return words


def _whole(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        raise ValueError(f"{_shown(raw)} is not a whole number.")
    if isinstance(raw, int):
        return raw
    if not _WHOLE.fullmatch(raw.strip()) or len(raw) > 18:
        raise ValueError(f"{_shown(raw)} is not a whole number.")
    return int(raw)


def _decimal(raw: object) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | str | Decimal):
        raise ValueError(f"{_shown(raw)} is not a number.")
    try:
        number = Decimal(raw.strip() if isinstance(raw, str) else raw)
    except InvalidOperation:
        raise ValueError(f"{_shown(raw)} is not a number. Write it in digits, like 1169 or 25.5.") from None
    if not number.is_finite():
        raise ValueError(f"{_shown(raw)} is not a number. Write it in digits, like 1169 or 25.5.")
    return number


def _pence(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int | str | Decimal):
        raise ValueError(f"{_shown(raw)} is not an amount in pounds. Write it like 1234.56.")
    return Money.from_pounds(raw).pence


def _day(raw: object) -> date:
    if isinstance(raw, datetime) or not isinstance(raw, date | str):
        raise ValueError(f"{_shown(raw)} is not a date. Write it like 2020-04-01.")
    if isinstance(raw, date):
        return raw
    try:
        return date.fromisoformat(raw.strip())
    except ValueError:
        raise ValueError(f"{_shown(raw)} is not a date. Write it like 2020-04-01.") from None


def _year(raw: object) -> int:
    if not isinstance(raw, str):
        raise ValueError(f"{_shown(raw)} is not a financial year. Write it like 2020-21.")
    return FinancialYear.parse(raw).start


def _flag(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise ValueError(f"{_shown(raw)} is neither true nor false.")
    return raw


def _choice(raw: object, table: Mapping[str, Any]) -> Any:
    word = raw if isinstance(raw, str) else str(raw)
    if word not in table:
        raise ValueError(f"{_shown(raw)} is not one of: {', '.join(table)}.{near_match(word, table)}")
    return table[word]


def _under(place: str, key: object) -> str:
    return f"{place}.{key}" if place else str(key)


def _shown(raw: object) -> str:
    words = str(raw)
    return f"'{words if len(words) <= 40 else words[:39] + '…'}'"
