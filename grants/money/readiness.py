"""What stands between a planned payment and the bank, in words."""

from __future__ import annotations

from grants.models import Payment

PLAN_WITH = ("commitment__organisation", "commitment__programme", "waits_for__quarter", "waits_for_quarter")


def reasons(payment: Payment) -> list[str]:
    """Each thing that holds the payment, shortest first to mend; empty when it can be paid. No query.

    The payment comes from ``with_clearance`` with ``PLAN_WITH`` selected. A run it stands in is not counted: whoever
    asks knows the run.
    """
    found = waits(payment)
    commitment = payment.commitment
    if not payment.is_payable_status:  # type: ignore[attr-defined]
        found.append(f"held: the grant is {commitment.get_status_display().lower()}")
    if not payment.is_diligent:  # type: ignore[attr-defined]
        found.append("held: a due diligence check of the organisation has failed")
    if not payment.has_supplier:  # type: ignore[attr-defined]
        found.append("held: the organisation has no supplier reference in the finance system")
    return found


def waits(payment: Payment) -> list[str]:
    """What has to come in from the grantee first. Needs ``with_readiness`` only; no query."""
    found = []
    if not payment.is_return_settled:  # type: ignore[attr-defined]
        item = payment.waits_for
        if item is not None:
            found.append(f"waits for the {item.quarter} return, {item.get_status_display().lower()}")
        else:
            found.append(f"waits for the {payment.waits_for_quarter} return, not planned yet")
    if not payment.is_agreed:  # type: ignore[attr-defined]
        found.append("waits for the signed agreement")
    return found
