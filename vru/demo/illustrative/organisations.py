"""What is known about the illustrative organisations: contacts, policies, checks, former names and one merger."""

from __future__ import annotations

import datetime
from random import Random

from vru.accounts.models import Contact, DueDiligenceCheck, FormerName, Organisation, OrganisationPolicy, User
from vru.demo.illustrative import words
from vru.demo.illustrative.plan import SEED
from vru.demo.illustrative.world import World
from vru.lib.layers import Layer

# Of its own, so that what was made before it stays as it was.
_STREAM = 471
_YEAR = datetime.timedelta(days=365)
_FIRST_CHECK = datetime.date(2019, 11, 4)
_MERGED_ON = datetime.date(2020, 9, 1)
_NOTES = {
    "conditions": "The reserves policy is to be sent by the next review. (Invented.)",
    "failed": "The certificate that was sent belongs to another organisation. (Invented.)",
    "not_needed": "Covered by its parent body. (Invented.)",
}


def put_organisation_details(world: World, officer: User) -> None:
    """Most organisations are well kept; some checks have run out, and a few were never made."""
    chance = Random(SEED + _STREAM)
    contacts: list[Contact] = []
    policies: list[OrganisationPolicy] = []
    checks: list[DueDiligenceCheck] = []
    for organisation in world.organisations:
        contacts += _contacts(organisation, chance)
        policies += _policies(organisation, chance)
        checks += _checks(organisation, officer, chance)
    Contact.objects.bulk_create(contacts)
    OrganisationPolicy.objects.bulk_create(policies)
    DueDiligenceCheck.objects.bulk_create(checks)
    _put_names(world, chance)
    _put_merger(world)


def _contacts(organisation: Organisation, chance: Random) -> list[Contact]:
    kinds = [Contact.Kind.MAIN, Contact.Kind.SAFEGUARDING]
    kinds += [kind for kind in (Contact.Kind.FINANCE, Contact.Kind.CHAIR) if chance.random() < 0.4]
    if chance.random() < 0.08:
        kinds = [Contact.Kind.MAIN]
    return [
        Contact(
            organisation=organisation,
            kind=kind,
            name=f"{chance.choice(words.FIRST_NAMES)} {chance.choice(words.LAST_NAMES)}",
            email=f"{kind}@{organisation.ref}.example",
            # Numbers of this range are kept free for stories.
            phone=f"020 7946 0{chance.randrange(1000):03d}" if chance.random() < 0.5 else "",
        )
        for kind in kinds
    ]


def _policies(organisation: Organisation, chance: Random) -> list[OrganisationPolicy]:
    made = []
    for kind in OrganisationPolicy.Kind.values:
        if kind != OrganisationPolicy.Kind.SAFEGUARDING and chance.random() < 0.3:
            continue
        approved = datetime.date(2018, 1, 8) + datetime.timedelta(days=chance.randrange(800))
        made.append(
            OrganisationPolicy(
                organisation=organisation, kind=kind, approved_on=approved, review_on=approved + 2 * _YEAR
            )
        )
    return made


def _checks(organisation: Organisation, officer: User, chance: Random) -> list[DueDiligenceCheck]:
    made = []
    for kind in DueDiligenceCheck.Kind.values:
        if chance.random() < 0.06:
            continue
        day = _FIRST_CHECK + datetime.timedelta(days=chance.randrange(140))
        outcome = chance.choices(DueDiligenceCheck.Outcome.values, weights=[90, 6, 1, 3])[0]
        made.append(_check(organisation, officer, kind, outcome, day, chance.choice((1, 7, 10, None))))
        if outcome in ("failed", "conditions") and chance.random() < 0.7:
            later = day + datetime.timedelta(days=30)
            made.append(_check(organisation, officer, kind, "passed", later, 10))
    return made


def _check(
    organisation: Organisation, officer: User, kind: str, outcome: str, day: datetime.date, years: int | None
) -> DueDiligenceCheck:
    return DueDiligenceCheck(
        organisation=organisation,
        kind=kind,
        outcome=outcome,
        note=_NOTES.get(outcome, ""),
        checked_by=officer,
        checked_on=day,
        expires_on=None if years is None else day + years * _YEAR,
    )


def _put_names(world: World, chance: Random) -> None:
    for organisation in chance.sample(world.organisations, 8):
        first, _, rest = organisation.name.partition(" ")
        name = f"{first} and District {rest}".strip()
        FormerName.objects.create(organisation=organisation, name=name, until=datetime.date(2019, 3, 31))


def _put_merger(world: World) -> None:
    """One organisation that the second of the demonstration took over before the year's autumn."""
    stays = world.organisations[1]
    Organisation.objects.create(
        ref="ill-org-merged",
        name=f"{stays.name.split(' ', maxsplit=1)[0]} Neighbours",
        kind=Organisation.Kind.CHARITY,
        layer=Layer.ILLUSTRATIVE,
        charity_number="9909999",
        merged_into=stays,
        merged_on=_MERGED_ON,
    )
    merged = stays.merged_organisations.get()
    FormerName.objects.create(organisation=stays, name=merged.name, until=_MERGED_ON)
