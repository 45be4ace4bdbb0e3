"""The agreement as PDF/UA. The same agreement gives the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from grants.agreements.words import body_html, reference_of
from grants.documents.render import copy_stylesheet, faces_for
from grants.models import AwardAgreement
from programmes.models import Unit
from vru.lib.layers import Layer
from vru.lib.pdf import RenderReport
from vru.lib.pdf.render import render_pdf

TEMPLATE = "grants/copy/award_agreement.html"


def render_agreement(agreement: AwardAgreement, output: Path) -> RenderReport:
    """Write the agreement to ``output``. Raises as ``render_pdf``."""
    context = agreement_context(agreement)
    faces = faces_for(render_to_string(TEMPLATE, context))
    return render_pdf(
        render_to_string(TEMPLATE, {**context, "wide": faces.wide, "emoji": faces.emoji}),
        title=context["title"],
        author=context["unit_name"],
        subject=f"Agreement {context['reference']}",
        timestamp=agreement.made_at,
        output=output,
        files=faces.files,
    )


def agreement_context(agreement: AwardAgreement) -> dict[str, Any]:
    grant, unit = agreement.commitment, Unit.objects.first()
    return {
        "title": f"{agreement.template.title}: {grant.title}",
        "unit_name": unit.name if unit else "Violence reduction unit",
        "reference": reference_of(agreement),
        "agreement": agreement,
        "grant": grant,
        "mark": "Illustrative data" if grant.programme.layer == Layer.ILLUSTRATIVE else "",
        # As they stood when it was made, whatever the award has become since.
        "amount": agreement.terms.get("award.amount", ""),
        "term": f"{agreement.terms.get('award.starts_on', '')} to {agreement.terms.get('award.ends_on', '')}",
        "stylesheet": copy_stylesheet(),
        # Cleaned by the narrative's own allow-list of tags.
        "body": mark_safe(body_html(agreement)),  # noqa: S308
    }
