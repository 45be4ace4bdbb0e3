"""What a register of programmes, organisations and grants may say: one specification for reader and template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["programme", "organisation", "grant"]


@dataclass(frozen=True, slots=True)
class Column:
    """``heading`` is the template's; ``names`` are what other registers call it; ``help`` says what is read."""

    field: str
    kind: Kind
    heading: str
    names: tuple[str, ...]
    help: str
    example: str = ""
    longest: int = 200

    @property
    def attribute(self) -> str:
        """The field's name without its record's: "programme_title" → "title"."""
        return self.field.split(".", 1)[1]


COLUMNS: tuple[Column, ...] = (
    Column(
        "programme.ref",
        "programme",
        "Programme reference",
        ("Programme ref", "Programme code", "Programme ID", "Fund ref"),
        "The key of the programme. The same reference on several rows is one programme.",
        "YW-2021",
        40,
    ),
    Column(
        "programme.title",
        "programme",
        "Programme title",
        ("Programme", "Programme name", "Fund"),
        "Needed for a programme that is new.",
        "Youth work in hospitals",
        300,
    ),
    Column(
        "programme.theme",
        "programme",
        "Theme",
        ("Programme theme", "Priority"),
        "A theme of the strategy, by its title.",
        "Youth work",
    ),
    Column(
        "programme.primary_objective",
        "programme",
        "Objective",
        ("Main objective", "Primary objective", "Objective number"),
        "The number of the main objective, or its title.",
        "5",
        300,
    ),
    Column(
        "programme.level",
        "programme",
        "Delivery level",
        ("Level",),
        "Ward, Single area, Several areas or Whole area. Needed for a programme that is new.",
        "Several areas",
    ),
    Column(
        "programme.status",
        "programme",
        "Programme status",
        (),
        "Only read for a programme that is new; without it, the programme is a draft.",
        "Live",
    ),
    Column(
        "organisation.name",
        "organisation",
        "Organisation",
        ("Organisation name", "Grantee", "Recipient", "Grant holder", "Supplier", "Provider"),
        "Its name now. A former name finds the organisation as well.",
        "Example Community Trust",
    ),
    Column(
        "organisation.ref",
        "organisation",
        "Organisation reference",
        ("Organisation ref", "Organisation ID", "Grantee ref"),
        "The key of an organisation that has no number of a register. Numbers go before it, names after it.",
        "",
        40,
    ),
    Column(
        "organisation.kind",
        "organisation",
        "Organisation kind",
        ("Organisation type", "Type of organisation", "Sector"),
        "Charity, Community group, Company, Local authority, School or education provider, NHS body, Police, "
        "University or research body, Other. Needed for a new organisation without a charity or company number.",
        "Charity",
    ),
    Column(
        "organisation.charity_number",
        "organisation",
        "Charity number",
        ("Charity no", "Registered charity number", "Charity registration number"),
        "Like 1234567, SC012345 or NIC101234. Suffixes of linked charities are left out, lost zeros put back.",
        "1234567",
    ),
    Column(
        "organisation.company_number",
        "organisation",
        "Company number",
        ("Company no", "Companies House number", "Company registration number"),
        "Eight characters; lost zeros are put back.",
        "01234567",
    ),
    Column("organisation.postcode", "organisation", "Postcode", ("Post code",), "", "SE1 2AA", 8),
    Column(
        "grant.ref",
        "grant",
        "Grant reference",
        ("Grant ref", "Reference", "Ref", "Award reference", "Agreement ref", "Grant ID", "Grant no"),
        "The key of the grant. Several rows with one reference are one grant: each row may carry another source and "
        "year.",
        "VRU-0001",
        40,
    ),
    Column(
        "grant.title",
        "grant",
        "Grant title",
        ("Title", "Project", "Project name", "Grant name"),
        "At most 140 characters. Needed for a grant that is new.",
        "Mentors in two hospitals",
        140,
    ),
    Column("grant.description", "grant", "Description", ("Purpose", "Grant description", "Summary"), "", "", 20_000),
    Column(
        "grant.kind",
        "grant",
        "Kind",
        ("Commitment kind", "Type"),
        "Grant, Contract or Unit cost; without it, a grant.",
        "Grant",
    ),
    Column(
        "grant.category",
        "grant",
        "Budget category",
        ("Category",),
        "A budget category of the unit, by its title. Needed for a grant that is new.",
        "VCS/community",
    ),
    Column(
        "grant.status",
        "grant",
        "Status",
        ("Grant status",),
        "Draft, Offered, Accepted, Active, Suspended, Completed, Reconciled or Terminated; without it, a draft. The "
        "status of a grant that is here already is changed on its page.",
        "Active",
    ),
    Column(
        "grant.award_pence",
        "grant",
        "Award",
        ("Award amount", "Amount awarded", "Total award", "Grant amount", "Value"),
        "The whole award in pounds, in full: 1,200,000 and not £1.2m.",
        "20,000.00",
    ),
    Column("grant.starts_on", "grant", "Start", ("Start date", "Starts", "From"), "", "1 April 2020"),
    Column("grant.ends_on", "grant", "End", ("End date", "Ends", "To"), "", "31 March 2021"),
    Column("grant.awarded_on", "grant", "Awarded on", ("Award date", "Date of award"), "", "2020-03-16"),
    Column(
        "grant.source",
        "grant",
        "Funding source",
        ("Source", "Source of funding", "Funder"),
        "One of the unit's sources, by its title. Needed once a grant is offered.",
        "Home Office",
    ),
    Column(
        "grant.year",
        "grant",
        "Year",
        ("Financial year", "Split year", "Source year"),
        "The financial year of the money, like 2020/21. Without it, the year the grant lies in.",
        "2020-21",
    ),
    Column(
        "grant.split",
        "grant",
        "Amount from this source",
        ("Split", "Split amount", "Source amount", "Amount in year", "Amount from source"),
        "What of the award comes from this source in this year. Without it, the whole award.",
        "20,000.00",
    ),
    Column(
        "grant.shares",
        "grant",
        "Areas",
        ("Boroughs", "Borough", "Area", "Borough shares", "Districts", "Location"),
        "Names with semicolons between them, alike in size, or each with its amount or percentage: "
        "Camden 60%; Hackney 40%.",
        "Camden; Hackney",
        2_000,
    ),
    Column(
        "grant.decision",
        "grant",
        "Decision",
        ("Decision ref", "Decision reference"),
        "A reference of the register.",
        "",
    ),
    Column(
        "grant.manager",
        "grant",
        "Manager's email",
        ("Manager", "Manager email", "Programme manager", "Grant manager", "Lead officer"),
        "The email address of one of the unit's programme managers.",
        "",
    ),
)
BY_FIELD: Mapping[str, Column] = {column.field: column for column in COLUMNS}
# What match_columns looks for, in the order in which columns are given away.
FIELD_NAMES: Mapping[str, tuple[str, ...]] = {column.field: (column.heading, *column.names) for column in COLUMNS}
KEYS = ("grant.ref", "programme.ref", "organisation.name", "organisation.ref", "organisation.charity_number")


def labelled(field: str) -> str:
    return BY_FIELD[field].heading if field in BY_FIELD else field
