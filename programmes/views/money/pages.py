"""What the pages about money share: the year, the way back, and a form that calls one action."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from programmes.errors import ProgrammeRefused
from programmes.models import Allocation, BudgetLine, FunderAgreement
from programmes.views.money.forms import MoneyForm
from vru.accounts.permissions import person
from vru.lib.periods import FinancialYear, PeriodError
from vru.lib.state_machine import TransitionRefused


def years_of_money(layer: str) -> list[FinancialYear]:
    """Years with an allocation, an agreement or a budget in the layer, newest first."""
    years: set[int] = set()
    for model in (Allocation, FunderAgreement, BudgetLine):
        years |= set(model.objects.filter(layer=layer).order_by().values_list("year", flat=True).distinct())
    return [FinancialYear(year) for year in sorted(years, reverse=True)]


def year_in(text: str) -> FinancialYear:
    """The year that an address names. One that cannot be read is not found (404)."""
    try:
        return FinancialYear.parse(text)
    except PeriodError as error:
        raise Http404(str(error)) from error


def year_asked(request: HttpRequest, years: list[FinancialYear]) -> FinancialYear:
    """The year in the address; else this year where there is money in it, else the newest with any, else this year."""
    asked = request.GET.get("year", "")
    if asked:
        return year_in(asked)
    current = FinancialYear.of(timezone.localdate())
    return current if current in years or not years else years[0]


def crumbs_to(*deeper: tuple[str, str]) -> list[dict[str, str]]:
    """Home, and (text, address) pairs after it."""
    return [{"text": text, "href": href} for text, href in (("Home", reverse("home")), *deeper)]


def form_page(request: HttpRequest, form: MoneyForm, *, title: str, back: str, done: str, **extra: Any) -> HttpResponse:
    """Show the form, or save it and go to ``back`` with the sentence ``done``; what is refused stands above the form.

    ``extra``: ``caption``, ``lead``, ``warning``, ``submit``, ``facts`` (of a summary list), ``crumbs``, ``layer``.
    """
    if request.method == "POST" and form.is_valid():
        try:
            form.save(person(request))
        except (ProgrammeRefused, TransitionRefused) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, done)
            return redirect(back)
    context = {"title": title, "form": form, "back": back, **extra}
    return render(request, "programmes/money_form.html", context, status=422 if form.errors else 200)


def try_act(request: HttpRequest, act: Any, done: str) -> None:
    """Run an action that needs no form; say what it did or why it is refused."""
    try:
        act()
    except (ProgrammeRefused, TransitionRefused) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
