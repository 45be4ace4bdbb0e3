"""Another funder's form: monthly, with age bands, sheets and headings of its own."""

from __future__ import annotations

from typing import Any

BY_AGE = [
    {"label": "This month", "figure": "reach.new", "period": "this"},
    {"label": "Year to date", "figure": "reach.new", "period": "to_date"},
]
TRUST: dict[str, Any] = {
    "format": "vru-outline/1",
    "kind": "trust-monthly",
    "title": "Monthly note to the Trust",
    "funder": "The Harbour Trust",
    "every": "month",
    "sources": ["trust"],
    "forms": {
        "money": {
            "title": "Money paid, {{period}}",
            "rows": {"by": "programme"},
            "columns": [
                {"label": "Paid in {{period}}", "figure": "payments.paid", "period": "this"},
                {"label": "The month before", "figure": "payments.paid", "period": "previous"},
                {"label": "Year to date", "figure": "payments.paid", "period": "to_date"},
            ],
            "total": "In all",
        },
        "months": {
            "title": "Money paid month by month",
            "rows": {"by": "month"},
            "columns": [{"label": "Paid", "figure": "payments.paid"}],
            "keep_empty": True,
        },
        "ages": {
            "title": "Young people, {{period}}",
            "rows": {
                "by": "bands",
                "dimension": "age",
                "bands": [
                    {"label": "Up to 18", "categories": ["under-11", "11-15", "16-18"]},
                    {"label": "19 and over", "categories": ["19-25"]},
                ],
                "rest": "Not known",
            },
            "columns": BY_AGE,
            "total": "Everybody",
        },
        "steps": {
            "title": "Milestones",
            "rows": {"by": "milestones", "due": "to_date"},
            "columns": [{"label": "Step", "field": "title"}, {"label": "Due", "field": "due"}],
        },
        "risks": {
            "title": "Risks",
            "rows": {"by": "risks"},
            "columns": [{"label": "Risk", "field": "title"}, {"label": "Score", "field": "score"}],
        },
    },
    "workbook": [
        {"sheet": "B. People", "title": "Part B", "forms": ["ages"]},
        {
            "sheet": "A. Money",
            "title": "Part A",
            "facts": [{"label": "Month", "text": "{{period}}"}],
            "forms": ["money", "months"],
        },
        {"sheet": "C. Words", "title": "Part C", "answers": [{"label": "What happened?", "section": "words"}]},
    ],
    "sections": [
        {
            "number": "1",
            "slug": "money",
            "title": "Money",
            "guidance": "What left the unit.",
            "word_limit": 50,
            "blocks": [{"kind": "form", "form": "money"}, {"kind": "form", "form": "months"}],
        },
        {
            "number": "2",
            "slug": "people",
            "title": "People",
            "blocks": [{"kind": "form", "form": "ages", "note": "Ages as the Trust asks for them."}],
        },
        {
            "number": "3",
            "slug": "words",
            "title": "What happened",
            "blocks": [
                {"kind": "prose", "text": "**{{reach.new quarter=@quarter source=trust}}** young people came."},
                {"kind": "form", "form": "steps"},
                {"kind": "form", "form": "risks"},
            ],
        },
    ],
}
