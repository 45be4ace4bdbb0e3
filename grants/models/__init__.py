from grants.models.commitment import AWARDED_STATUSES, COMMITMENT_STATES, Commitment
from grants.models.draft import SectionDraft
from grants.models.measure import Measure, Section
from grants.models.monitoring_return import RECEIVED, RETURN_STATES, WITH_GRANTEE, MonitoringReturn
from grants.models.payment import Payment
from grants.models.profile import ProfileLine, Variation
from grants.models.quarter import ReportingQuarter
from grants.models.review import ReturnQuery, SectionReview
from grants.models.revision import Answer, Cell, Question, Reading, Revision, SpendLine
from grants.models.split import AreaShare, FundingSplit
from grants.models.target import CommitmentIndicator, ReachTarget

__all__ = [
    "AWARDED_STATUSES",
    "COMMITMENT_STATES",
    "RECEIVED",
    "RETURN_STATES",
    "WITH_GRANTEE",
    "Answer",
    "AreaShare",
    "Cell",
    "Commitment",
    "CommitmentIndicator",
    "FundingSplit",
    "Measure",
    "MonitoringReturn",
    "Payment",
    "ProfileLine",
    "Question",
    "ReachTarget",
    "Reading",
    "ReportingQuarter",
    "ReturnQuery",
    "Revision",
    "Section",
    "SectionDraft",
    "SectionReview",
    "SpendLine",
    "Variation",
]
