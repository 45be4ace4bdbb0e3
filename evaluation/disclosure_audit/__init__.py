"""The adversary's seat: reads what editions print and works out whether a small count can be told from it."""

from evaluation.disclosure_audit.audit import audit_edition
from evaluation.disclosure_audit.exposure import Exposure

__all__ = ["Exposure", "audit_edition"]
