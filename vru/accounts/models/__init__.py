from vru.accounts.models.api_token import ApiToken, IdempotentRequest
from vru.accounts.models.audit import AuditEvent
from vru.accounts.models.delegation import Delegation
from vru.accounts.models.invitation import Invitation
from vru.accounts.models.organisation import Membership, Organisation
from vru.accounts.models.user import Role, StaffRole, User

__all__ = [
    "ApiToken",
    "AuditEvent",
    "Delegation",
    "IdempotentRequest",
    "Invitation",
    "Membership",
    "Organisation",
    "Role",
    "StaffRole",
    "User",
]
