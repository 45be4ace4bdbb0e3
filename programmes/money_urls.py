"""Where the money comes from, under /money/: agreements with funders, the sources themselves, the budget."""

from __future__ import annotations

from django.urls import URLPattern, path

from programmes.views.money import agreement_steps, agreements, budget, sources

app_name = "funding"
urlpatterns: list[URLPattern] = [
    path("agreements/", agreements.agreement_list, name="agreements"),
    path("agreements/add/", agreements.agreement_add, name="agreement-add"),
    path("agreements/<ref:ref>/", agreements.agreement_detail, name="agreement"),
    path("agreements/<ref:ref>/edit/", agreements.agreement_edit, name="agreement-edit"),
    path("agreements/<ref:ref>/accept/", agreements.agreement_accept, name="agreement-accept"),
    path("agreements/<ref:ref>/terms/", agreements.agreement_terms, name="agreement-terms"),
    path("agreements/<ref:ref>/changes/add/", agreement_steps.change_add, name="change-add"),
    path("agreements/<ref:ref>/changes/<int:number>/", agreement_steps.change_settle, name="change-settle"),
    path("agreements/<ref:ref>/claims/add/", agreement_steps.claim_add, name="claim-add"),
    path("agreements/<ref:ref>/claims/<int:number>/", agreement_steps.claim_edit, name="claim-edit"),
    path("agreements/<ref:ref>/claims/<int:number>/send/", agreement_steps.claim_send, name="claim-send"),
    path("agreements/<ref:ref>/claims/<int:number>/agree/", agreement_steps.claim_agree, name="claim-agree"),
    path("agreements/<ref:ref>/claims/<int:number>/withdraw/", agreement_steps.claim_withdraw, name="claim-withdraw"),
    path("agreements/<ref:ref>/receipts/add/", agreement_steps.receipt_add, name="receipt-add"),
    path("agreements/<ref:ref>/statement/", agreement_steps.statement_prepare, name="statement"),
    path("agreements/<ref:ref>/statement/certify/", agreement_steps.statement_certify, name="statement-certify"),
    path("budget/", budget.budget_page, name="budget"),
    path("budget/add/", budget.line_add, name="budget-add"),
    path("budget/<ref:ref>/", budget.line_detail, name="budget-line"),
    path("sources/add/", sources.source_add, name="source-add"),
    path("sources/<slug:slug>/edit/", sources.source_edit, name="source-edit"),
]
