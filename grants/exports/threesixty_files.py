"""The open data as a file: JSON, or CSV under the standard's own headings. Both are streamed."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import date
from io import StringIO
from typing import Any

from grants.exports.threesixty import Publisher, grants_json
from vru.lib.sheets import harmless

# How many places a row of the CSV has room for: a grant for every borough needs as many columns as there are boroughs.
_PLACES = 40
_PLAIN = {
    "Identifier": "id",
    "Title": "title",
    "Description": "description",
    "Currency": "currency",
    "Amount Awarded": "amountAwarded",
    "Amount Disbursed": "amountDisbursed",
    "Award Date": "awardDate",
    "Last modified": "dateModified",
    "Data Source": "dataSource",
}
_NESTED = {
    "Planned Dates:Start Date": ("plannedDates", "startDate"),
    "Planned Dates:End Date": ("plannedDates", "endDate"),
    "Planned Dates:Duration (months)": ("plannedDates", "duration"),
    "Recipient Org:Identifier": ("recipientOrganization", "id"),
    "Recipient Org:Name": ("recipientOrganization", "name"),
    "Recipient Org:Charity Number": ("recipientOrganization", "charityNumber"),
    "Recipient Org:Company Number": ("recipientOrganization", "companyNumber"),
    "Recipient Org:Postal Code": ("recipientOrganization", "postalCode"),
    "Funding Org:Identifier": ("fundingOrganization", "id"),
    "Funding Org:Name": ("fundingOrganization", "name"),
    "Grant Programme:Code": ("grantProgramme", "code"),
    "Grant Programme:Title": ("grantProgramme", "title"),
}
_PLACE = {
    "Name": "name",
    "Country Code": "countryCode",
    "Geographic Code": "geoCode",
    "Geographic Code Type": "geoCodeType",
}
_CLASS = {"Vocabulary": "vocabulary", "Code": "code", "Title": "title"}
_CLASSES = 2


def json_lines(publisher: Publisher, day: date) -> Iterator[str]:
    """The package as JSON text, a grant at a time."""
    head = json.dumps(publisher.package(day), ensure_ascii=False, indent=2)
    yield head[: head.rindex("\n")] + ',\n  "grants": ['
    separator = "\n"
    for grant in grants_json(publisher):
        yield separator + json.dumps(grant, ensure_ascii=False)
        separator = ",\n"
    yield "\n  ]\n}\n"


def csv_lines(publisher: Publisher) -> Iterator[str]:
    """Headings, then a grant a line; utf-8 without a mark at its beginning, as the standard's tools want it."""
    headings = [*_PLAIN, *_NESTED, *_numbered("Beneficiary Location", _PLACE, _PLACES)]
    headings += _numbered("Classifications", _CLASS, _CLASSES)
    yield _line(headings)
    for grant in grants_json(publisher):
        cells = [grant.get(field) for field in _PLAIN.values()]
        cells += [(grant.get(outer) or [{}])[0].get(inner) for outer, inner in _NESTED.values()]
        cells += _spread(grant.get("beneficiaryLocation", []), _PLACE, _PLACES)
        cells += _spread(grant.get("classifications", []), _CLASS, _CLASSES)
        yield _line(cells)


def _numbered(title: str, fields: dict[str, str], times: int) -> list[str]:
    return [f"{title}:{index}:{name}" for index in range(times) for name in fields]


def _spread(rows: list[dict[str, Any]], fields: dict[str, str], times: int) -> list[Any]:
    return [
        rows[index].get(field) if index < len(rows) else None for index in range(times) for field in fields.values()
    ]


def _line(cells: Iterable[Any]) -> str:
    out = StringIO()
    csv.writer(out).writerow(
        "" if cell is None else harmless(cell) if isinstance(cell, str) else cell for cell in cells
    )
    return out.getvalue()
