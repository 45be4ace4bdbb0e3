"""Examples in the OpenAPI document: one grant of an invented charity, through its second quarter."""

from __future__ import annotations

from typing import Any

_ROW: dict[str, Any] = {
    "grant": "YW-014",
    "quarter": "2020-21Q2",
    "title": "Youth workers after school",
    "organisation": "Bright Futures (invented)",
    "status": "draft",
    "opens_on": "2020-09-30",
    "due_on": "2020-10-15",
    "is_overdue": False,
    "address": "https://returns.example.org/api/v1/returns/YW-014/2020-21Q2",
}
RETURN_LIST: dict[str, Any] = {"count": 1, "next": None, "previous": None, "results": [_ROW]}
RETURN_DETAIL: dict[str, Any] = {
    **_ROW,
    "sections": {"C": "People reached", "D": "Who the new people are"},
    "lock": None,
    "versions": {"C": 3, "D": 0},
    "sent": None,
    "queries": [],
    "page": "https://returns.example.org/returns/YW-014/2020-21Q2/",
}
TEMPLATE: dict[str, Any] = {
    "grant": "YW-014",
    "quarter": "2020-21Q2",
    "sections": {"C": "People reached"},
    "boxes": [
        {
            "name": "reach.new",
            "section": "C",
            "label": "New people supported",
            "group": "",
            "hint": "Count each person once.",
            "kind": "people",
            "required": True,
            "choices": [],
            "last_quarter": "8",
            "year_before": "8",
            "target": "12",
            "plan": "",
        }
    ],
}
DRAFT: dict[str, Any] = {
    "grant": "YW-014",
    "quarter": "2020-21Q2",
    "status": "draft",
    "versions": {"C": 3, "D": 0},
    "values": {"reach.new": "10", "reach.contacts": "1,169"},
}
DRAFT_BODY: dict[str, Any] = {
    "values": {"reach.new": 10, "reach.contacts": "1,169", "age.10-14": 4, "age.15-17": 6},
    "versions": {"C": 3, "D": 0},
}
DRAFT_CHANGE_BODY: dict[str, Any] = {"values": {"reach.new": 11, "age.15-17": 7}}
VALIDATION_BODY: dict[str, Any] = {"values": {"reach.new": 10, "age.10-14": 4}, "is_nil": False}
_FINDING = {
    "code": "R106",
    "section": "C",
    "field": "reach.new",
    "message": "New people supported: this is needed. Enter 0 if there were none.",
    "value": "",
}
VALIDATION: dict[str, Any] = {"acceptable": False, "errors": [_FINDING], "warnings": []}
SUBMISSION_BODY: dict[str, Any] = {
    "declared_name": "Gia Grantee",
    "explanations": {"W203": "Two invoices came late; they are in next quarter's spend."},
}
NIL_BODY: dict[str, Any] = {"declared_name": "Gia Grantee", "is_nil": True, "nil_reason": "The hall was closed."}
RECEIPT: dict[str, Any] = {
    "reference": "YW-014 2020-21Q2 v1",
    "grant": "YW-014",
    "quarter": "2020-21Q2",
    "number": 1,
    "status": "submitted",
    "submitted_at": "2020-10-12T16:20:05+00:00",
    "submitted_by": "Gia Grantee",
    "is_nil": False,
    "signature_needed": True,
    "receipt": "https://returns.example.org/returns/YW-014/2020-21Q2/sent/",
}
CONFLICT: dict[str, Any] = {
    "type": "urn:vru:problem:stale-draft",
    "title": "A newer version is saved",
    "status": 409,
    "detail": "Somebody saved these sections after you read them. Nothing was overwritten.",
    "errors": [
        {
            "code": "",
            "section": "C",
            "field": "",
            "message": "A newer version is saved. Compare both, then send again with its version.",
            "value": "",
        }
    ],
    "conflicts": [
        {
            "section": "C",
            "version": 4,
            "saved_by": "Sam Signatory",
            "saved_at": "2020-10-12T16:01:00+00:00",
            "saved": {"reach.new": "12"},
            "yours": {"reach.new": "10"},
        }
    ],
}
NOT_ACCEPTABLE: dict[str, Any] = {
    "type": "urn:vru:problem:not-acceptable",
    "title": "The return has errors",
    "status": 422,
    "detail": "There is 1 thing to put right before you submit.",
    "errors": [_FINDING],
    "warnings": [],
}
