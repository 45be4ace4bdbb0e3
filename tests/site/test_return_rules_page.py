"""The page that says how a return is checked."""

from __future__ import annotations

from django.test import Client

from grants.validation import RULES
from tests.cast import World


def page(world: World, name: str) -> str:
    client = Client()
    client.force_login(world.cast.named(name))
    return client.get("/returns/rules/").content.decode()


def test_a_grantee_reads_every_rule_but_those_about_other_grantees(world: World) -> None:
    text = page(world, "grantee")
    shown = {code for code in RULES if f'id="{code}"' in text}
    assert set(RULES) - shown == {"W208"}
    assert "median" not in text
    assert "more than 25%" in text


def test_staff_read_all_of_them(world: World) -> None:
    text = page(world, "programme_manager")
    assert all(f'id="{code}"' in text for code in RULES)
    assert "Staff only" in text
