"""Editions of the invented unit's year with their real files, all but the PDF, which needs no drawing here."""

from __future__ import annotations

import datetime
from hashlib import sha256

from django.core.files.base import ContentFile
from django.utils import timezone

from evaluation.models import Edition, EditionFile
from evaluation.reports.annex import annex_xlsx, annex_zip
from evaluation.reports.context import report_pages
from evaluation.reports.facts import Facts
from evaluation.reports.imprint import Imprint, Signature
from evaluation.tracing import facts_of
from grants.models import Revision
from tests.factories import EditionFactory, ReportOutlineFactory, UserFactory
from tests.report import unit_year as year
from vru.accounts.models import User
from vru.lib.periods import due_at

NAMES = {"pdf": "report.pdf", "html": "report.html", "annex_xlsx": "annex.xlsx", "annex_zip": "annex.zip"}


def built_edition(*, as_at: datetime.date = year.AFTER, number: int = 1, facts: Facts | None = None) -> Edition:
    """A draft edition of the year's records as they are now."""
    facts = facts or year.facts(as_at=as_at)
    edition = EditionFactory(
        outline=ReportOutlineFactory(kind=year.KIND),
        layer=year.LAYER,
        year=year.YEAR.start,
        as_at=as_at,
        number=number,
        snapshot_hash=facts.sha256,
        built_at=timezone.now(),
    )
    store_files(edition, facts, Imprint(number=number), is_final=False)
    counted = Revision.objects.approved_as_at(due_at(as_at)).filter(
        monitoring_return__commitment__programme__layer=year.LAYER
    )
    edition.revisions.set(counted)
    return edition


def signed_edition(*, by: User | None = None, **more: object) -> Edition:
    """The same, signed and finished."""
    edition = built_edition(**more)  # type: ignore[arg-type]
    signer = by or UserFactory(name="Ada Director")
    now = timezone.now()
    signature = Signature(signer.name, "Director", timezone.localtime(now).isoformat(timespec="seconds"))
    imprint = Imprint(number=edition.number, status=Edition.Status.SIGNED_OFF, signature=signature)
    Edition.objects.filter(pk=edition.pk).update(
        status=Edition.Status.SIGNED_OFF,
        signed_by=signer,
        signed_at=now,
        signed_name=signature.name,
        signed_role=signature.role,
        imprint=imprint.as_json(),
        imprint_hash=imprint.sha256,
        finished_at=now,
    )
    edition.refresh_from_db()
    store_files(edition, facts_of(edition), imprint, is_final=True)
    return edition


def store_files(edition: Edition, facts: Facts, imprint: Imprint, *, is_final: bool) -> None:
    pages = report_pages(facts, imprint)
    contents = {
        "pdf": b"%PDF-1.7 stand-in",
        "html": pages.web.encode(),
        "annex_xlsx": annex_xlsx(facts, imprint),
        "annex_zip": annex_zip(facts, imprint),
        "snapshot": facts.content,
    }
    for kind, content in contents.items():
        stored = EditionFile(
            edition=edition,
            kind=kind,
            sha256=sha256(content).hexdigest(),
            size=len(content),
            made_from=sha256(pages.paper.encode()).hexdigest() if kind == "pdf" else "",
            is_final=is_final,
        )
        stored.file.save(f"{edition.pk}-{NAMES.get(kind, 'snapshot.json')}", ContentFile(content), save=True)
