"""Setting a programme up, editing it, its objectives, places and targets: what is kept and what is refused."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from grants.actions.programmes import change_programme_status
from programmes.actions.checks import LONGEST_TEXT
from programmes.actions.objectives import add_ward, remove_ward, set_objectives, set_places, set_target
from programmes.actions.programmes import Audience, Basics, create_programme, edit_programme, set_audience
from programmes.errors import ProgrammeRefused
from programmes.models import Area, Programme
from tests.cast import Cast
from tests.factories import (
    AreaFactory,
    CommitmentFactory,
    DecisionFactory,
    IndicatorVersionFactory,
    ObjectiveFactory,
    ProgrammeFactory,
    SourceDocumentFactory,
)
from vru.accounts.models import AuditEvent

READERS = ["finance_officer", "analyst", "auditor", "administrator", "grantee"]


def make(cast: Cast, ref: str = "YW-2021", **options: Any) -> Programme:
    return create_programme(
        ref=ref, layer="recorded", basics=Basics(**({"title": "Youth work"} | options)), by=cast.programme_manager
    )


def last_event(subject: Any) -> AuditEvent:
    found = AuditEvent.objects.about(subject).first()
    assert found is not None
    return found


def test_a_new_programme_is_a_draft_and_its_making_is_recorded(cast: Cast) -> None:
    programme = make(cast, title="  Youth work ", manager=cast.programme_manager)
    assert (programme.title, programme.status, programme.layer) == ("Youth work", "draft", "recorded")
    assert (last_event(programme).action, last_event(programme).actor) == ("programme added", cast.programme_manager)


@pytest.mark.parametrize("ref", ["", "add", "two words", "a/1", "x" * 41, "№1", "yw-2021"])
def test_a_reference_that_is_taken_or_cannot_be_an_address_is_refused(cast: Cast, ref: str) -> None:
    make(cast, ref="YW-2021")
    with pytest.raises(ProgrammeRefused, match="reference"):
        make(cast, ref=ref)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"title": " "}, "The title is missing"),
        ({"title": "x" * 301}, "longer than 300"),
        ({"summary": "x" * (LONGEST_TEXT + 1)}, "longer than 10,000"),
        ({"summary": "a\0b"}, "hidden character"),
        ({"starts_on": datetime.date(2021, 4, 1), "ends_on": datetime.date(2021, 3, 31)}, "ends before it starts"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_reason(cast: Cast, options: dict[str, Any], says: str) -> None:
    with pytest.raises(ProgrammeRefused, match=says):
        make(cast, **options)
    assert not Programme.objects.exists()


def test_a_project_belongs_to_a_programme_of_its_own_layer_and_to_no_project(cast: Cast) -> None:
    programme = ProgrammeFactory()
    project = make(cast, parent=programme)
    for parent in (project, ProgrammeFactory(layer="illustrative"), ProgrammeFactory(status="closed")):
        with pytest.raises(ProgrammeRefused):
            make(cast, ref="YW-2022", parent=parent)
    with pytest.raises(ProgrammeRefused, match="projects of its own"):
        edit_programme(
            programme=programme, basics=Basics(title="Moved", parent=ProgrammeFactory()), by=cast.programme_manager
        )


def test_the_manager_is_staff_and_the_decision_is_of_the_same_layer(cast: Cast) -> None:
    with pytest.raises(ProgrammeRefused, match="staff"):
        make(cast, manager=cast.grantee)
    with pytest.raises(ProgrammeRefused, match="another layer"):
        make(cast, decision=DecisionFactory(layer="illustrative"))


def test_an_edit_keeps_what_changed_and_saving_the_same_again_records_nothing(cast: Cast) -> None:
    programme = ProgrammeFactory(title="Old", starts_on=datetime.date(2020, 4, 1), ends_on=None, theme=None)
    basics = Basics(title="New", starts_on=datetime.date(2020, 5, 1))
    edit_programme(programme=programme, basics=basics, by=cast.director)
    assert last_event(programme).details == {
        "before": {"title": "Old", "starts_on": "2020-04-01"},
        "after": {"title": "New", "starts_on": "2020-05-01"},
    }
    edit_programme(programme=programme, basics=basics, by=cast.director)
    assert AuditEvent.objects.about(programme).count() == 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"status": "closed"}, "is closed"),
        ({"status": "cancelled"}, "stays"),
        ({"layer": "published"}, "published"),
    ],
)
def test_what_is_over_or_was_read_from_a_document_stays_as_it_was(
    cast: Cast, options: dict[str, Any], says: str
) -> None:
    programme = ProgrammeFactory(**options)
    with pytest.raises(ProgrammeRefused, match=says):
        edit_programme(programme=programme, basics=Basics(title="New"), by=cast.director)
    with pytest.raises(ProgrammeRefused, match=says):
        set_places(programme=programme, level=Programme.Level.WHOLE_AREA, areas=[], by=cast.director)


@pytest.mark.parametrize("person", READERS)
def test_readers_change_nothing(cast: Cast, person: str) -> None:
    by, programme, objective = cast.named(person), ProgrammeFactory(), ObjectiveFactory()
    version = IndicatorVersionFactory()
    tries: list[Any] = [
        lambda: create_programme(ref="N-1", layer="recorded", basics=Basics(title="No"), by=by),
        lambda: edit_programme(programme=programme, basics=Basics(title="No"), by=by),
        lambda: set_audience(programme=programme, audience=Audience(target_group="No"), by=by),
        lambda: set_objectives(programme=programme, weights={objective: 100}, primary=objective, by=by),
        lambda: set_places(programme=programme, level=Programme.Level.WHOLE_AREA, areas=[], by=by),
        lambda: add_ward(programme=programme, area=AreaFactory(), name="No", by=by),
        lambda: set_target(programme=programme, version=version, year=2020, baseline=None, target=None, by=by),
        lambda: change_programme_status(programme=programme, to=Programme.Status.PAUSED, reason="No", by=by),
    ]
    for attempt in tries:
        with pytest.raises(ProgrammeRefused, match="Only a programme manager"):
            attempt()
    assert not AuditEvent.objects.exists()


def test_weights_sum_to_a_hundred_and_the_rest_become_secondary(cast: Cast) -> None:
    first, second, third = (ObjectiveFactory(number=number) for number in (1, 2, 3))
    programme = ProgrammeFactory(primary_objective=third)
    set_objectives(programme=programme, weights={first: 60, second: 40}, primary=first, by=cast.programme_manager)
    programme.refresh_from_db()
    assert programme.primary_objective == first
    assert list(programme.secondary_objectives.all()) == [second]
    assert {row.objective: row.percent for row in programme.objective_weights.all()} == {first: 60, second: 40}


@pytest.mark.parametrize(
    ("weights", "primary", "says"),
    [
        ({0: 60, 1: 39}, 0, "add up to 99"),
        ({0: 100}, 1, "main objective needs a weight"),
        ({0: 100, 1: 0}, 0, "from 1 to 100"),
        ({0: 101, 1: -1}, 0, "from 1 to 100"),
    ],
)
def test_weights_that_do_not_add_up_are_refused_and_leave_what_was(
    cast: Cast, weights: dict[int, int], primary: int, says: str
) -> None:
    objectives = [ObjectiveFactory(number=1), ObjectiveFactory(number=2)]
    programme = ProgrammeFactory(primary_objective=objectives[0])
    with pytest.raises(ProgrammeRefused, match=says):
        set_objectives(
            programme=programme,
            weights={objectives[place]: percent for place, percent in weights.items()},
            primary=objectives[primary],
            by=cast.director,
        )
    assert not programme.objective_weights.exists()


def test_places_follow_the_level_and_buckets_are_no_places(cast: Cast) -> None:
    programme, one, two = ProgrammeFactory(), AreaFactory(), AreaFactory()
    level = Programme.Level
    refused = [
        (level.BOROUGH, [one, two]),
        (level.WHOLE_AREA, [one]),
        (level.WARD, []),
        (level.MULTI_BOROUGH, [AreaFactory(kind=Area.Kind.NOT_KNOWN)]),
    ]
    for wrong, areas in refused:
        with pytest.raises(ProgrammeRefused):
            set_places(programme=programme, level=wrong, areas=areas, by=cast.director)
    set_places(programme=programme, level=level.MULTI_BOROUGH, areas=[one, two], by=cast.director)
    assert set(programme.areas.all()) == {one, two}


def test_a_ward_needs_its_area_and_a_code_its_year(cast: Cast) -> None:
    programme, area = ProgrammeFactory(), AreaFactory()
    with pytest.raises(ProgrammeRefused, match="not one of the programme's areas"):
        add_ward(programme=programme, area=area, name="Hill", by=cast.director)
    programme.areas.add(area)
    for code, vintage, says in (
        ("E0501", 2022, "six digits"),
        ("E05013657", None, "year of the boundaries"),
        ("E05013657", 22, "four digits"),
    ):
        with pytest.raises(ProgrammeRefused, match=says):
            add_ward(programme=programme, area=area, name="Hill", code=code, vintage=vintage, by=cast.director)
    ward = add_ward(programme=programme, area=area, name="Hill", code=" e05013657 ", vintage=2022, by=cast.director)
    assert (ward.code, ward.vintage) == ("E05013657", 2022)
    with pytest.raises(ProgrammeRefused, match="already named"):
        add_ward(programme=programme, area=area, name="HILL", by=cast.director)
    with pytest.raises(ProgrammeRefused, match="Take out the ward"):
        set_places(programme=programme, level=Programme.Level.MULTI_BOROUGH, areas=[], by=cast.director)
    remove_ward(ward=ward, by=cast.director)
    assert not programme.wards.exists()


@pytest.mark.parametrize(
    ("audience", "says"),
    [
        (Audience(youngest_age=18, oldest_age=11), "below the youngest"),
        (Audience(oldest_age=121), "from 0 to 120"),
        (Audience(need_place="Page 4"), "Choose the document"),
    ],
)
def test_ages_and_citations_that_make_no_sense_are_refused(cast: Cast, audience: Audience, says: str) -> None:
    with pytest.raises(ProgrammeRefused, match=says):
        set_audience(programme=ProgrammeFactory(), audience=audience, by=cast.director)


def test_a_need_is_cited_with_its_document_and_place(cast: Cast) -> None:
    programme, document = ProgrammeFactory(), SourceDocumentFactory()
    with pytest.raises(ProgrammeRefused, match="which need"):
        set_audience(programme=programme, audience=Audience(need_source=document), by=cast.director)
    audience = Audience("Young women", 11, 18, "Few feel safe.", document, "Page 4")
    set_audience(programme=programme, audience=audience, by=cast.director)
    programme.refresh_from_db()
    assert (programme.need, programme.need_source, programme.need_place) == ("Few feel safe.", document, "Page 4")


def test_changing_a_target_that_was_set_needs_a_reason(cast: Cast) -> None:
    programme, version = ProgrammeFactory(), IndicatorVersionFactory()
    common: dict[str, Any] = {"programme": programme, "version": version, "year": 2020, "by": cast.programme_manager}
    set_target(**common, baseline=None, target=None)
    set_target(**common, baseline=Decimal(10), target=Decimal("12.5"))
    with pytest.raises(ProgrammeRefused, match="Say why the target changes"):
        set_target(**common, baseline=Decimal(10), target=Decimal(14))
    set_target(**common, baseline=Decimal(10), target=Decimal(14), reason="The board asked for more.")
    assert programme.indicator_targets.get().target == 14
    details = last_event(programme).details
    assert (Decimal(details["before"]), Decimal(details["after"])) == (Decimal("12.5"), Decimal(14))


@pytest.mark.parametrize("to", ["closed", "cancelled"])
@pytest.mark.parametrize("status", ["draft", "offered", "accepted", "active", "suspended"])
def test_a_programme_does_not_end_while_a_grant_goes_on(cast: Cast, to: str, status: str) -> None:
    programme = ProgrammeFactory(status="closing" if to == "closed" else "paused")
    project = ProgrammeFactory(parent=programme, status="closed")
    grant = CommitmentFactory(programme=project, status=status)
    wanted = Programme.Status(to)
    with pytest.raises(ProgrammeRefused, match=grant.ref):
        change_programme_status(programme=programme, to=wanted, reason="The year is over.", by=cast.director)
    grant.status = "completed"
    grant.save(update_fields=["status"])
    moved = change_programme_status(programme=programme, to=wanted, reason="The year is over.", by=cast.director)
    assert moved.status == to


def test_a_programme_does_not_end_before_its_projects(cast: Cast) -> None:
    programme = ProgrammeFactory(status="closing")
    ProgrammeFactory(parent=programme, status="live", title="Still running")
    with pytest.raises(ProgrammeRefused, match="Still running"):
        change_programme_status(programme=programme, to=Programme.Status.CLOSED, reason="Over.", by=cast.director)
