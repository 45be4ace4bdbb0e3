"""What is typed in a section is saved without a button, and nobody of another organisation gets to it."""

from __future__ import annotations

import pytest

from grants.models import SectionDraft
from tests.browser.conftest import Enter
from tests.browser.steps import at
from tests.cast import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_is_typed_is_saved_behind_the_page(world: World, enter: Enter) -> None:
    grantee = enter(world.cast.grantee)
    grantee.open(at(world, "section/G/"))
    grantee.fill({"answer.what-went-well": "Half a sentence"})
    grantee.page.wait_for_selector("#save-status:has-text('Saved at')")
    draft = SectionDraft.objects.get(monitoring_return=world.monitoring_return, section="G")
    assert draft.data == {"answer.what-went-well": "Half a sentence"}
    grantee.fill({"answer.what-went-well": "A whole sentence."})
    grantee.press("Save and continue")
    assert "What happened: saved." in grantee.text


def test_another_organisation_finds_nothing(world: World, enter: Enter) -> None:
    outsider = enter(world.cast.outside_grantee)
    assert outsider.open(at(world)).status == 404
    outsider.open("/organisation/")
    assert "Rivals (invented)" in outsider.text
    assert "Bright Futures" not in outsider.text
