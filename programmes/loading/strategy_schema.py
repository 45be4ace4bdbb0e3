"""The strategy file, vru-strategy/1, as a schema. docs/strategy-file.md describes it for the people who write one."""

from __future__ import annotations

from programmes.loading.schema import (
    Fields,
    choice,
    day,
    flag,
    mapping,
    numbers,
    reference,
    references,
    rows,
    slug,
    text,
    whole,
)
from programmes.models import Area, Category, IndicatorVersion, LogicLink, SourceDocument, WorkplanAction

FORMAT = "vru-strategy/1"

AREA_KINDS = {
    "borough": Area.Kind.MEMBER,
    "district": Area.Kind.MEMBER,
    "member": Area.Kind.MEMBER,
    "city": Area.Kind.OTHER_PLACE,
    "other_place": Area.Kind.OTHER_PLACE,
    "outside": Area.Kind.OUTSIDE,
    "not_known": Area.Kind.NOT_KNOWN,
    "pan": Area.Kind.WHOLE,
    "whole": Area.Kind.WHOLE,
}

UNIT: Fields = {
    "slug": slug(50),
    "name": text(200),
    "short_name": text(60),
    "place": text(100),
    "area_noun": text(40),
    "area_noun_plural": text(40),
    "funder": text(200),
    "established": day(),
}
SOURCE: Fields = {
    "key": slug(40),
    "title": text(300),
    "publisher": text(200),
    "published_on": day(),
    "kind": choice(SourceDocument.Kind.values),
    "note": text(optional=True),
}
NUMBERED: Fields = {"number": whole(), "title": text(300)}
OBJECTIVE: Fields = {
    **NUMBERED,
    "description": text(optional=True),
    "source_place": text(200, optional=True),
}
BASIS = choice(LogicLink.Basis.values, optional=True, default=LogicLink.Basis.ASSUMED)
TITLED: Fields = {"slug": slug(60), "title": text(200)}
COMMITMENT: Fields = {
    "ref": text(20),
    "objective": whole(optional=True),
    "text": text(),
    "source": reference(optional=True),
    "place": text(200, optional=True),
}
ACTION: Fields = {
    **COMMITMENT,
    "theme": reference(optional=True),
    "strand": reference(optional=True),
    "owner": text(200, optional=True),
    "due_on": day(),
    "status": choice(WorkplanAction.Status.values, optional=True, default=WorkplanAction.Status.PLANNED),
    "programmes": references(),
}
VERSION: Fields = {
    "key": slug(40),
    "label": text(200),
    "valid_from": day(optional=False),
    "valid_to": day(),
    "source": reference(optional=True),
    "aims": rows(NUMBERED),
    "objectives": rows(OBJECTIVE, optional=False),
    "outcomes": rows(NUMBERED),
    "objective_links": rows(
        {"objective": whole(), "outcome": whole(), "basis": BASIS, "rationale": text(optional=True)}
    ),
    "outcome_links": rows({"outcome": whole(), "aim": whole(), "basis": BASIS, "rationale": text(optional=True)}),
    "themes": rows(TITLED),
    "strands": rows(TITLED),
    "commitments": rows(COMMITMENT),
    "priorities": rows(COMMITMENT),
    "actions": rows(ACTION),
}
AREA: Fields = {
    "code": slug(12),
    "name": text(100),
    "kind": choice(AREA_KINDS),
    "tile": numbers(),
    "order": whole(optional=True, default=0),
}
DIMENSION: Fields = {
    "slug": slug(40),
    "title": text(100),
    "question": text(300, optional=True),
    "from": day(optional=False),
    "categories": rows(
        {
            "slug": slug(60),
            "label": text(120),
            "kind": choice(Category.Kind.values, optional=True, default=Category.Kind.NORMAL),
            "area": reference(optional=True),
        },
        optional=False,
    ),
}
INDICATOR: Fields = {
    "slug": slug(80),
    "illustrative": flag(),
    "title": text(200),
    "kind": choice(IndicatorVersion.Kind.values),
    "unit": text(60),
    "population": text(200, optional=True),
    "definition": text(),
    "numerator": text(300, optional=True),
    "denominator": text(300, optional=True),
    "direction": choice(IndicatorVersion.Direction.values, optional=True, default=IndicatorVersion.Direction.HIGHER),
    "objective": whole(),
    "from": day(),
}
STRATEGY_FILE: Fields = {
    "format": choice([FORMAT]),
    "unit": mapping(UNIT),
    "outline": text(200, optional=True),
    "published": references(),
    "questions": text(200, optional=True),
    "sources": rows(SOURCE),
    "strategy": mapping({"slug": slug(50), "title": text(200), "versions": rows(VERSION, optional=False)}),
    "areas": rows(AREA, optional=False),
    "budget_categories": rows(TITLED),
    "cost_headings": rows(TITLED),
    "dimensions": rows(DIMENSION, optional=False),
    "indicators": rows(INDICATOR),
}
