"""A payment run: its page, and each step of it on a page of its own."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from grants.actions import payment_paying, payment_runs
from grants.errors import ActionRefused
from grants.models import Payment, PaymentRun, PaymentRunLine
from grants.money.paid import sent_before
from grants.money.payment_file import file_name
from grants.views.payments.common import (
    FORM,
    NoForm,
    ReasonForm,
    can_work_on_runs,
    crumbs,
    form_page,
    page_of_run,
    visible_run,
)
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import can_approve_money, can_keep_money, can_read_everything, person, require
from vru.accounts.strong_sign_in import strong_sign_in
from vru.lib.govuk.dates import DatePartsField
from vru.lib.govuk.posted import posted
from vru.lib.money import Money
from vru.lib.periods import long_date

Status = PaymentRun.Status
LONGEST_REFERENCE = 100


class PaidForm(forms.Form):
    """The day of payment; and for each payment whether it went out, with the finance system's reference."""

    paid_on = DatePartsField(label="On which day was it paid?")

    def __init__(self, lines: list[PaymentRunLine], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = lines
        for line in lines:
            self.fields[f"line_{line.pk}"] = forms.BooleanField(label="Paid", required=False, initial=True)
            self.fields[f"reference_{line.pk}"] = forms.CharField(
                label="Reference", required=False, max_length=LONGEST_REFERENCE
            )

    def chosen(self) -> list[PaymentRunLine]:
        return [line for line in self.lines if self.cleaned_data.get(f"line_{line.pk}")]

    def references(self) -> dict[int, str]:
        return {line.pk: self.cleaned_data.get(f"reference_{line.pk}", "") for line in self.lines}

    def rows(self) -> list[dict[str, Any]]:
        return [
            {"line": line, "box": self[f"line_{line.pk}"], "reference": self[f"reference_{line.pk}"]}
            for line in self.lines
        ]


@require(can_read_everything)
@require_safe
def run_detail(request: HttpRequest, ref: str) -> HttpResponse:
    run, user = visible_run(request, ref), person(request)
    lines = list(
        run.lines.select_related("payment__commitment__organisation").order_by(
            "facts__organisation", "supplier_reference", "payment_id", "pk"
        )
    )
    live = [line for line in lines if line.released_at is None]
    context = {
        "run": run,
        "layer": run.layer,
        "groups": _by_organisation(live),
        "taken_out": [line for line in lines if line.released_at is not None],
        "numbers": _numbers(live),
        "steps": _steps(run),
        "may": _may(run, user, live),
        "events": AuditEvent.objects.about(run).select_related("actor")[:30],
        "crumbs": crumbs(("Payment runs", reverse("money:runs"))),
        "title": f"Payment run {run.ref}",
        "caption": f"To be paid on {long_date(run.pay_on)}",
    }
    return render(request, "grants/payment_run.html", context)


def _by_organisation(lines: list[PaymentRunLine]) -> list[dict[str, Any]]:
    def whom(line: PaymentRunLine) -> tuple[str, str]:
        return str(line.facts.get("organisation", "")), line.supplier_reference

    groups = []
    for (name, supplier), found in groupby(sorted(lines, key=whom), key=whom):
        rows = list(found)
        groups.append(
            {"name": name, "supplier": supplier, "lines": rows, "pence": sum(row.amount_pence for row in rows)}
        )
    return groups


def _numbers(lines: list[PaymentRunLine]) -> list[dict[str, Any]]:
    out = sum(line.amount_pence for line in lines if line.amount_pence > 0)
    back = sum(line.amount_pence for line in lines if line.amount_pence < 0)
    paid = sum(line.amount_pence for line in lines if line.payment.status == Payment.Status.PAID)
    return [
        {
            "label": "Comes to",
            "value": Money(out + back).short(),
            "basis": f"{Money(out + back)}, {len(lines):,} lines",
        },
        {"label": "Payments", "value": Money(out).short(), "basis": str(Money(out))},
        {"label": "Credit notes", "value": Money(back).short(), "basis": str(Money(back))},
        {"label": "Paid so far", "value": Money(paid).short(), "basis": str(Money(paid))},
    ]


def _steps(run: PaymentRun) -> list[dict[str, Any]]:
    """Who did what when: the four eyes of a run, at a glance."""
    return [
        {"label": "Made", "by": run.made_by, "at": run.made_at},
        {"label": "Approved by somebody else", "by": run.approved_by, "at": run.approved_at},
        {"label": "Sent to the finance system", "by": run.exported_by, "at": run.exported_at},
        {"label": "Paid", "by": run.paid_by, "at": run.paid_at},
    ]


def _may(run: PaymentRun, user: User, live: list[PaymentRunLine]) -> dict[str, bool]:
    """What this person can do with the run now, for the buttons; the actions check it again."""
    keeps, approves, own = can_keep_money(user), can_approve_money(user), run.made_by_id == user.pk
    status, some_paid = run.status, any(line.payment.status == Payment.Status.PAID for line in live)
    over = status in (Status.PAID, Status.CANCELLED)
    return {
        "propose": keeps and own and status == Status.DRAFT and bool(live),
        "approve": approves and not own and status == Status.PROPOSED,
        "send_back": approves and status == Status.PROPOSED,
        "export": keeps and status == Status.APPROVED,
        "file": keeps and bool(run.export_sha256),
        "mark_paid": keeps and status == Status.EXPORTED,
        "take_out": keeps and not over and (own or status != Status.DRAFT),
        "cancel": (keeps or approves) and not over and not some_paid,
        "wait_for_other": own and status == Status.PROPOSED,
    }


def _facts(run: PaymentRun) -> tuple[list[dict[str, Any]], int]:
    amounts = list(run.lines.live().values_list("amount_pence", flat=True))
    total = sum(amounts)
    rows = [
        {"key": "Comes to", "value": Money(total).exact()},
        {"key": "Payments and credit notes", "value": f"{len(amounts):,}"},
        {"key": "To be paid on", "value": long_date(run.pay_on)},
        {"key": "Made by", "value": run.made_by.name},
    ]
    return rows, total


def _step(request: HttpRequest, run: PaymentRun, form: forms.Form, act: Any, **words: Any) -> HttpResponse:
    facts, _ = _facts(run)
    trail = crumbs(("Payment runs", reverse("money:runs")), (run.ref, page_of_run(run)))
    return form_page(
        request,
        form,
        act,
        caption=f"Payment run {run.ref}",
        back=page_of_run(run),
        layer=run.layer,
        trail=trail,
        facts=facts,
        **words,
    )


@require(can_keep_money)
@require_http_methods(FORM)
def run_propose(request: HttpRequest, ref: str) -> HttpResponse:
    run = visible_run(request, ref)
    return _step(
        request,
        run,
        NoForm(posted(request)),
        lambda: payment_runs.propose_run(run=run, by=person(request)),
        title="Propose the run for approval",
        lead="Another finance officer or the director approves it. You cannot approve your own run.",
        submit="Propose the run",
        done="Proposed. It waits for somebody else's approval.",
    )


class ApproveForm(forms.Form):
    """The total that the approver saw travels with the button."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


@require(can_approve_money)
@strong_sign_in
@require_http_methods(FORM)
def run_approve(request: HttpRequest, ref: str) -> HttpResponse:
    run = visible_run(request, ref)
    _, total = _facts(run)
    form = ApproveForm(request.POST) if request.method == "POST" else ApproveForm(initial={"seen": total})
    return _step(
        request,
        run,
        form,
        lambda: payment_runs.approve_run(run=run, by=person(request), seen_pence=form.cleaned_data["seen"]),
        title="Approve the run",
        lead="You confirm that these payments are due and may leave.",
        submit="Approve the run",
        done="Approved. A finance officer can now send it to the finance system.",
        warning=_warning(run, person(request)),
    )


def _warning(run: PaymentRun, user: User) -> str:
    """What whoever approves must know first: that they may not, or that money may have left already."""
    if run.made_by_id == user.pk:
        return "You made this run, so somebody else must approve it."
    sent = [
        f"{line.payment.commitment.ref} payment {line.payment.number} in {line.run.ref}" for line in sent_before(run)
    ]
    if not sent:
        return ""
    return f"Sent to the finance system before: {', '.join(sent)}. Make sure that it was not paid then."


@require(can_approve_money)
@require_http_methods(FORM)
def run_send_back(request: HttpRequest, ref: str) -> HttpResponse:
    run = visible_run(request, ref)
    form = ReasonForm(posted(request))
    return _step(
        request,
        run,
        form,
        lambda: payment_runs.send_back(run=run, by=person(request), reason=form.cleaned_data["reason"]),
        title="Send the run back",
        lead="Its maker reads the reason, mends the run and proposes it again.",
        submit="Send it back",
        done="Sent back to its maker.",
    )


@require(can_work_on_runs)
@require_http_methods(FORM)
def run_cancel(request: HttpRequest, ref: str) -> HttpResponse:
    run = visible_run(request, ref)
    form = ReasonForm(posted(request))
    return _step(
        request,
        run,
        form,
        lambda: payment_runs.cancel_run(run=run, by=person(request), reason=form.cleaned_data["reason"]),
        title="Cancel the run",
        lead="Its payments can then be paid in another run.",
        submit="Cancel the run",
        done="Cancelled. Its payments are free again.",
        warning="This run was sent to the finance system. Stop it there first: its payments can then be put in another "
        "run and paid."
        if run.status == Status.EXPORTED
        else "",
    )


@require(can_keep_money)
@strong_sign_in
@require_http_methods(FORM)
def run_export(request: HttpRequest, ref: str) -> HttpResponse:
    run = visible_run(request, ref)
    return _step(
        request,
        run,
        NoForm(posted(request)),
        lambda: payment_paying.export_run(run=run, by=person(request)),
        title="Send the run to the finance system",
        lead=f"This makes the file “{file_name(run)}” by the layout “{run.layout}”. It never changes afterwards.",
        submit="Make the file",
        done="The file is made. Download it below and load it into the finance system.",
    )


@require(can_keep_money)
@require_safe
def run_file(request: HttpRequest, ref: str) -> HttpResponse:
    """The file as it was sent; the same bytes whenever it is downloaded."""
    run = visible_run(request, ref)
    try:
        content = payment_paying.file_of(run)
    except ActionRefused as refused:
        messages.error(request, str(refused))
        return redirect(page_of_run(run))
    response = HttpResponse(content, content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="{file_name(run)}"'
    return response


@require(can_keep_money)
@strong_sign_in
@require_http_methods(FORM)
def run_paid(request: HttpRequest, ref: str) -> HttpResponse:
    """Every payment is ticked at first; untick what did not go out."""
    run = visible_run(request, ref)
    unpaid = run.lines.live().exclude(payment__status=Payment.Status.PAID).select_related("payment")
    lines = list(unpaid.order_by("supplier_reference", "payment_id", "pk"))
    form = PaidForm(lines, posted(request), initial={"paid_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            paid = payment_paying.mark_paid(
                run=run,
                paid_on=form.cleaned_data["paid_on"],
                by=person(request),
                lines=form.chosen(),
                references=form.references(),
            )
        except ActionRefused as refused:
            form.add_error(None, str(refused))
        else:
            count = len(paid)
            told = (
                f"{count:,} {'payment is' if count == 1 else 'payments are'} recorded as paid. The grantees are told."
            )
            messages.success(request, told if paid else "Nothing was ticked that is not paid already.")
            return redirect(page_of_run(run))
    context = {
        "run": run,
        "layer": run.layer,
        "form": form,
        "crumbs": crumbs(("Payment runs", reverse("money:runs")), (run.ref, page_of_run(run))),
        "title": "Record what was paid",
        "back": page_of_run(run),
    }
    return render(request, "grants/payment_run_paid.html", context, status=422 if form.errors else 200)


class TakeOutForm(ReasonForm):
    reason = forms.CharField(
        label="Why?", help_text="Kept with the run.", required=False, max_length=300, widget=forms.Textarea({"rows": 3})
    )


@require(can_keep_money)
@require_http_methods(FORM)
def run_take_out(request: HttpRequest, ref: str, line: int) -> HttpResponse:
    run = visible_run(request, ref)
    row = get_object_or_404(run.lines.select_related("payment__commitment"), pk=line)
    form = TakeOutForm(request.POST) if request.method == "POST" else TakeOutForm()
    return _step(
        request,
        run,
        form,
        lambda: payment_runs.take_out(line=row, by=person(request), reason=form.cleaned_data["reason"]),
        title=f"Take out {row.facts.get('grant', '')} payment {row.facts.get('number', '')}",
        lead=f"{Money(row.amount_pence)} to {row.facts.get('organisation', '')}. It can be paid in a later run.",
        submit="Take it out",
        done="Taken out of the run.",
        warning="The file was sent with this payment in it. Make sure that the finance system did not pay it."
        if run.status == Status.EXPORTED
        else "",
    )
