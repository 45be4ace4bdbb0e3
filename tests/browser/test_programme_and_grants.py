"""A manager who has never used the site sets up a programme and three grants in it, and a signatory accepts one."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from grants.models import AwardAgreement, Commitment
from programmes.models import Programme
from tests.browser.conftest import PHONE, Enter, Visitor
from tests.cast import World
from tests.factories import (
    AgreementTemplateFactory,
    AllocationFactory,
    AreaFactory,
    BudgetCategoryFactory,
    ObjectiveFactory,
    OrganisationFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRST, LAST = datetime.date(2026, 4, 1), datetime.date(2027, 3, 31)
WORDS = "# Terms\n\n{{organisation.name}} receives {{award.amount}} for {{award.title}}.\n\n{{table.partners}}"


@pytest.fixture
def unit(world: World) -> World:
    """What a unit has before its first award: money, places, a category, a template and two more charities."""
    AllocationFactory(source__title="Youth fund", year=2026, amount_pence=500_000_00)
    AreaFactory(name="Eastside")
    AreaFactory(name="Westside")
    BudgetCategoryFactory()
    ObjectiveFactory(title="Fewer young people are hurt")
    AgreementTemplateFactory(body=WORDS)
    for name in ("Second Chance (invented)", "Third Way (invented)"):
        OrganisationFactory(name=name, layer="recorded")
    return world


def test_a_new_manager_sets_up_a_programme_and_three_grants(unit: World, enter: Enter) -> None:
    manager = enter(unit.cast.programme_manager)
    record_decision(manager)
    add_programme(manager)
    describe_programme(manager)
    add_risk(manager)
    award = set_up_first(manager)
    for name in ("Second Chance", "Third Way"):
        copy_from(manager, award, name)
    manager.open("/programmes/MENTORS-26/grants/")
    assert "3 grants and contracts" in manager.text
    offer_and_accept(manager, enter(unit.cast.signatory, width=PHONE), award)


def record_decision(manager: Visitor) -> None:
    manager.open("/decisions/")
    manager.press("Record a decision")
    manager.press("Save")
    manager.mend()
    manager.type_in("Reference", "DEC-2026-01")
    manager.type_in("Title", "Mentors for 2026/27")
    manager.type_day("When was it decided?", datetime.date(2026, 3, 2))
    manager.type_in("Amount authorised", "£300,000")
    manager.press("Save")
    assert "£300,000" in manager.text


def add_programme(manager: Visitor) -> None:
    manager.open("/programmes/")
    manager.press("Add a programme")
    manager.press("Add the programme")
    manager.mend()
    manager.type_in("Reference", "MENTORS-26")
    manager.type_in("Title", "Mentors at weekends")
    manager.type_day("First day", FIRST)
    manager.type_day("Last day", LAST)
    manager.page.get_by_label("Decision that authorised it").select_option(label="DEC-2026-01 Mentors for 2026/27")
    manager.press("Add the programme")
    assert "What comes next" in manager.text


def describe_programme(manager: Visitor) -> None:
    manager.follow("Choose its objectives and their weights")
    manager.page.locator("[id^=id_weight_]").first.fill("60")
    manager.press("Save")
    manager.mend()
    manager.page.get_by_label("Main objective").select_option(index=1)
    manager.press("Save")
    assert "100" in manager.page.locator(".govuk-error-summary").inner_text()
    manager.page.locator("[id^=id_weight_]").first.fill("100")
    manager.press("Save")
    manager.follow("Say where it works")
    manager.choose("Several")
    manager.choose("Eastside")
    manager.choose("Westside")
    manager.press("Save")
    manager.follow("Say whom it is for and why")
    manager.type_in("Whom is it for?", "Young people excluded from school")
    manager.press("Save")
    assert "Eastside, Westside" in manager.text
    for name in ("Money", "History", "Grants and contracts"):
        manager.follow(name)
    assert "No grants yet" in manager.text


def add_risk(manager: Visitor) -> None:
    manager.follow("Risks and documents")
    manager.press("Add a risk")
    manager.press("Save")
    manager.mend()
    manager.type_in("What could go wrong?", "Too few mentors apply")
    manager.choose("3, possible")
    manager.page.get_by_role("group", name="Impact").get_by_label("4, major").check()
    manager.page.get_by_role("group", name="Response").get_by_role("radio").first.check()
    manager.type_day("When is it looked at again?", timezone.localdate() + datetime.timedelta(days=60))
    manager.press("Save")
    assert "12" in manager.page.get_by_role("row", name="Too few mentors apply").inner_text()


def begin(manager: Visitor, name: str) -> None:
    """From the programme's page to the form of a new award for the organisation of that name."""
    manager.open("/programmes/MENTORS-26/grants/")
    manager.press("Set up an award in it")
    manager.page.get_by_label("Organisation", exact=True).fill(name)
    manager.press("Search", within=manager.page.get_by_role("main"))
    manager.follow(name, exact=False)


def set_up_first(manager: Visitor) -> Commitment:
    begin(manager, "Bright Futures")
    assert manager.page.get_by_label("Programme", exact=True).input_value() == str(
        Programme.objects.get(ref="MENTORS-26").pk
    )
    manager.press("Make the draft")
    manager.mend()
    manager.type_in("Title", "Mentors at the youth club")
    manager.press("Make the draft")
    award = Commitment.objects.get(title="Mentors at the youth club")
    assert "Say how much is awarded." in manager.text
    manager.press("Check and offer")
    manager.press("Offer the award")
    assert manager.page.title().startswith("Error: ")
    manager.follow("Say how much is awarded.")
    manager.type_in("The award, in pounds", "a lot")
    manager.press("Save")
    manager.mend()
    manager.type_in("The award, in pounds", "£120,000")
    manager.press("Save")
    manager.follow("What the award is")
    manager.type_in("What is the money for?", "Forty young people meet a mentor every Saturday.")
    manager.press("Save")
    manager.follow("Partners")
    manager.fill({"name-0": "Nobody knows it", "share-0": "20,000"})
    manager.press("Save")
    manager.mend()
    manager.fill({"name-0": "Second Chance (invented)", "delivers-0": "Coaches"})
    manager.press("Save")
    manager.follow("Where the money comes from")
    manager.fill({"0-0": "600,000"})
    manager.press("Save")
    assert manager.page.title().startswith("Error: ")
    manager.fill({"0-0": "120,000"})
    manager.press("Save")
    plan_first(manager, award)
    award.refresh_from_db()
    assert sum(line.amount_pence for line in award.profile_lines.all()) == 120_000_00
    return award


def plan_first(manager: Visitor, award: Commitment) -> None:
    """Places, times, people, payments and the agreement of an award that has its amount and sources."""
    manager.follow("Where it is spent")
    manager.choose("Equally between")
    manager.page.get_by_role("textbox", name="Eastside").fill("1")
    manager.page.get_by_role("textbox", name="Westside").fill("1")
    manager.press("Save")
    manager.follow("When it is spent")
    manager.press("Spread evenly")
    manager.press("Save")
    manager.follow("Indicators")
    manager.follow("Back to the set-up")
    manager.follow("People to reach")
    manager.fill({"0-0": "ten"})
    manager.press("Save")
    manager.mend()
    manager.fill({"0-0": "10", "0-1": "10"})
    manager.press("Save")
    manager.follow("Returns", within=manager.page.locator(".govuk-task-list"))
    manager.open(f"/grants/{award.ref}/set-up/payments/")
    manager.choose("Every quarter, in arrears")
    manager.press("Save")
    manager.follow("The agreement")
    manager.press("Make the agreement")
    manager.follow("Read the agreement as it stands")
    assert "receives £120,000.00" in manager.text
    manager.follow("Back to the set-up")
    assert "Everything is there." in manager.text
    manager.follow("Who receives it")


def copy_from(manager: Visitor, award: Commitment, name: str) -> None:
    """The plan of another award, in the same year, for another organisation: one page."""
    begin(manager, name)
    manager.type_in("Title", f"Mentors of {name}")
    manager.type_in("Copy from", "NOT-A-REFERENCE")
    manager.press("Make the draft")
    manager.mend()
    manager.type_in("Copy from", award.ref)
    manager.choose("The same, as another award beside it")
    manager.press("Make the draft")
    made = Commitment.objects.get(title=f"Mentors of {name}")
    assert (made.award_pence, made.starts_on) == (120_000_00, FIRST)
    assert made.splits.get().year == 2026


def offer_and_accept(manager: Visitor, signatory: Visitor, award: Commitment) -> None:
    manager.open(f"/grants/{award.ref}/set-up/check/")
    manager.press("Offer the award")
    assert "is offered to" in manager.text
    agreement = AwardAgreement.objects.get(commitment=award)
    manager.open(f"/grants/{award.ref}/agreements/{agreement.number}/")
    manager.press("Record the acceptance")
    manager.mend()
    signatory.open("/")
    signatory.open(f"/grants/{award.ref}/")
    signatory.follow("Read the agreement, then accept or decline")
    signatory.press("Accept the award")
    signatory.mend()
    signatory.type_in("Your full name", "Sam Signatory")
    signatory.press("Accept the award")
    assert "You have accepted the award." in signatory.text
    award.refresh_from_db()
    assert (award.status, award.returns.count()) == ("accepted", 4)
    for visitor in (manager, signatory):
        for page in ("money/", "all-returns/", "people/", "documents/"):
            visitor.open(f"/grants/{award.ref}/{page}")


def test_a_programme_and_an_award_are_set_up_without_scripts(unit: World, enter: Enter) -> None:
    manager = enter(unit.cast.programme_manager, scripts=False)
    record_decision_plainly(manager)
    add_programme(manager)
    begin(manager, "Third Way")
    manager.type_in("Title", "Mentors after school")
    manager.press("Make the draft")
    manager.follow("How much, and when")
    manager.type_in("The award, in pounds", "12,000.50")
    manager.press("Save")
    manager.follow("When it is spent")
    manager.press("Spread evenly")
    award = Commitment.objects.get(title="Mentors after school")
    assert [line.amount_pence for line in award.profile_lines.all()] == [3_000_13, 3_000_13, 3_000_12, 3_000_12]


def record_decision_plainly(manager: Visitor) -> None:
    manager.open("/decisions/add/")
    manager.type_in("Reference", "DEC-2026-01")
    manager.type_in("Title", "Mentors for 2026/27")
    manager.type_day("When was it decided?", datetime.date(2026, 3, 2))
    manager.press("Save")
