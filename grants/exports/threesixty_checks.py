"""What 360Giving's published quality checks look for, asked of our own grants before they are given out.

An error is what the standard does not allow: nothing is written. A warning is what a reader would stumble over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from grants.exports.threesixty import EMAIL, LONGEST_TITLE

REQUIRED = (
    "id",
    "title",
    "description",
    "currency",
    "amountAwarded",
    "awardDate",
    "recipientOrganization",
    "fundingOrganization",
)
REGISTERS = ("GB-CHC-", "GB-COH-", "GB-SC-", "GB-NIC-", "GB-LAE-", "GB-EDU-", "GB-NHS-", "360G-")
EARLIEST, LONGEST_YEARS = date(1990, 1, 1), 25
_CHARITY = re.compile(r"\d{6,7}|SC\d{6}", re.ASCII)
_COMPANY = re.compile(r"\d{8}|[A-Z]{2}\d{6}|R\d{7}", re.ASCII)
ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    level: str
    grant: str
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.level}: {self.grant}, {self.field}: {self.message}"


Check = Callable[[dict[str, Any], date], Iterator[tuple[str, str, str]]]


def findings(grants: Iterable[dict[str, Any]], today: date) -> Iterator[Finding]:
    """Everything found, grant by grant. Keeps nothing but the identifiers seen."""
    seen: set[str] = set()
    for grant in grants:
        name = str(grant.get("id", "a grant without an identifier"))
        if name in seen:
            yield Finding(ERROR, name, "id", "Two grants have this identifier.")
        seen.add(name)
        for check in CHECKS:
            for level, field, message in check(grant, today):
                yield Finding(level, name, field, message)


def _required(grant: dict[str, Any], today: date) -> Iterator[tuple[str, str, str]]:
    for field in REQUIRED:
        if grant.get(field) in (None, "", []):
            hint = "Record the day of the award." if field == "awardDate" else "The standard requires it."
            yield ERROR, field, f"It is missing. {hint}"


def _words(grant: dict[str, Any], today: date) -> Iterator[tuple[str, str, str]]:
    title, description = str(grant.get("title", "")), str(grant.get("description", ""))
    if len(title) > LONGEST_TITLE:
        yield ERROR, "title", f"It is longer than {LONGEST_TITLE} characters."
    if title and title.casefold() == description.casefold():
        yield WARNING, "description", "It says the same as the title. Say what the grant is for."


def _amounts(grant: dict[str, Any], today: date) -> Iterator[tuple[str, str, str]]:
    amount = grant.get("amountAwarded", 0)
    if amount < 0:
        yield ERROR, "amountAwarded", "It is below nought."
    elif amount == 0:
        yield WARNING, "amountAwarded", "It is nought."


def _dates(grant: dict[str, Any], today: date) -> Iterator[tuple[str, str, str]]:
    awarded = grant.get("awardDate")
    if awarded and not EARLIEST <= date.fromisoformat(awarded) <= today:
        yield WARNING, "awardDate", f"{awarded} is not plausible: it is in the future or before {EARLIEST.year}."
    for span in grant.get("plannedDates", []):
        start, end = date.fromisoformat(span["startDate"]), date.fromisoformat(span["endDate"])
        if end < start:
            yield ERROR, "plannedDates", "The last day is before the first."
        if start < EARLIEST or end.year > today.year + LONGEST_YEARS:
            yield WARNING, "plannedDates", f"{start} to {end} is not plausible."


def _organisations(grant: dict[str, Any], today: date) -> Iterator[tuple[str, str, str]]:
    sides = {side: grant.get(side, []) for side in ("recipientOrganization", "fundingOrganization")}
    for side, organisations in sides.items():
        for each in organisations:
            if not each["id"].startswith(REGISTERS):
                yield WARNING, f"{side} id", f"{each['id']} is on no register that we know."
    for each in sides["recipientOrganization"]:
        charity, company = each.get("charityNumber", ""), each.get("companyNumber", "")
        if charity and not _CHARITY.fullmatch(charity):
            yield WARNING, "charityNumber", f"{charity} does not look like a charity number."
        if company and not _COMPANY.fullmatch(company):
            yield WARNING, "companyNumber", f"{company} does not look like a company number."
        if not each["id"].startswith(REGISTERS[:-1]):
            yield WARNING, "recipientOrganization", f"{each['name']} has no number of a public register."
    both = {each["id"] for each in sides["recipientOrganization"]} & {
        each["id"] for each in sides["fundingOrganization"]
    }
    if both:
        yield WARNING, "recipientOrganization", "Who funds and who receives are the same."


def _places(grant: dict[str, Any], today: date) -> Iterator[tuple[str, str, str]]:
    places = grant.get("beneficiaryLocation", [])
    if not places:
        yield WARNING, "beneficiaryLocation", "No area is recorded. Share the award out by area."
    elif not any("geoCode" in place for place in places):
        yield WARNING, "beneficiaryLocation", "No area has a code of the statistics office."


def _addresses(grant: dict[str, Any], today: date) -> Iterator[tuple[str, str, str]]:
    for field, text in _texts(grant):
        if EMAIL.search(text):
            yield ERROR, field, "It holds an e-mail address. Take it out: open data must not carry one."


def _texts(value: Any, field: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, dict):
        for name, inside in value.items():
            yield from _texts(inside, name)
    elif isinstance(value, list):
        for inside in value:
            yield from _texts(inside, field)


CHECKS: tuple[Check, ...] = (_required, _words, _amounts, _dates, _organisations, _places, _addresses)
