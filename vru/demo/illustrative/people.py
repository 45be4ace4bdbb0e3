"""The illustrative organisations and the people who act in them. Emails end in .example, which nobody can own."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password

from vru.accounts.models import Membership, Organisation, Role, StaffRole, User
from vru.demo.illustrative import words
from vru.demo.illustrative.plan import ORGANISATIONS
from vru.demo.illustrative.world import World
from vru.lib.layers import Layer

KINDS = (
    ["charity"] * 10 + ["community_group"] * 6 + ["company"] * 2 + ["school"] * 2 + ["local_authority"] * 3
    + ["health", "university"]
)  # fmt: skip
STAFF = (
    ("director", "Dara Director", Role.DIRECTOR),
    ("manager", "Manu Manager", Role.PROGRAMME_MANAGER),
    ("manager-two", "Mila Manager", Role.PROGRAMME_MANAGER),
    ("manager-three", "Milo Manager", Role.PROGRAMME_MANAGER),
    ("finance", "Fern Finance", Role.FINANCE_OFFICER),
    ("analyst", "Ana Analyst", Role.ANALYST),
    ("auditor", "Audra Auditor", Role.AUDITOR),
    ("administrator", "Adi Administrator", Role.ADMINISTRATOR),
)


def put_staff() -> dict[str, User]:
    """The unit's invented staff, one or more a role. They cannot sign in until they are given a password."""
    staff = {}
    for key, name, role in STAFF:
        user = put_person(f"{key}@unit.example", name)
        StaffRole.objects.get_or_create(user=user, role=role)
        staff[key] = user
    return staff


def put_person(email: str, name: str) -> User:
    user, _ = User.objects.get_or_create(
        email=email, defaults={"name": name, "is_demo": True, "password": make_password(None)}
    )
    return user


def put_organisations(world: World) -> None:
    """Invented organisations, each with somebody who submits and, for every second one, somebody who signs."""
    world.unit_organisation = Organisation.objects.create(
        ref="ill-unit", name="The unit (illustrative)", kind=Organisation.Kind.UNIT, layer=Layer.ILLUSTRATIVE
    )
    names: set[str] = set()
    Organisation.objects.bulk_create(_organisation(world, number, names) for number in range(1, ORGANISATIONS + 1))
    world.organisations = list(Organisation.objects.filter(ref__startswith="ill-org-").order_by("ref"))
    _put_members(world)


def _organisation(world: World, number: int, names: set[str]) -> Organisation:
    # The first one is the charity of the demonstration's own submitter and signatory.
    kind = "charity" if number <= 2 else KINDS[world.chance.randrange(len(KINDS))]
    name = ""
    while not name or name in names:
        name = f"{world.picks(words.FIRST_HALVES)} {world.picks(words.SECOND_HALVES[kind])}"
        if name in names and len(names) > 60:
            name = f"{name} {world.picks(('East', 'West', 'North', 'South', 'Central'))}"
    names.add(name)
    return Organisation(
        ref=f"ill-org-{number:03d}",
        name=name,
        kind=kind,
        layer=Layer.ILLUSTRATIVE,
        # Far above the numbers that registers have reached: valid in form, nobody's in fact.
        charity_number=f"99{number:05d}" if kind == "charity" else "",
        company_number=f"999{number:05d}" if kind == "company" else "",
        supplier_reference=f"ILL-{7000 + number}",
    )


def _put_members(world: World) -> None:
    people: list[User] = []
    for number, organisation in enumerate(world.organisations, start=1):
        for role in ("submitter", "signatory") if _has_signatory(number) else ("submitter",):
            name = f"{world.picks(words.FIRST_NAMES)} {world.picks(words.LAST_NAMES)}"
            email = f"{role}@{organisation.ref}.example"
            people.append(User(email=email, name=name, is_demo=True, password=make_password(None)))
    known = set(User.objects.values_list("email", flat=True))
    User.objects.bulk_create(person for person in people if person.email not in known)
    users = {user.email: user for user in User.objects.filter(is_demo=True)}
    memberships = []
    for number, organisation in enumerate(world.organisations, start=1):
        submitter = users[f"submitter@{organisation.ref}.example"]
        world.submitters[organisation.pk] = submitter
        memberships.append(Membership(user=submitter, organisation=organisation, role=Membership.Role.SUBMITTER))
        if _has_signatory(number):
            signatory = users[f"signatory@{organisation.ref}.example"]
            world.signatories[organisation.pk] = signatory
            memberships.append(Membership(user=signatory, organisation=organisation, role=Membership.Role.SIGNATORY))
    Membership.objects.bulk_create(memberships)


def _has_signatory(number: int) -> bool:
    return number % 2 == 1
