"""Shapes of database constraints, tried on the database itself and on unsaved objects."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps

from vru.lib.constraints import bounds_ordered, non_negative, one_of, ordered, paired


class Colour(models.TextChoices):
    RED = "red", "Red"
    BLUE = "blue", "Blue"


@pytest.fixture
def sample(transactional_db):
    """A model with one constraint of every shape and its table, dropped afterwards."""
    with isolate_apps("tests.lib"):

        class Sample(models.Model):
            amount = models.IntegerField(default=0)
            net_amount = models.IntegerField(null=True)
            starts_on = models.DateField(default="2020-04-01")
            ends_on = models.DateField(null=True)
            decided_by = models.CharField(max_length=9, null=True)  # noqa: DJ001
            decided_at = models.DateField(null=True)
            colour = models.CharField(max_length=9, default="red")
            low = models.IntegerField(null=True)
            high = models.IntegerField(null=True)

            class Meta:
                app_label = "sample"
                constraints = [
                    non_negative("amount", "net_amount", name="sample_amounts"),
                    ordered("starts_on", "ends_on", name="sample_ordered"),
                    paired("decided_by", "decided_at", name="sample_decided"),
                    one_of("colour", Colour, name="sample_colour"),
                    bounds_ordered("low", "high", name="sample_bounds"),
                ]

            def __str__(self):
                return f"sample {self.pk}"

    with connection.schema_editor() as editor:
        editor.create_model(Sample)
    yield Sample
    with connection.schema_editor() as editor:
        editor.delete_model(Sample)


GOOD = [
    {},
    {"net_amount": 0, "ends_on": "2020-04-01", "decided_by": "me", "decided_at": "2020-05-01"},
    {"low": 1},
    {"high": 1},
    {"low": 1, "high": 1, "colour": "blue"},
]
BAD = [
    ({"amount": -1}, "Amount and net amount cannot be negative."),
    ({"net_amount": -1}, "Amount and net amount cannot be negative."),
    ({"ends_on": "2020-03-31"}, "Ends on cannot be before starts on."),
    ({"decided_by": "me"}, "Decided by and decided at must be given together or not at all."),
    ({"decided_at": "2020-05-01"}, "Decided by and decided at must be given together or not at all."),
    ({"colour": "green"}, "Colour is not one of the values allowed."),
    ({"low": 2, "high": 1}, "Low cannot be above high."),
]


def test_the_database_takes_what_is_right_and_refuses_what_is_wrong(sample):
    for values in GOOD:
        sample.objects.create(**values)
    for values, _ in BAD:
        with pytest.raises(IntegrityError), transaction.atomic():
            sample.objects.create(**values)
    assert sample.objects.count() == len(GOOD)


def test_the_person_gets_a_sentence_for_each(sample):
    for values in GOOD:
        sample(**values).validate_constraints()
    for values, sentence in BAD:
        with pytest.raises(ValidationError) as refusal:
            sample(**values).validate_constraints()
        assert refusal.value.messages == [sentence]


def test_choices_are_stored_as_plain_values_so_that_migrations_stand_alone():
    _, _, kept = one_of("colour", Colour, name="c").deconstruct()
    assert kept["condition"] == models.Q(colour__in=["red", "blue"])
    assert one_of("colour", [Colour.RED], name="c").condition == models.Q(colour__in=["red"])
    assert all(type(value) is str for value in kept["condition"].children[0][1])


def test_a_constraint_about_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one field"):
        non_negative(name="nothing")
    with pytest.raises(ValueError, match="at least one value"):
        one_of("colour", [], name="nothing")
