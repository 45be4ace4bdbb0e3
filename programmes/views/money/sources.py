"""Adding a source of money and putting right what it is called. What it allocates is on its own page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from programmes.actions.funding import LONGEST_TITLE, add_source, edit_source
from programmes.models import FundingSource
from programmes.views.money.forms import MoneyForm
from programmes.views.money.pages import crumbs_to, form_page
from vru.accounts.models import User
from vru.accounts.permissions import can_keep_money, require
from vru.lib.govuk.posted import posted

LAST_PLACE = 999


class SourceForm(MoneyForm):
    mark_optional = False
    title = forms.CharField(label="Title", help_text="For example: Home Office grant.", max_length=LONGEST_TITLE)
    funder = forms.CharField(label="Funder", max_length=LONGEST_TITLE)
    kind = forms.ChoiceField(label="Kind of source", choices=FundingSource.Kind.choices, widget=forms.RadioSelect)
    order = forms.IntegerField(label="Place in lists", min_value=0, max_value=LAST_PLACE, initial=0)

    def __init__(self, data: Any = None, source: FundingSource | None = None) -> None:
        self.source = source
        names = ("title", "funder", "kind", "order")
        super().__init__(data, initial={name: getattr(source, name) for name in names} if source else None)

    def save(self, by: User) -> None:
        if self.source is None:
            add_source(by=by, **self.cleaned_data)
        else:
            edit_source(source=self.source, by=by, **self.cleaned_data)


def _crumbs() -> list[dict[str, str]]:
    return crumbs_to(("Sources", reverse("money-checks:sources")))


@require(can_keep_money)
@require_http_methods(["GET", "HEAD", "POST"])
def source_add(request: HttpRequest) -> HttpResponse:
    form, back = SourceForm(posted(request)), reverse("money-checks:sources")
    done = "The source is added. State what it allocates next."
    return form_page(request, form, title="Add a source of money", back=back, done=done, crumbs=_crumbs())


@require(can_keep_money)
@require_http_methods(["GET", "HEAD", "POST"])
def source_edit(request: HttpRequest, slug: str) -> HttpResponse:
    source = get_object_or_404(FundingSource, slug=slug)
    form, back = SourceForm(posted(request), source), reverse("money-checks:source", args=[slug])
    return form_page(request, form, title=f"Change {source}", back=back, done="Saved.", crumbs=_crumbs())
