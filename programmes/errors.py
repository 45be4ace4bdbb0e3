"""What an action on the plan refuses, each with a sentence for the person who asked."""


class ProgrammeRefused(ValueError):
    """The action is against a rule; the message says which and what to do instead."""
