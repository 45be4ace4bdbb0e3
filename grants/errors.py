"""What an action refuses, each with a sentence for the person who asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grants.models import SectionDraft
    from grants.validation import Outcome


class ActionRefused(ValueError):
    """The action is against a rule; the message says which and what to do instead."""


class StaleDraft(ActionRefused):
    """Somebody else saved this section meanwhile. Holds what is saved, so that both texts can be shown."""

    def __init__(self, current: SectionDraft) -> None:
        who = current.saved_by.name if current.saved_by else "Somebody"
        super().__init__(f"{who} saved this section after you opened it. Nothing of yours has been lost: compare both.")
        self.current = current


class ReturnNotAcceptable(ActionRefused):
    """The return has errors; ``outcome`` lists them."""

    def __init__(self, outcome: Outcome) -> None:
        count = len(outcome.errors)
        super().__init__(
            f"There {'is 1 thing' if count == 1 else f'are {count} things'} to put right before you submit."
        )
        self.outcome = outcome
