"""Every check of one edition, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from evaluation.actions.auditing import keep_audit
from evaluation.figures.snapshot import read_snapshot
from evaluation.models import Edition, Explanation
from evaluation.reports.imprint import Explained

# Importing a module registers its checks.
from evaluation.signing.checks import edition as _edition
from evaluation.signing.checks import figures as _figures
from evaluation.signing.checks import money as _money
from evaluation.signing.checks import people as _people
from evaluation.signing.checks import records as _records
from evaluation.signing.checks import writing as _writing
from evaluation.signing.evidence import Evidence
from evaluation.signing.finding import Finding, Weight
from evaluation.signing.registry import Check, registered

# The order in which people read them.
MODULES = (_edition, _writing, _figures, _records, _money, _people)


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding with the sentence given for it, or the one given before something changed (``earlier``)."""

    finding: Finding
    explanation: Explanation | None = None
    earlier: str = ""

    @property
    def is_open(self) -> bool:
        return self.finding.weight == Weight.EXPLAIN and self.explanation is None

    @property
    def blocks(self) -> bool:
        return self.finding.weight == Weight.BLOCKS


@dataclass(frozen=True)
class CheckResult:
    check: Check
    judged: tuple[Judged, ...]

    @cached_property
    def blocking(self) -> list[Judged]:
        return [each for each in self.judged if each.blocks]

    @cached_property
    def to_explain(self) -> list[Judged]:
        return [each for each in self.judged if each.finding.weight == Weight.EXPLAIN]

    @cached_property
    def unexplained(self) -> list[Judged]:
        return [each for each in self.judged if each.is_open]

    @property
    def status(self) -> str:
        """``blocks``, ``explain``, ``explained``, ``note`` or ``passed``: the worst that is left."""
        if self.blocking:
            return "blocks"
        if self.unexplained:
            return "explain"
        if self.to_explain:
            return "explained"
        return "note" if self.judged else "passed"


@dataclass(frozen=True)
class SignOff:
    """The state of an edition before it is signed. ``results`` has every check, in order."""

    edition: Edition
    results: tuple[CheckResult, ...]

    @cached_property
    def blocking(self) -> int:
        return sum(len(each.blocking) for each in self.results)

    @cached_property
    def unexplained(self) -> int:
        return sum(len(each.unexplained) for each in self.results)

    @property
    def is_clear(self) -> bool:
        """Nothing stops the signature."""
        return not self.blocking and not self.unexplained

    @cached_property
    def explained(self) -> tuple[Explained, ...]:
        """What the methods annex prints: each sentence with what it is about, in the order of the checks. One sentence
        for several findings of a check is printed once.
        """
        found: dict[tuple[str, str], list[str]] = {}
        for result in self.results:
            for each in result.to_explain:
                if each.explanation is not None:
                    sentence = (result.check.title, each.explanation.sentence)
                    found.setdefault(sentence, []).append(each.finding.about)
        return tuple(
            Explained(f"{title}: {'; '.join(dict.fromkeys(abouts))}", sentence)
            for (title, sentence), abouts in found.items()
        )

    def result(self, slug: str) -> CheckResult | None:
        return next((each for each in self.results if each.check.slug == slug), None)


def all_checks() -> list[Check]:
    """Every check, in the order of the page."""
    order = [module.__name__ for module in MODULES]
    return sorted(registered(), key=lambda each: order.index(each.find.__module__))


def check_before_signing(edition: Edition, *, anew: bool = False) -> SignOff:
    """Run every check on an edition that is built; everything as of one moment.

    Pages take the disclosure audit that is kept, which is run and kept when something changed since; nothing else is
    written. ``anew`` runs it whatever is kept, and writes nothing: a signature trusts no page.
    """
    audited = None if anew else keep_audit(edition=edition)
    with read_snapshot():
        evidence = Evidence.of(edition, audited)
        found = [(check, list(check.find(evidence))) for check in all_checks()]
        given = list(Explanation.objects.filter(report=edition.report).order_by("written_at", "pk"))
    return SignOff(edition, tuple(_judged(check, findings, given) for check, findings in found))


def _judged(check: Check, findings: Iterable[Finding], given: Iterable[Explanation]) -> CheckResult:
    own = [each for each in given if each.check_slug == check.slug]
    by_subject: Mapping[str, Explanation] = {each.subject: each for each in own}
    by_topic = {each.subject.partition(" #")[0]: each.sentence for each in own}
    return CheckResult(
        check,
        tuple(
            Judged(
                each,
                by_subject.get(each.subject),
                "" if each.subject in by_subject else by_topic.get(each.topic, ""),
            )
            for each in findings
        ),
    )
