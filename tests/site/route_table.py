"""Who gets what at each address of the site. A route that nobody decided on fails the test of the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.cast import GRANTEES, STAFF

ANONYMOUS = "anonymous"
EVERYBODY = (*STAFF, *GRANTEES, ANONYMOUS)
OURS = ("grantee", "signatory")
SIGN_IN = "sign in"  # Sent to the sign-in page.


@dataclass(frozen=True)
class Decision:
    """Who gets ``ok`` (any of these codes); the rest of the signed-in get ``denied``; anonymous is sent to sign in."""

    allowed: tuple[str, ...]
    denied: int = 403
    method: str = "get"
    ok: tuple[int, ...] = (200,)
    anonymous: int | str = SIGN_IN
    args: str = ""
    denied_for: tuple[tuple[str, int], ...] = ()


def staff(**options: Any) -> Decision:
    return Decision(STAFF, **options)


def only(*people: str, **options: Any) -> Decision:
    return Decision(people, **options)


def everybody(**options: Any) -> Decision:
    return Decision(EVERYBODY, anonymous=200, **options)


def signed_in(**options: Any) -> Decision:
    return Decision((*STAFF, *GRANTEES), **options)


# A return and a grant exist for staff and for the organisation's own people; for others there is none (404).
THEIRS = {"denied": 404, "args": "return"}
MANAGER = ("programme_manager",)
EDITORS = ("programme_manager", "finance_officer", "administrator")
SETTERS_OF_DATES = ("director", "programme_manager")
SETTERS_OF_AWARDS = ("director", "programme_manager")
STAFF_MAY_NOT = tuple((name, 403) for name in STAFF)
APPROVERS = ("director", "finance_officer")
PLANNERS = ("director", "programme_manager", "finance_officer")
PROPOSERS = ("programme_manager", "director", "finance_officer")
REPORTERS = ("director", "analyst")
WRITERS = (*REPORTERS, "programme_manager", "finance_officer")
POSTED = {"method": "post", "ok": (302,)}
# For staff it exists but is not theirs to touch (403); for other grantees it does not exist.
NOT_THERE = (("outside_grantee", 404), ("nobody", 404))

# Who may change who acts for the cast's organisation.
OF_PEOPLE = ("programme_manager", "administrator", "signatory")

ROUTES: dict[str, Decision] = {
    "home": signed_in(),
    "programmes:list": staff(),
    "programme": staff(args="programme"),
    "programmes:add": only(*SETTERS_OF_DATES),
    "programmes:edit": only(*SETTERS_OF_DATES, args="programme"),
    "programmes:copy": only(*SETTERS_OF_DATES, args="programme"),
    "programmes:audience": only(*SETTERS_OF_DATES, args="programme"),
    "programmes:objectives": only(*SETTERS_OF_DATES, args="programme"),
    "programmes:areas": only(*SETTERS_OF_DATES, args="programme"),
    "programmes:ward-add": only(*SETTERS_OF_DATES, args="programme"),
    "programmes:ward-remove": only(*SETTERS_OF_DATES, args="ward", **POSTED),
    "programmes:target-add": only(*SETTERS_OF_DATES, args="programme"),
    "programmes:target": only(*SETTERS_OF_DATES, args="target"),
    "programmes:records": staff(args="programme"),
    "programmes:risk-add": only(*SETTERS_OF_DATES, args="programme"),
    "programmes:risk": only(*SETTERS_OF_DATES, args="risk"),
    "programmes:risk-close": only(*SETTERS_OF_DATES, args="risk"),
    "programmes:document-add": only(*SETTERS_OF_DATES, args="programme"),
    "programmes:document": staff(args="document"),
    "programmes:document-remove": only(*SETTERS_OF_DATES, args="document", **POSTED),
    "programme:money": staff(args="programme"),
    "programme:grants": staff(args="programme"),
    "programme:history": staff(args="programme"),
    "programme:status": only(*SETTERS_OF_DATES, args="programme"),
    "decisions:list": staff(),
    "decisions:add": only(*SETTERS_OF_DATES),
    "decisions:detail": staff(args="decision"),
    "decisions:correct": only(*SETTERS_OF_DATES, args="decision"),
    "strategy:progress": staff(),
    "strategy:commitment": only(*SETTERS_OF_DATES, args="promise"),
    "strategy:action": only(*SETTERS_OF_DATES, args="action"),
    "grants:list": staff(),
    "grants:bulk": only(*SETTERS_OF_DATES),
    "grants:bulk-list": staff(),
    "grants:bulk-done": staff(args="bulk"),
    "grants:bulk-undo": only(*SETTERS_OF_DATES, args="bulk", **POSTED),
    # Everybody finds something; a grantee its own.
    "search": signed_in(),
    "exports:list": staff(),
    "exports:file": staff(args="export"),
    "areas:list": staff(),
    "areas:export": staff(args="format"),
    "areas:detail": staff(args="area"),
    "grants:export": staff(args="format"),
    "programmes:export": staff(args="format"),
    "saved-views:list": staff(),
    # Without a list that exists there is nothing to save.
    "saved-views:save": staff(method="post", ok=(404,)),
    "saved-views:open": staff(ok=(302,), args="view"),
    # A view is changed by the person who saved it; to others there is none.
    "saved-views:edit": only(
        "director", args="view", denied_for=tuple((who, 404) for who in STAFF if who != "director")
    ),
    "saved-views:delete": staff(args="view", **POSTED),
    "grants:open-data-json": staff(),
    "grants:open-data-csv": staff(),
    "grants:detail": only(*STAFF, *OURS, denied=404, args="grant"),
    "grants:money": only(*STAFF, *OURS, denied=404, args="grant"),
    "grants:all-returns": only(*STAFF, *OURS, denied=404, args="grant"),
    "grants:results": staff(args="grant"),
    "grants:people": only(*STAFF, *OURS, denied=404, args="grant"),
    "grants:documents": only(*STAFF, *OURS, denied=404, args="grant"),
    "grants:timeline": staff(args="grant"),
    "grants:set-up-new": only(*SETTERS_OF_AWARDS),
    "grants:set-up": staff(args="grant"),
    "grants:set-up-check": only(*SETTERS_OF_AWARDS, args="grant"),
    "grants:set-up-step": only(*SETTERS_OF_AWARDS, args="step"),
    "grants:agreement": only(*STAFF, *OURS, denied=404, args="agreement"),
    # Nothing was typed, so the page comes back with what is missing.
    "grants:agreement-accept": only(*STAFF, *OURS, denied=404, args="agreement", method="post", ok=(422,)),
    "grants:agreement-decline": only(*STAFF, *OURS, denied=404, args="agreement", method="post", ok=(422,)),
    "grants:agreement-paper": only(*SETTERS_OF_AWARDS, args="agreement", method="post", ok=(422,)),
    "grants:agreement-file": only(*STAFF, *OURS, denied=404, args="agreement"),
    "grants:agreement-file-ask": staff(args="agreement", **POSTED),
    "grants:change": only(*SETTERS_OF_AWARDS, args="change"),
    "grants:closing": staff(args="grant"),
    # A return is still open: the page says so.
    "grants:close": only(*SETTERS_OF_AWARDS, args="grant", method="post", ok=(422,)),
    "grants:reconcile": only("finance_officer", args="grant", ok=(200, 302)),
    "organisations:list": staff(),
    "organisations:checks-due": staff(),
    "organisations:add": only(*EDITORS),
    "organisations:import": only(*SETTERS_OF_DATES),
    "organisations:import-template": only(*SETTERS_OF_DATES, args="blank"),
    "organisations:import-check": only(*SETTERS_OF_DATES, args="register"),
    "organisations:import-columns": only(*SETTERS_OF_DATES, args="register", ok=(302,)),
    "organisations:import-decide": only(*SETTERS_OF_DATES, args="register-decide", **POSTED),
    "organisations:detail": staff(args="organisation"),
    "organisations:edit": only(*EDITORS, args="organisation"),
    "organisations:supplier": only("finance_officer", args="organisation"),
    "organisations:former-name-add": only(*EDITORS, args="organisation"),
    "organisations:merge": only(*EDITORS, args="organisation"),
    "organisations:check": only(*EDITORS, args="check"),
    # Contacts and policies: the organisation's own people as well; other grantees see no such organisation.
    "organisations:contact-add": only(*EDITORS, *OURS, args="organisation", denied_for=NOT_THERE),
    "organisations:contact": only(*EDITORS, *OURS, args="contact", denied_for=NOT_THERE),
    "organisations:contact-end": only(*EDITORS, *OURS, args="contact", denied_for=NOT_THERE, **POSTED),
    "organisations:policy": only(*EDITORS, *OURS, args="policy", denied_for=NOT_THERE),
    "grants:variation": only(*STAFF, *OURS, denied=404, args="variation"),
    "grants:variation-ask": only(*OURS, args="grant", denied_for=NOT_THERE),
    "grants:variation-start": only(*PROPOSERS, args="grant"),
    # Nothing was chosen yet, so the page leads back to where one chooses.
    "grants:variation-plan": only(*PROPOSERS, args="grant", ok=(302,)),
    "grants:variation-approve": only(*APPROVERS, args="variation", ok=(200, 302)),
    "grants:variation-refuse": only(*PROPOSERS, args="variation", denied_for=NOT_THERE),
    "grants:variation-withdraw": only(*OURS, args="variation", denied_for=NOT_THERE),
    "money:variations": staff(),
    "money:variance": staff(),
    "money:variance-export": staff(args="format"),
    "money:underspend": staff(),
    "money:virements": staff(),
    "money:virement-new": only("finance_officer"),
    "money:virement": staff(args="virement"),
    "money:virement-approve": only(*APPROVERS, args="virement", ok=(200, 302)),
    "money:virement-refuse": only(*APPROVERS, args="virement"),
    # Only whoever proposed it takes it back, and that was somebody else.
    "money:virement-withdraw": only(args="virement"),
    "returns:rules": signed_in(),
    "grants:returns-setup": staff(args="grant"),
    "grants:returns-setup-part": only(*MANAGER, args="part"),
    "grants:returns-plan": only(*MANAGER, args="grant", **POSTED),
    "grants:return-add": only(*MANAGER, args="grant"),
    "grants:return-remove": only(*MANAGER, args="return", **POSTED),
    "grants:milestone-add": only(*MANAGER, args="grant"),
    "grants:milestone": only(*MANAGER, args="milestone"),
    "grants:milestone-remove": only(*MANAGER, args="milestone", **POSTED),
    "returns:tasks": only(*STAFF, *OURS, **THEIRS),
    "returns:section": only(*OURS, *STAFF, ok=(200, 302), **(THEIRS | {"args": "section"})),
    "returns:check": only(*OURS, *STAFF, ok=(200, 302), **THEIRS),
    "returns:declare": only(*OURS, *STAFF, ok=(200, 302), **THEIRS),
    "returns:receipt": only(*OURS, *STAFF, ok=(200, 302), **THEIRS),
    "returns:sign": only(*OURS, *STAFF, method="post", ok=(302,), **(THEIRS | {"args": "sent"})),
    "returns:withdraw": only(*OURS, *STAFF, method="post", ok=(302,), **(THEIRS | {"args": "sent"})),
    "returns:history": only(*STAFF, *OURS, **THEIRS),
    "returns:copy": only(*STAFF, *OURS, **(THEIRS | {"args": "copy"})),
    "returns:copy-ask": only(*STAFF, *OURS, method="post", ok=(302,), **(THEIRS | {"args": "copy"})),
    "returns:attachments": only(*OURS, *STAFF, **THEIRS),
    "returns:attachment": only(*OURS, *STAFF, **(THEIRS | {"args": "attachment"})),
    "returns:attachment-remove": only(*OURS, *STAFF, method="post", ok=(302,), **(THEIRS | {"args": "attachment"})),
    "returns:workbook": only(*OURS, *STAFF, ok=(200, 302), **THEIRS),
    "returns:workbook-download": only(*OURS, *STAFF, ok=(200, 302), **THEIRS),
    "returns:workbook-upload": only(*OURS, *STAFF, ok=(200, 302), **(THEIRS | {"args": "workbook"})),
    "returns:workbook-marked": only(*OURS, *STAFF, ok=(200, 302), **(THEIRS | {"args": "workbook"})),
    "returns:answer": only(*OURS, *STAFF, method="post", ok=(302,), **(THEIRS | {"args": "query"})),
    "returns:review": staff(args="return"),
    "returns:approve": only(*MANAGER, args="return", **POSTED),
    # Nothing was asked, so the page comes back with what is missing (422).
    "returns:query": only(*MANAGER, args="return", method="post", ok=(302, 422)),
    "returns:reopen": only(*MANAGER, "director", args="return", **POSTED),
    "returns:list": staff(),
    "returns:bulk-approve": only(*MANAGER),
    "returns:bulk-remind": only(*MANAGER),
    "returns:bulk-reassign": only(*MANAGER),
    # Only an approved return is corrected, and this one is not: the page says so and leads back.
    "returns:correct": only(*MANAGER, args="return", ok=(302,)),
    "returns:query-box": only(*MANAGER, args="box"),
    "returns:assurance": only(*STAFF, *OURS, **THEIRS),
    "returns:assurance-record": only(*MANAGER, args="sent"),
    "returns:quarters": staff(),
    # No year is named, so the page comes back with what to write.
    "returns:quarters-make": only(*SETTERS_OF_DATES, **POSTED),
    "returns:cut-off": only(*SETTERS_OF_DATES, args="quarter"),
    "returns:extension": only(*STAFF, *OURS, **THEIRS),
    "returns:extension-give": only(*MANAGER, args="return", method="post", ok=(302, 422)),
    "returns:extension-decide": only(*MANAGER, args="extension", method="post", ok=(302, 422)),
    "returns:waive": only(*MANAGER, args="return"),
    "money-checks:reconciliation": staff(),
    "money-checks:sources": staff(),
    "money-checks:source": staff(args="source"),
    "money-checks:allocation": only("finance_officer", args="source-year"),
    "money-checks:overcommitment-ask": only("finance_officer", *SETTERS_OF_DATES, args="source-year"),
    # Approving asks for a sign-in just now (302).
    "money-checks:overcommitment-approve": only("director", args="overcommitment", ok=(200, 302)),
    "money-checks:overcommitment-end": only("finance_officer", *SETTERS_OF_DATES, args="overcommitment"),
    "money-checks:rules": staff(),
    "money-checks:rule-add": only("finance_officer"),
    "money-checks:rule": only("finance_officer", args="funder-rule"),
    "funding:agreements": staff(),
    "funding:agreement-add": only("finance_officer"),
    "funding:agreement": staff(args="funder-agreement"),
    "funding:agreement-edit": only("finance_officer", args="funder-agreement"),
    "funding:agreement-accept": only("finance_officer", "director", args="funder-agreement"),
    "funding:agreement-terms": only("finance_officer", args="funder-agreement"),
    "funding:change-add": only("finance_officer", args="funder-agreement"),
    "funding:change-settle": only("finance_officer", args="agreement-change"),
    "funding:claim-add": only("finance_officer", args="funder-agreement"),
    "funding:claim-edit": only("finance_officer", args="claim"),
    "funding:claim-send": only("finance_officer", args="claim"),
    "funding:claim-agree": only("finance_officer", args="claim-sent", **POSTED),
    "funding:claim-withdraw": only("finance_officer", args="claim"),
    "funding:receipt-add": only("finance_officer", args="funder-agreement"),
    "funding:statement": only("finance_officer", args="funder-agreement"),
    "funding:statement-certify": only("finance_officer", "director", args="funder-agreement", ok=(200, 302)),
    "funding:budget": staff(),
    "funding:budget-add": only("finance_officer"),
    "funding:budget-line": staff(args="budget-line"),
    "funding:source-add": only("finance_officer"),
    "funding:source-edit": only("finance_officer", args="source"),
    "money:ledger": staff(),
    "money:ledger-line": staff(args="ledger-line"),
    "money:ledger-export": staff(args="ledger"),
    "money:ledger-upload": only("finance_officer"),
    # No file waits to be checked, so the page leads to the upload.
    "money:ledger-check": only("finance_officer", ok=(302,)),
    "money:payments": staff(),
    "money:payment-schedule": only(*PLANNERS, args="grant"),
    "money:payment-add": only(*PLANNERS, args="grant"),
    "money:payment-change": only(*PLANNERS, args="payment"),
    "money:payment-cancel": only(*PLANNERS, args="payment"),
    "money:credit-add": only(*PLANNERS, args="grant"),
    # A second factor comes first, so whoever may do it is sent to set one up.
    "money:credit-receive": only("finance_officer", args="payment", ok=(200, 302)),
    "money:runs": staff(),
    "money:run-make": only("finance_officer"),
    "money:layouts": staff(),
    "money:run": staff(args="run"),
    "money:run-propose": only("finance_officer", args="run"),
    "money:run-approve": only(*APPROVERS, args="run", ok=(200, 302)),
    "money:run-send-back": only(*APPROVERS, args="run"),
    "money:run-export": only("finance_officer", args="run", ok=(200, 302)),
    # The run of the table was never exported: the page says so and leads back.
    "money:run-file": only("finance_officer", args="run", ok=(302,)),
    "money:run-paid": only("finance_officer", args="run", ok=(200, 302)),
    "money:run-cancel": only(*APPROVERS, args="run"),
    "money:run-take-out": only("finance_officer", args="run_line"),
    "money:debts": staff(),
    "money:debt-open": only(*PLANNERS, args="grant"),
    "money:debt": staff(args="debt"),
    "money:debt-write-off": only(*APPROVERS, args="debt", ok=(200, 302)),
    "evaluation:results": staff(),
    "evaluation:logic-model": staff(),
    "evaluation:figures": staff(),
    "evaluation:figure": staff(args="figure"),
    "evaluation:statements": staff(),
    "evaluation:issues": staff(),
    "evaluation:issue-check": only(*REPORTERS, **POSTED),
    "evaluation:issue-accept": only(*REPORTERS, args="issue", **POSTED),
    "evaluation:reports": staff(),
    "evaluation:report-begin": only(*REPORTERS),
    "evaluation:report-page": staff(args="report"),
    "evaluation:report-make": only(*REPORTERS, args="report"),
    "evaluation:report-copy": only(*REPORTERS, args="report"),
    "evaluation:case-studies": staff(),
    "evaluation:case-study-take": only(*WRITERS, args="sent revision"),
    "evaluation:case-study": staff(args="case study"),
    "evaluation:case-study-withdraw": only(*WRITERS, args="case study"),
    "evaluation:report-numbers-left": staff(args="report"),
    "evaluation:report-outdated": staff(args="report"),
    "evaluation:report-figures": staff(args="report"),
    "evaluation:report-suggestions": staff(args="report"),
    # Without a section that exists there is nothing to put anything into.
    "evaluation:report-insert": only(*WRITERS, args="report", method="post", ok=(404,)),
    # Whoever neither owns the section nor makes reports is told so, on the page that they came from.
    "evaluation:section-gone-over": only(*WRITERS, args="report section", **POSTED),
    "evaluation:sections": staff(args="report"),
    "evaluation:section-add": only(*REPORTERS, args="report"),
    # A removed section of nothing cannot come back: the page says so.
    "evaluation:section-restore": only(*REPORTERS, args="removed section", **POSTED),
    "evaluation:section": staff(args="report section"),
    "evaluation:section-preview": staff(args="report section"),
    "evaluation:section-history": staff(args="report section"),
    "evaluation:section-version": staff(args="section version"),
    "evaluation:section-bring-back": only(*WRITERS, args="section version", **POSTED),
    "evaluation:section-comment": only(*WRITERS, args="report section"),
    "evaluation:section-comment-settle": only(*WRITERS, args="section comment", **POSTED),
    "evaluation:section-assign": only(*REPORTERS, args="report section"),
    "evaluation:section-send": only(*WRITERS, args="report section", **POSTED),
    "evaluation:section-approve": only(*REPORTERS, args="report section", ok=(302,)),
    "evaluation:section-send-back": only(*REPORTERS, args="report section"),
    "evaluation:section-change": only(*REPORTERS, args="report section"),
    "evaluation:section-move": only(*REPORTERS, args="report section"),
    "evaluation:section-remove": only(*REPORTERS, args="report section"),
    "evaluation:numbers": staff(args="report"),
    # Nothing is ticked, so the list says that something has to be.
    "evaluation:number-source": only(*WRITERS, args="report", ok=(302,)),
    "evaluation:number-dismiss": only(*WRITERS, args="report", ok=(302,)),
    "evaluation:number": staff(args="typed number"),
    "evaluation:number-bind": only(*WRITERS, args="typed number", **POSTED),
    "evaluation:number-reopen": only(*WRITERS, args="typed number", **POSTED),
    "evaluation:report-job": staff(args="job"),
    "evaluation:report-job-cancel": only(*REPORTERS, args="job", **POSTED),
    "evaluation:report-job-retry": only(*REPORTERS, args="job", **POSTED),
    "evaluation:report": staff(args="edition"),
    "evaluation:report-file": staff(args="file"),
    "evaluation:sign-off": staff(args="edition"),
    "evaluation:sign-off-explain": only(*WRITERS, args="edition check"),
    "evaluation:edition-review": only(*REPORTERS, args="edition", **POSTED),
    # A draft is neither sent back nor signed nor sent: the page leads to where it stands.
    "evaluation:edition-back": only(*REPORTERS, args="edition", ok=(302,)),
    "evaluation:edition-sign": only("director", args="edition", ok=(302,)),
    "evaluation:edition-finish": only("director", args="edition", **POSTED),
    "evaluation:edition-send": only("director", args="edition", ok=(302,)),
    "evaluation:edition-verify": staff(args="edition"),
    # Whoever holds a report may ask whether it is genuine.
    "evaluation:verify": everybody(),
    "evaluation:edition-figures": staff(args="read edition"),
    # An edition of the table has no stored facts, so there is no return to make: the page says so.
    "evaluation:edition-return": staff(args="edition", ok=(503,)),
    "evaluation:report-kind": staff(args="report kind"),
    "evaluation:edition-choose": staff(args="read edition"),
    "evaluation:edition-compare": staff(args="two editions"),
    # Without a recent sign-in, off to sign in again.
    "evaluation:edition-publish": only("director", args="read edition", ok=(302,)),
    "evaluation:edition-unpublish": only("director", args="read edition", ok=(302,)),
    "evaluation:printed-return": staff(args="printed return"),
    "evaluation:published": everybody(),
    "evaluation:published-edition": everybody(args="published edition"),
    "evaluation:published-file": everybody(args="published file"),
    "evaluation:published-figures": everybody(args="published edition"),
    "evaluation:report-schedule": only(*REPORTERS, args="report"),
    "evaluation:report-schedule-stop": only(*REPORTERS, args="report", **POSTED),
    "accounts:delegations": only(*OURS, "outside_grantee", denied=404),
    "accounts:delegation-end": only(*OURS, args="delegation", denied=404, **POSTED),
    "accounts:organisation": only(*OURS, "outside_grantee", denied=404),
    "administration": only("administrator", "auditor"),
    "administration-people": only("administrator", "auditor"),
    "administration-organisations": only("administrator", "auditor"),
    "administration-jobs": only("administrator", "auditor"),
    "organisation-people": only(*STAFF, *OURS, denied=404, args="organisation"),
    "organisation-member-remove": only(*OF_PEOPLE, args="member", denied_for=NOT_THERE),
    "invitation-send": only(*OF_PEOPLE, args="invitation", denied_for=NOT_THERE, **POSTED),
    "invitation-withdraw": only(*OF_PEOPLE, args="invitation", denied_for=NOT_THERE, **POSTED),
    "invitation": everybody(args="secret"),
    "outbox": only("programme_manager", "administrator", "auditor"),
    "outbox-message": only("programme_manager", "administrator", "auditor", args="mail"),
    "outbox-send": only("programme_manager", "administrator", args="mail", **POSTED),
    "notifications": signed_in(),
    "notification-preferences": signed_in(),
    "notifications-read": signed_in(**POSTED),
    "notification-open": only("grantee", denied=404, args="notification", **POSTED),
    "notification-read": only("grantee", denied=404, args="notification", **POSTED),
    "administration-audit": only("administrator", "auditor"),
    "administration-audit-export": only("administrator", "auditor", args="format"),
    "administration-changes": only("administrator", "auditor"),
    "administration-keys": only("administrator", "auditor"),
    "accounts:keys": only(*OURS, "outside_grantee", denied=404),
    "accounts:key-create": only(*OURS, "outside_grantee", denied=404),
    "accounts:key-revoke": only(*OURS, "administrator", args="key", denied_for=NOT_THERE),
    # Whoever asks for what is not there is told so in JSON.
    "api-unknown": Decision(EVERYBODY, ok=(404,), anonymous=404),
    "api-returns": signed_in(anonymous=401),
    # A grantee's lists hold its own; it reaches programmes through its grants.
    "api-programmes": signed_in(anonymous=401),
    "api-programme": staff(anonymous=401, denied=404, args="programme"),
    "api-programme-status": only(*SETTERS_OF_DATES, anonymous=401, method="post", ok=(415,), args="programme"),
    "api-grants": signed_in(anonymous=401),
    "api-grant": only(*STAFF, *OURS, anonymous=401, denied=404, args="grant"),
    "api-organisations": signed_in(anonymous=401),
    "api-organisation": only(*STAFF, *OURS, anonymous=401, denied=404, args="organisation"),
    "api-return": only(*STAFF, *OURS, anonymous=401, **THEIRS),
    "api-return-template": only(*STAFF, *OURS, anonymous=401, **THEIRS),
    # What is not sent yet is the grantee's own.
    "api-return-draft": only(*OURS, anonymous=401, denied_for=STAFF_MAY_NOT, **THEIRS),
    # What a test's browser posts is not JSON, which is found out after it is known whose return it is.
    "api-return-validation": only(*OURS, anonymous=401, method="post", ok=(415,), denied_for=STAFF_MAY_NOT, **THEIRS),
    # A person signed in sends on the site; here a key is needed.
    "api-return-submission": only(*STAFF, *OURS, anonymous=401, method="post", ok=(403,), **THEIRS),
    "api-returns-schema": signed_in(anonymous=401),
    "api-figures": Decision(STAFF, anonymous=403, args="api"),
    "api-figure-definitions": Decision(STAFF, anonymous=403),
    "api-schema": Decision(STAFF, anonymous=403),
    "help": everybody(),
    "api-guide": everybody(),
    "accessibility": everybody(),
    "privacy": everybody(),
    "cookies": everybody(),
    "health": everybody(),
    "ready": everybody(),
    # The sign-in library's own pages: open to people signing in; those signed in are sent home or shown their own.
    "account_login": Decision(EVERYBODY, ok=(200, 302), anonymous=200),
    "account_logout": Decision(EVERYBODY, ok=(200, 302), anonymous=302),
    "account_inactive": everybody(),
    "account_signup": Decision(EVERYBODY, ok=(200, 302), anonymous=200),
    # The cast has no passwords, so there is nothing to confirm again: the library answers 403.
    "account_reauthenticate": signed_in(ok=(403,)),
    "account_email": signed_in(ok=(302,)),
    "account_email_verification_sent": everybody(),
    "account_change_password": signed_in(ok=(200, 302)),
    "account_set_password": signed_in(ok=(200, 302)),
    "account_reset_password": everybody(),
    "account_confirm_login_code": Decision(EVERYBODY, ok=(200, 302)),
    "account_confirm_email": Decision(EVERYBODY, ok=(200, 302), anonymous=200, args="email_key"),
    "account_reset_password_from_key_done": everybody(),
    "account_reset_password_from_key": Decision(EVERYBODY, ok=(200, 302), anonymous=200, args="reset_key"),
    "account_reset_password_done": everybody(),
    "mfa_index": signed_in(),
    "mfa_authenticate": Decision(EVERYBODY, ok=(200, 302)),
    "mfa_reauthenticate": signed_in(ok=(403,)),
    "mfa_activate_totp": signed_in(ok=(200, 302)),
    "mfa_deactivate_totp": signed_in(ok=(200, 302, 404)),
    "mfa_view_recovery_codes": signed_in(ok=(200, 302, 404)),
    "mfa_generate_recovery_codes": signed_in(ok=(200, 302, 404)),
    "mfa_download_recovery_codes": signed_in(ok=(200, 302, 404)),
}
