"""The life of returns driven at random by two grantees and the unit: the ledger never disagrees with what was approved.

Every step is somebody pressing a button, right or wrong. What the actions refuse must change nothing; what they accept
is followed in a small model of plain dictionaries, and the figures must agree with the model and with the revisions.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from evaluation.figures import Scope, compute
from grants.actions import review
from grants.actions.drafts import save_section
from grants.actions.schedule import undo_waiver
from grants.actions.signing import sign_revision, withdraw_revision
from grants.actions.submission import submit_return
from grants.errors import ActionRefused, StaleDraft
from grants.models import (
    Answer,
    Cell,
    Commitment,
    MonitoringReturn,
    Reading,
    ReturnQuery,
    Revision,
    Section,
    SectionDraft,
    SectionReview,
    SpendLine,
)
from grants.validation import RULES
from programmes.models import Dimension
from tests.cast import World
from tests.factories import CommitmentFactory, FundingSplitFactory, MonitoringReturnFactory, ReportingQuarterFactory
from vru.accounts.models import AuditEvent, User
from vru.jobs.models import Notification, OutboxMessage
from vru.lib.periods import FinancialYear
from vru.lib.state_machine import TransitionRefused

Status = MonitoringReturn.Status
TYPED: tuple[type[Model], ...] = (MonitoringReturn, SectionDraft)
WATCHED: tuple[type[Model], ...] = (
    *TYPED, Revision, Cell, SpendLine, Reading, Answer, SectionReview, ReturnQuery, AuditEvent, OutboxMessage,
    Notification,
)  # fmt: skip
BECAUSE = {code: "We counted again." for code in RULES if code.startswith("W")}
ASKED = (Section.REACH, Section.BREAKDOWNS, Section.SPEND)
RETURNS = st.integers(0, 2)
GRANTEES = st.sampled_from(["grantee", "signatory"])
# Mostly the person whose button it is; sometimes one who may not press it.
MANAGERS = st.sampled_from([*["programme_manager"] * 5, "analyst", "grantee", "director"])
TURNS = st.permutations([0, 0, 1, 1, 2, 3])
HALF_TYPED = st.sampled_from(["", "about ten", "7", "-1", "=SUM(A1)", "１２", "3 4", "<5"])
REASONS = st.sampled_from([*["Two were counted twice."] * 4, " "])
Key = tuple[int, Section]


class ReturnLife(RuleBasedStateMachine):
    """``saved`` is the last text accepted, ``seen`` the version each person has on the screen, ``sent`` and
    ``approved`` the people and pence that wait and that count.
    """

    world: ClassVar[World]
    items: ClassVar[list[MonitoringReturn]]
    done: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.saved: dict[Key, dict[str, str]] = {}
        self.seen: dict[tuple[str, Key], int] = {}
        self.sent: dict[int, tuple[int, int]] = {}
        self.last_sent: dict[int, tuple[int, int]] = {}
        self.approved: dict[int, tuple[int, int]] = {}
        self.ledger: list[tuple[Any, ...]] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    # What people do

    @rule(which=RETURNS, who=GRANTEES, section=st.sampled_from(ASKED))
    def look(self, which: int, who: str, section: Section) -> None:
        self.seen[who, (which, section)] = self._version((which, section))

    @rule(which=RETURNS, who=GRANTEES, section=st.sampled_from(ASKED), text=HALF_TYPED)
    def save(self, which: int, who: str, section: Section, text: str) -> None:
        """Half-typed text, from whatever version is on the screen: kept as typed, or refused with both texts."""
        name = {Section.REACH: "reach.new", Section.BREAKDOWNS: "age.10-14", Section.SPEND: "spend.labour.actual"}
        self._save(which, who, section, {name[section]: text})

    @rule(which=RETURNS, who=GRANTEES, new=st.integers(0, 30), pence=st.integers(0, 900_000))
    def fill_in(self, which: int, who: str, new: int, pence: int) -> None:
        """The whole return, by somebody who has the newest version of it before them."""
        typed = {
            Section.REACH: {"reach.new": f"{new:,}"},
            Section.BREAKDOWNS: {"age.10-14": str(new // 2), "age.not-known": str(new - new // 2)},
            Section.SPEND: {"spend.labour.actual": f"£{Decimal(pence) / 100:,.2f}"},
        }
        for section, data in typed.items():
            self.look(which, who, section)
            self._save(which, who, section, data)

    @rule(which=RETURNS, who=GRANTEES, is_nil=st.sampled_from([False, False, False, True]), explained=st.booleans())
    def submit(self, which: int, who: str, is_nil: bool, explained: bool) -> None:
        revision = self._press(
            "submit",
            submit_return,
            monitoring_return=self.items[which],
            by=self._person(who),
            declared_name="Gia Grantee",
            is_nil=is_nil,
            nil_reason="The hall was closed." if is_nil else "",
            explanations=BECAUSE if explained else {},
        )
        if revision is not None:
            self.sent[which] = self.last_sent[which] = self._typed(which)

    @rule(which=RETURNS, who=GRANTEES)
    def sign(self, which: int, who: str) -> None:
        revision = self._newest(which)
        if revision is not None:
            self._press("sign", sign_revision, revision=revision, by=self._person(who))

    @rule(which=RETURNS, who=GRANTEES, reason=REASONS)
    def withdraw(self, which: int, who: str, reason: str) -> None:
        revision = self._newest(which)
        args: dict[str, Any] = {"revision": revision, "by": self._person(who), "reason": reason}
        if revision is not None and self._press("withdraw", withdraw_revision, **args) is not None:
            del self.sent[which]

    @rule(which=RETURNS, who=GRANTEES, text=REASONS)
    def answer(self, which: int, who: str, text: str) -> None:
        asked = ReturnQuery.objects.filter(revision__monitoring_return=self.items[which]).order_by("-pk").first()
        if asked is not None:
            self._press("answer", review.answer_query, query=asked, text=text, by=self._person(who))

    def _answer_everything(self, which: int, who: str) -> None:
        asked = ReturnQuery.objects.filter(revision=self._newest(which), answered_at__isnull=True)
        for query in asked:
            self._press("answer", review.answer_query, query=query, text="It rained.", by=self._person(who))

    @rule(which=RETURNS, who=MANAGERS, section=st.sampled_from(Section), text=REASONS)
    def query(self, which: int, who: str, section: Section, text: str) -> None:
        item, by = self.items[which], self._person(who)
        self._press("query", review.raise_query, monitoring_return=item, section=section, text=text, by=by)

    @rule(which=RETURNS, who=MANAGERS)
    def approve(self, which: int, who: str) -> None:
        self._press("approve", review.approve_return, monitoring_return=self.items[which], by=self._person(who))
        self._follow_approval(which)

    @rule(which=RETURNS, who=MANAGERS, sections=st.lists(st.sampled_from([*ASKED, Section.DECLARATION]), max_size=4))
    def approve_sections(self, which: int, who: str, sections: list[Section]) -> None:
        for section in sections:
            args: dict[str, Any] = {"sections": [section], "by": self._person(who)}
            self._press("section", review.approve_sections, monitoring_return=self.items[which], **args)
            self._follow_approval(which)

    @rule(which=RETURNS)
    def lock(self, which: int) -> None:
        self._press("lock", review.lock_approved, monitoring_return=self.items[which], by=None)

    @rule(which=RETURNS, who=MANAGERS, reason=REASONS)
    def reopen(self, which: int, who: str, reason: str) -> None:
        item, by = self.items[which], self._person(who)
        self._press("reopen", review.reopen_return, monitoring_return=item, by=by, reason=reason)

    @rule(which=RETURNS, who=MANAGERS, reason=REASONS)
    def waive(self, which: int, who: str, reason: str) -> None:
        item, by = self.items[which], self._person(who)
        if self._press("waive", review.waive_return, monitoring_return=item, by=by, reason=reason) is not None:
            self._press("undo waiver", undo_waiver, monitoring_return=item, by=by, reason="It is needed after all.")

    @initialize(which=RETURNS, who=GRANTEES, new=st.integers(1, 30), pence=st.integers(1, 900_000), turns=TURNS)
    def a_quarter_begins(self, which: int, who: str, new: int, pence: int, turns: list[int]) -> None:
        """Every life starts with some of what usually happens, so that no chance leaves a button unpressed."""
        self.things_go_well_for_a_while(which, who, new, pence, turns)

    @rule(
        which=RETURNS,
        who=GRANTEES,
        new=st.integers(0, 30),
        pence=st.integers(0, 900_000),
        turns=st.lists(st.integers(0, 3), min_size=1, max_size=6),
    )
    def things_go_well_for_a_while(self, which: int, who: str, new: int, pence: int, turns: list[int]) -> None:
        """Without this, buttons pressed at random would seldom bring a return to its approval."""
        for turn in turns:
            self._next_right_thing(which, who, new + turn, pence, turn)
            self.figures_are_the_approved_revisions_and_nothing_else()

    def _next_right_thing(self, which: int, who: str, new: int, pence: int, turn: int) -> None:
        status = self._status(which)
        if status in {Status.OPEN, Status.DRAFT, Status.REOPENED, Status.QUERIED}:
            if status == Status.QUERIED:
                self._answer_everything(which, who)
            if turn or status == Status.OPEN:
                self.fill_in(which, who, new, pence)
                self._too_late(which, "signatory" if who == "grantee" else "grantee")
            self.submit(which, who, is_nil=False, explained=True)
        elif status == Status.SUBMITTED and self._newest(which).awaits_signature:
            self.sign(which, "signatory") if turn else self.withdraw(which, who, "Two were counted twice.")
        elif status == Status.SUBMITTED and turn == 0:
            self.query(which, "programme_manager", Section.REACH, "Why so many?")
        elif status == Status.SUBMITTED and turn == 1:
            self.approve_sections(which, "programme_manager", [*ASKED, Section.DECLARATION])
        elif status == Status.SUBMITTED:
            self.approve(which, "programme_manager")
        elif turn == 0:
            self.lock(which)
        else:
            self.reopen(which, "programme_manager", "Two were counted twice.")

    def _too_late(self, which: int, colleague: str) -> None:
        """A colleague had the section before them meanwhile, as it was."""
        key = (which, Section.REACH)
        if self.seen.get((colleague, key), 0) != self._version(key):
            self.save(which, colleague, Section.REACH, "about ten")

    # What must hold after every step

    @invariant()
    def figures_are_the_approved_revisions_and_nothing_else(self) -> None:
        live = Revision.objects.filter(superseded_at__isnull=True, approved_at__isnull=False)
        cells = Cell.objects.filter(revision__in=live, measure="new", category__dimension__slug=Dimension.TOTAL)
        people = sum(cell.value for cell in cells)
        pence = sum(line.actual_pence for line in SpendLine.objects.filter(revision__in=live))
        assert (people, pence) == tuple(sum(column) for column in zip((0, 0), *self.approved.values(), strict=True))
        ledger = list(Revision.objects.order_by("pk").values_list("pk", "approved_at", "superseded_at"))
        if ledger == self.ledger:
            return  # Nothing that figures are computed from has changed since they were compared.
        self.ledger = ledger
        scope = Scope.of(FinancialYear(2020), self.items[0].commitment.programme.layer, timezone.localdate())
        figures = compute(scope, ["reach.new", "spend.total"])
        assert (figures["reach.new"].value or 0) == people
        assert (figures["spend.total"].value or 0) == Decimal(pence) / 100

    @invariant()
    def a_return_has_one_version_that_counts_and_one_that_waits_at_most(self) -> None:
        for which, item in enumerate(self.items):
            live = Revision.objects.filter(monitoring_return=item, superseded_at__isnull=True)
            states = Counter(revision.approved_at is not None for revision in live)
            assert states == Counter({True: int(which in self.approved), False: int(which in self.sent)})

    @invariant()
    def no_word_that_was_saved_is_lost(self) -> None:
        kept = {(row.monitoring_return_id, row.section): row.data for row in SectionDraft.objects.all()}
        assert kept == {(self.items[which].pk, section.value): data for (which, section), data in self.saved.items()}

    # How it is followed

    def _press(self, what: str, action: Callable[..., Any], **arguments: Any) -> Any:
        """The action's result; None when it refused, which must have left every row as it was."""
        before = self._rows()
        try:
            made = action(**arguments)
        except (ActionRefused, TransitionRefused):
            assert self._rows() == before
            self.done[f"{what} refused"] += 1
            return None
        self.done[what] += 1
        return made

    def _save(self, which: int, who: str, section: Section, data: dict[str, str]) -> None:
        key = (which, section)
        seen, current = self.seen.get((who, key), 0), self._version(key)
        before = self._rows(TYPED)
        try:
            draft = save_section(
                monitoring_return=self.items[which],
                section=section,
                data=data,
                version=seen,
                by=self._person(who),
                complete=False,
            )
        except StaleDraft as stale:
            shown = stale.current.data
            assert (seen != current, shown, self._rows(TYPED)) == (True, self.saved[key], before)
            self.done["two versions"] += 1
        except ActionRefused:
            assert self._rows(TYPED) == before
            self.done["save refused"] += 1
        else:
            assert seen == current or data == self.saved[key]
            self.saved[key], self.seen[who, key] = data, draft.version
            self.done["save"] += 1

    def _follow_approval(self, which: int) -> None:
        if self._status(which) == Status.APPROVED and which in self.sent:
            self.done["correction" if which in self.approved else "first approval"] += 1
            self.approved[which] = self.sent.pop(which)

    def _typed(self, which: int) -> tuple[int, int]:
        """People and pence as the drafts have them; where nothing was typed since, as they were sent last."""
        people, pence = self.last_sent.get(which, (0, 0))
        if (which, Section.REACH) in self.saved:
            people = int(self.saved[which, Section.REACH].get("reach.new", "").replace(",", "") or 0)
        if (which, Section.SPEND) in self.saved:
            typed = self.saved[which, Section.SPEND].get("spend.labour.actual", "")
            pence = int(Decimal(typed.lstrip("£").replace(",", "") or 0) * 100)
        return people, pence

    def _version(self, key: Key) -> int:
        which, section = key
        row = SectionDraft.objects.filter(monitoring_return=self.items[which], section=section).first()
        return row.version if row else 0

    def _newest(self, which: int) -> Revision | None:
        return Revision.objects.filter(monitoring_return=self.items[which]).order_by("-number").first()

    def _person(self, name: str) -> User:
        return self.world.cast.named(name)

    def _status(self, which: int) -> str:
        return MonitoringReturn.objects.values_list("status", flat=True).get(pk=self.items[which].pk)

    def _rows(self, models: tuple[type[Model], ...] = WATCHED) -> list[list[tuple[Any, ...]]]:
        return [list(model._default_manager.order_by("pk").values_list()) for model in models]


@pytest.mark.slow
def test_ledger_agrees_with_what_was_approved_whoever_presses_what(world: World) -> None:
    """Two returns of one grant, and one of a grant that asks for a second signature."""
    quiet = [section.value for section in Section if section not in {*ASKED, Section.DECLARATION}]
    world.other_return.delete()
    Commitment.objects.filter(pk=world.grant.pk).update(waived_sections=quiet)
    signed = CommitmentFactory(
        organisation=world.grant.organisation,
        programme=world.grant.programme,
        needs_signatory=True,
        waived_sections=quiet,
        starts_on=datetime.date(2020, 4, 1),
    )
    FundingSplitFactory(commitment=signed)
    first = ReportingQuarterFactory(year=2020, number=1)
    made = [MonitoringReturnFactory(commitment=grant, quarter=first, status="open") for grant in (world.grant, signed)]
    ReturnLife.world = world
    ReturnLife.items = list(
        MonitoringReturn.objects.filter(pk__in=[world.monitoring_return.pk, *(row.pk for row in made)])
    )
    ReturnLife.done.clear()
    run_state_machine_as_test(
        ReturnLife,
        # Not made smaller when it fails: that would press buttons for many minutes more.
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    wanted = {"save", "two versions", "submit", "sign", "withdraw", "query", "answer", "first approval", "correction"}
    assert {name for name in wanted if not ReturnLife.done[name]} == set()
