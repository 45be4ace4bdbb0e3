"""What holds for every template, for the sign-in pages and for the built styles."""

from __future__ import annotations

import json
import re
from importlib.metadata import metadata
from pathlib import Path

import pytest
from allauth.account.forms import RequestLoginCodeForm
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMessage
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.urls import reverse

ROOT = Path(settings.BASE_DIR)
WHOLE_PAGES = [
    "base.html",
    "400.html",
    "403.html",
    "403_csrf.html",
    "404.html",
    "429.html",
    "500.html",
]
FOLDERS = ["account", "allauth", "components", "mfa", "pages"]
TEMPLATES = WHOLE_PAGES + sorted(
    str(path.relative_to(ROOT / "templates"))
    for folder in FOLDERS
    for path in (ROOT / "templates" / folder).rglob("*.html")
)
OPEN_PAGES = [
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_signup",
    "account_inactive",
]

pytestmark = pytest.mark.urls("tests.frontend.gallery")


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_can_be_read(name: str) -> None:
    assert get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_has_inline_styles_or_scripts(name: str) -> None:
    source = (ROOT / "templates" / name).read_text("utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:|<style|<script(?![^>]*\bsrc=)", source)


@pytest.mark.django_db
@pytest.mark.parametrize("name", OPEN_PAGES)
def test_a_sign_in_page_has_one_heading_a_title_and_a_language(client: Client, name: str) -> None:
    html = client.get(reverse(name)).content.decode()
    assert html.count("<h1") == 1
    assert '<html lang="en-GB"' in html
    assert re.search(r"<title>\w.+ – .+</title>", html)
    assert 'href="#main-content"' in html
    assert 'id="main-content"' in html


@pytest.mark.django_db
def test_a_wrong_password_says_so_in_the_title_and_the_summary(client: Client) -> None:
    html = client.post(reverse("account_login"), {"login": "a@example.org", "password": "wrong"}).content.decode()
    assert "<title>Error: Sign in" in html
    assert "govuk-error-summary" in html


@pytest.mark.django_db
def test_a_used_reset_link_offers_a_new_one(client: Client) -> None:
    html = client.get(reverse("account_reset_password_from_key", args=["1", "used-up"])).content.decode()
    assert "This link does not work" in html
    assert reverse("account_reset_password") in html


@pytest.mark.django_db
def test_a_reset_for_an_unknown_address_says_so_only_by_email(client: Client, mailoutbox: list[EmailMessage]) -> None:
    answer = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert answer["Location"] == reverse("account_reset_password_done")
    assert "There is no such account" in mailoutbox[0].body


@pytest.mark.django_db
def test_a_reset_email_holds_a_link_that_opens_the_form(client: Client, mailoutbox: list[EmailMessage]) -> None:
    user = get_user_model().objects.create_user("asha@example.org", "three words here", name="Asha Patel")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client.post(reverse("account_reset_password"), {"email": user.email})
    link = re.search(r"https?://[^/]+(\S+)", mailoutbox[0].body)
    assert link is not None
    assert "Choose a new password" in client.get(link[1], follow=True).content.decode()


@pytest.mark.django_db
def test_a_page_of_the_library_that_we_have_not_drawn_stands_in_our_frame(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    html = get_template("account/confirm_login_code.html").render({"verify_form": RequestLoginCodeForm()}, request)
    assert "app-masthead" in html
    assert 'class="govuk-heading-l"' in html
    assert "govuk-input" in html


@pytest.mark.django_db
def test_nobody_can_sign_up_without_an_invitation(client: Client) -> None:
    assert "Accounts come by invitation" in client.get(reverse("account_signup")).content.decode()


@pytest.mark.django_db
def test_the_policy_of_the_gallery_allows_no_inline_script(client: Client) -> None:
    policy = client.get(reverse("gallery"))["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy


@pytest.mark.django_db
def test_pagination_keeps_the_filters(client: Client) -> None:
    html = client.get(reverse("gallery"), {"borough": "E09000030", "page": "7"}).content.decode()
    assert "?borough=E09000030&amp;page=8" in html
    assert 'aria-current="page"' in html


def test_the_built_styles_carry_no_mark_of_gov_uk() -> None:
    css = (ROOT / "static/css/app.css").read_text("utf-8")
    assert not re.search(r"GDS Transport|crest|crown", css, re.IGNORECASE)
    assert "Public Sans" in css


def test_every_file_the_styles_name_is_shipped() -> None:
    css = ROOT / "static/css/app.css"
    named = re.findall(r'url\("?([^")]+)"?\)', css.read_text("utf-8"))
    assert named
    assert [name for name in named if not name.startswith("data:") and not (css.parent / name).is_file()] == []


def test_the_styles_are_of_the_version_the_macros_support() -> None:
    installed = json.loads((ROOT / "frontend/package.json").read_text("utf-8"))["dependencies"]["govuk-frontend"]
    supported = re.search(r"GOV\.UK%20Frontend-v([\d.]+)-", str(metadata("govuk-frontend-jinja").get_payload()))
    assert supported is not None
    assert installed == supported[1]
    css = (ROOT / "static/css/app.css").read_text("utf-8")
    assert f'--govuk-frontend-version: "{installed}"' in css or f'--govuk-frontend-version:"{installed}"' in css


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "frontend/package-lock.json").read_text("utf-8")
