"""GOV.UK components from Python: one cached, autoescaping environment over the library's macros.

The macros mark everything passed as `html` as safe, so this module is the gate: text is always escaped,
`html` is escaped unless it is a `SafeString`, and attributes are never taken as a ready-made string.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from jinja2 import Environment, PackageLoader, PrefixLoader, TemplateNotFound

PACKAGE = "govuk_frontend_jinja"


class UnknownComponent(ValueError):
    """The name given is not a component of the library."""


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The one environment. Autoescape is on: without it a `<script>` typed by a user would run."""
    return Environment(
        loader=PrefixLoader({PACKAGE: PackageLoader(PACKAGE)}),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )


@cache
def _macro(name: str) -> Callable[[dict[str, Any]], str]:
    try:
        module = environment().get_template(f"{PACKAGE}/components/{name}/macro.html").module
    except TemplateNotFound:
        raise UnknownComponent(
            f"There is no component called “{name}”. Use the name in its address in the Design System, "
            "for example “summary-list”."
        ) from None
    macro: Callable[[dict[str, Any]], str] = getattr(
        module, "govuk" + "".join(part.capitalize() for part in name.split("-"))
    )
    return macro


@lru_cache(maxsize=1024)
def _camel(name: str) -> str:
    head, *rest = name.strip("_").split("_")
    return head + "".join(part.capitalize() for part in rest)


def _plain(value: str) -> str:
    """The same characters without the safe mark: a slice of a str subclass is a str."""
    return value[:] if type(value) is not str else value


def _attributes(attributes: Any) -> dict[str, Any]:
    if not isinstance(attributes, Mapping):
        raise TypeError("attributes must be a mapping of names to values; a string would skip escaping.")
    return {
        str(name).replace("_", "-"): _plain(str(value)) if isinstance(value, str | Promise) else value
        for name, value in attributes.items()
        if value is not None
    }


def _clean(key: str, value: Any) -> Any:
    if key == "attributes" or key.endswith("Attributes"):
        return _attributes(value)
    if isinstance(value, Mapping):
        return {name: _clean(name, item) for raw, item in value.items() for name in [_camel(str(raw))]}
    if isinstance(value, list | tuple):
        return [_clean("", item) for item in value]
    if isinstance(value, Promise):
        value = str(value)
    if isinstance(value, str):
        return conditional_escape(value) if key == "html" or key.endswith("Html") else _plain(value)
    return value


def nest(options: Mapping[str, Any]) -> dict[str, Any]:
    """Keyword options as the nested mapping macros take: `label__text="A"` → `{"label": {"text": "A"}}`."""
    nested: dict[str, Any] = {}
    for name, value in options.items():
        *parents, leaf = name.split("__")
        target = nested
        for parent in parents:
            held = target.get(parent)
            target[parent] = dict(held) if isinstance(held, Mapping) else {}
            target = target[parent]
        target[leaf] = value
    return nested


def component(name: str, options: Mapping[str, Any]) -> SafeString:
    """Render component `name` ("button", "summary-list") with options in snake_case or camelCase.

    Options that are None count as not given. Raises UnknownComponent for a name the library lacks and
    TypeError for `attributes` given as text.
    """
    given = {key: value for key, value in options.items() if value is not None}
    return mark_safe(_macro(name)(_clean("", given)).strip())  # noqa: S308 - made by an autoescaping environment
