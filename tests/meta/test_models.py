"""Every model has an invariant in the database, an order, a name for people and a factory."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

import tests.factories as factories

OURS = [
    model
    for model in apps.get_models()
    if model._meta.app_label in {"accounts", "jobs", "programmes", "grants", "evaluation"}
]
IDS = [model._meta.label for model in OURS]


@pytest.mark.parametrize("model", OURS, ids=IDS)
def test_model_has_a_constraint_in_the_database(model: type[models.Model]) -> None:
    assert model._meta.constraints, f"{model._meta.label} has no constraint: what may never be true of a row?"


@pytest.mark.parametrize("model", OURS, ids=IDS)
def test_model_has_a_total_order(model: type[models.Model]) -> None:
    assert model._meta.ordering, f"{model._meta.label} has no ordering; databases collate differently."


@pytest.mark.parametrize("model", OURS, ids=IDS)
def test_model_has_a_name_for_people(model: type[models.Model]) -> None:
    assert model.__str__ is not models.Model.__str__


def leaves_out_nulls(constraint: models.UniqueConstraint, name: str) -> bool:
    """Whether the constraint's condition says that it is about rows which have a value there."""
    return (f"{name}__isnull", False) in (constraint.condition.children if constraint.condition else ())


@pytest.mark.parametrize("model", OURS, ids=IDS)
def test_unique_constraints_hold_no_nullable_column(model: type[models.Model]) -> None:
    nullable = [
        f"{constraint.name}: {name}"
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
        for name in constraint.fields
        if model._meta.get_field(name).null  # type: ignore[union-attr]
        and not leaves_out_nulls(constraint, name)
    ]
    assert nullable == []


@pytest.mark.parametrize("model", OURS, ids=IDS)
def test_model_has_a_factory(model: type[models.Model]) -> None:
    made = {
        getattr(factories, name)._meta.model
        for name in dir(factories)
        if name.endswith("Factory") and name != "DjangoModelFactory"
    }
    assert model in made, f"{model._meta.label} has no factory."


@pytest.mark.parametrize("model", OURS, ids=IDS)
def test_deleting_a_parent_never_silently_deletes_a_record_of_another_app(model: type[models.Model]) -> None:
    crossing = [
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.remote_field.on_delete is models.CASCADE
        and field.related_model._meta.app_label != model._meta.app_label
    ]
    assert crossing == []
