"""Changes to one award, under /grants/<ref>/variations/; part of the addresses of grants."""

from __future__ import annotations

from django.urls import path

from grants.views.variations import decide, pages, propose

urlpatterns = [
    path("ask/", decide.variation_ask, name="variation-ask"),
    path("new/", propose.variation_start, name="variation-start"),
    path("new/plan/", propose.variation_plan, name="variation-plan"),
    path("<int:number>/", pages.variation_detail, name="variation"),
    path("<int:number>/approve/", decide.variation_approve, name="variation-approve"),
    path("<int:number>/refuse/", decide.variation_refuse, name="variation-refuse"),
    path("<int:number>/withdraw/", decide.variation_withdraw, name="variation-withdraw"),
]
