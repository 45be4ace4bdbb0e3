"""What the loading tests share: where the demonstration's files are, and a picture of every table."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps
from django.db.models import Max

ROOT = Path(__file__).resolve().parent.parent.parent
LONDON = ROOT / "demo" / "london"
FENMOOR = ROOT / "demo" / "fenmoor"
OUR_APPS = ("accounts", "programmes", "grants", "evaluation")

STRATEGY = """\
format: vru-strategy/1
unit:
  slug: millbrook
  name: Millbrook Violence Reduction Unit
  short_name: Millbrook VRU
  place: Millbrook
  area_noun: district
  area_noun_plural: districts
  funder: Ministry of Safety
sources:
  - {key: M1, title: Plan, publisher: Millbrook, kind: report}
strategy:
  slug: plan
  title: Plan
  versions:
    - key: v1
      label: First plan
      valid_from: 2020-04-01
      source: M1
      objectives:
        - {number: 1, title: First}
        - {number: 2, title: Second}
      themes:
        - {slug: streets, title: Streets}
areas:
  - {code: X1, name: Northside, kind: district, order: 1}
  - {code: PAN, name: All districts, kind: whole, order: 2}
budget_categories:
  - {slug: grants, title: Grants}
cost_headings:
  - {slug: labour, title: Labour}
dimensions:
  - slug: total
    title: Total
    from: 2020-04-01
    categories: [{slug: all, label: Everyone}]
indicators: []
"""


def write(folder: Path, text: str, name: str = "strategy.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def tables() -> dict[str, tuple[int, int | None]]:
    """Rows and highest key of every table, audit trail included: equal pictures mean that nothing was written."""
    models = [model for label in OUR_APPS for model in apps.get_app_config(label).get_models(include_auto_created=True)]
    models += list(apps.get_app_config("auditlog").get_models())
    return {
        model._meta.label: (model._base_manager.count(), model._base_manager.aggregate(top=Max("pk"))["top"])
        for model in models
    }
