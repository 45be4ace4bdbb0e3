"""Filters that combine, and an order: one description that a page, its export, its saved views and the API share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.safestring import SafeString

from vru.lib.finding import panel
from vru.lib.finding.columns import Column, is_known, ordering, sort_choices

NOT_FILTERS = ("page", "layer", "sort")
# Longer than any title; what is longer was not typed by somebody who looks for something.
LONGEST_TEXT = 200


class ListFilter(django_filters.FilterSet):
    """Filters with ``columns`` to sort by. What stands in ``data`` decides all: it is the query of the address.

    Filters narrow one after the other (and), the values of one filter widen it (or). A value that is no choice finds
    nothing and is said beside its box: a filter that was quietly left out would show what was not asked for.
    """

    columns: ClassVar[tuple[Column, ...]] = ()
    default_sort: ClassVar[str] = ""
    tie: ClassVar[tuple[str, ...]] = ("pk",)
    # Filters that stand in the panel at first sight; the others are under "More filters".
    first: ClassVar[tuple[str, ...]] = ()
    # Labels of the panel say what to type; beside a value a word or two is enough.
    short: ClassVar[dict[str, str]] = {"text": "Words"}

    def __init__(self, data: Mapping[str, Any] | None, *, queryset: QuerySet[Any], **options: Any) -> None:
        given = data if isinstance(data, QueryDict) else _query(data or {})
        super().__init__(given, queryset=queryset, **options)

    @cached_property
    def sort(self) -> str:
        asked = self.data.get("sort", "")
        return asked if is_known(self.columns, asked) else self.default_sort

    @cached_property
    def found(self) -> QuerySet[Any]:
        """What the filters leave, in a total order; nothing where a value cannot be read."""
        if not self.is_valid():
            return self.queryset.none()
        order = ordering(self.columns, self.sort, default=self.default_sort, tie=self.tie)
        filtered: QuerySet[Any] = self.filter_queryset(self.queryset)
        return filtered.order_by(*order)

    @property
    def qs(self) -> QuerySet[Any]:
        return self.found

    @property
    def chosen(self) -> dict[str, list[str]]:
        """The filters that have a value, with their values, in the order of the panel."""
        given = {name: [value for value in self.data.getlist(name) if value.strip()] for name in self.filters}
        return {name: values for name, values in given.items() if values}

    @property
    def query(self) -> str:
        """Filters and order as in an address, without anything else: what a saved view keeps."""
        return self._address(self.chosen)

    def _address(self, chosen: Mapping[str, list[str]], sort: str = "") -> str:
        made = QueryDict(mutable=True)
        for name, values in chosen.items():
            made.setlist(name, values)
        order = sort or self.sort
        if order != self.default_sort:
            made["sort"] = order
        return made.urlencode()

    @property
    def tags(self) -> list[dict[str, str]]:
        """Each value chosen: what it is (``label``, ``value``) and the address without it (``href``)."""
        made = []
        for name, values in self.chosen.items():
            for value in values:
                rest = self.chosen | {name: [other for other in values if other != value]}
                href = "?" + self._address({key: kept for key, kept in rest.items() if kept})
                label = self.short.get(name) or str(self.filters[name].label)
                made.append({"label": label, "value": self.said(name, value), "href": href})
        return made

    def said(self, name: str, value: str) -> str:
        """A value as people read it."""
        return dict(self.choices_of(name)).get(value, value)

    @property
    def described(self) -> tuple[str, ...]:
        """A sentence for each value chosen, for the head of an export."""
        return tuple(f"{tag['label']}: {tag['value']}" for tag in self.tags)

    @property
    def headings(self) -> list[dict[str, Any]]:
        """The columns with the address that sorts by each, and how they are sorted now."""
        made = []
        for column in self.columns:
            up, down = column.key, f"-{column.key}"
            state = {up: "ascending", down: "descending"}.get(self.sort, "none")
            # Numbers are looked at from the largest, words from the beginning.
            first, second = (down, up) if column.numeric else (up, down)
            href = "?" + self._address(self.chosen, second if self.sort == first else first)
            made.append({"column": column, "state": state, "href": href if column.order else ""})
        return made

    def choices_of(self, name: str) -> panel.Choices:
        field = self.form.fields.get(name)
        if not isinstance(field, forms.ChoiceField):
            return ()
        choices: Any = field.choices
        return tuple((str(value), str(label)) for value, label in choices)

    @property
    def first_boxes(self) -> list[SafeString]:
        return [self._box(name) for name in self._names() if name in self.first or not self.first]

    @property
    def more_boxes(self) -> list[SafeString]:
        """One line each, with the order last: on a phone the headings that sort are not there."""
        names = [name for name in self._names() if self.first and name not in self.first]
        return [*(self._box(name) for name in names if not self._is_several(name)), self._sort_box()]

    @property
    def more_groups(self) -> list[SafeString]:
        """Boxes to tick."""
        names = [name for name in self._names() if self.first and name not in self.first]
        return [self._box(name) for name in names if self._is_several(name)]

    def _is_several(self, name: str) -> bool:
        return isinstance(self.form.fields[name], forms.MultipleChoiceField)

    def _sort_box(self) -> SafeString:
        return panel.select("sort", "Sorted by", sort_choices(self.columns), self.sort)

    @property
    def more_chosen(self) -> int:
        return sum(len(values) for name, values in self.chosen.items() if self.first and name not in self.first)

    def _names(self) -> Iterator[str]:
        yield from (name for name in self.filters if not self.form.fields[name].widget.is_hidden)

    def _box(self, name: str) -> SafeString:
        if self.form.errors.get(name):
            return SafeString(self.form[name].as_field_group())
        label, values = str(self.filters[name].label), self.data.getlist(name)
        field = self.form.fields[name]
        if isinstance(field, forms.MultipleChoiceField):
            return panel.checkboxes(name, label, self.choices_of(name), frozenset(values))
        if isinstance(field, forms.ChoiceField):
            return panel.select(name, label, self.choices_of(name), values[-1] if values else "")
        return panel.text_box(name, label, values[-1] if values else "")

    def set_choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Choices read from the database for this page alone."""
        self.filters[name].extra["choices"] = choices


def words_filter(label: str) -> django_filters.CharFilter:
    """Words typed; the filter set has a method ``by_<name>`` of the name it is given."""
    return django_filters.CharFilter(method="by_text", label=label, max_length=LONGEST_TEXT)


def _query(data: Mapping[str, Any]) -> QueryDict:
    made = QueryDict(mutable=True)
    for name, value in data.items():
        made.setlist(name, [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)])
    return made
