"""Status words and the colour of their tag. Colour repeats the word; it never replaces it."""

from __future__ import annotations

# Grey: nothing to do. Blue: someone is working. Yellow: someone must act. Red: late or wrong.
# Green: done. Purple: with someone else. Orange: stopped for now. Words are the stored values of the models.
COLOURS: dict[str, str] = {
    "not_started": "grey",
    "draft": "grey",
    "scheduled": "grey",
    "queued": "grey",
    "closed": "grey",
    "superseded": "grey",
    "cancelled": "grey",
    "waived": "grey",
    "dismissed": "grey",
    "inactive": "grey",
    "not_received": "grey",
    "planned": "grey",
    "withdrawn": "grey",
    "discarded": "grey",
    "not_needed": "grey",
    "written_off": "grey",
    "stopped": "grey",
    "open": "blue",
    "in_progress": "blue",
    "running": "blue",
    "live": "blue",
    "active": "blue",
    "commissioning": "blue",
    "commissioned": "blue",
    "under_way": "blue",
    "checked": "blue",
    "offered": "purple",
    "accepted": "purple",
    "exported": "purple",
    "submitted": "purple",
    "awaiting_signature": "yellow",
    "in_review": "purple",
    "reopened": "yellow",
    "queried": "yellow",
    "due": "yellow",
    "asked": "yellow",
    "proposed": "yellow",
    "conditions": "yellow",
    "different": "yellow",
    "closing": "yellow",
    "at_risk": "yellow",
    "amber": "yellow",
    "warning": "yellow",
    "suspended": "orange",
    "paused": "orange",
    "overdue": "red",
    "late": "red",
    "failed": "red",
    "bounced": "red",
    "error": "red",
    "broken": "red",
    "red": "red",
    "off_track": "red",
    "terminated": "red",
    "refused": "red",
    "missed": "red",
    "unmatched": "red",
    "completed": "green",
    "done": "green",
    "approved": "green",
    "reconciled": "green",
    "locked": "green",
    "signed_off": "green",
    "sent": "green",
    "met": "green",
    "on_track": "green",
    "green": "green",
    "resolved": "green",
    "received": "green",
    "granted": "green",
    "paid": "green",
    "agreed": "green",
    "certified": "green",
    "passed": "green",
    "matched": "green",
    "applied": "green",
    "recovered": "green",
    "reported": "green",
}
DEFAULT_COLOUR = "grey"


def colour(status: object) -> str:
    """The tag colour for a stored status value; unknown words are grey."""
    return COLOURS.get(str(status).lower().replace(" ", "_").replace("-", "_"), DEFAULT_COLOUR)


def words(status: object) -> str:
    """A stored status value as people read it: "in_review" → "In review"."""
    return str(status).replace("_", " ").replace("-", " ").strip().capitalize()
