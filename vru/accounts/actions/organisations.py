"""The register of organisations: added, edited and renamed, each with its registration numbers checked."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.text import slugify

from vru.accounts.models import AuditEvent, FormerName, Organisation, User
from vru.accounts.permissions import can_edit_organisations, can_keep_money
from vru.lib.layers import Layer
from vru.lib.org_ids import (
    Identifier,
    charity_identifier,
    company_identifier,
    local_authority_identifier,
    nhs_identifier,
    school_identifier,
)
from vru.lib.typed_text import TypedProblem, tidy

# The fields that hold a number of a register: the reader of each, and what people call it.
REGISTERS: dict[str, tuple[Callable[[str], Identifier], str]] = {
    "charity_number": (charity_identifier, "charity number"),
    "company_number": (company_identifier, "company number"),
    "authority_code": (local_authority_identifier, "local authority code"),
    "school_urn": (school_identifier, "school reference number (URN)"),
    "nhs_code": (nhs_identifier, "NHS code"),
}
PLAIN = ("name", "kind", "postcode", "address", "website")
LONGEST_REF = 40
# Addresses of the register's own pages, which no organisation's page can have.
RESERVED = {"add", "import", "due-diligence"}
_LONGEST = {"name": 200, "postcode": 8, "address": 1_000, "website": 200, "supplier_reference": 40}
_FEW_LETTERS = 3
_SUPPLIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/-]*", re.ASCII)


class OrganisationRefused(ValueError):
    """It is against a rule; the message says which. ``field`` is the box it is about, "" for none; ``existing`` is the
    organisation that stands in the way, if one does.
    """

    def __init__(self, message: str, *, field: str = "", existing: Organisation | None = None) -> None:
        super().__init__(message)
        self.field, self.existing = field, existing


class LooksLikeAnother(OrganisationRefused):
    """An organisation goes or went by the same name; the person may say that it is another one."""


@dataclass(frozen=True, slots=True)
class Details:
    """What is typed about an organisation; numbers as typed, read here."""

    name: str
    kind: str
    charity_number: str = ""
    company_number: str = ""
    authority_code: str = ""
    school_urn: str = ""
    nhs_code: str = ""
    postcode: str = ""
    address: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """``notes`` say what was mended in the numbers as typed; ``changes`` maps a field to (before, after)."""

    organisation: Organisation
    notes: list[str] = field(default_factory=list)
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)


def read_numbers(typed: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The numbers as their registers write them, and notes of what was mended. Raises OrganisationRefused."""
    numbers, notes = {}, []
    for name, (identify, _) in REGISTERS.items():
        text = typed.get(name, "").strip()
        if not text:
            numbers[name] = ""
            continue
        try:
            found = identify(text)
        except ValueError as error:
            raise OrganisationRefused(str(error), field=name) from error
        numbers[name] = found.number
        if found.note:
            notes.append(found.note)
    return numbers, notes


@transaction.atomic
def add_organisation(*, details: Details, layer: str, by: User, confirmed: bool = False) -> Saved:
    """A new organisation of a layer. Raises OrganisationRefused for a number that another one has, and
    LooksLikeAnother for a name that another one has or had, unless ``confirmed``.
    """
    _check_editor(by)
    values, notes = _read(details)
    _check_numbers(values, layer, None)
    if not confirmed:
        _check_name(values["name"], layer, None)
    organisation = Organisation(ref=new_ref(values["name"]), layer=Layer(layer).value, **values)
    _write(organisation)
    changes = {name: ("", value) for name, value in values.items() if value}
    AuditEvent.record("organisation added", organisation, by=by, after=values)
    return Saved(organisation, notes, changes)


@transaction.atomic
def edit_organisation(
    *, organisation: Organisation, details: Details, by: User, today: datetime.date, confirmed: bool = False
) -> Saved:
    """Change what is kept. A name that is given up stays as a former name. Raises as ``add_organisation``."""
    _check_editor(by)
    locked = lock_standing(organisation)
    values, notes = _read(details)
    changes = {name: (getattr(locked, name), value) for name, value in values.items() if getattr(locked, name) != value}
    if not changes:
        return Saved(locked, notes)
    _check_numbers({name: value for name, value in values.items() if name in changes}, locked.layer, locked)
    if "name" in changes:
        if not confirmed:
            _check_name(values["name"], locked.layer, locked)
        keep_former_name(locked, locked.name, today)
        # A name that is taken up again is no former name any more.
        locked.former_names.filter(name__iexact=values["name"]).delete()
    for name, (_, value) in changes.items():
        setattr(locked, name, value)
    _write(locked, list(changes))
    before, after = ({name: pair[side] for name, pair in changes.items()} for side in (0, 1))
    AuditEvent.record("organisation changed", locked, by=by, before=before, after=after)
    return Saved(locked, notes, changes)


@transaction.atomic
def set_supplier_reference(*, organisation: Organisation, reference: str, by: User) -> Organisation:
    """The finance system's reference, under which the organisation is paid: set by finance officers only."""
    if not can_keep_money(by):
        raise OrganisationRefused("Only finance officers set the supplier reference.")
    locked = lock_standing(organisation)
    text = _line(reference, "supplier_reference", "The supplier reference")
    if text and _SUPPLIER.fullmatch(text) is None:
        # It goes into the finance system's file as it is: no formula, no letter that the file's encoding cannot write.
        raise OrganisationRefused(
            "A supplier reference has plain letters and numbers, with spaces, hyphens, dots, slashes or underscores "
            "between them.",
            field="supplier_reference",
        )
    if text == locked.supplier_reference:
        return locked
    others = Organisation.objects.standing().in_layer(locked.layer).exclude(pk=locked.pk)
    other = others.filter(supplier_reference__iexact=text).first() if text else None
    if other is not None:
        raise OrganisationRefused(
            f"{other.name} has this supplier reference. Two organisations cannot be paid under one reference.",
            field="supplier_reference",
            existing=other,
        )
    before, locked.supplier_reference = locked.supplier_reference, text
    locked.save(update_fields=["supplier_reference"])
    AuditEvent.record("supplier reference set", locked, by=by, before=before, after=text)
    return locked


@transaction.atomic
def add_former_name(*, organisation: Organisation, name: str, until: datetime.date | None, by: User) -> FormerName:
    """A name the organisation used to have, so that searches and imports find it."""
    _check_editor(by)
    locked = lock_standing(organisation)
    text = _line(name, "name", "The name")
    if not text:
        raise OrganisationRefused("Enter the former name.", field="name")
    if text.casefold() == locked.name.casefold():
        raise OrganisationRefused("This is the organisation's name now.", field="name")
    kept = keep_former_name(locked, text, until)
    AuditEvent.record("former name added", locked, by=by, name=text)
    return kept


def keep_former_name(organisation: Organisation, name: str, until: datetime.date | None) -> FormerName:
    """Inside an action: the name is kept once, whatever its capitals."""
    same = organisation.former_names.filter(name__iexact=name).first()
    return same or FormerName.objects.create(organisation=organisation, name=name, until=until)


def lock_standing(organisation: Organisation) -> Organisation:
    """The locked row. Raises OrganisationRefused when it was merged into another meanwhile."""
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if locked.merged_into_id is not None:
        raise OrganisationRefused("This organisation was merged into another one. Change that one instead.")
    return locked


def new_ref(name: str) -> str:
    """A reference made of the name, not taken yet."""
    base = slugify(name)[: LONGEST_REF - 4].strip("-") or "organisation"
    taken = set(Organisation.objects.filter(ref__startswith=base).values_list("ref", flat=True)) | RESERVED
    if base not in taken:
        return base
    return next(ref for number in range(2, len(taken) + 3) if (ref := f"{base}-{number}") not in taken)


def _check_editor(by: User) -> None:
    if not can_edit_organisations(by):
        raise OrganisationRefused("Only programme managers, finance officers and administrators change organisations.")


def _read(details: Details) -> tuple[dict[str, Any], list[str]]:
    numbers, notes = read_numbers({name: getattr(details, name) for name in REGISTERS})
    values: dict[str, Any] = {
        "name": _line(details.name, "name", "The name"),
        "kind": details.kind,
        "postcode": _line(details.postcode.upper(), "postcode", "The postcode"),
        "address": _lines(details.address),
        "website": _website(details.website),
    }
    if len(values["name"]) < _FEW_LETTERS:
        raise OrganisationRefused("Enter the organisation's name in full.", field="name")
    if details.kind not in Organisation.Kind.values:
        raise OrganisationRefused("Choose what kind of organisation it is.", field="kind")
    return values | numbers, notes


def _line(text: str, name: str, what: str) -> str:
    try:
        plain = tidy(text)
    except TypedProblem as problem:
        raise OrganisationRefused(problem.message, field=name) from problem
    if len(plain) > _LONGEST[name]:
        raise OrganisationRefused(f"{what} is longer than {_LONGEST[name]} characters. Shorten it.", field=name)
    return plain


def _lines(text: str) -> str:
    lines = [_line(line, "address", "The address") for line in text.splitlines()]
    joined = "\n".join(line for line in lines if line)
    if len(joined) > _LONGEST["address"]:
        raise OrganisationRefused("The address is longer than 1,000 characters. Shorten it.", field="address")
    return joined


def _website(text: str) -> str:
    plain = _line(text, "website", "The website")
    if not plain:
        return ""
    address = plain if "://" in plain else f"https://{plain}"
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError as error:
        raise OrganisationRefused(
            f"“{plain[:40]}” is not the address of a website. Write it like https://example.org.", field="website"
        ) from error
    return address


def _check_numbers(values: Mapping[str, str], layer: str, own: Organisation | None) -> None:
    """A number belongs to one organisation of a layer, or to those that merged into it."""
    for name, (_, called) in REGISTERS.items():
        if not values.get(name):
            continue
        same = Organisation.objects.in_layer(layer).filter(**{name: values[name]}).select_related("merged_into")
        for row in same.exclude(pk=own.pk) if own else same:
            holder = row.merged_into or row
            if own is None or holder.pk != own.pk:
                raise OrganisationRefused(
                    f"{holder.name} has the {called} {values[name]} already. Use that organisation, or check the "
                    "number.",
                    field=name,
                    existing=holder,
                )


def _check_name(name: str, layer: str, own: Organisation | None) -> None:
    named = Organisation.objects.in_layer(layer).filter(
        Q(name__iexact=name) | Q(pk__in=FormerName.objects.filter(name__iexact=name).values("organisation"))
    )
    for row in (named.exclude(pk=own.pk) if own else named).select_related("merged_into"):
        holder = row.merged_into or row
        if own is not None and holder.pk == own.pk:
            continue
        used = "has" if holder.name.casefold() == name.casefold() else "used to have, or took over,"
        raise LooksLikeAnother(
            f"{holder.name} {used} this name. If it is another organisation, say so below.",
            field="name",
            existing=holder,
        )


def _write(organisation: Organisation, fields: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            organisation.save(update_fields=fields)
    except IntegrityError as error:
        # Somebody else wrote the same number between our look and our save.
        raise OrganisationRefused(
            "Somebody else has just added an organisation with one of these numbers. Search for it first."
        ) from error
