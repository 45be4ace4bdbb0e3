"""What a grant's returns ask, changed with reasons, and never under a version that was sent."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grants.actions.schedule import plan_returns
from grants.actions.setup import (
    copy_setup,
    remove_milestone,
    save_milestone,
    set_ages,
    set_breakdowns,
    set_headings,
    set_signature,
    waive_sections,
)
from grants.errors import ActionRefused
from grants.models import Commitment, Milestone, MonitoringReturn, Section
from grants.questionnaire import boxes_for
from programmes.models import CostHeading, Dimension
from tests.cast import World
from tests.factories import (
    CategoryFactory,
    CommitmentFactory,
    CostHeadingFactory,
    DimensionFactory,
    MilestoneFactory,
    MilestoneReportFactory,
    MonitoringReturnFactory,
    ProfileLineFactory,
    UserFactory,
)
from vru.accounts.models import AuditEvent, Role, User

pytestmark = pytest.mark.django_db
day = datetime.date
WHY = "Agreed at the review."


@pytest.fixture
def manager(world: World) -> User:
    return world.cast.programme_manager


def asked(world: World) -> set[str]:
    return {
        box.name.partition(".")[0] for box in boxes_for(MonitoringReturn.objects.get(pk=world.monitoring_return.pk))
    }


def test_a_waived_section_is_not_asked_and_the_change_is_kept(world: World, manager: User) -> None:
    waive_sections(commitment=world.grant, sections=[Section.SPEND, Section.INDICATORS], by=manager, reason=WHY)
    assert not asked(world) & {"spend", "indicator"}
    event = AuditEvent.objects.about(world.grant).get()
    assert (event.action, event.reason) == ("sections waived", WHY)
    assert event.details["after"] == {"waived_sections": ["E", "F"]}
    waive_sections(commitment=world.grant, sections=[Section.INDICATORS, Section.SPEND], by=manager, reason=WHY)
    assert AuditEvent.objects.about(world.grant).count() == 1


def test_the_declaration_is_never_waived(world: World, manager: User) -> None:
    with pytest.raises(ActionRefused, match="declaration cannot be waived"):
        waive_sections(commitment=world.grant, sections=[Section.DECLARATION], by=manager, reason=WHY)


@pytest.mark.parametrize("status", ["submitted", "queried", "reopened"])
def test_nothing_that_is_asked_changes_under_a_version_that_is_under_review(
    world: World, manager: User, status: str
) -> None:
    MonitoringReturn.objects.filter(pk=world.monitoring_return.pk).update(status=status)
    grant = world.grant
    changes: list[Any] = [
        lambda: waive_sections(commitment=grant, sections=[Section.SPEND], by=manager, reason=WHY),
        lambda: set_breakdowns(
            commitment=grant, dimensions=Dimension.objects.filter(slug="age"), by=manager, reason=WHY
        ),
        lambda: set_headings(commitment=grant, headings=CostHeading.objects.all(), by=manager, reason=WHY),
        lambda: set_signature(commitment=grant, needed=True, by=manager, reason=WHY),
    ]
    for change in changes:
        with pytest.raises(ActionRefused, match="2020-21 Q2 has been sent and is not approved yet"):
            change()


def test_only_a_programme_manager_changes_what_is_asked_and_says_why(world: World, manager: User) -> None:
    with pytest.raises(ActionRefused, match="Only a programme manager"):
        waive_sections(commitment=world.grant, sections=[], by=UserFactory(role=Role.DIRECTOR), reason=WHY)
    with pytest.raises(ActionRefused, match="Say why"):
        set_ages(commitment=world.grant, youngest=10, oldest=17, by=manager, reason=" ")


def test_own_breakdowns_replace_the_standard_ones_and_none_brings_them_back(world: World, manager: User) -> None:
    own = DimensionFactory(slug="own-ages", is_standard=False)
    CategoryFactory(dimension=own, slug="18-25", valid_from=day(2020, 4, 1))
    set_breakdowns(commitment=world.grant, dimensions=[own], by=manager, reason=WHY)
    assert "own-ages" in asked(world)
    assert "age" not in asked(world)
    set_breakdowns(commitment=world.grant, dimensions=[], by=manager, reason=WHY)
    assert "age" in asked(world)
    total = Dimension.objects.get(slug=Dimension.TOTAL)
    with pytest.raises(ActionRefused, match="total is always asked"):
        set_breakdowns(commitment=world.grant, dimensions=[total], by=manager, reason=WHY)


def test_a_heading_with_planned_money_must_be_asked(world: World, manager: User) -> None:
    rooms, staff = CostHeadingFactory(slug="rooms", title="Rooms"), CostHeading.objects.get(slug="labour")
    ProfileLineFactory(commitment=world.grant, quarter=world.monitoring_return.quarter, heading=staff)
    with pytest.raises(ActionRefused, match="profile plans money under “Staff”"):
        set_headings(commitment=world.grant, headings=[rooms], by=manager, reason=WHY)
    set_headings(commitment=world.grant, headings=[staff], by=manager, reason=WHY)
    names = {box.name for box in boxes_for(world.monitoring_return)}
    assert not any(name.startswith("spend.rooms") for name in names)


@pytest.mark.parametrize(("youngest", "oldest"), [(18, 10), (None, 121)])
def test_ages_that_cannot_be_are_refused(world: World, manager: User, youngest: int | None, oldest: int) -> None:
    with pytest.raises(ActionRefused, match="age"):
        set_ages(commitment=world.grant, youngest=youngest, oldest=oldest, by=manager, reason=WHY)


def test_ending_the_second_signature_ends_its_waiver(world: World, manager: User) -> None:
    Commitment.objects.filter(pk=world.grant.pk).update(needs_signatory=True, sole_officer_waiver="One officer.")
    set_signature(commitment=world.grant, needed=False, by=manager, reason=WHY)
    world.grant.refresh_from_db()
    assert (world.grant.needs_signatory, world.grant.sole_officer_waiver) == (False, "")


def test_milestones_move_the_returns_that_follow_them(manager: User) -> None:
    grant = CommitmentFactory(schedule=Commitment.Schedule.MILESTONES)
    first = save_milestone(commitment=grant, title="Film shown", due_on=day(2020, 8, 14), needs_return=True, by=manager)
    assert [str(item.quarter) for item in grant.returns.all()] == ["2020-21 Q2"]
    save_milestone(
        commitment=grant, title="Film shown", due_on=day(2020, 11, 2), needs_return=True, by=manager, milestone=first
    )
    assert [str(item.quarter) for item in grant.returns.all()] == ["2020-21 Q3"]
    remove_milestone(milestone=first, by=manager)
    assert not grant.returns.exists()
    actions = AuditEvent.objects.about(grant).order_by("pk").values_list("action", flat=True)
    assert [each for each in actions if "milestone" in each] == [
        "milestone added",
        "milestone changed",
        "milestone removed",
    ]


def test_a_milestone_outside_the_grant_or_without_words_is_refused(world: World, manager: User) -> None:
    for title, due_on, sentence in (
        ("Late", day(2022, 1, 1), "Choose a day in it"),
        (" ", day(2020, 9, 1), "few words"),
    ):
        with pytest.raises(ActionRefused, match=sentence):
            save_milestone(commitment=world.grant, title=title, due_on=due_on, needs_return=False, by=manager)


def test_a_milestone_that_was_reported_stays_as_it_is(world: World, manager: User) -> None:
    report = MilestoneReportFactory(milestone__commitment=world.grant)
    with pytest.raises(ActionRefused, match="reported on this milestone"):
        remove_milestone(milestone=report.milestone, by=manager)


def test_a_copied_set_up_asks_the_same_and_leaves_dates_and_milestones(world: World, manager: User) -> None:
    source = CommitmentFactory(
        programme=world.grant.programme, waived_sections=["H"], youngest_age=10, oldest_age=17, needs_signatory=True,
        due_days=40,
    )  # fmt: skip
    source.dimensions.add(Dimension.objects.get(slug="age"))
    copy_setup(commitment=world.grant, source=source, by=manager)
    grant = Commitment.objects.get(pk=world.grant.pk)
    assert (grant.waived_sections, grant.youngest_age, grant.needs_signatory) == (["H"], 10, True)
    assert list(grant.dimensions.values_list("slug", flat=True)) == ["age"]
    assert grant.due_days is None
    with pytest.raises(ActionRefused, match="another grant"):
        copy_setup(commitment=grant, source=grant, by=manager)


def page(world: World, name: str = "returns-setup", *extra: object) -> str:
    return reverse(f"grants:{name}", args=[world.grant.ref, *extra])


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize(
    ("part", "typed", "shown"),
    [
        (
            "schedule",
            {"schedule": "yearly", "due_days": "30"},
            "Once a year. Due 30 days after the end of the quarter.",
        ),
        ("sections", {"sections": ["H", "J"]}, "H. Case study, J. Evidence"),
        ("ages", {"youngest": "18", "oldest": "25"}, "18 to 25"),
        ("signature", {"needed": "yes", "waiver": "One paid worker."}, "Waived: one person may submit and sign."),
    ],
)
def test_each_part_is_saved_with_its_reason_and_shown(
    world: World, manager: User, part: str, typed: dict[str, Any], shown: str
) -> None:
    client = signed_in(manager)
    without = client.post(page(world, "returns-setup-part", part), typed)
    assert without.status_code == 422
    assert "Say why this changes" in without.content.decode()
    saved = client.post(page(world, "returns-setup-part", part), {**typed, "reason": WHY})
    assert saved["Location"] == page(world)
    assert shown in client.get(page(world)).content.decode()


def test_headings_and_breakdowns_are_chosen_from_lists(world: World, manager: User) -> None:
    client = signed_in(manager)
    age, staff = Dimension.objects.get(slug="age"), CostHeading.objects.get(slug="labour")
    client.post(page(world, "returns-setup-part", "breakdowns"), {"dimensions": [age.pk], "reason": WHY})
    client.post(page(world, "returns-setup-part", "cost-headings"), {"headings": [staff.pk], "reason": WHY})
    assert (list(world.grant.dimensions.all()), list(world.grant.headings.all())) == ([age], [staff])


def test_what_an_action_refuses_comes_back_on_the_page_with_what_was_typed(world: World, manager: User) -> None:
    MonitoringReturn.objects.filter(pk=world.monitoring_return.pk).update(status="submitted")
    answer = signed_in(manager).post(
        page(world, "returns-setup-part", "sections"), {"sections": ["H"], "reason": "Core costs only."}
    )
    assert answer.status_code == 422
    assert "has been sent and is not approved yet" in answer.content.decode()
    assert "Core costs only." in answer.content.decode()


def test_a_set_up_is_copied_by_reference_within_the_layer_only(world: World, manager: User) -> None:
    client = signed_in(manager)
    other = CommitmentFactory(programme=world.grant.programme, waived_sections=["G"])
    stranger = CommitmentFactory(programme__layer="illustrative")
    missing = client.post(page(world, "returns-setup-part", "copy"), {"source": stranger.ref})
    assert "There is no grant with the reference" in missing.content.decode()
    client.post(page(world, "returns-setup-part", "copy"), {"source": other.ref.lower()})
    world.grant.refresh_from_db()
    assert world.grant.waived_sections == ["G"]


def test_milestones_are_added_changed_and_taken_out_on_their_pages(world: World, manager: User) -> None:
    client = signed_in(manager)
    typed = {"name": "Film shown", "due_on-day": "2", "due_on-month": "11", "due_on-year": "2020"}
    assert client.post(page(world, "milestone-add"), typed | {"due_on-year": "2031"}).status_code == 422
    client.post(page(world, "milestone-add"), typed)
    client.post(page(world, "milestone", 1), typed | {"name": "Film shown twice"})
    assert Milestone.objects.get().title == "Film shown twice"
    for _ in range(2):
        assert client.post(page(world, "milestone-remove", 1)).status_code == 302
    assert not Milestone.objects.exists()


def test_the_plan_is_shown_before_it_is_made(world: World, manager: User) -> None:
    client = signed_in(manager)
    shown = client.get(page(world)).content.decode()
    assert shown.count("Not planned yet") == 3
    client.post(page(world, "returns-plan"))
    assert world.grant.returns.count() == 4
    assert "Not planned yet" not in client.get(page(world)).content.decode()
    assert "Plan these returns" not in signed_in(world.cast.auditor).get(page(world)).content.decode()


def test_returns_of_an_irregular_grant_are_added_and_taken_out_on_the_page(world: World, manager: User) -> None:
    client = signed_in(manager)
    Commitment.objects.filter(pk=world.grant.pk).update(schedule="irregular")
    typed = {"quarter": "2020-21Q3", "due_on-day": "8", "due_on-month": "1", "due_on-year": "2021"}
    client.post(page(world, "return-add"), typed)
    assert world.grant.returns.get(quarter__number=3).due_on == day(2021, 1, 8)
    client.post(page(world, "return-remove", "2020-21Q3"))
    assert not world.grant.returns.filter(quarter__number=3).exists()


def test_a_contract_has_no_returns_to_set_up(world: World, manager: User) -> None:
    contract = CommitmentFactory(kind="contract")
    assert signed_in(manager).get(reverse("grants:returns-setup", args=[contract.ref])).status_code == 404


def test_a_return_that_never_came_in_is_shown_as_not_received(world: World) -> None:
    quarter = world.monitoring_return.quarter
    quarter.closes_on = day(2020, 12, 1)
    quarter.save()
    for person in (world.cast.auditor, world.cast.grantee):
        shown = signed_in(person).get(reverse("grants:all-returns", args=[world.grant.ref])).content.decode()
        assert "Not received" in shown


def test_planning_twice_from_two_windows_makes_each_return_once(world: World, manager: User) -> None:
    MonitoringReturnFactory(commitment=world.grant, quarter__number=3, status="draft")
    for _ in range(2):
        plan_returns(commitment=world.grant, by=manager)
    assert world.grant.returns.count() == 4
    assert world.grant.returns.get(quarter__number=3).status == "draft"


def test_milestones_of_another_grant_are_not_found(world: World, manager: User) -> None:
    other = MilestoneFactory(commitment=world.other_grant, number=7)
    assert signed_in(manager).get(page(world, "milestone", other.number)).status_code == 404
