"""The demonstration, loaded in its order: strategy, questions and outline, published facts, illustrative year."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from django.db import transaction

from evaluation.actions.issues import refresh_issues
from evaluation.loading.published import load_published
from evaluation.rules import years_held
from programmes.loading.problems import LoadError, Problem
from programmes.loading.strategy import read_strategy_file
from programmes.loading.versions import link_programmes
from vru.demo.fingerprint import fingerprint_of, remember
from vru.demo.illustrative.case_studies import put_case_studies
from vru.demo.illustrative.load import load_illustrative
from vru.demo.unit_files import Loaded, load_unit
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear


@transaction.atomic
def load_demo(folder: Path, *, layer: str = "all") -> Loaded:
    """Load a unit's folder, all or nothing; what is there already is left as it is. The data issues of each layer are
    looked for once it is loaded.

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
        files["illustrative"] = load_illustrative()
        told = put_case_studies()
        if told:
            files["illustrative"].created["evaluation.casestudy"] = told
    missing = link_programmes(files[strategy_file.name], read_strategy_file(strategy_file)["strategy"])
    issues = {str(name): _find_issues(name) for name in (Layer.PUBLISHED, Layer.ILLUSTRATIVE) if name in files}
    remember(fingerprint_of(folder, layer=layer))
    return Loaded(files, tuple(missing), issues)


def _find_issues(layer: Layer) -> dict[str, int]:
    """The layer's data issues over every year that it holds: {"found", "new", "reopened", "gone"}."""
    counts: Counter[str] = Counter()
    for year in years_held(layer):
        counts.update(refresh_issues(year=FinancialYear(year), layer=layer))
    return dict(counts)
