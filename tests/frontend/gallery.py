"""One page with every component and every kind of field, for the eye, for axe and for the tests."""

from __future__ import annotations

import datetime
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import include, path
from django.utils.html import format_html

from vru.lib.govuk.dates import DatePartsField

THEMES = [("trauma", "Trauma-informed services"), ("schools", "Schools and exclusion"), ("families", "Families")]


class EveryField(forms.Form):
    title = forms.CharField(label="Name of the programme", help_text="As people know it.")
    contact = forms.EmailField(label="Contact's email address")
    amount = forms.DecimalField(label="Amount awarded", help_text="In pounds.")
    people = forms.IntegerField(label="People supported", required=False)
    story = forms.CharField(label="What went well", widget=forms.Textarea(attrs={"rows": 4}), max_length=200)
    notes = forms.CharField(label="Notes", widget=forms.Textarea, required=False)
    borough = forms.ChoiceField(label="Borough", choices=[("", "Choose one"), ("E09000030", "Tower Hamlets")])
    theme = forms.ChoiceField(label="Theme", choices=THEMES, widget=forms.RadioSelect)
    themes = forms.MultipleChoiceField(
        label="Other themes", choices=THEMES, widget=forms.CheckboxSelectMultiple, required=False
    )
    starts_on = DatePartsField(label="Start date", help_text="For example, 15 1 2021.")
    evidence = forms.FileField(label="Evidence", required=False)
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    agreed = forms.BooleanField(label="I have read the guidance")
    version = forms.IntegerField(widget=forms.HiddenInput, initial=3)


class FilterForm(forms.Form):
    q = forms.CharField(label="Search", required=False)
    borough = forms.ChoiceField(label="Borough", choices=[("", "All boroughs")], required=False)


SITE = {
    "unit_name": "Violence Reduction Unit",
    "demo": True,
    "navigation": [
        {"text": "The position", "href": "/", "active": True},
        {"text": "Programmes", "href": "/programmes/"},
        {"text": "Grants", "href": "/grants/"},
        {"text": "Results", "href": "/results/"},
        {"text": "Reports", "href": "/reports/"},
    ],
}


def context() -> dict[str, object]:
    return {
        "this_site": SITE,
        "filters": FilterForm(prefix="filter"),
        "page_obj": Paginator(range(400), 25).page(7),
        "numbers": [
            {"value": "£19.7m", "label": "Money committed", "basis": "318 awards, as at 31 March 2021"},
            {"value": "3,884", "label": "People supported", "basis": "Of 5,100 expected", "href": "#"},
            {"value": "284 of 318", "label": "Returns received", "basis": "Quarter 4 of 2020-21"},
            {"value": "12", "label": "Objectives on track", "basis": "Of 16"},
        ],
        "rows": [
            {"key": "Award", "value": "£120,000.00", "href": "#"},
            {"key": "Organisation", "value": format_html("<a class='govuk-link' href='#'>{}</a>", "Safe & Sound")},
            {"key": "Manager", "value": None},
        ],
        "tasks": [
            {"title": "Contacts", "href": "#", "status": "completed"},
            {"title": "Reach", "href": "#", "status": "in_progress", "hint": "Who you supported"},
            {"title": "Spend", "href": "#", "status": "not_started"},
            {"title": "Declaration", "href": None, "status": "not_started", "label": "Cannot start yet"},
        ],
        "events": [
            {"title": "Approved", "at": datetime.date(2021, 2, 3), "by": "Asha Patel", "text": "All sections."},
            {"title": "Submitted", "at": datetime.date(2021, 1, 15), "by": "Jo Field"},
        ],
        "columns": [
            {"label": "Grant"},
            {"label": "Status"},
            {"label": "Awarded", "numeric": True, "unit": "£"},
            {"label": "People", "numeric": True},
        ],
        "table": [
            [{"text": "After-school club", "href": "#"}, {"status": "active"}, "120,000.00", "1,204"],
            [{"text": "Mentoring", "href": "#"}, {"status": "overdue", "text": "Overdue"}, "8,250.00", None],
        ],
        "foot": ["All grants", "", "128,250.00", "1,204"],
        "statuses": ["draft", "active", "submitted", "queried", "suspended", "overdue", "approved"],
        "crumbs": [{"text": "Home", "href": "/"}, {"text": "Grants", "href": "/grants/"}, {"text": "Mentoring"}],
        "user": SimpleNamespace(is_authenticated=True, email="asha@example.org", name="Asha Patel"),
    }


def gallery(request: HttpRequest) -> HttpResponse:
    form = EveryField(request.POST or None, request.FILES or None)
    template = engines["django"].from_string((Path(__file__).parent / "gallery.html").read_text("utf-8"))
    return HttpResponse(template.render({**context(), "form": form}, request))


def standing(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, f"pages/{name}.html", {"this_site": SITE})


gallery.login_required = False  # type: ignore[attr-defined]
standing.login_required = False  # type: ignore[attr-defined]
STANDING_PAGES = ("help", "accessibility", "privacy", "cookies")
urlpatterns = [
    path("gallery/", gallery, name="gallery"),
    path("account/", include("allauth.urls")),
    # The masthead of somebody signed in has a search box.
    path("search/", standing, {"name": "help"}, name="search"),
    *(path(f"{name}/", standing, {"name": name}, name=name) for name in STANDING_PAGES),
]
