from evaluation.models.edition import EDITION_STATES, Edition, EditionFile
from evaluation.models.issue import DataIssue
from evaluation.models.outline import OutlineSection, ReportOutline
from evaluation.models.recommendation import Recommendation, Response
from evaluation.models.statement import Relation, RelationTerm, Series, StatedValue, Statement
from evaluation.models.study import Appraisal, EvidenceRating, Finding, Study

__all__ = [
    "EDITION_STATES",
    "Appraisal",
    "DataIssue",
    "Edition",
    "EditionFile",
    "EvidenceRating",
    "Finding",
    "OutlineSection",
    "Recommendation",
    "Relation",
    "RelationTerm",
    "ReportOutline",
    "Response",
    "Series",
    "StatedValue",
    "Statement",
    "Study",
]
