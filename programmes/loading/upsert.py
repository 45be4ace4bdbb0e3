"""Writing what a file says by natural key: a row that already says the same is not touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction

from programmes.loading.problems import Problems, near_match

Instance = TypeVar("Instance", bound=models.Model)
Found = TypeVar("Found")


class Writer:
    """Writes rows of one file and counts them. Problems go to ``problems``; the caller stops and rolls back."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.created: Counter[str] = Counter()
        self.changed: Counter[str] = Counter()
        self.unchanged: Counter[str] = Counter()
        self.removed: Counter[str] = Counter()

    def put(
        self, model: type[Instance], place: str, key: Mapping[str, Any], values: Mapping[str, Any]
    ) -> Instance | None:
        """The row with this natural key, made or changed to hold ``values``. None when it would be invalid."""
        label = model._meta.label_lower
        instance = model._default_manager.filter(**key).first()
        if instance is None:
            instance = model(**key, **values)
            return instance if self._save(instance, place, self.created, label) else None
        different = [name for name, value in values.items() if not _holds(instance, name, value)]
        if not different:
            self.unchanged[label] += 1
            return instance
        for name in different:
            setattr(instance, name, values[name])
        return instance if self._save(instance, place, self.changed, label, different) else None

    def put_links(self, instance: models.Model, field: str, targets: Iterable[models.Model]) -> None:
        """Make a many-to-many field hold exactly ``targets``."""
        manager = getattr(instance, field)
        wanted = {target.pk for target in targets}
        if wanted != set(manager.values_list("pk", flat=True)):
            manager.set(wanted)
            self.changed[instance._meta.label_lower] += 1

    def keep_only(self, stored: models.QuerySet[Any], kept: Iterable[models.Model | None]) -> None:
        """Remove parts of a row that the file no longer holds. Only for true parts, such as a relation's terms."""
        gone = stored.exclude(pk__in=[each.pk for each in kept if each is not None])
        count = gone.count()
        if count:
            self.removed[stored.model._meta.label_lower] += count
            gone.delete()

    def find(self, known: Mapping[Any, Found], key: Any, place: str, noun: str) -> Found | None:
        """What ``key`` names; None for no key. An unknown key is a problem with its nearest match."""
        if key is None or key == "":
            return None
        if key not in known:
            self.problems.add(place, f'there is no {noun} "{key}".{near_match(key, known)}')
            return None
        return known[key]

    def find_all(self, known: Mapping[Any, Found], keys: Iterable[Any], place: str, noun: str) -> list[Found]:
        found = [self.find(known, key, f"{place}[{index}]", noun) for index, key in enumerate(keys)]
        return [each for each in found if each is not None]

    def _save(
        self,
        instance: models.Model,
        place: str,
        counter: Counter[str],
        label: str,
        fields: list[str] | None = None,
    ) -> bool:
        try:
            # The rows that foreign keys point at are in hand; asking for each again would double the queries.
            in_hand = {field.name for field in instance._meta.concrete_fields if _in_hand(instance, field)}
            instance.full_clean(exclude=in_hand, validate_unique=False, validate_constraints=False)
            _write(instance, fields)
        except ValidationError as error:
            for field, messages in error.message_dict.items():
                where = place if field == NON_FIELD_ERRORS else f"{place}.{field}"
                self.problems.add(where, " ".join(messages))
            return False
        counter[label] += 1
        return True

    def as_json(self) -> dict[str, dict[str, int]]:
        return {
            name: dict(sorted(getattr(self, name).items())) for name in ("created", "changed", "unchanged", "removed")
        }


def _in_hand(instance: models.Model, field: models.Field[Any, Any]) -> bool:
    """Whether a foreign key was given as a row that is stored."""
    if not isinstance(field, models.ForeignKey) or getattr(instance, field.attname) is None:
        return False
    return field.is_cached(instance)


def _write(instance: models.Model, fields: list[str] | None) -> None:
    """Save, and let the database check its constraints; only a row that it refuses is asked which one it breaks.

    Raises ``ValidationError`` with the constraint's own message.
    """
    try:
        with transaction.atomic():
            instance.save(update_fields=fields)
    except IntegrityError:
        instance.validate_constraints()
        raise


def _holds(instance: models.Model, name: str, value: Any) -> bool:
    """Whether a field holds a value already; a foreign key is compared by its key, without fetching the row."""
    field = instance._meta.get_field(name)
    if isinstance(field, models.ForeignKey):
        return getattr(instance, field.attname) == (None if value is None else value.pk)
    return bool(getattr(instance, name) == value)
