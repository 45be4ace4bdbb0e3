"""Django's form renderer with GOV.UK fields: `{{ form }}` and `{{ field.as_field_group }}` just work."""

from __future__ import annotations

from pathlib import Path

from django import forms
from django.forms.renderers import DjangoTemplates
from django.template.backends.django import DjangoTemplates as Backend
from django.utils.functional import cached_property

from vru.lib.govuk.bound_field import GovukBoundField


class GovukRenderer(DjangoTemplates):
    bound_field_class = GovukBoundField
    form_template_name = "govuk/form.html"
    formset_template_name = "govuk/formset.html"

    @cached_property
    def engine(self) -> Backend:
        folders = [Path(__file__).parent / "templates", Path(forms.__file__).parent / "templates"]
        return Backend({"APP_DIRS": True, "DIRS": folders, "NAME": "govukforms", "OPTIONS": {}})
