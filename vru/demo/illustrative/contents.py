"""What one invented return says: people, breakdowns, outcomes, money and words, consistent with each other."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from grants.models import Commitment, Measure, Reading
from programmes.models import Area, Category, Dimension, IndicatorVersion
from vru.demo.illustrative import words
from vru.demo.illustrative.delivery import HEADING_WEIGHTS, in_year_pence
from vru.demo.illustrative.stories import Oddity, Story
from vru.demo.illustrative.world import World
from vru.lib.money import split_pence

Kinds = IndicatorVersion.Kind
WEIGHTS = {
    "0-9": 4, "10-14": 26, "15-17": 30, "18-24": 27, "25-plus": 8,
    "female": 40, "male": 58, "same": 92, "different": 1, "disabled": 13, "not-disabled": 80,
    "asian": 17, "black": 34, "mixed": 14, "white": 29, "other": 5,
}  # fmt: skip
_M = Reading.MilestoneStatus
MILESTONES = {
    1: (_M.NOT_STARTED, _M.NOT_STARTED, _M.ON_TRACK),
    2: (_M.ON_TRACK, _M.ON_TRACK, _M.LATE),
    3: (_M.ON_TRACK, _M.LATE, _M.MET, _M.MET),
    4: (_M.MET, _M.MET, _M.MISSED),
}
OUTSIDE_WEIGHT = 1
HOME_WEIGHT, NEIGHBOUR_WEIGHT = 60, 1
_BAND = re.compile(r"(\d+)-(\d+|plus)", re.ASCII)


@dataclass
class Ledger:
    """What a grant has reported so far, so that later quarters follow from earlier ones."""

    new: int = 0
    last_new: int = 0
    spent_pence: int = 0
    quarters: int = 0


@dataclass
class Content:
    """Money in pence, by heading: spent, forecast to the year's end, match."""

    people: dict[Measure, int]
    breakdown: dict[Dimension, Counter[Category]]
    readings: list[Reading] = field(default_factory=list)
    spend: list[tuple[int, int, int]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    explanations: dict[str, str] = field(default_factory=dict)


def make_content(world: World, story: Story, ledger: Ledger, versions: list[IndicatorVersion]) -> Content:
    new = _new_people(world, story, ledger)
    content = Content(_people(world, story, ledger, new), break_down(world, story, new))
    content.spend = _spend(world, story, ledger)
    spent = sum(line[0] for line in content.spend)
    content.readings = [_reading(world, version, story, new, spent, ledger) for version in versions]
    content.answers = _answers(world, story, content)
    content.explanations = _explanations(world, story)
    ledger.new += new
    ledger.last_new = new
    ledger.spent_pence += spent
    ledger.quarters += 1
    return content


def _new_people(world: World, story: Story, ledger: Ledger) -> int:
    target = world.targets[story.item.commitment_id, story.item.quarter_id]
    if story.oddity == Oddity.SAME_AGAIN and ledger.last_new:
        return ledger.last_new
    low, high = (220, 340) if story.oddity == Oddity.BUSY else (72, 128)
    return max(1, target * world.chance.randrange(low, high) // 100)


def _people(world: World, story: Story, ledger: Ledger, new: int) -> dict[Measure, int]:
    chance = world.chance
    carried = chance.randrange(new + 1) if story.item.quarter.number == 1 and chance.random() < 0.4 else 0
    continuing = (ledger.new * chance.randrange(45, 80)) // 100 + carried
    people = {
        Measure.NEW: new,
        Measure.CONTINUING: continuing,
        Measure.ACTIVE: new + continuing - chance.randrange(new + 1) // 2,
        Measure.CONTACTS: new * chance.randrange(3, 9) + continuing * chance.randrange(2, 7),
        Measure.REFERRED: new + chance.randrange(new // 3 + 2),
        Measure.STARTED: new,
        Measure.COMPLETED: new * chance.randrange(40, 85) // 100,
    }
    if story.item.quarter.number == 1:
        people[Measure.CARRIED_IN] = carried
    if chance.random() < 0.3:
        people[Measure.INDIRECT] = new * chance.randrange(1, 5)
    if world.templates[story.item.commitment.programme_id].trains_staff:
        people[Measure.TRAINED] = chance.randrange(8, 60)
    return people


def break_down(world: World, story: Story, new: int) -> dict[Dimension, Counter[Category]]:
    """Every dimension adds up to ``new``: each person falls into one category of it."""
    found = {}
    for dimension, categories in world.dimensions_of(story.item.commitment).items():
        weights = [_weight(world, story, category) for category in categories]
        counts: Counter[Category] = Counter({category: 0 for category in categories if category.area_id is None})
        counts.update(world.chance.choices(categories, weights, k=new))
        found[dimension] = counts
    return found


def _weight(world: World, story: Story, category: Category) -> int:
    is_gap = category.kind == Category.Kind.NOT_KNOWN
    if is_gap or category.kind == Category.Kind.PREFER_NOT_TO_SAY:
        much = is_gap and story.oddity == Oddity.MUCH_NOT_KNOWN
        return (400 if category.area_id else 60) if much else 6 if is_gap else 2
    if category.area_id is not None:
        return _area_weight(world, story.item.commitment, category)
    weight = WEIGHTS.get(category.slug, 10)
    return weight if _fits_ages(story.item.commitment, category.slug) else 0


def _area_weight(world: World, commitment: Commitment, category: Category) -> int:
    homes = {area.pk for area in world.areas_of[commitment.pk]}
    area: Area = next((each for each in world.places if each.pk == category.area_id), world.whole)
    if area.kind != Area.Kind.MEMBER:
        return OUTSIDE_WEIGHT
    return HOME_WEIGHT if area.pk in homes else NEIGHBOUR_WEIGHT


def _fits_ages(commitment: Commitment, slug: str) -> bool:
    band = _BAND.fullmatch(slug)
    if band is None or commitment.youngest_age is None or commitment.oldest_age is None:
        return True
    top = 120 if band[2] == "plus" else int(band[2])
    return int(band[1]) <= commitment.oldest_age and commitment.youngest_age <= top


def _spend(world: World, story: Story, ledger: Ledger) -> list[tuple[int, int, int]]:
    """One line a heading. The forecast is what the grantee expects to spend from here to 31 March."""
    item, chance = story.item, world.chance
    percent = {Oddity.OVERSPENT: (118, 150), Oddity.UNDERSPENT: (45, 82)}.get(story.oddity, (93, 106))
    factor = chance.randrange(*percent)
    planned = [world.profile[item.commitment_id, item.quarter_id, heading.pk] for heading in world.headings]
    actual = [pence * factor // 100 for pence in planned]
    left = max(0, in_year_pence(item.commitment) - ledger.spent_pence - sum(actual))
    keen = {Oddity.OVERSPENT: 112, Oddity.UNDERSPENT: 88}.get(story.oddity, 100)
    expected = 0 if item.quarter.number == 4 else left * keen // 100
    weights = [HEADING_WEIGHTS[index % len(HEADING_WEIGHTS)] for index, _ in enumerate(world.headings)]
    match = chance.randrange(1, 30) * 10_000 if chance.random() < 0.15 else 0
    matches = [match if index == 0 else 0 for index, _ in enumerate(world.headings)]
    return list(zip(actual, split_pence(expected, weights), matches, strict=True))


def _reading(world: World, version: IndicatorVersion, story: Story, new: int, spent: int, ledger: Ledger) -> Reading:
    chance = world.chance
    reading = Reading(version=version)
    if version.kind == Kinds.MILESTONE:
        steps = MILESTONES[story.item.quarter.number]
        reading.status = steps[chance.randrange(len(steps))]
    elif version.kind == Kinds.PERCENTAGE:
        base = max(1, new - chance.randrange(new // 4 + 1))
        reading.numerator, reading.denominator = Decimal(base * chance.randrange(40, 92) // 100), Decimal(base)
    elif version.kind == Kinds.UNIT_COST:
        reading.numerator, reading.denominator = Decimal(spent) / 100, Decimal(new)
    elif version.kind == Kinds.DISTANCE:
        pairs = max(1, new * chance.randrange(30, 80) // 100)
        reading.numerator, reading.denominator = Decimal(pairs * chance.randrange(-5, 48)) / 10, Decimal(pairs)
    elif version.kind == Kinds.CURRENCY:
        reading.value = Decimal(chance.randrange(0, 400) * 25)
    elif version.kind == Kinds.STOCK:
        # A queue is shorter than a caseload.
        is_queue = version.direction == IndicatorVersion.Direction.LOWER
        most = new + ledger.new * chance.randrange(20, 50) // 100
        reading.value = Decimal(most * chance.randrange(2, 9) // 100 if is_queue else most)
    else:
        reading.value = Decimal(new * chance.randrange(5, 45) // 100)
    return reading


def _answers(world: World, story: Story, content: Content) -> dict[str, str]:
    commitment, chance = story.item.commitment, world.chance
    submitter = world.submitters[commitment.organisation_id]
    went_well = world.picks(words.WENT_WELL)
    if chance.random() < 0.03:
        went_well = f"{went_well} {world.picks(words.OTHER_SCRIPTS)}"
    if chance.random() < 0.02:
        went_well = f"{went_well}\n\n" + words.LONG_PARAGRAPH * chance.randrange(4, 12)
    odd = story.oddity in (Oddity.OVERSPENT, Oddity.UNDERSPENT)
    has_case = chance.random() < 0.25
    answers = {
        "contact-name": submitter.name,
        "contact-email": submitter.email,
        "safeguarding-lead": f"{world.picks(words.FIRST_NAMES)} {world.picks(words.LAST_NAMES)}, manager",
        "delivery-status": "red" if chance.random() < 0.06 else "amber" if odd or chance.random() < 0.2 else "green",
        "milestones": world.picks(words.MILESTONES),
        "changes": world.picks(words.CHANGES) if chance.random() < 0.3 else "",
        "reach-method": "We counted those who watched to the end." if Measure.INDIRECT in content.people else "",
        "spend-explanation": words.EXPLANATIONS["W202"] if odd else "",
        "went-well": went_well,
        "barriers": world.picks(words.BARRIERS),
        "learning": world.picks(words.LEARNING) if chance.random() < 0.7 else "",
        "case-study": world.picks(words.CASE_STUDIES) if has_case else "",
        "case-study-consent": "yes" if has_case else "",
        "risks": world.picks(words.RISKS),
    }
    waived = set(commitment.waived_sections)
    return {
        slug: text
        for slug, text in answers.items()
        if text and slug in world.questions and world.questions[slug].section not in waived
    }


def _explanations(world: World, story: Story) -> dict[str, str]:
    codes = {
        Oddity.MUCH_NOT_KNOWN: ["W204"],
        Oddity.OVERSPENT: ["W202"],
        Oddity.UNDERSPENT: ["W202", "W212"] if story.item.quarter.number == 3 else ["W202"],
        Oddity.SAME_AGAIN: ["W210"],
        Oddity.BUSY: ["W203"],
    }.get(story.oddity, [])
    return {code: words.EXPLANATIONS[code] for code in codes}
