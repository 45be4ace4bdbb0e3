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
    "youngest_age": 11,
    "oldest_age": 18,
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
    "authority_code": None,
    "school_urn": None,
    "nhs_code": None,
    "postal_address": "1 High Street\nLondon",
    "postcode": "NW1 1AA",
    "website": None,
    "former_names": ["Bright Evenings (invented)"],
    "merged_into": None,
    "grants": [{"ref": "YW-014", "title": "Youth workers after school", "status": "active"}],
}

PROGRAMME_ADD = {
    "ref": "YW-2021",
    "title": "Youth work after school",
    "theme": "youth-work",
    "starts_on": "2021-04-01",
    "ends_on": "2022-03-31",
    "objective": 6,
    "objectives": [{"number": 6, "percent": 70}, {"number": 1, "percent": 30}],
    "level": "multi_borough",
    "areas": ["E09000007", "E09000019"],
}
PROGRAMME_CHANGE = {"title": "Youth work after school and at weekends", "ends_on": None}
STATUS = {"status": "paused", "reason": "The hall is being repaired."}
GRANT_ADD = {
    "programme": "YW",
    "organisation": "bright-futures",
    "title": "Youth workers after school",
    "award": "50,000.00",
    "starts_on": "2020-04-01",
    "ends_on": "2021-03-31",
}
GRANT_CHANGE = {
    "award": 50000,
    "splits": [{"source": "core", "year": "2020-21", "amount": "50000.00"}],
    "areas": [{"code": "E09000007", "amount": 50000}],
    "profile": [
        {"quarter": "2020-21Q1", "heading": "labour", "amount": "25000.00"},
        {"quarter": "2020-21Q2", "heading": "labour", "amount": "25000.00"},
    ],
}
GRANT_DRAFT = {**GRANT, "status": "draft", "paid": "0.00", "awarded_on": None, "returns": []}
ORGANISATION_ADD = {
    "name": "Bright Futures (invented)",
    "kind": "charity",
    "charity_number": "1234567",
    "postcode": "NW1 1AA",
}
ORGANISATION_CHANGE = {"website": "https://bright-futures.example.org"}
ORGANISATION_SAVED = {**ORGANISATION, "notes": []}


def _refusal(name: str, title: str, status: int, detail: str, field: str = "", **more: Any) -> dict[str, Any]:
    errors = [{"code": "", "section": "", "field": field, "message": detail, "value": ""}] if field else []
    start = {"type": f"urn:vru:problem:{name}", "title": title, "status": status, "detail": detail}
    return {**start, "errors": errors, **more}


REFUSED = _refusal(
    "refused", "It cannot be done now", 409, "A closed programme stays closed. Set up a new one.", "status"
)
AGAINST_A_RULE = _refusal(
    "against-a-rule",
    "What was sent is against a rule",
    422,
    "The area shares come to £40,000, which is £10,000 short of the award of £50,000.",
    "areas",
)
STALE = _refusal(
    "stale",
    "It was changed",
    412,
    "Somebody changed it after you read it. Nothing was overwritten. Compare, then send again with its ETag.",
    etag='"5f2b0e4c9a7d41e38c6a1b0f2d3e4f5a"',
    current=_PROGRAMME,
)
ETAG_MISSING = _refusal(
    "etag-missing",
    "Say what you read",
    428,
    "Send the ETag that you read as If-Match, so that nobody's work is overwritten unseen.",
)
