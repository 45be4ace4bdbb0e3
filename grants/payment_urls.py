"""Payments, runs, credit notes and debts, below ``/money/``, in the namespace of ``grants.money_urls``."""

from __future__ import annotations

from django.urls import path

from grants.views.payments import debts, lists, make, planned, run
from vru.lib import addresses as _addresses  # noqa: F401 - registers the converter <ref:…>

urlpatterns = [
    path("payments/", lists.payment_list, name="payments"),
    path("payments/<ref:ref>/plan/", planned.payment_schedule, name="payment-schedule"),
    path("payments/<ref:ref>/add/", planned.payment_add, name="payment-add"),
    path("payments/<ref:ref>/<int:number>/change/", planned.payment_change, name="payment-change"),
    path("payments/<ref:ref>/<int:number>/cancel/", planned.payment_cancel, name="payment-cancel"),
    path("payments/<ref:ref>/credit-note/", planned.credit_add, name="credit-add"),
    path("payments/<ref:ref>/<int:number>/receive/", planned.credit_receive, name="credit-receive"),
    path("runs/", lists.run_list, name="runs"),
    path("runs/make/", make.run_make, name="run-make"),
    path("runs/layouts/", lists.layout_list, name="layouts"),
    path("runs/<ref:ref>/", run.run_detail, name="run"),
    path("runs/<ref:ref>/propose/", run.run_propose, name="run-propose"),
    path("runs/<ref:ref>/approve/", run.run_approve, name="run-approve"),
    path("runs/<ref:ref>/send-back/", run.run_send_back, name="run-send-back"),
    path("runs/<ref:ref>/export/", run.run_export, name="run-export"),
    path("runs/<ref:ref>/file/", run.run_file, name="run-file"),
    path("runs/<ref:ref>/paid/", run.run_paid, name="run-paid"),
    path("runs/<ref:ref>/cancel/", run.run_cancel, name="run-cancel"),
    path("runs/<ref:ref>/lines/<int:line>/take-out/", run.run_take_out, name="run-take-out"),
    path("debts/", debts.debt_list, name="debts"),
    path("debts/<ref:ref>/open/", debts.debt_open, name="debt-open"),
    path("debts/<ref:ref>/<int:number>/", debts.debt_detail, name="debt"),
    path("debts/<ref:ref>/<int:number>/write-off/", debts.debt_write_off, name="debt-write-off"),
]
