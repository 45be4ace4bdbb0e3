"""Storing the published facts of a unit: every published*.yaml of a folder, merged, all or nothing."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from evaluation.loading.merged import Merged
from evaluation.loading.money import put_money, put_sources
from evaluation.loading.programmes import put_programmes
from evaluation.loading.statements import put_relations, put_series, put_statements, put_wordings
from evaluation.loading.studies import put_recommendations, put_studies
from programmes.loading.problems import LoadError, Problem
from programmes.loading.upsert import Writer
from programmes.models import Unit


@transaction.atomic
def load_published(folder: Path) -> Writer:
    """Store the facts; loading them again changes nothing. The unit's strategy must be loaded first.

    Raises LoadError with every problem of every file, each with its file, place and sentence.
    """
    files = sorted(folder.glob("published*.yaml"))
    if not files:
        raise LoadError(folder, [Problem("", "The folder has no file named published*.yaml. Check the path.")])
    if not Unit.objects.exists():
        raise LoadError(folder, [Problem("", "No unit is loaded yet. Run manage.py load_strategy first.")])
    merged = Merged(files)
    merged.stop_if_any()
    put_programmes(merged)
    put_money(merged)
    put_series(merged)
    put_statements(merged)
    merged.stop_if_any()
    put_relations(merged)
    put_wordings(merged)
    put_studies(merged)
    put_recommendations(merged)
    merged.stop_if_any()
    return merged.writer


@transaction.atomic
def load_funding_sources(folder: Path) -> None:
    """Store only the funding sources that a folder's published files name, if it has such files.

    Sources belong to no layer: another layer of the same unit draws on the same ones. Raises LoadError.
    """
    files = sorted(folder.glob("published*.yaml"))
    if files:
        merged = Merged(files)
        merged.stop_if_any()
        put_sources(merged)
        merged.stop_if_any()
