from grants.models.assurance import AssuranceCheck, AssuranceCount
from grants.models.attachment import Attachment
from grants.models.commitment import AWARDED_STATUSES, COMMITMENT_STATES, Commitment
from grants.models.document import ReturnDocument
from grants.models.draft import SectionDraft
from grants.models.extension import ReturnExtension
from grants.models.measure import Measure, Section
from grants.models.milestone import Milestone, MilestoneReport
from grants.models.monitoring_return import RECEIVED, RETURN_STATES, WITH_GRANTEE, MonitoringReturn
from grants.models.payment import Payment
from grants.models.profile import ProfileLine, Variation
from grants.models.quarter import ReportingQuarter
from grants.models.question import Question, Questionnaire
from grants.models.review import ReturnQuery, ReviewNote, SectionReview
from grants.models.revision import Answer, Cell, Reading, Revision, SpendLine
from grants.models.split import AreaShare, FundingSplit
from grants.models.target import CommitmentIndicator, ReachTarget
from grants.models.workbook_upload import WorkbookUpload

__all__ = [
    "AWARDED_STATUSES",
    "COMMITMENT_STATES",
    "RECEIVED",
    "RETURN_STATES",
    "WITH_GRANTEE",
    "Answer",
    "AreaShare",
    "AssuranceCheck",
    "AssuranceCount",
    "Attachment",
    "Cell",
    "Commitment",
    "CommitmentIndicator",
    "FundingSplit",
    "Measure",
    "Milestone",
    "MilestoneReport",
    "MonitoringReturn",
    "Payment",
    "ProfileLine",
    "Question",
    "Questionnaire",
    "ReachTarget",
    "Reading",
    "ReportingQuarter",
    "ReturnDocument",
    "ReturnExtension",
    "ReturnQuery",
    "ReviewNote",
    "Revision",
    "Section",
    "SectionDraft",
    "SectionReview",
    "SpendLine",
    "Variation",
    "WorkbookUpload",
]
