"""What is checked about the money, under /money/: sources and their headroom, funder rules, reconciliation."""

from __future__ import annotations

from django.urls import URLPattern, path

from evaluation.views.money import allocations, rules, sources
from evaluation.views.reconciliation import reconciliation

app_name = "money-checks"
urlpatterns: list[URLPattern] = [
    path("sources/", sources.source_list, name="sources"),
    path("sources/<slug:slug>/", sources.source_detail, name="source"),
    path("sources/<slug:slug>/<ref:year>/allocation/", allocations.allocation, name="allocation"),
    path("sources/<slug:slug>/<ref:year>/overcommitment/", allocations.overcommitment_ask, name="overcommitment-ask"),
    path(
        "overcommitments/<int:overcommitment_id>/approve/",
        allocations.overcommitment_approve,
        name="overcommitment-approve",
    ),
    path("overcommitments/<int:overcommitment_id>/end/", allocations.overcommitment_end, name="overcommitment-end"),
    path("rules/", rules.rule_list, name="rules"),
    path("rules/add/", rules.rule_add, name="rule-add"),
    path("rules/<int:rule_id>/", rules.rule_edit, name="rule"),
    path("reconciliation/", reconciliation, name="reconciliation"),
]
