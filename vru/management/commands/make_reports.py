"""Have a worker make a year's report in its published and illustrative editions, and show how far it is."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from evaluation.actions.reports import request_edition
from evaluation.models import Edition, ReportOutline
from evaluation.reports.build import NAMES
from evaluation.reports.errors import ReportError
from vru.accounts.models import Role, User
from vru.jobs.models import Job
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear, PeriodError

LAYERS = (Layer.PUBLISHED.value, Layer.ILLUSTRATIVE.value)
PATIENCE_SECONDS = 30
_BETWEEN_LOOKS = 0.25


class Command(BaseCommand):
    help = "Enqueues the year's editions, waits for the worker, and prints where the files are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", required=True, help="Financial year, such as 2020-21.")
        parser.add_argument("--kind", default="", help="Kind of report; needed only where several are loaded.")
        parser.add_argument("--layer", action="append", choices=Layer.values, help="One layer only; may be repeated.")
        parser.add_argument(
            "--by", default="", help="Email of the member of staff to make it for; a director by default."
        )
        parser.add_argument("--output", type=Path, default=None, help="Folder for copies; var/reports by default.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            year = FinancialYear.parse(options["year"])
            kind, by = options["kind"] or _only_kind(), _member_of_staff(options["by"])
            layers = options["layer"] or LAYERS
            editions = [request_edition(kind=kind, year=year, layer=layer, by=by) for layer in layers]
        except (ReportError, PeriodError) as error:
            raise CommandError(str(error)) from error
        jobs = _wait(editions, _Line(self))
        output = options["output"] or settings.VAR_DIR / "reports"
        failures = []
        for edition, job in zip(editions, jobs, strict=True):
            if job.status == Job.Status.DONE:
                edition.refresh_from_db()
                for path in _copy(edition, output / str(year) / edition.layer):
                    self.stdout.write(str(path))
            else:
                reason = job.error or f"It was {job.get_status_display().lower()}."
                failures.append(f"The {edition.layer} edition was not made. {reason}")
        if failures:
            raise CommandError("\n".join(failures))


class _Line:
    """How far each edition is: one line that is rewritten on a terminal, a line a change elsewhere."""

    def __init__(self, command: BaseCommand) -> None:
        self._command = command
        self._said: dict[str, str] = {}

    def show(self, layer: str, job: Job) -> None:
        stage = "waiting for a worker" if job.status == Job.Status.QUEUED else job.stage or job.get_status_display()
        text = f"{layer} {job.percent:3d}% {stage}"
        if self._said.get(layer) == text:
            return
        self._said[layer] = text
        if sys.stderr.isatty():
            self._command.stderr.write(f"\r\x1b[2K{' | '.join(self._said.values())}", ending="")
        else:
            self._command.stderr.write(text)

    def end(self) -> None:
        if sys.stderr.isatty():
            self._command.stderr.write("")


def _wait(editions: list[Edition], line: _Line) -> list[Job]:
    """The jobs as they ended. Raises CommandError when no worker takes any of them up."""
    last_sign = time.monotonic()
    while True:
        jobs = [Job.objects.get(pk=pk) for pk in (edition.job_id for edition in editions) if pk is not None]
        for edition, job in zip(editions, jobs, strict=True):
            line.show(edition.layer, job)
        if not any(job.is_live for job in jobs):
            line.end()
            return jobs
        if any(job.status == Job.Status.RUNNING for job in jobs):
            last_sign = time.monotonic()
        elif time.monotonic() - last_sign > PATIENCE_SECONDS:
            line.end()
            raise CommandError(
                f"No worker took the report up within {PATIENCE_SECONDS} seconds. Start one with: make run "
                "(or celery -A vru worker). The report stays in the queue and is made as soon as one runs."
            )
        time.sleep(_BETWEEN_LOOKS)


def _only_kind() -> str:
    """The one kind there is; of several, the one that is about the whole unit for a whole year."""
    kinds = list(ReportOutline.objects.order_by("kind").values_list("kind", flat=True))
    whole = {"every": ReportOutline.Every.YEAR, "about": ReportOutline.Subject.UNIT}
    annual = list(ReportOutline.objects.filter(**whole).order_by("kind").values_list("kind", flat=True))
    for listed in (kinds, annual):
        if len(listed) == 1:
            return listed[0]
    if not kinds:
        raise CommandError("No kind of report is loaded. Run: manage.py load_demo, or manage.py load_strategy FILE.")
    raise CommandError(f"Say which kind of report with --kind: {', '.join(kinds)}.")


def _member_of_staff(email: str) -> User:
    if email:
        found = User.objects.filter(email__iexact=email, is_active=True).first()
        if found is None or not found.is_staff_member:
            raise CommandError(f"{email} is not an active member of staff here.")
        return found
    for role in (Role.DIRECTOR, Role.ANALYST, Role.ADMINISTRATOR):
        found = User.objects.with_role(role).filter(is_active=True).order_by("pk").first()
        if found is not None:
            return found
    raise CommandError(
        "There is no director, analyst or administrator to make the report for. Run: manage.py demo_accounts."
    )


def _copy(edition: Edition, folder: Path) -> list[Path]:
    """Copies of the stored files, each written beside its name and renamed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for file in edition.files.all():
            path = folder / NAMES[file.kind]
            handle, name = tempfile.mkstemp(dir=folder, prefix=".")
            with os.fdopen(handle, "wb") as target, file.file.open("rb") as source:
                target.write(source.read())
            Path(name).chmod(0o644)
            Path(name).replace(path)
            paths.append(path)
    except OSError as error:
        raise CommandError(
            f"The files are kept with the edition, but could not be copied to {folder}: {error.strerror or error}."
        ) from error
    return sorted(paths)
