"""Every model has a factory, and every factory makes a row that its own rules accept."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from factory.django import DjangoModelFactory

from tests import factories

OUR_APPS = ("accounts", "jobs", "programmes", "grants", "evaluation")
FACTORIES: list[type[DjangoModelFactory]] = [
    item for item in vars(factories).values() if isinstance(item, type) and issubclass(item, DjangoModelFactory)
]


def test_every_model_has_a_factory() -> None:
    made = {factory._meta.model for factory in FACTORIES}
    ours = {model for app in OUR_APPS for model in apps.get_app_config(app).get_models()}
    assert {model.__name__ for model in ours - made} == set()


@pytest.mark.django_db
@pytest.mark.parametrize("factory", FACTORIES, ids=lambda factory: factory.__name__)
def test_a_factory_makes_a_valid_row_without_being_told_anything(factory: type[DjangoModelFactory]) -> None:
    row: models.Model = factory()
    # Empty JSON is a value; Django's form-level "blank" would refuse it.
    row.full_clean(exclude=[field.name for field in row._meta.fields if isinstance(field, models.JSONField)])
    assert str(row)


@pytest.mark.django_db
@pytest.mark.parametrize("factory", FACTORIES, ids=lambda factory: factory.__name__)
def test_a_factory_can_be_called_twice(factory: type[DjangoModelFactory]) -> None:
    assert factory().pk
    assert factory().pk
