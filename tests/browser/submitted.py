"""A return that its grantee has sent, made by the same actions as the pages use."""

from __future__ import annotations

from grants.actions.drafts import save_section
from grants.actions.submission import submit_return
from grants.models import Revision, Section
from tests.cast import World, complete_answers


def send_return(world: World) -> Revision:
    """Every answer saved and the return declared by the grantee."""
    item, by = world.monitoring_return, world.cast.grantee
    for letter, answers in complete_answers(world).items():
        save_section(monitoring_return=item, section=Section(letter), data=answers, version=0, by=by, complete=True)
    return submit_return(monitoring_return=item, by=by, declared_name=by.name)
