"""Returns begun and not yet sent: text as people type it, right or wrong."""

from __future__ import annotations

from grants.models import SectionDraft
from vru.demo.illustrative import words
from vru.demo.illustrative.plan import TODAY
from vru.demo.illustrative.stories import Status, Story
from vru.demo.illustrative.world import World, at

# What one charity in five types where a plain number is wanted.
UNREADABLE = ("about 12", "12 (see email)", "twelve", "TBC", "10 to 15?")


def put_drafts(world: World, stories: list[Story]) -> None:
    """Contacts, delivery, people and money, and sometimes the story of the quarter."""
    rows: list[SectionDraft] = []
    for story in stories:
        if story.status == Status.DRAFT:
            rows += _drafts(world, story)
    SectionDraft.objects.bulk_create(rows)


def _drafts(world: World, story: Story) -> list[SectionDraft]:
    item = story.item
    submitter = world.submitters[item.commitment.organisation_id]
    started_on = min(item.quarter.opens_on, TODAY)
    sections = {
        "A": {
            "answer.contact-name": submitter.name,
            "answer.contact-email": submitter.email,
            "answer.safeguarding-lead": f"{world.picks(words.FIRST_NAMES)} {world.picks(words.LAST_NAMES)}",
        },
        "B": {
            "answer.delivery-status": "amber",
            "answer.milestones": world.picks(words.MILESTONES) if "milestones" in world.questions else "",
        },
        "C": _people(world, story),
        "F": _spend(world, story),
    }
    if world.chance.random() < 0.5:
        sections["G"] = {"answer.went-well": world.picks(words.WENT_WELL), "answer.barriers": "…"}
    return [
        SectionDraft(
            monitoring_return=item,
            section=section,
            data={name: text for name, text in data.items() if text},
            version=world.chance.randrange(1, 6),
            saved_by=submitter,
            saved_at=at(started_on, 20, world.chance.randrange(60)),
            is_complete=section == "A",
        )
        for section, data in sections.items()
        if section not in item.commitment.waived_sections
    ]


def _people(world: World, story: Story) -> dict[str, str]:
    new = world.targets[story.item.commitment_id, story.item.quarter_id] * world.chance.randrange(80, 115) // 100
    typed = {
        "reach.new": f"{new:,}",
        "reach.continuing": str(new // 2),
        "reach.contacts": f"c.{max(10, new * 6 // 10 * 10):,}",
        "reach.referred": str(new + 4),
        "reach.started": str(new),
    }
    if world.chance.random() < 0.2:
        typed["reach.completed"] = world.picks(UNREADABLE)
    return typed


def _spend(world: World, story: Story) -> dict[str, str]:
    item = story.item
    typed = {}
    for heading in world.headings:
        pence = world.profile[item.commitment_id, item.quarter_id, heading.pk] * world.chance.randrange(85, 110) // 100
        typed[f"spend.{heading.slug}.actual"] = f"£{pence // 100:,}.{pence % 100:02d}"
    return typed
