"""Payments planned before the returns they wait for: tied to them once those returns exist."""

from __future__ import annotations

from grants.models import Commitment, Payment
from vru.accounts.models import AuditEvent, User


def link_payments(*, commitment: Commitment, by: User | None) -> int:
    """Tie payments that wait for a quarter to that quarter's return, once it is planned; how many were tied.

    The caller holds the commitment's lock: planning returns calls this at its end.
    """
    waiting = list(Payment.objects.to_pay().filter(commitment=commitment, waits_for_quarter__isnull=False))
    if not waiting:
        return 0
    returns = {item.quarter_id: item for item in commitment.returns.all()}
    tied = []
    for payment in waiting:
        item = returns.get(payment.waits_for_quarter_id or 0)
        if item is None:
            continue
        payment.waits_for, payment.waits_for_quarter = item, None
        payment.save(update_fields=["waits_for", "waits_for_quarter"])
        tied.append(payment)
    if tied:
        numbers = sorted(payment.number for payment in tied)
        AuditEvent.record("payments wait for their returns", commitment, by=by, numbers=numbers)
    return len(tied)
