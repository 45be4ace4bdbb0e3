"""From draft to approved: what each action does, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from grants.actions import review
from grants.actions.drafts import open_due_returns, save_section
from grants.actions.signing import sign_revision
from grants.actions.submission import submit_return
from grants.errors import ActionRefused, ReturnNotAcceptable, StaleDraft
from grants.models import Cell, MonitoringReturn, Revision, Section, SectionDraft, SpendLine
from tests.cast import World, complete_answers
from vru.accounts.models import AuditEvent
from vru.lib.state_machine import TransitionRefused


def fill_in(world: World, **changes: dict[str, str]) -> None:
    answers = {**complete_answers(world), **changes}
    for letter, data in answers.items():
        version = getattr(
            SectionDraft.objects.filter(monitoring_return=world.monitoring_return, section=letter).first(), "version", 0
        )
        save_section(
            monitoring_return=world.monitoring_return,
            section=Section(letter),
            data=data,
            version=version,
            by=world.cast.grantee,
            complete=True,
        )


def submit(world: World, **options: Any) -> Revision:
    return submit_return(
        monitoring_return=world.monitoring_return,
        by=options.pop("by", world.cast.grantee),
        declared_name=options.pop("declared_name", "Gia Grantee"),
        **options,
    )


def status(world: World) -> str:
    return MonitoringReturn.objects.get(pk=world.monitoring_return.pk).status


def test_saving_keeps_invalid_text_as_typed(world: World) -> None:
    draft = save_section(
        monitoring_return=world.monitoring_return,
        section=Section.REACH,
        data={"reach.new": "about te"},
        version=0,
        by=world.cast.grantee,
        complete=False,
    )
    assert draft.data == {"reach.new": "about te"}
    assert status(world) == "draft"


def test_second_person_saving_an_old_version_is_shown_both(world: World) -> None:
    first = {"monitoring_return": world.monitoring_return, "section": Section.REACH, "version": 0, "complete": False}
    save_section(**first, data={"reach.new": "10"}, by=world.cast.grantee)
    with pytest.raises(StaleDraft) as refused:
        save_section(**first, data={"reach.new": "12"}, by=world.cast.signatory)
    assert refused.value.current.data == {"reach.new": "10"}


def test_double_click_on_save_is_not_a_conflict(world: World) -> None:
    once = {"monitoring_return": world.monitoring_return, "section": Section.REACH, "version": 0, "complete": False}
    first = save_section(**once, data={"reach.new": "10"}, by=world.cast.grantee)
    again = save_section(**once, data={"reach.new": "10"}, by=world.cast.grantee)
    assert again.version == first.version == 1


def test_submitting_makes_a_revision_with_typed_values(world: World) -> None:
    fill_in(world)
    revision = submit(world)
    assert status(world) == "submitted"
    assert Cell.objects.get(revision=revision, measure="contacts").value == 1169
    assert Cell.objects.filter(revision=revision, measure="new").count() == 3
    assert SpendLine.objects.get(revision=revision).actual_pence == 123_450
    assert revision.readings.get().numerator == 3
    assert revision.answers.get().text.endswith("🌟")
    assert AuditEvent.objects.about(world.monitoring_return).filter(action="return submitted").exists()


def test_second_submit_of_a_double_click_gives_the_first_and_nothing_is_doubled(world: World) -> None:
    fill_in(world)
    first = submit(world)
    assert submit(world) == first
    assert Revision.objects.count() == 1
    assert AuditEvent.objects.filter(action="return submitted").count() == 1


def test_somebody_else_cannot_submit_what_is_sent_already(world: World) -> None:
    fill_in(world)
    submit(world)
    with pytest.raises(ReturnNotAcceptable, match="1 thing"):
        submit(world, by=world.cast.signatory)
    assert Revision.objects.count() == 1


def test_errors_stop_a_submission_and_leave_no_revision(world: World) -> None:
    fill_in(world, D={"age.10-14": "1"})
    with pytest.raises(ReturnNotAcceptable) as refused:
        submit(world)
    assert [problem.code for problem in refused.value.outcome.errors] == ["R101"]
    assert Revision.objects.count() == 0
    assert status(world) == "draft"


def test_warning_needs_a_sentence(world: World) -> None:
    fill_in(world, F={"spend.labour.actual": "0"})
    with pytest.raises(ActionRefused, match="W206"):
        submit(world)
    revision = submit(world, explanations={"W206": "The invoices come next month."})
    assert revision.explanations == {"W206": "The invoices come next month."}


def test_declaration_and_nil_reason_are_needed(world: World) -> None:
    with pytest.raises(ActionRefused, match="full name"):
        submit(world, declared_name="  ")
    with pytest.raises(ActionRefused, match="nothing to report"):
        submit(world, is_nil=True)
    revision = submit(world, is_nil=True, nil_reason="The hall was closed.")
    assert revision.is_nil
    assert revision.cells.count() == 0


def test_approval_makes_the_figures_count_and_the_submitter_cannot_give_it(world: World) -> None:
    fill_in(world)
    revision = submit(world)
    with pytest.raises(ActionRefused, match="programme manager"):
        review.approve_return(monitoring_return=world.monitoring_return, by=world.cast.grantee)
    review.approve_return(monitoring_return=world.monitoring_return, by=world.cast.programme_manager)
    revision.refresh_from_db()
    assert status(world) == "approved"
    assert revision.approved_by == world.cast.programme_manager


def test_database_refuses_an_approver_who_submitted(world: World) -> None:
    fill_in(world)
    revision = submit(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(
            approved_by=world.cast.grantee, approved_at=revision.submitted_at
        )


def test_return_is_approved_when_its_last_section_is(world: World) -> None:
    fill_in(world)
    submit(world)
    for section in Section:
        assert status(world) == "submitted"
        review.approve_sections(
            monitoring_return=world.monitoring_return, sections=[section], by=world.cast.programme_manager
        )
    assert status(world) == "approved"


def test_query_goes_back_and_forth(world: World) -> None:
    fill_in(world)
    submit(world)
    manager, grantee = world.cast.programme_manager, world.cast.grantee
    query = review.raise_query(
        monitoring_return=world.monitoring_return, section=Section.REACH, text="Why so few?", by=manager
    )
    assert status(world) == "queried"
    with pytest.raises(ActionRefused, match="with the grantee"):
        review.approve_return(monitoring_return=world.monitoring_return, by=manager)
    review.answer_query(query=query, text="The school was shut.", by=grantee)
    second = submit(world)
    assert second.number == 2
    assert Revision.objects.get(number=1).superseded_at is not None
    review.approve_return(monitoring_return=world.monitoring_return, by=manager)
    assert status(world) == "approved"


def test_correction_keeps_the_old_figures_until_it_is_approved(world: World) -> None:
    fill_in(world)
    first = submit(world)
    manager = world.cast.programme_manager
    review.approve_return(monitoring_return=world.monitoring_return, by=manager)
    review.reopen_return(monitoring_return=world.monitoring_return, by=manager, reason="Two people counted twice.")
    fill_in(world, C={"reach.new": "8", "reach.contacts": "1"}, D={"age.10-14": "2", "age.15-17": "6"})
    second = submit(world)
    live = Revision.objects.live().filter(approved_at__isnull=False)
    assert [row.number for row in live] == [first.number]
    review.approve_return(monitoring_return=world.monitoring_return, by=manager)
    assert [row.number for row in Revision.objects.live()] == [second.number]
    assert second.correction_reason == "Two people counted twice."


def test_signature_binds_one_revision_and_needs_a_second_person(world: World) -> None:
    world.grant.needs_signatory = True
    world.grant.save()
    fill_in(world)
    revision = submit(world)
    with pytest.raises(ActionRefused, match="signature"):
        review.approve_return(monitoring_return=world.monitoring_return, by=world.cast.programme_manager)
    with pytest.raises(ActionRefused, match="Only a signatory"):
        sign_revision(revision=revision, by=world.cast.grantee)
    sign_revision(revision=revision, by=world.cast.signatory)
    with pytest.raises(ActionRefused, match="already"):
        sign_revision(revision=revision, by=world.cast.signatory)
    review.approve_return(monitoring_return=world.monitoring_return, by=world.cast.programme_manager)
    assert status(world) == "approved"


def test_opening_due_returns_twice_opens_each_once(world: World) -> None:
    MonitoringReturn.objects.update(status="scheduled")
    day = world.monitoring_return.quarter.opens_on
    assert open_due_returns(today=day) == 2
    assert open_due_returns(today=day) == 0


def test_reopening_and_waiving_need_reasons_and_roles(world: World) -> None:
    with pytest.raises(ActionRefused, match="Only"):
        review.waive_return(monitoring_return=world.monitoring_return, by=world.cast.analyst, reason="x")
    with pytest.raises(ActionRefused, match="Say why"):
        review.waive_return(monitoring_return=world.monitoring_return, by=world.cast.programme_manager, reason=" ")
    review.waive_return(
        monitoring_return=world.monitoring_return, by=world.cast.programme_manager, reason="Relaxed in the pandemic"
    )
    with pytest.raises(TransitionRefused):
        review.reopen_return(monitoring_return=world.monitoring_return, by=world.cast.programme_manager, reason="y")
