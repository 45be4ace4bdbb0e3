"""What hangs on a return besides its numbers: extensions, files, copies, checks, milestones and notes."""

from __future__ import annotations

import datetime

import factory
from factory.django import DjangoModelFactory

from grants.models import (
    AssuranceCheck,
    AssuranceCount,
    Attachment,
    Measure,
    Milestone,
    MilestoneReport,
    Reading,
    ReturnDocument,
    ReturnExtension,
    ReviewNote,
    Section,
    WorkbookUpload,
)
from tests.factories.accounts import UserFactory
from tests.factories.grants import (
    ApprovedRevisionFactory,
    CommitmentFactory,
    MonitoringReturnFactory,
    RevisionFactory,
    noon,
)

HASH = "0" * 64


class ReturnExtensionFactory(DjangoModelFactory):
    """Asked for on the day the return is due, for a fortnight more."""

    class Meta:
        model = ReturnExtension

    monitoring_return = factory.SubFactory(MonitoringReturnFactory, status="open")
    reason = "Our manager is ill."
    due_before = factory.SelfAttribute("monitoring_return.due_on")
    until = factory.LazyAttribute(lambda row: row.due_before + datetime.timedelta(days=14))
    asked_by = factory.SubFactory(UserFactory)
    asked_at = factory.LazyAttribute(lambda row: noon(row.due_before))


class AttachmentFactory(DjangoModelFactory):
    class Meta:
        model = Attachment

    monitoring_return = factory.SubFactory(MonitoringReturnFactory, status="draft")
    name = "register.pdf"
    content_type = "application/pdf"
    size = 5
    sha256 = HASH
    file = "attachments/register.pdf"
    scan = Attachment.Scan.NOT_SCANNED
    uploaded_by = factory.SubFactory(UserFactory)
    uploaded_at = factory.LazyAttribute(lambda row: noon(row.monitoring_return.due_on))


class ReturnDocumentFactory(DjangoModelFactory):
    class Meta:
        model = ReturnDocument

    revision = factory.SubFactory(RevisionFactory)
    file = "returns/copy.pdf"
    sha256 = HASH
    size = 1000
    made_at = factory.LazyAttribute(lambda row: row.revision.submitted_at)


class WorkbookUploadFactory(DjangoModelFactory):
    class Meta:
        model = WorkbookUpload

    monitoring_return = factory.SubFactory(MonitoringReturnFactory, status="draft")
    name = "return.xlsx"
    sha256 = HASH
    file = "workbooks/return.xlsx"
    status = WorkbookUpload.Status.READ
    uploaded_by = factory.SubFactory(UserFactory)
    uploaded_at = factory.LazyAttribute(lambda row: noon(row.monitoring_return.due_on))


class MilestoneFactory(DjangoModelFactory):
    class Meta:
        model = Milestone

    commitment = factory.SubFactory(CommitmentFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = "Youth workers recruited"
    due_on = datetime.date(2020, 9, 30)


class MilestoneReportFactory(DjangoModelFactory):
    class Meta:
        model = MilestoneReport

    revision = factory.SubFactory(RevisionFactory)
    milestone = factory.SubFactory(MilestoneFactory)
    status = Reading.MilestoneStatus.ON_TRACK


class AssuranceCheckFactory(DjangoModelFactory):
    class Meta:
        model = AssuranceCheck

    revision = factory.SubFactory(ApprovedRevisionFactory)
    monitoring_return = factory.SelfAttribute("revision.monitoring_return")
    kind = AssuranceCheck.Kind.SAMPLE
    held_on = datetime.date(2020, 11, 2)
    checked_by = factory.SubFactory(UserFactory)
    looked_at = "Every tenth line of the register."
    found = "All of them were there."
    recorded_at = factory.LazyAttribute(lambda row: noon(row.held_on))


class AssuranceCountFactory(DjangoModelFactory):
    class Meta:
        model = AssuranceCount

    check_made = factory.SubFactory(AssuranceCheckFactory)
    measure = factory.Iterator([Measure.NEW, Measure.CONTACTS])
    reported = 10
    counted = 10


class ReviewNoteFactory(DjangoModelFactory):
    class Meta:
        model = ReviewNote

    revision = factory.SubFactory(RevisionFactory)
    section = Section.REACH
    text = "Ask about this at the next visit."
    written_by = factory.SubFactory(UserFactory)
    written_at = factory.LazyAttribute(lambda row: row.revision.submitted_at)
