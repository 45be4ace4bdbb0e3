"""What answers look like, for the OpenAPI document. The people and places are invented."""

from __future__ import annotations

from typing import Any

_SITE = "https://returns.example.org"


def _page(row: dict[str, Any]) -> dict[str, Any]:
    return {"count": 1, "next": None, "previous": None, "results": [row]}


_PROGRAMME = {
    "ref": "YW",
    "title": "Youth work after school",
    "layer": "recorded",
    "status": "live",
    "level": "multi_borough",
    "theme": "youth-work",
    "objective": 6,
    "part_of": None,
    "starts_on": "2020-04-01",
    "ends_on": "2021-03-31",
    "address": f"{_SITE}/api/v1/programmes/YW",
}
PROGRAMME_LIST = _page(_PROGRAMME)
PROGRAMME = {
    **_PROGRAMME,
    "summary": "Sessions on weekday evenings.",
    "target_group": "Young people who are out of school after three.",
    "need": "Serious incidents cluster in the hours after school.",
    "youngest_age": 11,
    "oldest_age": 18,
    "manager": "Morgan Manager",
    "decision": "DEC-12",
    "objectives": [{"number": 6, "percent": 70}, {"number": 1, "percent": 30}],
    "areas": [{"code": "E09000007", "name": "Camden"}],
    "wards": [],
    "projects": [],
    "budget": [{"year": "2020-21", "category": "vcs", "source": "core", "amount": "250000.00"}],
    "page": f"{_SITE}/programmes/YW/",
}
_GRANT = {
    "ref": "YW-014",
    "kind": "grant",
    "title": "Youth workers after school",
    "layer": "recorded",
    "status": "active",
    "programme": "YW",
    "organisation": {"ref": "bright-futures", "name": "Bright Futures (invented)"},
    "award": "50000.00",
    "starts_on": "2020-04-01",
    "ends_on": "2021-03-31",
    "address": f"{_SITE}/api/v1/grants/YW-014",
}
GRANT_LIST = _page(_GRANT)
GRANT = {
    **_GRANT,
    "description": "Two youth workers on weekday evenings.",
    "category": "vcs",
    "awarded_on": "2020-03-12",
    "manager": "Morgan Manager",
    "paid": "25000.00",
    "to_be_recovered": "0.00",
    "areas": [{"code": "E09000007", "name": "Camden", "amount": "50000.00"}],
    "profile": [{"quarter": "2020-21Q1", "heading": "labour", "amount": "12500.00"}],
    "partners": [],
    "returns": [{"quarter": "2020-21Q1", "status": "approved", "due_on": "2020-07-15"}],
    "page": f"{_SITE}/grants/YW-014/",
}
_ORGANISATION = {
    "ref": "bright-futures",
    "name": "Bright Futures (invented)",
    "kind": "charity",
    "layer": "recorded",
    "org_id": "GB-CHC-1234567",
    "charity_number": "1234567",
    "company_number": None,
    "address": f"{_SITE}/api/v1/organisations/bright-futures",
}
ORGANISATION_LIST = _page(_ORGANISATION)
ORGANISATION = {
    **_ORGANISATION,
    "postcode": "NW1 1AA",
    "website": None,
    "former_names": ["Bright Evenings (invented)"],
    "merged_into": None,
    "grants": [{"ref": "YW-014", "title": "Youth workers after school", "status": "active"}],
}
