"""Templates of agreements from a folder of Markdown files, each with a few lines about itself at the top."""

from __future__ import annotations

from pathlib import Path

import yaml
from django.db import transaction

from grants.agreements.terms import terms_of_nothing
from grants.errors import ActionRefused
from grants.models import AgreementTemplate
from vru.lib.narrative import find_tokens

RULE = "---"


@transaction.atomic
def load_template(path: Path) -> AgreementTemplate:
    """Load one file: between two lines of ``---`` its ``slug`` and ``title``, below them the words.

    The same words again change nothing; other words make a new version, and what was agreed keeps the old one. Raises
    ``ActionRefused`` naming the file for a head that cannot be read and for tokens nobody knows.
    """
    slug, title, body = _read(path)
    unknown = sorted({token.body for token in find_tokens(body)} - terms_of_nothing())
    if unknown:
        raise ActionRefused(f"{path.name}: nobody knows {', '.join('{{' + each + '}}' for each in unknown)}.")
    current = AgreementTemplate.objects.select_for_update().filter(slug=slug, is_current=True).first()
    if current is not None:
        if (current.title, current.body) == (title, body):
            return current
        current.is_current = False
        current.save(update_fields=["is_current"])
    number = current.version + 1 if current else 1
    return AgreementTemplate.objects.create(slug=slug, version=number, title=title, body=body)


def _read(path: Path) -> tuple[str, str, str]:
    text = path.read_text(encoding="utf-8")
    parts = text.split(f"{RULE}\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise ActionRefused(f"{path.name}: begin with a line {RULE}, slug and title, and another line {RULE}.")
    try:
        head = yaml.safe_load(parts[1])
    except yaml.YAMLError as error:
        raise ActionRefused(f"{path.name}: the lines at the top cannot be read: {error}") from error
    known = head if isinstance(head, dict) else {}
    slug, title, body = str(known.get("slug") or ""), str(known.get("title") or ""), parts[2].strip()
    if not (slug and title and body):
        raise ActionRefused(f"{path.name}: slug, title and the words of the agreement are all needed.")
    return slug, title, body
