"""What the pages of signing share."""

from __future__ import annotations

from typing import Any

from evaluation.models import Edition
from evaluation.views.report_pages import edition_crumbs


def page_of(edition: Edition, title: str, **more: Any) -> dict[str, Any]:
    return {
        "edition": edition,
        "report": edition.report,
        "layer": edition.layer,
        "title": title,
        "crumbs": edition_crumbs(edition),
        **more,
    }
