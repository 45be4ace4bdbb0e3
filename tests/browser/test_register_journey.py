"""A register comes in with mistakes and leaves without; then lists, the map, a saved view, a bulk change and search."""

from __future__ import annotations

from pathlib import Path

import pytest

from grants.models import Commitment
from tests.browser.conftest import PHONE, Enter, Visitor
from tests.cast import World
from tests.factories import (
    AllocationFactory,
    AreaFactory,
    BudgetCategoryFactory,
    FundingSourceFactory,
    UserFactory,
)
from vru.accounts.models import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("private_files")]
HEADINGS = (
    "Programme ref,Programme,Level,Grantee,Charity no,Grant ref,Title,Category,Status,Award,Start,End,Source,Year,Area"
)
WRONG = (
    "P-1,Youth work,Several areas,Example Trust,1234567,G-1,Mentors,Community,Active,a lot,1 April 2020,31 March 2021,"
    "Home Office,2020/21,Camden",
    "P-1,Youth work,Several areas,Example Trust,1234567,G-2,Coaches,Community,Active,30000,1 April 2020,31 March 2021,"
    "Home Office,2020/21,Atlantis",
)
MENDED = (WRONG[0].replace("a lot", "£20000.50"), WRONG[1].replace("Atlantis", "Hackney"))


@pytest.fixture
def lists(world: World) -> World:
    source = FundingSourceFactory(slug="home-office", title="Home Office")
    AllocationFactory(source=source, year=2020, amount_pence=1_000_000_00)
    BudgetCategoryFactory(slug="community", title="Community")
    for code, name in (("E09000007", "Camden"), ("E09000012", "Hackney")):
        AreaFactory(code=code, name=name)
    return world


def test_a_register_with_mistakes_is_mended_taken_over_and_found_again(lists: World, enter: Enter) -> None:
    colleague = UserFactory(name="Second Manager", role=Role.PROGRAMME_MANAGER)
    manager = enter(lists.cast.programme_manager)
    upload_and_mend(manager)
    read_the_map(manager)
    save_a_view(manager)
    change_and_undo(manager, colleague.name)
    search(enter(lists.cast.programme_manager, width=PHONE))


def upload(visitor: Visitor, *rows: str) -> None:
    visitor.open("/organisations/import/")
    data = "\n".join((HEADINGS, *rows)).encode()
    visitor.page.get_by_label("The register").set_input_files(
        {"name": "register.csv", "mimeType": "text/csv", "buffer": data}
    )
    visitor.press("Upload")


def upload_and_mend(manager: Visitor) -> None:
    manager.open("/organisations/")
    manager.follow("Import", exact=False)
    assert "No register has been uploaded yet." in manager.text
    manager.press("Upload")
    manager.mend("Choose a file.")
    upload(manager, *WRONG)
    if manager.heading.endswith("What the columns hold"):
        manager.press("Check the file")
    problems = manager.page.get_by_role("table", name="Problems")
    assert "a lot" in problems.get_by_role("row", name="Row 2, column J").inner_text()
    assert "Atlantis" in problems.get_by_role("row", name="Row 3, column O").inner_text()
    assert not manager.page.get_by_role("button", name="Take all of it over").count()
    manager.follow("Change what the columns hold")
    manager.press("Check the file")
    upload(manager, *MENDED)
    assert "The file can be taken over. Nothing is written yet." in manager.text
    assert not Commitment.objects.filter(ref__startswith="G-").exists()
    manager.press("Take all of it over")
    assert "The register is taken over." in manager.text
    assert list(Commitment.objects.filter(ref__startswith="G-").order_by("ref").values_list("ref", "award_pence")) == [
        ("G-1", 20_000_50),
        ("G-2", 30_000_00),
    ]
    upload(manager, *MENDED)
    assert "There is nothing to write." in manager.text
    manager.press("Put the file aside")
    upload(manager, MENDED[0].replace("20000.50", "20000.60"), MENDED[1])
    assert "20,000.60" in manager.text
    manager.press("Put the file aside")


def read_the_map(manager: Visitor) -> None:
    manager.open("/areas/?year=2020-21")
    drawn = manager.page.locator("svg title").first.text_content() or ""
    assert "Highest Hackney (£30,000), lowest Camden (£20,001)" in drawn.replace("\xa0", " ")
    for area, said in (("Camden", "£20,000.50"), ("Hackney", "£30,000.00")):
        assert said in manager.page.get_by_role("row", name=area).inner_text()
    for measure in ("spend", "new", "rate"):
        manager.open(f"/areas/?year=2020-21&measure={measure}")
    manager.open("/areas/?year=2020-21")
    manager.follow("Hackney")
    assert "Coaches" in manager.text
    manager.follow("See them in the list of grants")
    assert "1 commitment" in manager.text


def save_a_view(manager: Visitor) -> None:
    manager.page.locator("summary", has_text="Saved views").click()
    manager.press("Save this view")
    manager.open("/grants/?area=E09000012&layer=recorded")
    manager.page.locator("summary", has_text="Saved views").click()
    manager.type_in("Keep these filters and this order under a name", "Hackney")
    manager.press("Save this view")
    manager.open("/saved-views/")
    manager.follow("Hackney")
    assert "1 commitment" in manager.text
    with manager.page.expect_download() as coming:
        manager.page.get_by_role("link", name="CSV").click()
    assert "Coaches" in Path(coming.value.path()).read_text("utf-8-sig")


def change_and_undo(manager: Visitor, colleague: str) -> None:
    before = Commitment.objects.get(ref="G-2").manager
    manager.open("/grants/changes/")
    manager.open("/grants/?text=G-2&layer=recorded")
    manager.press("Change those chosen")
    assert "No grants are chosen" in manager.text
    manager.page.go_back()
    manager.choose("G-2, Coaches")
    manager.press("Change those chosen")
    manager.press("Show what would change")
    manager.mend()
    manager.page.get_by_role("radio").first.check()
    manager.page.get_by_label("The programme manager, if that changes").select_option(colleague)
    manager.type_in("Why?", "On leave until spring.")
    manager.press("Show what would change")
    manager.press("Change them")
    assert Commitment.objects.get(ref="G-2").manager.name == colleague
    manager.press("Undo this change")
    assert "Undone" in manager.text
    assert Commitment.objects.get(ref="G-2").manager == before
    manager.open("/grants/changes/")


def search(phone: Visitor) -> None:
    phone.open("/search/?q=G-2")
    assert "This very reference" in phone.text
    phone.open("/search/?q=nothing-like-this")
    assert "Nothing found" in phone.text
    phone.open("/search/")
    phone.type_in("Words of a title, a name or a reference", "Example Trust")
    phone.press("Search", within=phone.page.get_by_role("main"))
    phone.follow("Example Trust", exact=False)
    phone.follow("Set up an award for it")
    assert "Example Trust" in phone.text
    phone.open("/grants/")
