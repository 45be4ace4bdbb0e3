from vru.accounts.models.audit import AuditEvent
from vru.accounts.models.organisation import Membership, Organisation
from vru.accounts.models.user import Role, StaffRole, User

__all__ = ["AuditEvent", "Membership", "Organisation", "Role", "StaffRole", "User"]
