from __future__ import annotations

import pytest

from vru.accounts.models import Role, StaffRole, User


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("worker@example.org", name="Wren Worker")


@pytest.fixture
def outsider(db: None) -> User:
    return User.objects.create_user("outsider@example.org", name="Otis Outsider")


@pytest.fixture
def director(db: None) -> User:
    user = User.objects.create_user("director@example.org", name="Dana Director")
    StaffRole.objects.create(user=user, role=Role.DIRECTOR)
    return user
