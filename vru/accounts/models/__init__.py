from vru.accounts.models.api_token import ApiToken, IdempotentRequest
from vru.accounts.models.audit import AuditEvent
from vru.accounts.models.column_mapping import ColumnMapping
from vru.accounts.models.delegation import Delegation
from vru.accounts.models.due_diligence import DueDiligenceCheck
from vru.accounts.models.invitation import Invitation
from vru.accounts.models.organisation import Membership, Organisation
from vru.accounts.models.organisation_detail import Contact, FormerName, OrganisationPolicy
from vru.accounts.models.saved_view import SavedView
from vru.accounts.models.user import Role, StaffRole, User

__all__ = [
    "ApiToken",
    "AuditEvent",
    "ColumnMapping",
    "Contact",
    "Delegation",
    "DueDiligenceCheck",
    "FormerName",
    "IdempotentRequest",
    "Invitation",
    "Membership",
    "Organisation",
    "OrganisationPolicy",
    "Role",
    "SavedView",
    "StaffRole",
    "User",
]
