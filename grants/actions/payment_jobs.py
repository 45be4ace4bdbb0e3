"""What the worker does once payments were made: it tells the grantees, so that nobody waits on 500 messages."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse

from grants.actions.payment_paying import TELL_PAID
from grants.messages import submitters_of, tell_about_award
from grants.models import Payment
from vru.jobs.models import Job
from vru.jobs.progress import Progress
from vru.jobs.registry import job_kind


@job_kind(TELL_PAID)
def tell_payments(job: Job, progress: Progress) -> dict[str, Any]:
    """Tell the grantees of the payments in the payload. Each payment is told once, so it is safe to repeat."""
    paid = Payment.objects.filter(pk__in=job.payload.get("payments", []), status=Payment.Status.PAID)
    payments = list(paid.select_related("commitment__organisation", "commitment__programme").order_by("pk"))
    told = 0
    for number, payment in enumerate(payments):
        progress("Telling the grantees", 100 * number // len(payments))
        with transaction.atomic():
            told += tell_paid(payment)
    return {"payments": len(payments), "told": told}


def tell_paid(payment: Payment) -> int:
    """Whoever fills in returns for the organisation: money is on its way, or a credit note was settled."""
    grant = payment.commitment
    what = "Credit note" if payment.is_credit_note else "Payment"
    return tell_about_award(
        submitters_of(grant),
        grant,
        key=f"paid payment {payment.pk}",
        title="A credit note of your grant is settled" if payment.is_credit_note else "We have paid you",
        text=f"{grant.title}. {what} {payment.number} is on the award's page.",
        template="paid",
        href=reverse("grants:detail", args=[grant.ref]),
        payment=payment,
    )
