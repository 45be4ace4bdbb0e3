"""Everything that can go wrong with a return, and where each is dealt with: a rule, or a place in the code.

A place is a module path, with the function after a colon where there is one; a test follows each of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    HARD = "Stops a submission"
    SOFT = "Asks for an explanation"
    FINE = "Is no error"
    INPUT = "Is read or refused clearly"


@dataclass(frozen=True, slots=True)
class Item:
    """``codes`` are rules; ``places`` are what deals with it besides; ``how`` is one sentence."""

    kind: Kind
    what: str
    how: str
    codes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


_SAVE = "grants.actions.drafts:save_section"
_SUBMIT = "grants.actions.submission:submit_return"
_NUMBER = "vru.lib.numbers:read_number"
_DATE = "vru.lib.dates:read_date"

ITEMS: tuple[Item, ...] = (
    Item(Kind.HARD, "A breakdown that does not sum to *new*", "Each dimension is added up and compared.", ("R101",)),
    Item(
        Kind.HARD,
        "Negative or fractional people",
        "Refused while reading; the database refuses them too.",
        ("R100",),
        (_NUMBER,),
    ),
    Item(Kind.HARD, "Numerator above denominator", "Checked for percentages.", ("R102",)),
    Item(
        Kind.HARD,
        "Denominator 0 with a numerator, or half of a ratio",
        "Percentages, unit costs and scores.",
        ("R103", "R110"),
    ),
    Item(
        Kind.HARD,
        "Year to date below the last approved figure, except through a correction",
        "The grantee may type a total of their own; the total that counts is computed from approved quarters.",
        ("R109",),
    ),
    Item(Kind.HARD, "A quarter wholly outside the grant", "The whole period of the return is compared.", ("R105",)),
    Item(
        Kind.HARD,
        "Splits that do not sum",
        "A return waits until the unit has mended the grant's funding; splits are stored only when they sum.",
        ("R111",),
        ("grants.actions.awards:set_funding_splits",),
    ),
    Item(Kind.HARD, "A spend line that is not whole", "Spend is needed beside forecast and match.", ("R106", "R112")),
    Item(Kind.HARD, "More people started than were referred, or completed than started", "Since the start.", ("R104",)),
    Item(Kind.HARD, "A needed answer missing, or an email address that is none", "Box by box.", ("R106", "R108")),
    Item(Kind.HARD, "A nil return that holds people", "Zeros and spend may stand.", ("R113",)),
    Item(Kind.HARD, "Declaration missing", "The submission is refused without a full name.", (), (_SUBMIT,)),
    Item(
        Kind.HARD,
        "Locked period",
        "Saving and submitting say why, since when, and what can be done.",
        ("R107",),
        ("grants.timetable.locks:lock_of", _SAVE),
    ),
    Item(
        Kind.HARD,
        "Somebody else saved a newer version",
        "409 with both versions; nothing is overwritten.",
        (),
        (_SAVE, "grants.errors:StaleDraft"),
    ),
    Item(Kind.SOFT, "Spend to date + forecast above the award", "What is above it is match funding.", ("W201",)),
    Item(
        Kind.SOFT,
        "Accruals for delivery after 31 March on in-year money",
        "Asked in the last quarter of grants paid from a source whose rule says so.",
        ("W214",),
        ("grants.questionnaire:boxes_for",),
    ),
    Item(Kind.SOFT, "An earlier quarter still queried or missing", "It stops nothing.", ("W213",)),
    Item(Kind.SOFT, "Spend off profile", "Compared over the period of the return.", ("W202",)),
    Item(Kind.SOFT, "Forecast underspend at the third quarter", "From the year's own money.", ("W212",)),
    Item(Kind.SOFT, "Reach off its target", "Compared over the period of the return.", ("W203",)),
    Item(Kind.SOFT, "Much not known", "In each dimension.", ("W204",)),
    Item(Kind.SOFT, "Reach 0 with spend; spend 0 with reach", "Two findings.", ("W205", "W206")),
    Item(Kind.SOFT, "Indirect far above direct", "The method is asked for.", ("W207",)),
    Item(
        Kind.SOFT,
        "Unit cost far above the programme's median",
        "For staff only: it would tell a grantee about others.",
        ("W208",),
    ),
    Item(Kind.SOFT, "People outside the age range", "A band that overlaps the grant's ages passes.", ("W209",)),
    Item(Kind.SOFT, "A value identical to last quarter", "People, results and the total spend.", ("W210",)),
    Item(
        Kind.SOFT,
        "Text that looks like personal data",
        "Names with dates, dates of birth, telephone numbers, postcodes.",
        ("W211",),
        ("grants.validation.personal_data:signs_of_personal_data",),
    ),
    Item(Kind.SOFT, "Own year to date that differs from the returns", "Asked for only where it was typed.", ("W215",)),
    Item(Kind.FINE, "A true zero", "0 is an answer; a blank is missing.", (), (_NUMBER,)),
    Item(Kind.FINE, "A nil return with a reason", "Needs no other box; the reason is kept.", (), (_SUBMIT,)),
    Item(
        Kind.FINE,
        "Waived sections",
        "Neither asked nor checked.",
        (),
        ("grants.questionnaire:boxes_for",),
    ),
    Item(
        Kind.FINE,
        "Targets changed by an approved variation",
        "The target in force is the one compared.",
        (),
        ("grants.validation.facts:gather_facts",),
    ),
    Item(Kind.INPUT, "`1,169`; no-break spaces; full-width digits; `-0`", "Read, to the digit.", (), (_NUMBER,)),
    Item(
        Kind.INPUT,
        "`£8.8m`, `c.80,000`, `140+`, `<5`",
        "Read with their bounds in stated figures; a return asks for the exact number.",
        ("R100",),
        (_NUMBER,),
    ),
    Item(
        Kind.INPUT,
        "`N/A`, `1e6`, `25%` beside `0.25`, `2020/21` beside `2020`, cells beginning `= + - @`",
        "Refused where a number is asked, each with its own sentence; `25%` is read where a percentage is.",
        ("R100",),
        (_NUMBER,),
    ),
    Item(Kind.INPUT, "Blanks", "Missing, never zero.", ("R106",), ("grants.validation.reading:read_boxes",)),
    Item(
        Kind.INPUT,
        "Spreadsheet day numbers, days that do not exist, years of two figures",
        "A date cell's number is read; the same number typed as text is refused.",
        (),
        (_DATE, "vru.lib.dates:read_serial_date"),
    ),
    Item(
        Kind.INPUT,
        "Places that are not boroughs; `&` for `and`",
        "Read by name, code or other name; otherwise refused, with the likely place only where data names it.",
        (),
        ("vru.lib.places:read_place",),
    ),
    Item(
        Kind.INPUT,
        "Charity numbers with suffixes or lost leading zeros",
        "Read with a note of what was mended, or refused.",
        (),
        ("vru.lib.org_ids:charity_identifier",),
    ),
    Item(
        Kind.INPUT,
        "A merged or renamed grantee",
        "A return belongs to its grant, never to a name.",
        (),
        ("grants.models.commitment:Commitment",),
    ),
    Item(Kind.INPUT, "A grant ending mid-quarter", "Its last return is asked for and accepted.", ("R105",)),
    Item(
        Kind.INPUT,
        "A double-clicked submit, two tabs, an expired session",
        "One revision; both texts shown; the draft is on the server.",
        (),
        (_SUBMIT, _SAVE),
    ),
    Item(
        Kind.INPUT,
        "HTML, emoji, right-to-left text, 100,000 characters",
        "Kept as typed, shown as text, harmless in a spreadsheet.",
        (),
        ("grants.actions.texts:check_text", "vru.lib.sheets:harmless"),
    ),
    Item(
        Kind.INPUT,
        "A disguised, encrypted, huge or zip-bomb upload",
        "The kind is decided by content; a workbook is read in a process of its own with limits of memory and time.",
        (),
        ("vru.lib.files.kinds:kind_of", "grants.workbook.reader:read"),
    ),
    Item(
        Kind.INPUT,
        "Another grantee's address",
        "404, as for a return that does not exist.",
        (),
        ("grants.models.monitoring_return:MonitoringReturnQuerySet",),
    ),
)
