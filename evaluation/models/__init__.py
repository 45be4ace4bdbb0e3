from evaluation.models.case_study import CaseStudy
from evaluation.models.disclosure_audit import DisclosureAudit
from evaluation.models.edition import EDITION_STATES, Edition, EditionFile
from evaluation.models.issue import DataIssue
from evaluation.models.outline import OutlineSection, ReportOutline
from evaluation.models.recommendation import Recommendation, Response
from evaluation.models.removed_section import RemovedSection
from evaluation.models.report import (
    SECTION_STATES,
    Explanation,
    NumberDecision,
    Report,
    ReportSchedule,
    ReportSection,
    SectionComment,
    SectionVersion,
)
from evaluation.models.statement import Relation, RelationTerm, Series, StatedValue, Statement
from evaluation.models.study import Appraisal, EvidenceRating, Finding, Study
from evaluation.models.wording import Wording

__all__ = [
    "EDITION_STATES",
    "SECTION_STATES",
    "Appraisal",
    "CaseStudy",
    "DataIssue",
    "DisclosureAudit",
    "Edition",
    "EditionFile",
    "EvidenceRating",
    "Explanation",
    "Finding",
    "NumberDecision",
    "OutlineSection",
    "Recommendation",
    "Relation",
    "RelationTerm",
    "RemovedSection",
    "Report",
    "ReportOutline",
    "ReportSchedule",
    "ReportSection",
    "Response",
    "SectionComment",
    "SectionVersion",
    "Series",
    "StatedValue",
    "Statement",
    "Study",
    "Wording",
]
