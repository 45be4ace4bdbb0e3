"""Money: added up twice, and spent as its funders ask."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from evaluation.funder_rules import Outcome, verdicts_of
from evaluation.reconciliation import reconcile
from evaluation.reconciliation.registry import Subject
from evaluation.signing.evidence import Evidence
from evaluation.signing.finding import LONGEST_ABOUT, Finding, Weight, subject_of
from evaluation.signing.registry import check
from programmes.models import FunderRule
from vru.lib.money import Money
from vru.lib.words import clipped

_WEIGHTS = {Outcome.BROKEN: Weight.EXPLAIN, Outcome.UNKNOWN: Weight.EXPLAIN, Outcome.AT_RISK: Weight.NOTE}


@check(
    "reconciliation",
    title="Money adds up whichever way it is added",
    passed="Every amount agrees with the same amount from another table.",
)
def reconciliation(evidence: Evidence) -> Iterator[Finding]:
    """Each check of the reconciliation that found a difference. One in a figure that the report prints stops the
    signature; the others need a sentence.
    """
    for each in reconcile(evidence.scope, evidence.computation).differing:
        is_printed = each.check.subject is Subject.FIGURES
        places = len(each.differing)
        where = "1 place differs" if places == 1 else f"{places:,} places differ"
        yield Finding(
            Weight.BLOCKS if is_printed else Weight.EXPLAIN,
            subject_of(each.check.name, [(pair.where, pair.difference) for pair in each.differing]),
            clipped(f"{each.check.title} ({where})", LONGEST_ABOUT),
            f"{each.check.title}: {where}, together {Money(each.difference).exact()}. "
            f"{each.check.left} is laid beside {each.check.right}.",
            reverse("money-checks:reconciliation") + evidence.year_query,
            "Open the reconciliation",
        )


@check("funder-rules", title="Funders' rules are kept", passed="No rule of a funder is broken.")
def funder_rules(evidence: Evidence) -> Iterator[Finding]:
    """The conditions of each funding source, judged as at the day of the edition. One that is broken, or that cannot
    be judged, needs a sentence; one at risk is only said.
    """
    for each in verdicts_of(evidence.scope, FunderRule.objects.all(), evidence.computation):
        outcome = Outcome(each.outcome)
        if outcome == Outcome.MET:
            continue
        yield Finding(
            _WEIGHTS[outcome],
            subject_of(f"{each.rule.source.slug}/{each.rule.slug}", [outcome.value, each.working]),
            clipped(f"{each.rule.source}, {each.rule.title}: {outcome.label.lower()}", LONGEST_ABOUT),
            f"{each.rule.source}, {each.rule.title}: {outcome.label.lower()}. {each.why}",
            reverse("money-checks:rules") + evidence.year_query,
            "Open the funder rules",
        )
