"""The demonstration many times over: its rows copied inside the database, each copy whole and apart from the others."""

from __future__ import annotations

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models import Max

# Whatever these own is copied with them. People, quarters, areas, sources and lists of the unit are shared.
COPIED = (
    "accounts.Organisation", "accounts.Contact", "accounts.DueDiligenceCheck", "accounts.FormerName",
    "accounts.Membership", "accounts.OrganisationPolicy",
    "programmes.Programme", "programmes.ObjectiveWeight", "programmes.NamedWard", "programmes.ProgrammeRisk",
    "programmes.IndicatorTarget", "programmes.BudgetLine", "programmes.BudgetChange",
    "grants.Commitment", "grants.FundingSplit", "grants.AreaShare", "grants.ProfileLine", "grants.ReachTarget",
    "grants.CommitmentIndicator", "grants.ConsortiumPartner", "grants.Milestone", "grants.Virement",
    "grants.Variation", "grants.RecoveryDebt", "grants.Payment", "grants.PaymentRun", "grants.PaymentRunLine",
    "grants.LedgerLine", "grants.MonitoringReturn", "grants.Revision", "grants.Cell", "grants.Reading",
    "grants.SpendLine", "grants.Answer", "grants.MilestoneReport", "grants.SectionReview", "grants.ReturnQuery",
)  # fmt: skip
# Numbers of real bodies, each once in a layer: a copy has none.
LEFT_OUT = {"charity_number", "company_number", "org_id"}
# Counted within a row that is shared by every copy, so moved with the copy.
MOVED_NUMBERS = {"grants.LedgerLine": {"row"}}


def multiply(times: int) -> int:
    """Make ``times`` of every commitment, programme and organisation, with all they own; the rows there are then.

    Allocations are multiplied as well, so that the money is still there. PostgreSQL only.
    """
    kinds = _kinds()
    step = 1 + max(model._base_manager.aggregate(last=Max("pk"))["last"] or 0 for model in kinds)
    with transaction.atomic(), connection.cursor() as cursor:
        for model in kinds:
            cursor.execute(_copy(model, kinds, step, times))
        allocation = apps.get_model("programmes.Allocation")
        allocation._base_manager.update(amount_pence=models.F("amount_pence") * times)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(kinds)):
            cursor.execute(statement)
        cursor.execute("ANALYZE")
    return sum(model._base_manager.count() for model in kinds)


def _kinds() -> tuple[type[models.Model], ...]:
    """The copied models, and the tables that tie them to many others."""
    named = [apps.get_model(label) for label in COPIED]
    tied = [field.remote_field.through for model in named for field in model._meta.local_many_to_many]
    return (*named, *(through for through in tied if through._meta.auto_created))


def _copy(model: type[models.Model], kinds: tuple[type[models.Model], ...], step: int, times: int) -> str:
    """One statement: the rows of copy n have their ids, and their links to copied rows, moved by n steps."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    fields = model._meta.local_concrete_fields
    columns = ", ".join(quote(field.column) for field in fields)
    values = ", ".join(_value(field, kinds, step) for field in fields)
    return (
        f"INSERT INTO {table} ({columns}) "  # noqa: S608 (names come from the models)
        f"SELECT {values} FROM {table} CROSS JOIN generate_series(1, {times - 1}) AS copy(n)"
    )


def _value(field: models.Field, kinds: tuple[type[models.Model], ...], step: int) -> str:
    column = connection.ops.quote_name(field.column)
    moved = field.name in MOVED_NUMBERS.get(field.model._meta.label, ())
    if moved or field.primary_key or (field.is_relation and field.related_model in kinds):
        return f"{column} + copy.n * {step}"
    if field.name in LEFT_OUT:
        return "''"
    if field.unique:
        return f"{column} || '-C' || copy.n"
    return column
