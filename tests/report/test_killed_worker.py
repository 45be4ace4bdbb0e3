"""A worker that is killed while it makes a report: at every stage the next one finishes it, whole and once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from evaluation.actions.reports import request_edition
from evaluation.models import Edition
from evaluation.reports.build import STAGES
from evaluation.reports.verify import check_edition
from tests.factories import StaffRoleFactory
from tests.report import unit_year as year
from tests.report.held_stages import hold_file
from tests.services import WorkerProcess, wait_until
from vru.accounts.models import Role
from vru.jobs.models import Job

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
HELD = "tests.report.held_stages"


@pytest.fixture(params=[name for name, _label, _percent in STAGES])
def stage(request: pytest.FixtureRequest, transactional_db: None) -> Iterator[str]:
    file = hold_file(request.param)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    yield request.param
    file.unlink(missing_ok=True)


def test_what_a_killed_worker_began_is_finished_whole_by_the_next(
    celery_worker_process: Callable[..., WorkerProcess], stage: str
) -> None:
    year.unit_year()
    year.outline()
    director = StaffRoleFactory(role=Role.DIRECTOR).user
    label = next(each for name, each, _percent in STAGES if name == stage)
    first = celery_worker_process(HELD)
    edition = request_edition(kind=year.KIND, year=year.YEAR, layer=year.LAYER, by=director, as_at=year.AFTER)
    job = Job.objects.filter(pk=edition.job_id)
    wait_until(lambda: job.filter(stage=label).exists(), f"The build reaching: {label}")
    first.kill()
    assert not edition.files.exists()
    hold_file(stage).unlink()
    wait_until(lambda: Job.objects.expired(timezone.now()).filter(pk=edition.job_id).exists(), "The lease running out")
    celery_worker_process(HELD)
    wait_until(lambda: job.filter(status=Job.Status.DONE).exists(), "The job done", 60)
    edition = Edition.objects.get(pk=edition.pk)
    assert [each.problem for each in check_edition(edition)] == [""] * 5
    folders, loose = default_storage.listdir(f"editions/{edition.pk}")
    assert (len(folders), loose) == (1, [])
