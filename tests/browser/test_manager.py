"""The programme manager's journey: what needs me today, the review beside last quarter, a query, and the approval."""

from __future__ import annotations

import pytest

from grants.models import MonitoringReturn, ReturnQuery
from tests.browser.conftest import Enter
from tests.browser.submitted import send_return
from tests.cast import World
from tests.factories import ReachTargetFactory, approved_return

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_return_is_reviewed_beside_last_quarter_and_approved(world: World, enter: Enter) -> None:
    approved_return(world.grant, 1, reach={"new": 8})
    ReachTargetFactory(commitment=world.grant, quarter=world.monitoring_return.quarter, value=12)
    send_return(world)
    manager = enter(world.cast.programme_manager)
    manager.open("/")
    assert "To review (1)" in manager.text
    manager.follow(world.grant.title)
    row = manager.page.get_by_role("row", name="New people supported")
    # This quarter, last quarter, target, year to date.
    assert row.get_by_role("cell").all_inner_texts()[:4] == ["10", "8", "12", "18"]
    position = manager.text.index
    assert position("to look at" if "to look at" in manager.text else "Nothing unusual") < position(
        "New people supported"
    )
    manager.press("Approve this section")
    assert "approved." in manager.text
    manager.press("Approve the whole return")
    assert "approved. Its figures count from now." in manager.text
    world.monitoring_return.refresh_from_db()
    assert world.monitoring_return.status == MonitoringReturn.Status.APPROVED
    manager.page.get_by_label("Why?").fill("The charity found a second register.")
    manager.press("Reopen")
    assert "Return reopened." in manager.text


def test_a_query_goes_back_with_its_section(world: World, enter: Enter) -> None:
    send_return(world)
    manager = enter(world.cast.programme_manager)
    manager.open(f"/returns/{world.grant.ref}/{world.monitoring_return.quarter.key}/review/")
    manager.press("Send back with this query")
    assert manager.page.title().startswith("Error: ")
    manager.page.get_by_label("Section").select_option("C")
    manager.page.get_by_label("What should they explain or mend?").fill("Is ten the right number?")
    manager.press("Send back with this query")
    assert "the return is back with the grantee" in manager.text
    query = ReturnQuery.objects.get()
    assert (query.section, query.text) == ("C", "Is ten the right number?")
    manager.open("/")
    assert "Waiting for an answer (1)" in manager.text
    assert "overdue" in manager.text.partition("Nothing under:")[2]


def test_programmes_and_grants_are_filtered_and_opened(world: World, enter: Enter) -> None:
    manager = enter(world.cast.programme_manager)
    manager.open("/programmes/")
    manager.follow(world.grant.programme.title)
    assert "Grants and contracts" in manager.text
    manager.open("/grants/")
    assert "2 commitments" in manager.text
    manager.page.get_by_label("Words in the title").fill(world.grant.ref)
    manager.press("Apply filters")
    assert "1 commitment," in manager.text
    manager.follow(world.grant.title)
    assert "Paid so far" in manager.text
    manager.open("/grants/?text=nothing-like-this")
    assert "No grants match" in manager.text
