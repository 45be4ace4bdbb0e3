from grants.models.agreement import AgreementTemplate, AwardAgreement
from grants.models.assurance import AssuranceCheck, AssuranceCount
from grants.models.attachment import Attachment
from grants.models.bulk_change import BulkChange
from grants.models.closing import GrantClosing
from grants.models.commitment import AWARDED_STATUSES, COMMITMENT_STATES, Commitment
from grants.models.document import ReturnDocument
from grants.models.draft import SectionDraft
from grants.models.extension import ReturnExtension
from grants.models.ledger import LedgerImport, LedgerLine
from grants.models.measure import Measure, Section
from grants.models.milestone import Milestone, MilestoneReport
from grants.models.monitoring_return import RECEIVED, RETURN_STATES, WITH_GRANTEE, MonitoringReturn
from grants.models.partner import ConsortiumPartner
from grants.models.payment import Payment
from grants.models.payment_run import PAYMENT_RUN_STATES, ExportLayout, PaymentRun, PaymentRunLine
from grants.models.profile import ProfileLine
from grants.models.quarter import ReportingQuarter
from grants.models.question import Question, Questionnaire
from grants.models.recovery import RecoveryDebt
from grants.models.register_import import RegisterImport
from grants.models.review import ReturnQuery, ReviewNote, SectionReview
from grants.models.revision import Answer, Cell, Reading, Revision, SpendLine
from grants.models.split import AreaShare, FundingSplit
from grants.models.target import CommitmentIndicator, ReachTarget
from grants.models.variation import VARIATION_STATES, Variation
from grants.models.virement import VIREMENT_STATES, Virement
from grants.models.workbook_upload import WorkbookUpload

__all__ = [
    "AWARDED_STATUSES",
    "COMMITMENT_STATES",
    "PAYMENT_RUN_STATES",
    "RECEIVED",
    "RETURN_STATES",
    "VARIATION_STATES",
    "VIREMENT_STATES",
    "WITH_GRANTEE",
    "AgreementTemplate",
    "Answer",
    "AreaShare",
    "AssuranceCheck",
    "AssuranceCount",
    "Attachment",
    "AwardAgreement",
    "BulkChange",
    "Cell",
    "Commitment",
    "CommitmentIndicator",
    "ConsortiumPartner",
    "ExportLayout",
    "FundingSplit",
    "GrantClosing",
    "LedgerImport",
    "LedgerLine",
    "Measure",
    "Milestone",
    "MilestoneReport",
    "MonitoringReturn",
    "Payment",
    "PaymentRun",
    "PaymentRunLine",
    "ProfileLine",
    "Question",
    "Questionnaire",
    "ReachTarget",
    "Reading",
    "RecoveryDebt",
    "RegisterImport",
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
    "Virement",
    "WorkbookUpload",
]
