"""What an agreement says about its award: every token of a template, and the words that stand for it.

Values are text that people typed, so whatever Markdown would read as a mark is escaped: a title never becomes a heading
or a link. Sources of the money are no terms: they are the unit's own business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from grants.errors import ActionRefused
from grants.models import AgreementTemplate, Commitment, Measure, Payment
from programmes.models import IndicatorVersion, Unit
from vru.lib.money import Money
from vru.lib.narrative import Token, fill, find_tokens
from vru.lib.periods import FinancialYear, long_date

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
_AT_START = re.compile(r"^(\s*)([-+=]|\d+[.)])")
Terms = dict[str, str]
# What each token that may be missing needs before it says anything.
_NEEDED = {
    "decision.ref": "no decision",
    "decision.title": "no decision",
    "manager.name": "no programme manager",
    "manager.email": "no programme manager",
    "award.description": "no description",
    "programme.objective": "a programme without a primary objective",
    "organisation.address": "an organisation without an address",
    "organisation.identifier": "an organisation without a register's number",
    "table.profile": "no profile",
}

_ALWAYS = {
    *("unit.name", "unit.short_name", "award.ref", "award.kind", "award.title", "award.amount", "award.starts_on"),
    *("award.ends_on", "organisation.name", "programme.title", "returns.schedule"),
    *("table.partners", "table.areas", "table.targets", "table.indicators", "table.payments"),
}


def terms_of(commitment: Commitment) -> Terms:
    """Every token and its words as they stand now; '' where the award has nothing to say. A fixed number of queries."""
    unit, grant = Unit.objects.first(), commitment
    organisation, manager, decision = grant.organisation, grant.manager, grant.decision
    objective = grant.programme.primary_objective
    plain = {
        "unit.name": unit.name if unit else "",
        "unit.short_name": unit.short_name if unit else "",
        "award.ref": grant.ref,
        "award.kind": grant.get_kind_display().lower(),
        "award.title": grant.title,
        "award.amount": Money(grant.award_pence).exact(),
        "award.starts_on": long_date(grant.starts_on),
        "award.ends_on": long_date(grant.ends_on),
        "organisation.name": organisation.name,
        "organisation.identifier": organisation.org_id,
        "organisation.address": ", ".join(organisation.address.split("\n")),
        "programme.title": grant.programme.title,
        "programme.objective": str(objective) if objective else "",
        "decision.ref": decision.ref if decision else "",
        "decision.title": decision.title if decision else "",
        "manager.name": manager.name if manager else "",
        "manager.email": manager.email if manager else "",
        "returns.schedule": grant.get_schedule_display().lower(),
    }
    words = {token: escaped(text) for token, text in plain.items()}
    words["award.description"] = "\n\n".join(escaped(line) for line in grant.description.splitlines() if line.strip())
    return words | _tables(grant)


def terms_of_nothing() -> frozenset[str]:
    """Every token there is."""
    return frozenset({*_ALWAYS, *_NEEDED})


def escaped(text: str) -> str:
    """``text`` on one line, with Markdown's marks made harmless."""
    line = _MARKS.sub(r"\\\1", " ".join(text.split()))
    return _AT_START.sub(lambda match: match[1] + match[2][:-1] + "\\" + match[2][-1], line)


def resolve(template: AgreementTemplate, terms: Terms) -> str:
    """The template's Markdown with every token replaced.

    Raises ``ActionRefused`` naming every token that is unknown, or that the award has nothing to say for.
    """
    problems = list(dict.fromkeys(_problems(find_tokens(template.body), terms)))
    if problems:
        raise ActionRefused(f"The agreement cannot be made from “{template.title}”. {' '.join(problems)}")
    return fill(template.body, lambda token: terms[token.body])


def _problems(tokens: Iterable[Token], terms: Terms) -> Iterable[str]:
    for token in tokens:
        if token.body not in terms or token.option:
            yield f"Nobody knows what {{{{{token}}}}} is: mend the template."
        elif not terms[token.body]:
            has = _NEEDED.get(token.body, "nothing for it")
            yield f"It asks for {{{{{token.body}}}}}, and this award has {has}."


def _tables(grant: Commitment) -> Terms:
    profile = grant.profile_lines.select_related("quarter", "heading").order_by(
        "quarter__year", "quarter__number", "heading__order", "heading_id"
    )
    payments = grant.payments.filter(is_credit_note=False).exclude(status=Payment.Status.CANCELLED)
    partners = list(grant.partners.select_related("organisation"))
    kept = grant.award_pence - sum(partner.share_pence for partner in partners)
    shared = [(f"{grant.organisation.name} (leads)", "", kept)] if partners else []
    shared += [(partner.organisation.name, partner.delivers, partner.share_pence) for partner in partners]
    return {
        "table.profile": _table(
            ("Quarter", "Cost heading", "Planned spend"),
            [(str(line.quarter), line.heading.title, Money(line.amount_pence).exact()) for line in profile],
        ),
        "table.payments": _table(
            ("Payment", "Due", "Waits for", "Amount"),
            [
                (str(row.number), long_date(row.due_on), _condition(row), Money(row.amount_pence).exact())
                for row in payments.select_related("waits_for__quarter", "waits_for_quarter").order_by("number")
            ],
        )
        or "The days of payment are agreed separately.",
        "table.partners": _table(
            ("Organisation", "Delivers", "Share of the award"),
            [(name, delivers or "–", Money(pence).exact()) for name, delivers, pence in shared],
        )
        or "There are no partners: the organisation delivers the work alone.",
        "table.areas": _areas(grant),
        "table.targets": _targets(grant) or "No numbers of people are agreed.",
        "table.indicators": _indicators(grant) or "No further indicators are agreed.",
    }


def _condition(payment: Payment) -> str:
    quarter = payment.waits_for.quarter if payment.waits_for else payment.waits_for_quarter
    return f"The approved return for {quarter}" if quarter else "–"


def _areas(grant: Commitment) -> str:
    shares = grant.area_shares.select_related("area")
    rows = [(share.area.name, Money(share.amount_pence).exact()) for share in shares]
    return _table(("Where", "Share of the award"), rows) or "The award is not apportioned to places."


def _targets(grant: Commitment) -> str:
    rows = [
        (str(target.quarter), Measure(target.measure).label, f"{target.value:,}")
        for target in grant.reach_targets.select_related("quarter").order_by(
            "quarter__year", "quarter__number", "measure"
        )
    ]
    return _table(("Quarter", "What is counted", "Target"), rows)


def _indicators(grant: Commitment) -> str:
    rows = []
    for row in grant.indicators.select_related("version__indicator").order_by("version__indicator__slug", "year"):
        unit = "%" if row.version.kind == IndicatorVersion.Kind.PERCENTAGE else ""
        target = "–" if row.target is None else f"{row.target.normalize():,f}{unit}"
        rows.append((row.version.indicator.title, str(FinancialYear(row.year)), target))
    return _table(("Indicator", "Year", "Target"), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table whose last column holds numbers; '' for no rows."""
    if not rows:
        return ""
    rule = [":--"] * (len(head) - 1) + ["--:"]
    lines = [head, rule, *([escaped(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
