"""What the unit did with the invented returns: sections approved, queries raised and answered, payments made."""

from __future__ import annotations

import datetime

from grants.models import Commitment, Payment, ReturnQuery, Revision, Section, SectionReview
from vru.demo.illustrative import words
from vru.demo.illustrative.plan import TODAY
from vru.demo.illustrative.returns import is_settled
from vru.demo.illustrative.stories import Status, Story
from vru.demo.illustrative.world import World
from vru.lib.money import split_pence

Decision = SectionReview.Decision


def put_reviews(world: World, stories: list[Story], revisions: dict[int, list[Revision]]) -> None:
    reviews: list[SectionReview] = []
    queries: list[ReturnQuery] = []
    for story in stories:
        if not story.has_revision:
            continue
        made = revisions[story.item.pk]
        live = made[-1]
        if is_settled(story):
            reviews += [_review(world, story, live, section, Decision.APPROVED) for section in story.item.sections]
        elif story.status == Status.QUERIED:
            queries += _open_queries(world, story, live, reviews)
        elif world.chance.random() < 0.4 and not story.unsigned:
            # Somebody has begun to look: the first sections are done.
            reviews += [_review(world, story, live, section, Decision.APPROVED) for section in story.item.sections[:3]]
        if len(made) == 2 and not story.corrected:
            queries.append(_answered_query(world, story, made[0]))
    SectionReview.objects.bulk_create(reviews, batch_size=500)
    ReturnQuery.objects.bulk_create(queries)


def _review(world: World, story: Story, revision: Revision, section: Section, decision: Decision) -> SectionReview:
    moment = revision.approved_at or world.after(revision.submitted_at)
    return SectionReview(
        revision=revision,
        section=section,
        decision=decision,
        reviewed_by=story.item.commitment.manager,
        reviewed_at=moment,
    )


def _open_queries(world: World, story: Story, revision: Revision, reviews: list[SectionReview]) -> list[ReturnQuery]:
    asked = world.chance.sample(words.QUERIES, world.chance.choices([1, 2, 3], [60, 30, 10])[0])
    sections = {section for section, _, _ in asked}
    for section in story.item.sections:
        decision = Decision.QUERIED if section.value in sections else Decision.APPROVED
        reviews.append(_review(world, story, revision, section, decision))
    raised_at = world.after(revision.submitted_at)
    return [
        ReturnQuery(
            revision=revision,
            section=section,
            field=_box(world, name),
            text=text,
            raised_by=story.item.commitment.manager,
            raised_at=raised_at,
        )
        for section, name, text in asked
    ]


def _answered_query(world: World, story: Story, revision: Revision) -> ReturnQuery:
    section, name, text = words.QUERIES[world.chance.randrange(len(words.QUERIES))]
    return ReturnQuery(
        revision=revision,
        section=section,
        field=_box(world, name),
        text=text,
        raised_by=story.item.commitment.manager,
        raised_at=world.after(revision.submitted_at),
        answer=world.picks(words.QUERY_ANSWERS),
        answered_by=revision.submitted_by,
        answered_at=revision.superseded_at,
    )


def put_payments(world: World, stories: list[Story]) -> None:
    """A payment a quarter, the first without waiting, each later one after the return before it was approved."""
    by_commitment: dict[int, list[Story]] = {}
    for story in stories:
        by_commitment.setdefault(story.item.commitment_id, []).append(story)
    rows: list[Payment] = []
    for commitment in world.commitments:
        if commitment.status in (Commitment.Status.DRAFT, Commitment.Status.OFFERED):
            continue
        rows += _payments(world, commitment, by_commitment.get(commitment.pk, []))
    Payment.objects.bulk_create(rows)


def _payments(world: World, commitment: Commitment, stories: list[Story]) -> list[Payment]:
    in_four = split_pence(commitment.award_pence, [1, 1, 1, 1])
    rows = []
    for number, amount in enumerate(in_four, start=1):
        due_on = commitment.starts_on + datetime.timedelta(days=91 * (number - 1) + 28)
        before = stories[number - 2] if 2 <= number <= len(stories) + 1 else None
        waits = before is not None and not is_settled(before) and before.status != Status.WAIVED
        is_paid = due_on <= TODAY and not waits
        rows.append(
            Payment(
                commitment=commitment,
                number=number,
                amount_pence=amount,
                due_on=due_on,
                status=Payment.Status.PAID if is_paid else Payment.Status.PLANNED,
                paid_on=due_on if is_paid else None,
                waits_for=before.item if before is not None else None,
            )
        )
    if world.chance.random() < 0.02 and rows[0].paid_on:
        rows.append(
            Payment(
                commitment=commitment,
                number=5,
                amount_pence=-(rows[0].amount_pence // 10),
                is_credit_note=True,
                due_on=rows[0].paid_on,
                status=Payment.Status.PAID,
                paid_on=rows[0].paid_on,
            )
        )
    return rows


def _box(world: World, name: str) -> str:
    """The box a query points at; staff costs are the unit's first cost heading, whatever it calls them."""
    return f"spend.{world.headings[0].slug}.actual" if name == "staff-costs" else name
