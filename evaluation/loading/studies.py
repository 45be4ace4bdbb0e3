"""Storing studies with their findings, appraisals, evidence ratings, and recommendations with their responses."""

from __future__ import annotations

from evaluation.loading.merged import Merged
from evaluation.models import Appraisal, EvidenceRating, Finding, Recommendation, Response, Study
from programmes.loading.schema import Row
from programmes.models import Programme

NOT_NAMED = "Not named"


def put_studies(merged: Merged) -> None:
    """Studies, then the appraisals and ratings that rest on them."""
    programmes = {programme.ref: programme for programme in Programme.objects.in_layer(merged.layer)}
    studies: dict[str, Study] = {}
    for row in merged.once_each("studies", "ref"):
        values = {
            "layer": merged.layer,
            "title": row["title"],
            "programme": merged.writer.find(programmes, row["programme"], row.at("programme"), "programme"),
            "evaluator": row["evaluator"] or NOT_NAMED,
            "method": row["method"],
            "started_on": row["started"],
            "due_text": row["due"],
            "status": row["status"],
            "source_document": merged.document(row),
            "place": row["place"],
        }
        study = merged.writer.put(Study, row.place, {"ref": row["ref"]}, values)
        if study is not None:
            studies[row["ref"]] = study
            _put_findings(merged, study, row)
    _put_appraisals(merged, studies)
    _put_ratings(merged, programmes)


def _put_findings(merged: Merged, study: Study, row: Row) -> None:
    kept = []
    for finding in row["findings"]:
        values = [
            merged.value(name, f"{finding.at('values')}[{index}]") for index, name in enumerate(finding["values"])
        ]
        stored = merged.writer.put(
            Finding, finding.place, {"study": study, "ref": finding["ref"]}, {"text": finding["text"]}
        )
        kept.append(stored)
        if stored is not None:
            merged.writer.put_links(stored, "values", [value for value in values if value is not None])
    merged.writer.keep_only(study.findings.all(), kept)


def _put_appraisals(merged: Merged, studies: dict[str, Study]) -> None:
    for row in merged.once_each("appraisals", "ref"):
        for index, name in enumerate(row["values"]):
            merged.value(name, f"{row.at('values')}[{index}]")
        study = merged.writer.find(studies, row["study"], row.at("study"), "study")
        shared = ("definition", "years", "return_percent", "first_year", "last_year")
        values = {name: row[name] for name in shared} | {"net_benefit_pence": row["net_benefit"], "study": study}
        if study is not None:
            merged.writer.put(Appraisal, row.place, {"ref": row["ref"]}, values)


def _put_ratings(merged: Merged, programmes: dict[str, Programme]) -> None:
    for row in merged.rows("evidence"):
        programme = merged.writer.find(programmes, row["programme"], row.at("programme"), "programme")
        if programme is not None:
            key = {"programme": programme, "scheme": row["scheme"], "level": row["level"]}
            merged.writer.put(EvidenceRating, row.place, key, {"rated_on": row["rated_on"], "url": row["url"]})


def put_recommendations(merged: Merged) -> None:
    """A recommendation belongs to the group it names, or else to the document it was read from."""
    for row in merged.once_each("recommendations", "ref"):
        document = merged.document(row)
        if document is None:
            continue
        values = {
            "layer": merged.layer,
            "title": row["text"],
            "addressed_to": row["to"],
            "made_text": row["made_on"],
            "group": row["group"] or document.key.lower(),
            "source_document": document,
            "place": row["place"],
        }
        recommendation = merged.writer.put(Recommendation, row.place, {"ref": row["ref"]}, values)
        if recommendation is not None:
            _put_responses(merged, recommendation, row)


def _put_responses(merged: Merged, recommendation: Recommendation, row: Row) -> None:
    kept = []
    for number, response in enumerate(row["responses"], start=1):
        values = {
            "text": response["text"],
            "status": response["status"],
            "source_document": merged.document(response),
            "place": response["place"],
        }
        key = {"recommendation": recommendation, "number": number}
        kept.append(merged.writer.put(Response, response.place, key, values))
    merged.writer.keep_only(recommendation.responses.all(), kept)
