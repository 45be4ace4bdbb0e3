"""Reading a body: strict JSON, whose numbers stay exactly what was sent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from typing import Any, NoReturn

from django.conf import settings
from rest_framework.parsers import BaseParser

from grants.api.problems import ApiProblem, malformed

DEEPEST = 10
# Numbers beyond this many digits on either side of the point are left in the exponent notation they came in.
_DIGITS = 30


class StrictJSONParser(BaseParser):
    """An object, in UTF-8, of bounded size and depth, without NUL, without a name given twice. Numbers are Decimal."""

    media_type = "application/json"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        raw = stream.read(settings.API_MAX_BYTES + 1)
        if len(raw) > settings.API_MAX_BYTES:
            most = settings.API_MAX_BYTES // (1024 * 1024)
            detail = f"The body is larger than {most} MB. Send fewer boxes at a time."
            raise ApiProblem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", "The body is too large", detail)
        try:
            body = json.loads(
                raw.decode("utf-8"),
                parse_int=_number,
                parse_float=_number,
                parse_constant=_refuse_constant,
                object_pairs_hook=_object,
            )
        except UnicodeDecodeError as error:
            raise malformed("The body is not UTF-8.") from error
        except RecursionError as error:
            raise malformed("The body is nested too deeply.") from error
        except ValueError as error:
            raise malformed(f"The body is not JSON: {str(error)[:200]}.") from error
        if not isinstance(body, dict):
            raise malformed('The body must be a JSON object, such as {"values": {}}.')
        for text in _texts(body, 1):
            _check(text)
        return body


def _number(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation as error:
        raise malformed(f"{digits[:60]} is not a number that can be kept.") from error


def _refuse_constant(name: str) -> NoReturn:
    raise malformed(f"{name} is not a number that can be kept.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise malformed(f"“{twice[:60]}” is given twice. Give each name once.")
    return made


def _texts(value: Any, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        raise malformed("The body is nested too deeply.")
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _texts(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, depth + 1)


def _check(text: str) -> None:
    """NUL and half characters are typed by nobody, and no database keeps them."""
    if "\0" in text:
        raise malformed("A text holds the NUL character. Take it out.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise malformed("A text holds half a character (an unpaired surrogate). Take it out.") from error


def number_as_typed(number: Decimal) -> str:
    """A JSON number as a person would type it: without exponent, and without the noughts that change nothing.

    One far too large or too fine is left as it came, for the validator to refuse: written out it could fill memory.
    """
    if not number:
        return "0"
    exponent = int(number.as_tuple().exponent)
    if number.adjusted() > _DIGITS or exponent < -_DIGITS:
        return str(number)[:100]
    return f"{number.normalize() if len(number.as_tuple().digits) <= _DIGITS - 2 else number:f}"
