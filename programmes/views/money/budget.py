"""The budget of a year: a table by any two sides, its lines, and what is not set aside yet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from programmes.actions.budget import add_budget_line, change_budget_line
from programmes.budgets import matrix, remainders
from programmes.layers import chosen_layer, layers_in_use
from programmes.models import BudgetCategory, BudgetLine, FundingSource, Programme
from programmes.views.money.forms import MoneyForm, reason_field, year_field
from programmes.views.money.pages import crumbs_to, form_page, year_asked, years_of_money
from vru.accounts.models import User
from vru.accounts.permissions import can_keep_money, can_read_everything, person, require
from vru.lib.govuk.amounts import PoundsField
from vru.lib.govuk.posted import posted
from vru.lib.layers import Layer
from vru.lib.money import Money
from vru.lib.periods import FinancialYear

PAGE_SIZE = 50
SIDES = [("programme", "Programme"), ("source", "Source"), ("category", "Category")]


class BudgetFilter(forms.Form):
    """Which lines, and by what they are added up. An address that does not read shows everything."""

    mark_optional = False
    programme = forms.ModelChoiceField(queryset=Programme.objects.none(), required=False, empty_label="All programmes")
    source = forms.ModelChoiceField(queryset=FundingSource.objects.all(), required=False, empty_label="All sources")
    category = forms.ModelChoiceField(
        queryset=BudgetCategory.objects.all(), required=False, empty_label="All categories"
    )
    rows = forms.ChoiceField(label="Rows", choices=SIDES, required=False)
    columns = forms.ChoiceField(label="Columns", choices=SIDES, required=False)

    def __init__(self, data: Any, lines: Any) -> None:
        super().__init__(data or None, initial={"rows": "programme", "columns": "source"})
        field = self.fields["programme"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Programme.objects.filter(pk__in=lines.values("programme"))

    def chosen(self) -> tuple[Q, str, str]:
        """The condition on lines, and the sides of the table; two equal sides become two different ones."""
        typed = self.cleaned_data if self.is_bound and self.is_valid() else {}
        condition = Q(**{name: typed[name] for name in ("programme", "source", "category") if typed.get(name)})
        rows = typed.get("rows") or "programme"
        columns = typed.get("columns") or ("source" if rows != "source" else "category")
        if rows == columns:
            columns = "category" if rows != "category" else "source"
        return condition, rows, columns


@require(can_read_everything)
@require_safe
def budget_page(request: HttpRequest) -> HttpResponse:
    layer = chosen_layer(request)
    years = years_of_money(layer)
    year = year_asked(request, _years_with_lines(layer) or years)
    everything = BudgetLine.objects.filter(layer=layer, year=year.start)
    form = BudgetFilter(request.GET, everything)
    condition, rows, columns = form.chosen()
    lines = everything.filter(condition)
    table = matrix(lines, rows, columns)
    shown = lines.select_related("programme", "source", "category").order_by(
        "programme__title", "source__order", "category__order", "ref"
    )
    context = {
        "year": year,
        "years": years,
        "layer": layer,
        "layers": layers_in_use(),
        "filter": form,
        "active": len(condition.children),
        "matrix": _as_table(table, dict(SIDES)[rows], dict(SIDES)[columns]) if table.rows else None,
        "total": table.total,
        "remainders": remainders(year.start, layer),
        "page_obj": Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page")),
        "may_keep": can_keep_money(person(request)) and layer != Layer.PUBLISHED,
        "crumbs": crumbs_to(),
    }
    return render(request, "programmes/budget_page.html", context)


def _years_with_lines(layer: str) -> list[FinancialYear]:
    found = BudgetLine.objects.filter(layer=layer).order_by("-year").values_list("year", flat=True).distinct()
    return [FinancialYear(year) for year in found]


def _as_table(table: Any, rows: str, columns: str) -> dict[str, Any]:
    heads = [{"label": rows}, *({"label": label, "numeric": True} for label in (*table.columns, "Total"))]
    body = [
        [{"text": label, "header": True}, *(_pounds(each) for each in cells), str(Money(total))]
        for label, cells, total in table.rows
    ]
    foot = ["Total", *(str(Money(each)) for each in table.foot), str(Money(table.total))]
    return {"caption": f"{rows} by {columns.lower()}", "columns": heads, "rows": body, "foot": foot}


def _pounds(pence: int) -> str:
    return str(Money(pence)) if pence else "–"


class LineForm(MoneyForm):
    programme = forms.ModelChoiceField(label="Programme", queryset=Programme.objects.none())
    source = forms.ModelChoiceField(label="Source", queryset=FundingSource.objects.all())
    year = year_field()
    category = forms.ModelChoiceField(label="Category", queryset=BudgetCategory.objects.all())
    amount = PoundsField(label="Amount")
    reason = reason_field("Why is the money set aside?", "Say why the money is set aside.")

    def __init__(self, layer: str, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["programme"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Programme.objects.in_layer(layer)

    def save(self, by: User) -> None:
        typed = dict(self.cleaned_data)
        add_budget_line(amount_pence=typed.pop("amount"), by=by, **typed)


class ChangeLineForm(MoneyForm):
    amount = PoundsField(label="New amount")
    reason = reason_field("Why does the amount change?", "Say why the amount changes.")
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, line: BudgetLine, data: Any = None) -> None:
        self.line = line
        super().__init__(data, initial={"seen": line.amount_pence, "amount": line.amount_pence})

    def save(self, by: User) -> None:
        typed = self.cleaned_data
        change_budget_line(
            line=self.line, amount_pence=typed["amount"], reason=typed["reason"], by=by, expected_pence=typed["seen"]
        )


def _crumbs() -> list[dict[str, str]]:
    return crumbs_to(("Budget", reverse("funding:budget")))


@require(can_keep_money)
@require_http_methods(["GET", "HEAD", "POST"])
def line_add(request: HttpRequest) -> HttpResponse:
    layer = chosen_layer(request)
    start = {"year": year_asked(request, years_of_money(layer)).start}
    form = LineForm(layer, posted(request), initial=start)
    back, done = reverse("funding:budget"), "The budget line is added."
    return form_page(request, form, title="Add a budget line", back=back, done=done, crumbs=_crumbs(), layer=layer)


@require(can_read_everything)
@require_http_methods(["GET", "HEAD", "POST"])
def line_detail(request: HttpRequest, ref: str) -> HttpResponse:
    """One line with its versions; finance changes it on the same page."""
    lines = BudgetLine.objects.select_related("programme", "source", "category", "source_document")
    line = get_object_or_404(lines, ref=ref)
    may_change = can_keep_money(person(request)) and line.layer != Layer.PUBLISHED
    year = FinancialYear(line.year)
    shared = {"crumbs": _crumbs(), "layer": line.layer, "caption": year}
    if request.method == "POST" and may_change:
        form = ChangeLineForm(line, request.POST)
        title = f"Budget line {line.ref}"
        back, done = reverse("funding:budget-line", args=[ref]), "The budget line is changed."
        return form_page(request, form, title=title, back=back, done=done, facts=_facts(line), **shared)
    context = {
        "line": line,
        "rows": _facts(line),
        "changes": line.changes.select_related("made_by").order_by("-number"),
        "change_form": ChangeLineForm(line) if may_change else None,
        **shared,
    }
    return render(request, "programmes/budget_line.html", context)


def _facts(line: BudgetLine) -> list[dict[str, Any]]:
    written = f"{line.source_document.key}, {line.place}" if line.source_document else line.place
    return [
        {"key": "Programme", "value": line.programme.title if line.programme else "Not stated"},
        {"key": "Source", "value": line.source.title if line.source else "Not stated"},
        {"key": "Category", "value": line.category.title},
        {"key": "Amount", "value": str(Money(line.amount_pence))},
        {"key": "Where it is written", "value": written or "In the unit's own records"},
    ]
