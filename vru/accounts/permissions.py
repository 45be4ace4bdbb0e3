"""Who may do what, by role. Each rule is a boolean for templates and a raising check for views."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vru.accounts.models import Role, User

READERS = frozenset(Role.values)
EDITORS_OF_PROGRAMMES = frozenset({Role.PROGRAMME_MANAGER, Role.DIRECTOR})
REVIEWERS = frozenset({Role.PROGRAMME_MANAGER})
REOPENERS = frozenset({Role.PROGRAMME_MANAGER, Role.DIRECTOR})
REPORT_MAKERS = frozenset({Role.DIRECTOR, Role.ANALYST})
REPORT_WRITERS = REPORT_MAKERS | {Role.PROGRAMME_MANAGER, Role.FINANCE_OFFICER}
REPORT_SIGNERS = frozenset({Role.DIRECTOR})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
EDITORS_OF_ORGANISATIONS = frozenset({Role.PROGRAMME_MANAGER, Role.FINANCE_OFFICER, Role.ADMINISTRATOR})
KEEPERS_OF_MONEY = frozenset({Role.FINANCE_OFFICER})
APPROVERS_OF_MONEY = frozenset({Role.FINANCE_OFFICER, Role.DIRECTOR})
APPROVERS_OF_OVERCOMMITMENT = frozenset({Role.DIRECTOR})
PLANNERS_OF_AWARDS = EDITORS_OF_PROGRAMMES | KEEPERS_OF_MONEY


def can_read_everything(user: User) -> bool:
    return user.has_role(*READERS)


def can_review_returns(user: User) -> bool:
    return user.has_role(*REVIEWERS)


def can_set_quarter_dates(user: User) -> bool:
    return user.has_role(*EDITORS_OF_PROGRAMMES)


def can_reopen_returns(user: User) -> bool:
    return user.has_role(*REOPENERS)


def can_make_reports(user: User) -> bool:
    return user.has_role(*REPORT_MAKERS)


def can_write_reports(user: User) -> bool:
    """Write sections, comment on them and decide about numbers in them."""
    return user.has_role(*REPORT_WRITERS)


def can_sign_reports(user: User) -> bool:
    """Sign, send, publish."""
    return user.has_role(*REPORT_SIGNERS)


def can_administer(user: User) -> bool:
    return user.has_role(*ADMINISTRATORS)


def can_edit_programmes(user: User) -> bool:
    """Programmes, decisions, awards: set up and changed by programme managers and the director."""
    return user.has_role(*EDITORS_OF_PROGRAMMES)


def can_edit_organisations(user: User) -> bool:
    return user.has_role(*EDITORS_OF_ORGANISATIONS)


def can_keep_money(user: User) -> bool:
    """Agreements, allocations, budgets, payment runs, the ledger: prepared by finance officers."""
    return user.has_role(*KEEPERS_OF_MONEY)


def can_plan_awards(user: User) -> bool:
    """An award's plan, payments, partners, debts and variations: proposed by those who run it and those who pay it."""
    return user.has_role(*PLANNERS_OF_AWARDS)


def can_approve_money(user: User) -> bool:
    """Runs, variations and virements: approved by somebody else than the person who proposed them."""
    return user.has_role(*APPROVERS_OF_MONEY)


def can_approve_overcommitment(user: User) -> bool:
    return user.has_role(*APPROVERS_OF_OVERCOMMITMENT)


def person(request: HttpRequest) -> User:
    """Who is signed in. Raises PermissionDenied for nobody, whom the middleware sends to sign in before a view runs."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def require(
    rule: Callable[[User], bool],
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """A view decorator: a person for whom ``rule`` is false gets 403 (the page exists, they may not open it)."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not rule(person(request)):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate
