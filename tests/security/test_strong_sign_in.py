"""Approving and paying: a second factor, and a sign-in of the last minutes. The button here stands for all of them."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse

from tests.factories import UserFactory
from tests.signing_in import sign_in_strongly
from vru.accounts.models import Role, User
from vru.accounts.permissions import can_approve_money, require
from vru.accounts.strong_sign_in import SECOND_FACTOR_FIRST, strong_sign_in
from vru.urls import urlpatterns as every_address

PRESSED: list[str] = []


@require(can_approve_money)
@strong_sign_in
def button(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        PRESSED.append(request.POST["amount"])
    return HttpResponse("done")


urlpatterns = [path("button/", button, name="button"), *every_address]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def nothing_pressed() -> None:
    PRESSED.clear()


@pytest.fixture
def officer(db: None) -> User:
    user: User = UserFactory(role=Role.FINANCE_OFFICER)
    user.set_password("a long enough password")
    user.save()
    return user


def test_person_with_a_second_factor_who_signed_in_just_now_may(officer: User) -> None:
    answer = sign_in_strongly(Client(), officer).post("/button/", {"amount": "12"})
    assert (answer.status_code, PRESSED) == (200, ["12"])


def test_person_without_a_second_factor_is_led_to_set_one_up(officer: User) -> None:
    client = sign_in_strongly(Client(), officer)
    Authenticator.objects.filter(user=officer).delete()
    answer = client.post("/button/", {"amount": "12"}, follow=True)
    assert answer.redirect_chain[0][0] == reverse("mfa_index")
    assert SECOND_FACTOR_FIRST in answer.content.decode()
    assert PRESSED == []


def test_demonstration_that_needs_no_second_factor_still_needs_a_recent_sign_in(officer: User, settings: Any) -> None:
    settings.MFA_REQUIRED = False
    client = sign_in_strongly(Client(), officer)
    Authenticator.objects.filter(user=officer).delete()
    assert client.post("/button/", {"amount": "12"}).status_code == 200
    client = sign_in_strongly(Client(), officer, seconds_ago=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1)
    Authenticator.objects.filter(user=officer).delete()
    assert client.get("/button/").status_code == 302


def test_sign_in_of_an_hour_ago_asks_for_the_password_and_then_sends_what_was_typed(
    officer: User, settings: Any
) -> None:
    client = sign_in_strongly(Client(), officer, seconds_ago=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1)
    asked = client.post("/button/", {"amount": "12"})
    assert asked["Location"] == f"{reverse('account_reauthenticate')}?next=%2Fbutton%2F"
    assert PRESSED == []
    answer = client.post(asked["Location"], {"password": "a long enough password"})
    assert (answer.status_code, PRESSED) == (200, ["12"])


def test_wrong_password_sends_nothing(officer: User, settings: Any) -> None:
    client = sign_in_strongly(Client(), officer, seconds_ago=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1)
    asked = client.post("/button/", {"amount": "12"})
    client.post(asked["Location"], {"password": "another password"})
    assert PRESSED == []


def test_wrong_role_is_refused_before_anything_is_asked(db: None) -> None:
    client = sign_in_strongly(Client(), UserFactory(role=Role.ANALYST), seconds_ago=86_400)
    assert client.get("/button/").status_code == 403
