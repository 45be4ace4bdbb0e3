"""How commands name one return, and how they list those they could have named."""

from __future__ import annotations

from django.core.management.base import CommandError

from grants.models import MonitoringReturn
from vru.lib.periods import PeriodError, Quarter


def find_return(grant: str, quarter: str) -> MonitoringReturn:
    """The return of a grant, by its reference, for a quarter like "2020-21Q3". Raises CommandError."""
    try:
        period = Quarter.parse(quarter)
    except PeriodError as error:
        raise CommandError(str(error)) from error
    item = (
        MonitoringReturn.objects.filter(commitment__ref=grant, quarter__year=period.year, quarter__number=period.number)
        .select_related("quarter", "questionnaire", "commitment__organisation", "commitment__programme")
        .select_related("commitment__manager")
        .first()
    )
    if item is None:
        raise CommandError(
            f"There is no return of grant {grant} for {period}. `manage.py returns --status open` lists the open ones."
        )
    return item
