"""Sign-ins for the demonstration: one person a role, and three grantees. Never made outside demo mode."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import transaction

from vru.accounts.models import Membership, User
from vru.demo.illustrative.people import put_staff

STAFF = (
    ("director", "Director"),
    ("manager", "Programme manager"),
    ("finance", "Finance officer"),
    ("analyst", "Analyst"),
    ("auditor", "Auditor"),
    ("administrator", "Administrator"),
)
# The first organisation has returns that are open, in draft and queried; the second must never see them.
GRANTEES = (
    ("submitter@ill-org-001.example", "Grantee"),
    ("signatory@ill-org-001.example", "Grantee's signatory"),
    ("submitter@ill-org-002.example", "Outside grantee"),
)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    role: str
    name: str
    email: str
    password: str
    organisation: str = ""


@transaction.atomic
def put_demo_accounts(passwords_file: Path) -> list[DemoAccount]:
    """Every demonstration account with its password, made where it is missing.

    Passwords are drawn once and kept in ``passwords_file`` (readable by its owner only), so that a second run
    prints the same ones. Grantees are left out until the illustrative year is loaded.
    """
    people = _people()
    passwords = _read(passwords_file)
    for user, _ in people:
        passwords.setdefault(user.email, secrets.token_urlsafe(12))
        if not user.check_password(passwords[user.email]):
            user.set_password(passwords[user.email])
            user.save(update_fields=["password"])
    _write(passwords_file, passwords)
    return [
        DemoAccount(role, user.name, user.email, passwords[user.email], _organisation(user)) for user, role in people
    ]


def accounts_as_json(accounts: list[DemoAccount]) -> dict[str, list[dict[str, str]]]:
    return {"accounts": [asdict(account) for account in accounts]}


def _people() -> list[tuple[User, str]]:
    staff = put_staff()
    people = [(staff[key], role) for key, role in STAFF]
    grantees = {user.email: user for user in User.objects.filter(email__in=[email for email, _ in GRANTEES])}
    return people + [(grantees[email], role) for email, role in GRANTEES if email in grantees]


def _organisation(user: User) -> str:
    membership = Membership.objects.current().filter(user=user).select_related("organisation").first()
    return membership.organisation.name if membership else ""


def _read(file: Path) -> dict[str, str]:
    """Passwords by email; none when the file is missing or was damaged, in which case new ones are drawn."""
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError, UnicodeDecodeError):
        return {}
    return {str(email): str(word) for email, word in stored.items()} if isinstance(stored, dict) else {}


def _write(file: Path, passwords: dict[str, str]) -> None:
    if _read(file) == passwords and file.stat().st_mode & 0o077 == 0:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    # Created closed to others: a file opened first and closed afterwards can be read in between.
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        json.dump(passwords, out, indent=2)
    fresh.replace(file)
