"""What each kind of address needs: its arguments and query string, of things that belong to the cast's own grant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from evaluation.models import EditionFile, ReportSection
from evaluation.numbers.scanning import SectionText, find
from grants.models import Commitment, Revision
from programmes.models import Programme
from tests.cast import World
from tests.factories import (
    AgreementTemplateFactory,
    ApiTokenFactory,
    AreaFactory,
    AttachmentFactory,
    AwardAgreementFactory,
    BulkChangeFactory,
    CaseStudyFactory,
    ContactFactory,
    DataIssueFactory,
    DecisionFactory,
    DelegationFactory,
    EditionFactory,
    IndicatorTargetFactory,
    InvitationFactory,
    JobFactory,
    LedgerImportFactory,
    LedgerLineFactory,
    MilestoneFactory,
    NamedWardFactory,
    NotificationFactory,
    OutboxMessageFactory,
    PaymentFactory,
    PaymentRunFactory,
    PaymentRunLineFactory,
    ProgrammeDocumentFactory,
    ProgrammeRiskFactory,
    RecoveryDebtFactory,
    RegisterImportFactory,
    RemovedSectionFactory,
    ReportFactory,
    ReportSectionFactory,
    ReturnDocumentFactory,
    ReturnExtensionFactory,
    ReturnQueryFactory,
    RevisionFactory,
    SavedViewFactory,
    SectionCommentFactory,
    SectionVersionFactory,
    StrategyCommitmentFactory,
    UserFactory,
    VariationFactory,
    VirementFactory,
    WorkbookUploadFactory,
    WorkplanActionFactory,
)
from tests.site.funding_addresses import funding_addresses
from tests.site.report_addresses import READING
from vru.accounts.actions.invitations import hash_of
from vru.accounts.models import Organisation

Address = tuple[list[Any], str]


def _copy_of(revision: Revision) -> int:
    document = ReturnDocumentFactory.build(revision=revision)
    document.file.save("return.pdf", ContentFile(b"%PDF"), save=True)
    return revision.number


def _asked_by(world: World) -> int:
    asked = {"status": "asked", "asked": "More time.", "asked_by": world.cast.grantee, "asked_at": timezone.now()}
    number: int = VariationFactory(commitment=world.grant, after_pence=10_000_000, **asked).number
    return number


def _paper_of(programme: Programme) -> int:
    document = ProgrammeDocumentFactory.build(programme=programme, uploaded_by=UserFactory())
    document.file.save("paper.pdf", ContentFile(b"%PDF"), save=True)
    return int(document.pk)


def _agreement_of(grant: Commitment) -> int:
    agreement = AwardAgreementFactory.build(
        commitment=grant,
        template=AgreementTemplateFactory(),
        made_by=UserFactory(),
        offered_by=UserFactory(),
        offered_at=timezone.now(),
        sha256="0" * 64,
        size=4,
    )
    agreement.file.save("agreement.pdf", ContentFile(b"%PDF"), save=True)
    return agreement.number


def _secret_of(organisation: Organisation) -> str:
    InvitationFactory(organisation=organisation, secret_hash=hash_of("open-sesame"))
    return "open-sesame"


def _return(world: World) -> list[Any]:
    return [world.grant.ref, world.monitoring_return.quarter.key]


def _sent(world: World) -> Revision:
    revision: Revision = RevisionFactory(monitoring_return=world.monitoring_return, submitted_by=world.cast.grantee)
    return revision


def _edition_of(world: World) -> int:
    edition = EditionFactory(layer=world.grant.programme.layer, built_at=timezone.now(), snapshot_hash="0" * 64)
    stored = EditionFile(edition=edition, kind="pdf", sha256="0" * 64, size=4)
    stored.file.save("report.pdf", ContentFile(b"%PDF"), save=True)
    key: int = edition.pk
    return key


def _report_section(world: World) -> list[Any]:
    section = ReportSectionFactory(report=ReportFactory(layer=world.grant.programme.layer), slug="needs")
    return [section.report_id, section.slug]


def _section_version(world: World) -> list[Any]:
    address = _report_section(world)
    section = ReportSection.objects.get(slug=address[1])
    return [*address, SectionVersionFactory(section=section, number=section.version).number]


def _typed_number(world: World) -> list[Any]:
    report, slug = _report_section(world)
    ReportSection.objects.filter(slug=slug).update(text="Twelve grants were made.")
    (found,) = find([SectionText.of(ReportSection.objects.get(slug=slug))])
    return [report, found.fingerprint]


def _section_comment(world: World) -> list[Any]:
    address = _report_section(world)
    return [*address, SectionCommentFactory(section=ReportSection.objects.get(slug=address[1])).pk]


def _removed_section(world: World) -> list[Any]:
    removed = RemovedSectionFactory(report=ReportFactory(layer=world.grant.programme.layer), removed_by=UserFactory())
    return [removed.report_id, removed.pk]


def _attachment_of(world: World) -> int:
    attachment = AttachmentFactory(monitoring_return=world.monitoring_return, file="", uploaded_by=world.cast.grantee)
    attachment.file.save("register.pdf", ContentFile(b"%PDF"), save=True)
    key: int = attachment.pk
    return key


def address_of(kind: str, world: World) -> Address:
    """Arguments and query string of a kind of address. Only what that kind needs is made."""
    return ADDRESSES[kind](world) if kind in ADDRESSES else funding_addresses()[kind]


ADDRESSES: dict[str, Callable[[World], Address]] = {
    **READING,
    "": lambda world: ([], ""),
    "attachment": lambda world: ([*_return(world), _attachment_of(world)], ""),
    "workbook": lambda world: (
        [
            world.grant.ref,
            world.monitoring_return.quarter.key,
            WorkbookUploadFactory(monitoring_return=world.monitoring_return, uploaded_by=world.cast.grantee).pk,
        ],
        "",
    ),
    "programme": lambda world: ([world.grant.programme.ref], ""),
    "ward": lambda world: ([world.grant.programme.ref, NamedWardFactory(programme=world.grant.programme).pk], ""),
    "target": lambda world: (
        [world.grant.programme.ref, IndicatorTargetFactory(programme=world.grant.programme).pk],
        "",
    ),
    "risk": lambda world: ([world.grant.programme.ref, ProgrammeRiskFactory(programme=world.grant.programme).pk], ""),
    "document": lambda world: ([world.grant.programme.ref, _paper_of(world.grant.programme)], ""),
    "decision": lambda world: ([DecisionFactory().ref], ""),
    "promise": lambda world: ([StrategyCommitmentFactory().pk], ""),
    "action": lambda world: ([WorkplanActionFactory().pk], ""),
    "grant": lambda world: ([world.grant.ref], ""),
    "sent": lambda world: ([world.grant.ref, _sent(world).monitoring_return.quarter.key], ""),
    "return": lambda world: (_return(world), ""),
    "section": lambda world: ([*_return(world), "C"], ""),
    "box": lambda world: ([world.grant.ref, _sent(world).monitoring_return.quarter.key, "reach.new"], ""),
    "delegation": lambda world: ([DelegationFactory(organisation=world.grant.organisation).pk], ""),
    "copy": lambda world: ([*_return(world), _copy_of(_sent(world))], ""),
    "query": lambda world: (
        [
            world.grant.ref,
            world.monitoring_return.quarter.key,
            ReturnQueryFactory(revision=_sent(world), section="C").pk,
        ],
        "",
    ),
    "part": lambda world: ([world.grant.ref, "schedule"], ""),
    "step": lambda world: ([world.grant.ref, "what"], ""),
    "change": lambda world: ([world.grant.ref, "suspend"], ""),
    "agreement": lambda world: ([world.grant.ref, _agreement_of(world.grant)], ""),
    "format": lambda world: (["csv"], ""),
    "export": lambda world: (["returns", "xlsx"], ""),
    "bulk": lambda world: ([BulkChangeFactory(before={}, after={}, made_by=world.cast.director).pk], ""),
    "ledger": lambda world: (["csv"], f"?year=2020-21&layer={LedgerImportFactory(year=2020).layer}"),
    "ledger-line": lambda world: ([LedgerLineFactory(ledger__year=2021).pk], ""),
    "area": lambda world: ([AreaFactory().code], ""),
    "view": lambda world: ([SavedViewFactory(owner=world.cast.director, page="grants:list", is_shared=True).pk], ""),
    "virement": lambda world: (
        [VirementFactory(from_commitment=world.grant, layer=world.grant.programme.layer).ref],
        "",
    ),
    "variation": lambda world: ([world.grant.ref, _asked_by(world)], ""),
    "milestone": lambda world: ([world.grant.ref, MilestoneFactory(commitment=world.grant).number], ""),
    "quarter": lambda world: ([world.monitoring_return.quarter.key], ""),
    "extension": lambda world: (
        [
            world.grant.ref,
            world.monitoring_return.quarter.key,
            ReturnExtensionFactory(monitoring_return=world.monitoring_return, asked_by=world.cast.grantee).pk,
        ],
        "",
    ),
    "payment": lambda world: ([world.grant.ref, PaymentFactory(commitment=world.grant, number=1).number], ""),
    "run": lambda world: ([PaymentRunFactory(ref="RUN-2020-0001").ref], ""),
    "run_line": lambda world: (["RUN-2020-0002", PaymentRunLineFactory(run__ref="RUN-2020-0002").pk], ""),
    "debt": lambda world: ([world.grant.ref, RecoveryDebtFactory(commitment=world.grant).number], ""),
    "figure": lambda world: ([], "?key=grants.count"),
    "api": lambda world: ([], "?year=2020-21&layer=recorded"),
    "issue": lambda world: ([DataIssueFactory().pk], ""),
    "job": lambda world: ([JobFactory(kind="report.build", requested_by=world.cast.director).pk], ""),
    "case study": lambda world: ([CaseStudyFactory(commitment=world.grant).ref], ""),
    "sent revision": lambda world: ([_sent(world).pk], ""),
    "report section": lambda world: (_report_section(world), ""),
    "section version": lambda world: (_section_version(world), ""),
    "section comment": lambda world: (_section_comment(world), ""),
    "typed number": lambda world: (_typed_number(world), ""),
    "removed section": lambda world: (_removed_section(world), ""),
    "report": lambda world: ([ReportFactory(layer=world.grant.programme.layer).pk], ""),
    "edition": lambda world: ([_edition_of(world)], ""),
    "report kind": lambda world: ([ReportFactory().outline.kind], ""),
    "edition check": lambda world: ([_edition_of(world), "returns"], ""),
    "file": lambda world: ([_edition_of(world), "pdf"], ""),
    "key": lambda world: ([ApiTokenFactory(user=world.cast.grantee, organisation=world.grant.organisation).pk], ""),
    "organisation": lambda world: ([world.grant.organisation.ref], ""),
    "blank": lambda world: (["xlsx"], ""),
    "register": lambda world: ([RegisterImportFactory(status="applied").pk], ""),
    "register-decide": lambda world: ([RegisterImportFactory(status="applied").pk, "discard"], ""),
    "check": lambda world: ([world.grant.organisation.ref, "accounts"], ""),
    "policy": lambda world: ([world.grant.organisation.ref, "safeguarding"], ""),
    "contact": lambda world: (
        [world.grant.organisation.ref, ContactFactory(organisation=world.grant.organisation).pk],
        "",
    ),
    "member": lambda world: ([world.grant.organisation.ref, world.cast.grantee.memberships.get().pk], ""),
    "invitation": lambda world: (
        [world.grant.organisation.ref, InvitationFactory(organisation=world.grant.organisation).pk],
        "",
    ),
    "secret": lambda world: ([_secret_of(world.grant.organisation)], ""),
    "mail": lambda world: ([OutboxMessageFactory(status="bounced", error="No such mailbox.").pk], ""),
    "notification": lambda world: ([NotificationFactory(user=world.cast.grantee).pk], ""),
    "email_key": lambda world: (["abc"], ""),
    "reset_key": lambda world: (["abc", "def-ghi"], ""),
}
