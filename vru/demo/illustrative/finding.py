"""Two saved views, and how many young people live in each area: invented, and marked as invented."""

from __future__ import annotations

from random import Random

from programmes.models import Area, AreaPopulation
from vru.accounts.models import SavedView, User
from vru.demo.illustrative.plan import SEED, YEAR
from vru.lib.layers import Layer

_STREAM = 23
YOUNGEST, OLDEST = 10, 24
FEWEST, MOST = 22_000, 68_000
SOURCE = "Invented for the demonstration"


def put_finding(manager: User, director: User) -> None:
    """What a manager and the director have kept of the list of grants, and populations to put reach beside."""
    SavedView.objects.create(
        owner=manager,
        page="grants:list",
        name="Delivery red or amber",
        query="risk=red&risk=amber&layer=illustrative",
    )
    SavedView.objects.create(
        owner=director,
        page="grants:list",
        name="Largest running awards",
        query="status=active&sort=-award&layer=illustrative",
        is_shared=True,
    )
    chance = Random(SEED + _STREAM)
    AreaPopulation.objects.bulk_create(
        AreaPopulation(
            area=area,
            year=YEAR,
            layer=Layer.ILLUSTRATIVE,
            youngest_age=YOUNGEST,
            oldest_age=OLDEST,
            people=chance.randrange(FEWEST, MOST, 100),
            source=SOURCE,
        )
        for area in Area.objects.places()
    )
