"""A few invented studies, findings, ratings and recommendations, so that the evidence pages have something to show."""

from __future__ import annotations

import datetime

from evaluation.models import EvidenceRating, Finding, Recommendation, Response, Study
from programmes.models import Programme, SourceDocument
from vru.demo.illustrative.world import World
from vru.lib.layers import Layer

STUDIES = (
    ("ILL-S1", "How the bedside teams work", "ILL-P01", "Process study with interviews and logs.", "reported"),
    ("ILL-S2", "One year of mentors", "ILL-P10", "Before and after, with a waiting-list comparison.", "under_way"),
    ("ILL-S3", "Residents' plans, two years on", "ILL-P06", "Case studies of six neighbourhoods.", "commissioned"),
)
FINDINGS = (
    ("ILL-S1", "F1", "Support offered within a day of the injury is taken up more often than support offered later."),
    ("ILL-S1", "F2", "Wards with a room of their own for the team refer more patients."),
    ("ILL-S2", "F1", "Early results: young people who meet weekly for six months rarely stop coming."),
)
RATINGS = (("ILL-P01", "EIF", "2"), ("ILL-P10", "Maryland", "3"), ("ILL-P08", "Nesta", "2"))
RECOMMENDATIONS = (
    ("ILL-R1", "Let hospital teams see whether a patient is already known to another project.", "under_way",
     "A sharing agreement is being drafted with two hospitals (illustrative)."),
    ("ILL-R2", "Ask about ethnicity at the third meeting rather than the first.", "done",
     "The return's guidance says so since October (illustrative)."),
    ("ILL-R3", "Fund mentors for two years rather than one.", "planned",
     "To be put to the board with next year's budget (illustrative)."),
)  # fmt: skip


def put_evidence(world: World) -> None:
    document, _ = SourceDocument.objects.get_or_create(
        key="ILL",
        defaults={
            "title": "Invented review (illustrative)",
            "publisher": "Nobody: invented for the demonstration",
            "published_on": datetime.date(2020, 12, 1),
            "kind": SourceDocument.Kind.REPORT,
            "note": "This document does not exist.",
        },
    )
    programmes = {each.ref: each for each in Programme.objects.filter(ref__startswith="ILL-")}
    studies = {}
    for ref, title, programme, method, status in STUDIES:
        studies[ref] = Study.objects.create(
            ref=ref,
            layer=Layer.ILLUSTRATIVE,
            title=title,
            programme=programmes[programme],
            evaluator="Institute of Invented Studies",
            method=method,
            started_on=datetime.date(2020, 6, 1),
            due_text="March 2021" if status == "reported" else "autumn 2021",
            status=status,
            source_document=document,
            place="Illustrative",
        )
    for study, ref, text in FINDINGS:
        Finding.objects.create(study=studies[study], ref=ref, text=text)
    for programme, scheme, level in RATINGS:
        EvidenceRating.objects.create(
            programme=programmes[programme], scheme=scheme, level=level, rated_on=datetime.date(2020, 11, 2)
        )
    for ref, title, status, answer in RECOMMENDATIONS:
        recommendation = Recommendation.objects.create(
            ref=ref,
            layer=Layer.ILLUSTRATIVE,
            title=title,
            addressed_to="The unit",
            made_text="December 2020",
            group="illustrative-review",
            source_document=document,
            place="Illustrative",
        )
        Response.objects.create(
            recommendation=recommendation, number=1, text=answer, status=status, source_document=document
        )
