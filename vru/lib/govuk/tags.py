"""Template tags, built in: templates use them without `{% load %}`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.utils.html import format_html
from django.utils.safestring import SafeString

from vru.lib.govuk.components import component, nest
from vru.lib.govuk.statuses import colour, words

register = template.Library()


@register.simple_tag
def govuk(component_name: str, **options: Any) -> SafeString:
    """A component: `{% govuk "button" text="Save" %}`; nested options join with two underscores."""
    return component(component_name, nest(options))


@register.simple_block_tag(end_name="endgovukblock")
def govukblock(content: str, component_name: str, **options: Any) -> SafeString:
    """A component around content: `{% govukblock "details" summary_text="More" %}…{% endgovukblock %}`."""
    return component(component_name, {**nest(options), "html": content})


@register.simple_tag
def field(bound: forms.BoundField, **options: Any) -> SafeString:
    """One form field with label, hint and error: `{% field form.name hint__text="…" %}`."""
    return bound.govuk(**options)  # type: ignore[attr-defined]


@register.simple_tag
def error_summary(*forms_or_sets: Any, title: str = "There is a problem") -> SafeString | str:
    """What is wrong with these forms or formsets, each line linked to its box; nothing when all is well."""
    # A name the context lacks arrives as an empty string: pages without a form may share a layout that has the tag.
    errors = [item for given in forms_or_sets if given not in (None, "") for item in _errors(given)]
    if not errors:
        return ""
    return component("error-summary", {"title_text": title, "error_list": errors})


def _errors(given: Any) -> Iterable[dict[str, str]]:
    if isinstance(given, forms.BaseFormSet):
        yield from ({"text": str(error)} for error in given.non_form_errors())
        for form in given.forms:
            yield from _errors(form)
        return
    yield from ({"text": str(error)} for error in given.non_field_errors())
    for bound in given:
        for message in bound.messages:
            if bound.is_hidden:
                yield {"text": f"{bound.label}: {message}"}
            else:
                yield {"text": message, "href": f"#{bound.error_target}"}


@register.simple_tag
def status_tag(status: Any, label: str = "") -> SafeString:
    """A status as a coloured tag. `label` is what people read; the colour comes from the stored value."""
    text = str(label) or words(status)
    return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', colour(status), text)


@register.simple_tag
def options(**values: Any) -> dict[str, Any]:
    """A mapping made in a template: `{% options text="Home" href="/" as home %}`."""
    return nest(values)


@register.simple_tag
def listof(*values: Any) -> list[Any]:
    """A list made in a template: `{% listof home grants as crumbs %}`."""
    return [value for value in values if value not in (None, "")]


@register.simple_block_tag(end_name="endscrolltable")
def scrolltable(content: str, label: str) -> SafeString:
    """A region that scrolls sideways on a narrow screen and says what it holds."""
    return format_html('<div class="app-scroll" role="region" aria-label="{}" tabindex="0">{}</div>', label, content)


@register.simple_tag(takes_context=True)
def pagination(context: template.RequestContext, page: Page) -> SafeString:
    """Links to the pages of a list, keeping the rest of the query string."""
    query = context["request"].GET.copy()

    def href(number: int) -> str:
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    items: list[dict[str, Any]] = []
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        if isinstance(number, int):
            items.append({"number": number, "href": href(number), "current": number == page.number})
        else:
            items.append({"ellipsis": True})
    ends: dict[str, Any] = {}
    if page.has_previous():
        ends["previous"] = {"href": href(page.previous_page_number())}
    if page.has_next():
        ends["next"] = {"href": href(page.next_page_number())}
    return component("pagination", {"items": items, **ends})


@register.filter
def with_columns(row: Iterable[Any], columns: Sequence[Any]) -> Iterable[tuple[Any, Any]]:
    """Each cell with the column it stands in."""
    return zip(columns, row, strict=True)
