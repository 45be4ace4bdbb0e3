"""A bound field that draws itself as a GOV.UK component, with hint, error and the text exactly as typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.widgets import ChoiceWidget
from django.utils.html import format_html_join
from django.utils.safestring import SafeData, SafeString, mark_safe

from vru.lib.govuk.amounts import PoundsInput
from vru.lib.govuk.components import component, nest
from vru.lib.govuk.dates import PARTS, DatePartsInput, date_items

# Widget attributes that a component takes by name; the rest are passed on as HTML attributes.
NAMED_ATTRIBUTES = ("autocomplete", "inputmode", "spellcheck", "autocapitalize", "pattern", "rows")
GENERAL_REQUIRED = forms.Field.default_error_messages["required"]
NO_ARTICLE_BEFORE = {
    "the",
    "your",
    "a",
    "an",
    "this",
    "any",
    "all",
    "what",
    "how",
    "who",
    "when",
    "where",
    "why",
    "which",
}
HEADING_OPTIONS = ("label_classes", "legend_classes", "heading")
# The browser's own checks would stop people before our plain messages can help them.
DROPPED_ATTRIBUTES = {
    "class",
    "required",
    "maxlength",
    "minlength",
    "min",
    "max",
    "step",
    "cols",
    "type",
    "placeholder",
}
AUTOCOMPLETE_BY_NAME = {
    "email": "email",
    "login": "username",
    "first_name": "given-name",
    "last_name": "family-name",
    "name": "name",
    "telephone": "tel",
    "phone": "tel",
    "postcode": "postal-code",
}


class GovukBoundField(forms.BoundField):
    """`{{ field.as_field_group }}` and `{% field form.name %}` both end in `govuk()`."""

    def render(self, template_name: Any = None, context: Any = None, renderer: Any = None) -> SafeString:
        return self.govuk()

    def govuk(self, **options: Any) -> SafeString:
        """The whole form group. Options override what the field says, as in the component.

        Examples: `hint__text="…"`, `classes="govuk-input--width-10"`, `prefix__text="£"`; three are ours:
        `label_classes`, `legend_classes` and `heading=True` (the label or legend is the page's heading).
        """
        if self.is_hidden:
            return self.as_widget()
        heading = {key: options.pop(key) for key in HEADING_OPTIONS if key in options}
        name, params = self._component(heading)
        for key, value in nest(options).items():
            held = params.get(key)
            params[key] = _overridden(held, value) if isinstance(held, dict) else value
        return component(name, params)

    @property
    def label_text(self) -> str:
        """The label, with "(optional)" where other fields of the form are required and this one is not."""
        text = str(self.label or "")
        alone = isinstance(self.field.widget, forms.CheckboxInput)
        if self.field.required or alone or not getattr(self.form, "mark_optional", True):
            return text
        others = (field for field in self.form.fields.values() if not field.widget.is_hidden)
        return f"{text} (optional)" if any(field.required for field in others) else text

    @property
    def messages(self) -> list[str]:
        """What is wrong with the field, in the field's own words where Django only has its general ones."""
        said = []
        for error in self.errors.as_data():
            for text in error.messages:
                general = error.code == "required" and text == str(GENERAL_REQUIRED)
                said.append(self._required_message() if general else str(text))
        return said

    def _required_message(self) -> str:
        label = str(self.label or self.name)
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxInput):
            return f"Tick “{label}” to go on."
        if label.endswith("?"):
            return f"Answer “{label}”"
        verb = "Choose" if isinstance(widget, ChoiceWidget | forms.FileInput) else "Enter"
        # Keep the capitals of initials and names of bodies ("NHS number"), lose the one that starts a sentence.
        plain = label if label[1:2].isupper() else label[:1].lower() + label[1:]
        article = "" if plain.split(" ")[0] in NO_ARTICLE_BEFORE else "the "
        return f"{verb} {article}{plain}."

    @property
    def error_target(self) -> str:
        """The id an error summary links to: the first box of the field."""
        if isinstance(self.field.widget, DatePartsInput):
            return f"{self.auto_id}-day"
        return str(self.auto_id)

    def _component(self, heading: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxInput):
            return "checkboxes", self._single_checkbox()
        if isinstance(widget, forms.CheckboxSelectMultiple | forms.SelectMultiple):
            return "checkboxes", self._choices(heading)
        if isinstance(widget, forms.RadioSelect):
            return "radios", self._choices(heading)
        if isinstance(widget, DatePartsInput):
            return "date-input", self._date(heading)
        params = {**self._shared(), "id": self.auto_id, "name": self.html_name, "label": self._label(heading)}
        if isinstance(widget, forms.Select):
            return "select", {**params, "items": self._items("selected"), **self._widget_attributes()}
        if isinstance(widget, forms.FileInput):
            return "file-upload", {
                **params,
                **self._widget_attributes(),
                **_multiple(widget),
            }
        # A browser swallows the first line break inside a textarea, so one is given for it to swallow.
        if isinstance(widget, forms.Textarea):
            params |= {"value": "\n" + self._typed(), "spellcheck": True, **self._widget_attributes()}
            limit = getattr(self.field, "max_length", None)
            return ("character-count", {**params, "maxlength": limit}) if limit else ("textarea", params)
        if isinstance(widget, forms.PasswordInput):
            return "password-input", {**params, **self._widget_attributes()}
        return "input", {**params, **self._text_input(), **self._widget_attributes()}

    def _typed(self) -> str:
        value = self.field.widget.format_value(self.value())
        return "" if value is None else str(value)

    def _shared(self) -> dict[str, Any]:
        shared: dict[str, Any] = {}
        help_text = self.help_text if isinstance(self.help_text, str) else str(self.help_text or "")
        if help_text:
            shared["hint"] = {"html" if isinstance(help_text, SafeData) else "text": help_text}
        if self.errors:
            shared["error_message"] = {"html": format_html_join(mark_safe("<br>"), "{}", ((e,) for e in self.errors))}
        if self.field.disabled:
            shared["disabled"] = True
        return shared

    def _label(self, heading: dict[str, Any]) -> dict[str, Any]:
        return {
            "text": self.label_text,
            "classes": heading.get("label_classes", "govuk-label--l" if heading.get("heading") else None),
            "is_page_heading": bool(heading.get("heading")),
        }

    def _fieldset(self, heading: dict[str, Any]) -> dict[str, Any]:
        size = "l" if heading.get("heading") else "s"
        classes = heading.get("legend_classes", f"govuk-fieldset__legend--{size}")
        return {
            "legend": {
                "text": self.label_text,
                "classes": classes,
                "is_page_heading": bool(heading.get("heading")),
            }
        }

    def _widget_attributes(self) -> dict[str, Any]:
        attrs = self.field.widget.attrs
        named = {key: attrs[key] for key in NAMED_ATTRIBUTES if key in attrs}
        rest = {
            key: value for key, value in attrs.items() if key not in NAMED_ATTRIBUTES and key not in DROPPED_ATTRIBUTES
        }
        rest = {key: "" if value is True else value for key, value in rest.items() if value not in (None, False)}
        if "class" in attrs:
            named["classes"] = attrs["class"]
        return {**named, "attributes": rest} if rest else named

    def _text_input(self) -> dict[str, Any]:
        widget, field = self.field.widget, self.field
        params: dict[str, Any] = {"value": self._typed(), "autocomplete": AUTOCOMPLETE_BY_NAME.get(self.name)}
        if isinstance(widget, forms.NumberInput):
            # type="number" loses what was typed when it is not a number; text with a number keypad keeps it.
            whole = isinstance(field, forms.IntegerField) and not isinstance(
                field, forms.DecimalField | forms.FloatField
            )
            params |= {"inputmode": "numeric" if whole else "decimal", "spellcheck": False}
            params["classes"] = "govuk-input--width-10"
        elif isinstance(widget, PoundsInput):
            params |= {"prefix": {"text": "£"}, "inputmode": "decimal", "spellcheck": False, "autocomplete": "off"}
            params["classes"] = "govuk-input--width-10"
        elif isinstance(widget, forms.EmailInput):
            params |= {"type": "email", "spellcheck": False, "autocapitalize": "none"}
            params["autocomplete"] = params["autocomplete"] or "email"
        elif isinstance(widget, forms.URLInput):
            params |= {"type": "url", "spellcheck": False, "autocapitalize": "none"}
        elif widget.input_type in ("search", "tel"):
            params["type"] = widget.input_type
        return params

    def _items(self, chosen_key: str) -> list[dict[str, Any]]:
        widget = self.field.widget
        hints = getattr(widget, "choice_hints", {})
        items = []
        for _, options, _ in widget.optgroups(self.html_name, widget.format_value(self.value())):
            for option in options:
                value = "" if option["value"] is None else str(option["value"])
                item = {"value": value, "text": str(option["label"]), chosen_key: bool(option["selected"])}
                if value in hints:
                    item["hint"] = {"text": hints[value]}
                items.append(item)
        return items

    def _choices(self, heading: dict[str, Any]) -> dict[str, Any]:
        items = self._items("checked")
        if self.field.disabled:
            items = [{**item, "disabled": True} for item in items]
        return {
            **self._shared(),
            "id_prefix": self.auto_id,
            "name": self.html_name,
            "fieldset": self._fieldset(heading),
            "items": items,
            **self._widget_attributes(),
        }

    def _single_checkbox(self) -> dict[str, Any]:
        shared = self._shared()
        item = {
            "value": "on",
            "text": self.label_text,
            "checked": bool(self.field.widget.check_test(self.value())),
        }
        if "hint" in shared:
            item["hint"] = shared.pop("hint")
        if self.field.disabled:
            item["disabled"] = True
        return {
            **shared,
            "id_prefix": self.auto_id,
            "name": self.html_name,
            "items": [item],
            **self._widget_attributes(),
        }

    def _date(self, heading: dict[str, Any]) -> dict[str, Any]:
        value = self.value()
        typed = value if isinstance(value, list | tuple) else self.field.widget.decompress(value)
        parts = {part: str(text or "") for part, text in zip(PARTS, typed, strict=True)}
        return {
            **self._shared(),
            "id": self.auto_id,
            "name_prefix": self.html_name,
            "fieldset": self._fieldset(heading),
            "items": date_items(parts, has_error=bool(self.errors)),
        }


def _multiple(widget: forms.FileInput) -> dict[str, Any]:
    return {"multiple": True} if widget.allow_multiple_selected else {}


def _overridden(held: dict[str, Any], given: Any) -> Any:
    """What the field says, with what the template says over it; an empty text takes the part away."""
    if not isinstance(given, dict):
        return given
    if "text" in given or "html" in given:
        held = {key: value for key, value in held.items() if key not in ("text", "html")}
    merged = {**held, **given}
    return merged if merged.get("text") or merged.get("html") or "items" in merged or "legend" in merged else None
