"""Awards against what they divide into, and against what their funders gave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Sum

from evaluation.reconciliation.books import Award, Books
from evaluation.reconciliation.registry import Pair, Subject, check
from grants.models import AreaShare, Commitment, ConsortiumPartner, FundingSplit, ProfileLine
from grants.money.headroom import Headroom, headrooms
from programmes.models import FundingSource

AWARDS = Subject.AWARDS


def _rooms(books: Books) -> dict[tuple[int, int], Headroom]:
    return books.computation.keep("headrooms", lambda: headrooms(books.layer))


@check(
    "award-splits",
    AWARDS,
    title="Awards and their funding splits",
    left="awards, from the commitments",
    right="funding splits of all years and sources",
)
def splits(books: Books) -> Iterator[Pair]:
    """What was awarded to each is what its funding splits come to, over all its years and sources."""
    found = books.summed(FundingSplit.objects.all())
    for pk, award in books.awards.items():
        yield Pair(award.where, award.pence, found.get(pk, 0), award.page)


@check(
    "award-shares",
    AWARDS,
    title="Awards and their area shares",
    left="awards, from the commitments",
    right="area shares, the whole area included",
)
def shares(books: Books) -> Iterator[Pair]:
    """What was awarded to each is what its area shares come to. Work that is not apportioned has one share, of the
    whole area.
    """
    found = books.summed(AreaShare.objects.all())
    for pk, award in books.awards.items():
        yield Pair(award.where, award.pence, found.get(pk, 0), award.page)


@check(
    "award-by-organisation",
    AWARDS,
    title="Awards by organisation",
    left="awards, by the organisation they were made to",
    right="funding splits, by the organisation of their award",
)
def by_organisation(books: Books) -> Iterator[Pair]:
    """The awards of each organisation are what the splits of its awards come to."""
    name = "organisation__name"
    awarded = books.within.values_list(name).annotate(Sum("award_pence"))
    split = FundingSplit.objects.filter(commitment__in=books.within.values("pk")).order_by()
    found = dict(split.values_list(f"commitment__{name}").annotate(Sum("amount_pence")))
    for organisation, pence in sorted(awarded):
        yield Pair(organisation, pence, found.get(organisation, 0))


@check(
    "award-profile",
    AWARDS,
    title="Profiles and the money they plan",
    left="profile lines by quarter and cost heading",
    right="the award, or the funding splits of the years that are profiled",
)
def profiles(books: Books) -> Iterator[Pair]:
    """A profile plans its whole award, or whole years of it: it comes to the award, or to the splits of those years
    that have any profile line. A commitment without a profile is left.
    """
    planned: dict[int, dict[int, int]] = defaultdict(dict)
    lines = ProfileLine.objects.filter(commitment__in=books.within.values("pk")).order_by()
    for pk, year, pence in lines.values_list("commitment_id", "quarter__year").annotate(Sum("amount_pence")):
        planned[pk][year] = pence
    promised: dict[int, dict[int, int]] = defaultdict(dict)
    rows = FundingSplit.objects.filter(commitment__in=books.within.values("pk")).order_by()
    for pk, year, pence in rows.values_list("commitment_id", "year").annotate(Sum("amount_pence")):
        promised[pk][year] = pence
    for pk, award in books.awards.items():
        if pk in planned:
            total = sum(planned[pk].values())
            of_years = sum(promised[pk].get(year, 0) for year in planned[pk])
            yield Pair(award.where, total, award.pence if total == award.pence else of_years, award.page)


@check(
    "award-drafts",
    AWARDS,
    title="Drafts planned above their award",
    left="splits, shares and profile lines of drafts beyond the award",
    right="nothing",
)
def drafts(books: Books) -> Iterator[Pair]:
    """A draft may be half planned, never planned above its award: not its splits, its area shares, nor its profile."""
    rows = books.touching.filter(status=Commitment.Status.DRAFT).order_by("ref")
    for model, words in ((FundingSplit, "splits"), (AreaShare, "area shares"), (ProfileLine, "profile")):
        planned = model.objects.filter(commitment__in=rows.order_by().values("pk")).order_by()
        sums = dict(planned.values_list("commitment_id").annotate(Sum("amount_pence")))
        for pk, ref, title, pence in rows.values_list("pk", "ref", "title", "award_pence"):
            award = Award(ref, title, pence)
            yield Pair(f"{award.where}, {words}", max(sums.get(pk, 0) - pence, 0), 0, award.page)


@check(
    "award-partners",
    AWARDS,
    title="Partners' shares above their award",
    left="what partners' shares exceed the award by",
    right="nothing",
)
def partners(books: Books) -> Iterator[Pair]:
    """Partners never get more together than the award: the lead keeps what is left."""
    for pk, pence in sorted(books.summed(ConsortiumPartner.objects.all(), "share_pence").items()):
        award = books.awards[pk]
        yield Pair(award.where, max(pence - award.pence, 0), 0, award.page)


@check(
    "award-cover",
    AWARDS,
    title="Promises without cover",
    left="splits of the year above the allocation and what was approved above it",
    right="nothing",
)
def cover(books: Books) -> Iterator[Pair]:
    """No source has promised more of the year than it allocated and the director approved above it."""
    titles = dict(FundingSource.objects.order_by().values_list("pk", "title"))
    rooms = [(titles[pk], room) for (pk, year), room in _rooms(books).items() if year == books.year]
    for title, room in sorted(rooms, key=lambda each: each[0]):
        yield Pair(f"{title}, {books.scope.year}", max(-room.left, 0), 0)


@check(
    "award-by-source",
    AWARDS,
    title="Splits by source",
    left="splits of the year by source, offers included",
    right="what each source's headroom counts as committed",
)
def by_source(books: Books) -> Iterator[Pair]:
    """What the splits of the year take from each source is what its headroom counts, so that nothing is promised twice
    and nothing is forgotten.
    """
    past_draft = Commitment.objects.in_layer(books.layer).exclude(status=Commitment.Status.DRAFT)
    rows = FundingSplit.objects.filter(year=books.year, commitment__in=past_draft.values("pk")).order_by()
    taken = dict(rows.values_list("source_id").annotate(Sum("amount_pence")))
    counted = {pk: room.committed for (pk, year), room in _rooms(books).items() if year == books.year}
    for source in FundingSource.objects.filter(pk__in={*taken, *counted}).order_by("order", "slug"):
        yield Pair(f"{source.title}, {books.scope.year}", taken.get(source.pk, 0), counted.get(source.pk, 0))
