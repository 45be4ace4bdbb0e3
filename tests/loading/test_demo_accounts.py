"""Demonstration accounts: random passwords drawn once, in demo mode only, and never beside production."""

from __future__ import annotations

import json
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from pytest_django import Settings

from vru.accounts.models import Membership, Organisation, Role, User
from vru.demo.guard import refuse_demo_accounts

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_mode(settings: Settings, tmp_path: Path) -> Path:
    settings.DEMO = True
    settings.VAR_DIR = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return tmp_path / "demo-accounts.json"


def accounts() -> list[dict[str, str]]:
    out = StringIO()
    call_command("demo_accounts", "--format", "json", stdout=out, stderr=StringIO())
    found: list[dict[str, str]] = json.loads(out.getvalue())["accounts"]
    return found


def test_one_account_for_every_role_that_can_sign_in_with_its_password(demo_mode: Path) -> None:
    made = accounts()
    roles = {role for account in made for role in User.objects.get(email=account["email"]).roles}
    assert roles == set(Role.values)
    for account in made:
        user = User.objects.get(email=account["email"])
        assert user.is_demo
        assert user.check_password(account["password"])


def test_a_second_run_prints_the_same_passwords_and_changes_nothing(demo_mode: Path) -> None:
    first = accounts()
    hashes = dict(User.objects.values_list("email", "password"))
    assert accounts() == first
    assert dict(User.objects.values_list("email", "password")) == hashes


def test_passwords_are_random_and_readable_by_their_owner_only(demo_mode: Path) -> None:
    made = accounts()
    assert len({account["password"] for account in made}) == len(made)
    assert stat.S_IMODE(demo_mode.stat().st_mode) == 0o600
    demo_mode.chmod(0o644)
    accounts()
    assert stat.S_IMODE(demo_mode.stat().st_mode) == 0o600


def test_a_damaged_password_file_is_replaced(demo_mode: Path) -> None:
    accounts()
    demo_mode.write_text("{half", encoding="utf-8")
    made = accounts()
    assert all(User.objects.get(email=each["email"]).check_password(each["password"]) for each in made)


def test_grantees_get_accounts_once_their_organisations_are_there(demo_mode: Path) -> None:
    organisation = Organisation.objects.create(ref="ill-org-001", name="One", kind="charity", layer="illustrative")
    user = User.objects.create_user("submitter@ill-org-001.example", name="Sub", is_demo=True)
    Membership.objects.create(user=user, organisation=organisation, role="submitter")
    grantee = next(account for account in accounts() if account["role"] == "Grantee")
    assert (grantee["email"], grantee["organisation"]) == ("submitter@ill-org-001.example", "One")


def test_outside_demo_mode_they_are_refused(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="Set VRU_DEMO=1"):
        call_command("demo_accounts")
    assert not User.objects.exists()


def test_a_production_start_refuses_to_run_beside_them(settings: Settings) -> None:
    User.objects.create_user("someone@unit.example", name="Someone", is_demo=True)
    refuse_demo_accounts()
    settings.PRODUCTION = True
    with pytest.raises(ImproperlyConfigured, match="1 demonstration accounts"):
        refuse_demo_accounts()
    User.objects.all().delete()
    refuse_demo_accounts()
