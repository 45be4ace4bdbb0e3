"""What changed from one version to the next, who did what, and what a return that came back asks for."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client

from grants.actions.drafts import save_section
from grants.actions.review import answer_query, approve_return, raise_query, reopen_return
from grants.actions.signing import withdraw_revision
from grants.actions.submission import submit_return
from grants.answers.changes import changes_between
from grants.answers.sent import Line, lines_of
from grants.models import Question, Revision, Section, SectionDraft
from tests.cast import World, complete_answers
from tests.factories import QuestionFactory, QuestionnaireFactory, ReturnExtensionFactory
from vru.accounts.models import AuditEvent, User

pytestmark = pytest.mark.django_db


def at(world: World, rest: str = "") -> str:
    return f"/returns/{world.grant.ref}/2020-21Q2/{rest}"


def page(user: User, address: str) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def send(world: World, **changes: dict[str, str]) -> Revision:
    for letter, data in (complete_answers(world) | changes).items():
        draft = SectionDraft.objects.filter(monitoring_return=world.monitoring_return, section=letter).first()
        save_section(
            monitoring_return=world.monitoring_return,
            section=Section(letter),
            data=data,
            version=draft.version if draft else 0,
            by=world.cast.grantee,
            complete=True,
        )
    return submit_return(monitoring_return=world.monitoring_return, by=world.cast.grantee, declared_name="Gia")


def corrected(world: World) -> tuple[Revision, Revision]:
    manager, item = world.cast.programme_manager, world.monitoring_return
    first = send(world)
    approve_return(monitoring_return=item, by=manager)
    reopen_return(monitoring_return=item, by=manager, reason="Two people counted twice.")
    second = send(
        world,
        C={"reach.new": "8"},
        D={"age.10-14": "2", "age.15-17": "6"},
        G={"answer.what-went-well": "Eight came <b>every</b> week."},
    )
    return first, second


def line(name: str, value: str, section: Section = Section.REACH) -> Line:
    return Line(name=name, section=section, group="", label=name.title(), value=value)


def test_only_what_differs_is_a_change_in_the_order_asked() -> None:
    old = [line("new", "10"), line("contacts", "4"), line("spent", "£1.00", Section.SPEND)]
    new = [line("new", "10"), line("spent", "£2.00", Section.SPEND), line("trained", "3")]
    found = [(change.title, change.before, change.after) for change in changes_between(old, new)]
    assert found == [("Trained", "", "3"), ("Contacts", "4", ""), ("Spent", "£1.00", "£2.00")]


def test_the_same_answers_are_no_change() -> None:
    assert changes_between([line("new", "10")], [line("new", "10")]) == []
    assert changes_between([], []) == []


def test_stored_versions_are_compared_in_the_wording_they_were_asked_with(world: World) -> None:
    first, second = corrected(world)
    changes = {
        change.title: (change.before, change.after) for change in changes_between(lines_of(first), lines_of(second))
    }
    assert changes["New people supported"] == ("10", "8")
    assert changes["Contacts (sessions or attendances)"] == ("1,169", "")
    assert changes["Age: 10 to 14"] == ("4", "2")
    assert "Age: 15 to 17" not in changes
    assert changes["What went well?"][1] == "Eight came <b>every</b> week."


def test_an_answer_to_a_question_that_is_asked_no_more_is_still_shown(world: World) -> None:
    first = send(world)
    Question.objects.filter(slug="what-went-well").update(last_asked=QuestionnaireFactory(number=1))
    QuestionFactory(
        slug="what-went-well",
        version=2,
        section="G",
        text="What went best?",
        first_asked=QuestionnaireFactory(number=2),
    )
    assert "What went well?" in [each.label for each in lines_of(first)]


def test_the_history_shows_versions_changes_reasons_and_more_time(world: World) -> None:
    corrected(world)
    approve_return(monitoring_return=world.monitoring_return, by=world.cast.programme_manager)
    Revision.objects.filter(number=2).update(approval_note="The grantee was in hospital.")
    ReturnExtensionFactory(
        monitoring_return=world.monitoring_return,
        reason="The office flooded.",
        asked_by=world.cast.grantee,
        until=datetime.date(2020, 11, 1),
    )
    for user in (world.cast.grantee, world.cast.programme_manager, world.cast.auditor):
        shown = page(user, at(world, "history/"))
        for wanted in (
            "What changed since version 1",
            "1,169",
            "Eight came &lt;b&gt;every&lt;/b&gt; week.",
            "Two people counted twice.",
            "The grantee was in hospital.",
            "The office flooded.",
            "Reopened for a correction",
        ):
            assert wanted in shown, wanted


def test_the_units_own_record_is_not_the_grantees_to_read(world: World) -> None:
    corrected(world)
    AuditEvent.record(
        "review note written", world.monitoring_return, by=world.cast.programme_manager, reason="Rivals cost half."
    )
    assert "Rivals cost half." not in page(world.cast.grantee, at(world, "history/"))
    assert "Rivals cost half." in page(world.cast.programme_manager, at(world, "history/"))
    client = Client()
    for user in (world.cast.outside_grantee, world.cast.nobody):
        client.force_login(user)
        assert client.get(at(world, "history/")).status_code == 404


def test_a_warning_about_other_grantees_never_reaches_the_grantee(world: World) -> None:
    revision = send(world)
    told = {"section": "F", "field": "", "value": "", "code": "W208", "message": "The programme's median is £3."}
    Revision.objects.filter(pk=revision.pk).update(warnings=[told | {"staff_only": True}])
    for rest in ("sent/", "history/"):
        assert "median" not in page(world.cast.grantee, at(world, rest))


def test_each_query_leads_to_its_box_and_its_answer_is_kept(world: World) -> None:
    send(world)
    item, manager = world.monitoring_return, world.cast.programme_manager
    one = raise_query(monitoring_return=item, section=Section.REACH, field="reach.new", text="Why so few?", by=manager)
    raise_query(monitoring_return=item, section=Section.SPEND, text="Where is the match?", by=manager)
    raise_query(monitoring_return=item, section=Section.RISKS, field="answer.gone", text="Any risk?", by=manager)
    shown = page(world.cast.grantee, at(world))
    assert f'{at(world, "section/C/")}#id_reach.new"' in shown
    assert f'href="{at(world, "section/F/")}"' in shown
    assert "New people supported" in shown
    assert "#id_answer.gone" not in shown
    answer_query(query=one, text="The school was shut.", by=world.cast.grantee)
    shown = page(world.cast.grantee, at(world))
    assert "The school was shut." in shown
    assert shown.index("Where is the match?") < shown.index("Why so few?")


def test_what_was_sent_back_unsigned_says_why_on_the_returns_page(world: World) -> None:
    world.grant.needs_signatory = True
    world.grant.save()
    revision = send(world)
    assert "Check and sign this return" in page(world.cast.signatory, at(world))
    assert "Waiting for a signature" in page(world.cast.grantee, at(world))
    withdraw_revision(revision=revision, by=world.cast.signatory, reason="The spend is last year's.")
    shown = page(world.cast.grantee, at(world))
    assert "The spend is last year&#x27;s." in shown
    send(world)
    assert "last year&#x27;s" not in page(world.cast.grantee, at(world))


def test_a_correction_by_the_unit_is_in_the_grantees_history_with_its_reason(world: World) -> None:
    send(world)
    approve_return(monitoring_return=world.monitoring_return, by=world.cast.programme_manager)
    AuditEvent.record(
        "return corrected by the unit",
        world.monitoring_return,
        by=world.cast.programme_manager,
        reason="The register says nine.",
        revision=2,
    )
    shown = page(world.cast.grantee, at(world, "history/"))
    assert "Corrected by the unit (version 2)" in shown
    assert "The register says nine." in shown


def test_a_return_with_nothing_sent_has_an_empty_history(world: World) -> None:
    assert "Nothing has been sent yet" in page(world.cast.grantee, at(world, "history/"))
