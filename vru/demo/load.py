"""The demonstration, loaded in its order: strategy, questions and outline, published facts, illustrative year."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from evaluation.loading.published import load_funding_sources, load_published
from programmes.loading.problems import LoadError, Problem
from programmes.loading.strategy import read_strategy_file
from programmes.loading.versions import link_programmes
from vru.demo.illustrative.load import load_illustrative
from vru.demo.unit_files import Loaded, load_unit


@transaction.atomic
def load_demo(folder: Path, *, layer: str = "all") -> Loaded:
    """Load a unit's folder, all or nothing; what is there already is left as it is.

    ``layer`` is published, illustrative or all. Raises LoadError naming the file that is missing or wrong.
    """
    strategy_file = folder / "strategy.yaml"
    if not strategy_file.is_file():
        raise LoadError(strategy_file, [Problem("", "The demonstration's strategy file is missing.")])
    loaded = load_unit(strategy_file)
    files = dict(loaded.files)
    if layer in ("published", "all"):
        files["published"] = load_published(folder)
    if layer in ("illustrative", "all"):
        if layer == "illustrative":
            load_funding_sources(folder)
        files["illustrative"] = load_illustrative()
    missing = link_programmes(files[strategy_file.name], read_strategy_file(strategy_file)["strategy"])
    return Loaded(files, tuple(missing))
