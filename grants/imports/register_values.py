"""One cell of a register as a value, or a sentence that says why it cannot be read. Nothing is guessed at."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices

from grants.imports.register_columns import BY_FIELD
from grants.models import Commitment
from grants.money.plan_rules import MOST_PENCE
from programmes.models import (
    Area,
    BudgetCategory,
    Decision,
    FundingSource,
    Objective,
    Programme,
    StrategyVersion,
    Theme,
)
from vru.accounts.models import Organisation, Role, User
from vru.lib.dates import read_date
from vru.lib.money import split_pence
from vru.lib.numbers import NumberKind, read_number
from vru.lib.org_ids import charity_identifier, company_identifier
from vru.lib.periods import FinancialYear
from vru.lib.places import Place, read_place
from vru.lib.tables import plain_heading
from vru.lib.typed_text import NOTHING_SAID, clip, tidy

_SHARE = re.compile(r"(?P<place>.*?[^\s:=\d£.,])[\s:=]*(?P<amount>£?\s*\d[\d,. ]*(?:%|m|k)?)?", re.IGNORECASE)
_WHOLE = ("Pan-London", "Whole area", "All areas", "All boroughs", "London-wide", "Not apportioned")
_HUNDRED = 100 * 100
# Cells in which nothing was said: a hyphen in an empty column and the like.
_KEEPS_SHORT_WORDS = {"grant.title", "grant.description", "programme.title", "organisation.name"}

# Shares before the award is known: ("equal" | "percent" | "amount", ((area, weight), …)); weights are whole numbers.
Shares = tuple[str, tuple[tuple[Area, int], ...]]


@dataclass
class Values:
    """What the unit's own lists hold, read once; every text is read once as well, however many rows repeat it."""

    layer: str
    version: StrategyVersion | None
    notes: dict[str, str] = field(default_factory=dict)
    _known: dict[tuple[str, str], Any] = field(default_factory=dict)
    _refused: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places = [
            Place(area.code, area.name, _WHOLE if area.kind == Area.Kind.WHOLE else ()) for area in Area.objects.all()
        ]
        self.areas = {area.code: area for area in Area.objects.all()}
        self.themes = _named(Theme.objects.filter(version=self.version), "slug", "title")
        self.objectives = _named(Objective.objects.filter(version=self.version), "number", "title")
        self.sources = _named(FundingSource.objects.all(), "slug", "title")
        self.categories = _named(BudgetCategory.objects.all(), "slug", "title")
        self.decisions = _named(Decision.objects.in_layer(self.layer), "ref")
        self.managers = {user.email.casefold(): user for user in User.objects.with_role(Role.PROGRAMME_MANAGER)}

    def read(self, name: str, text: str) -> Any:
        """The value of a cell, None where nothing is said. Raises ValueError with a sentence."""
        key = (name, text)
        if key in self._known:
            return self._known[key]
        if key in self._refused:
            raise ValueError(self._refused[key])
        try:
            value = self._read(name, text)
        except ValueError as error:
            self._refused[key] = str(error)
            raise
        self._known[key] = value
        return value

    def _read(self, name: str, text: str) -> Any:
        column = BY_FIELD[name]
        if name == "grant.description":
            plain = "\n".join(tidy(line) for line in text.splitlines()).strip()
        else:
            plain = tidy(text)
        if not plain or (plain.casefold() in NOTHING_SAID and name not in _KEEPS_SHORT_WORDS):
            return None
        if len(plain) > column.longest:
            raise ValueError(f"This is longer than {column.longest} characters. Shorten it.")
        reader = _READERS.get(name)
        return reader(self, plain) if reader else plain


def _named(rows: Any, *columns: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        for column in columns:
            found.setdefault(plain_heading(str(getattr(row, column))), row)
    return found


def _pick(found: Mapping[str, Any], text: str, what: str) -> Any:
    row = found.get(plain_heading(text))
    if row is None:
        raise ValueError(f"“{clip(text)}” is not one of the unit's {what}. Check the spelling, or add it first.")
    return row


def _choice(choices: type[TextChoices], what: str) -> Callable[[Values, str], str]:
    words = {plain_heading(text): value for value, label in choices.choices for text in (value, str(label))}

    def read(values: Values, text: str) -> str:
        value = words.get(plain_heading(text))
        if value is None:
            offered = ", ".join(str(label) for _, label in choices.choices)
            raise ValueError(f"“{clip(text)}” is no {what}. Write one of these: {offered}.")
        return str(value)

    return read


def _pence(values: Values, text: str) -> int:
    amount = read_number(text, kind=NumberKind.MONEY).value
    if amount is None:
        raise ValueError(f"“{clip(text)}” is not an exact amount. Enter pounds and pence, like 1,234.56.")
    pence = int(amount * 100)
    if pence > MOST_PENCE:
        raise ValueError(f"“{clip(text)}” is more than any award. Check the pounds and pence.")
    return pence


def _objective(values: Values, text: str) -> Objective:
    number = re.fullmatch(r"(?:objective\s*)?(\d{1,2})(?:\b.*)?", text, re.IGNORECASE)
    found = values.objectives.get(number[1]) if number else None
    return found or _pick(values.objectives, text, "objectives")


def _manager(values: Values, text: str) -> User:
    user = values.managers.get(text.casefold())
    if user is None:
        raise ValueError(f"“{clip(text)}” is not the email address of one of the unit's programme managers.")
    return user


def _number(identify: Callable[[str], Any]) -> Callable[[Values, str], str]:
    def read(values: Values, text: str) -> str:
        found = identify(text)
        if found.note:
            values.notes[text] = found.note
        return str(found.number)

    return read


def _shares(values: Values, text: str) -> Shares:
    """ "Camden; Hackney", "Camden 60%; Hackney 40%" or "Camden: 12,000; Hackney: 8,000"."""
    pieces = [piece.strip() for piece in re.split(r"[;|\n]", text) if piece.strip()]
    if len(pieces) == 1 and not re.search(r"\d", text) and "," in text:
        pieces = [piece.strip() for piece in text.split(",") if piece.strip()]
    found: list[tuple[Area, str]] = []
    for piece in pieces:
        match = _SHARE.fullmatch(piece)
        if match is None:
            raise ValueError(f"“{clip(piece)}” is not an area with its share. Write it like “Camden 60%; Hackney 40%”.")
        area = values.areas[read_place(match["place"], values.places).code]
        if any(area == other for other, _ in found):
            raise ValueError(f"{area.name} is named twice. Name each area once.")
        found.append((area, (match["amount"] or "").strip()))
    amounts = [amount for _, amount in found]
    if not any(amounts):
        return "equal", tuple((area, 1) for area, _ in found)
    if not all(amounts):
        raise ValueError("Give every area its share, or none: areas without one share equally.")
    if all(amount.endswith("%") for amount in amounts):
        percents = [read_number(amount, kind=NumberKind.PERCENT).value for amount in amounts]
        weights = [int((percent or 0) * 100) for percent in percents]
        if sum(weights) != _HUNDRED:
            raise ValueError(f"The shares come to {sum(weights) / 100:g}%, not to 100%.")
        return "percent", tuple(zip((area for area, _ in found), weights, strict=True))
    return "amount", tuple((area, _pence(values, amount)) for area, amount in found)


def shares_in_pence(shares: Shares, award: int) -> dict[Area, int]:
    """The shares of an award. Amounts stay as they were said, whatever they come to."""
    how, parts = shares
    if how == "amount":
        return dict(parts)
    pence = split_pence(award, [weight for _, weight in parts])
    return {area: part for (area, _), part in zip(parts, pence, strict=True)}


_READERS: dict[str, Callable[[Values, str], Any]] = {
    "programme.theme": lambda values, text: _pick(values.themes, text, "themes"),
    "programme.primary_objective": _objective,
    "programme.level": _choice(Programme.Level, "delivery level"),
    "programme.status": _choice(Programme.Status, "status of a programme"),
    "organisation.kind": _choice(Organisation.Kind, "kind of organisation"),
    "organisation.charity_number": _number(charity_identifier),
    "organisation.company_number": _number(company_identifier),
    "organisation.postcode": lambda values, text: text.upper(),
    "grant.kind": _choice(Commitment.Kind, "kind of commitment"),
    "grant.category": lambda values, text: _pick(values.categories, text, "budget categories"),
    "grant.status": _choice(Commitment.Status, "status of a grant"),
    "grant.award_pence": _pence,
    "grant.split": _pence,
    "grant.starts_on": lambda values, text: read_date(text),
    "grant.ends_on": lambda values, text: read_date(text),
    "grant.awarded_on": lambda values, text: read_date(text),
    "grant.source": lambda values, text: _pick(values.sources, text, "funding sources"),
    "grant.year": lambda values, text: FinancialYear.parse(text).start,
    "grant.shares": _shares,
    "grant.decision": lambda values, text: _pick(values.decisions, text, "decisions"),
    "grant.manager": _manager,
}
