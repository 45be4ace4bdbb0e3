"""What a grantee's own system writes: a draft by box name, and the submission."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from grants.actions.drafts import lock_return, save_sections
from grants.actions.submission import submit_return
from grants.answers.sent import reference_of
from grants.answers.values import drafts_of
from grants.api.problems import ApiProblem, finding, malformed, mistake
from grants.errors import ActionRefused, ReturnNotAcceptable, StaleDraft
from grants.models import MonitoringReturn, Revision, Section, SectionDraft
from grants.questionnaire import Box, boxes_for
from grants.timetable.locks import lock_of
from grants.validation import Outcome, validate
from vru.accounts.models import User
from vru.lib.state_machine import TransitionRefused

Sections = dict[Section, dict[str, str]]
Versions = dict[Section, int]
_NO_DRAFT = "0"
_TAG = re.compile(r"([A-Z])(\d{1,9})", re.ASCII)


def versions_of(item: MonitoringReturn) -> Versions:
    """The version of each section's draft; 0 where nothing was saved yet."""
    saved = dict(SectionDraft.objects.filter(monitoring_return=item).values_list("section", "version"))
    return {section: saved.get(section.value, 0) for section in item.sections}


def etag_of(versions: Versions) -> str:
    """The versions as an entity tag, such as "C3.D1"."""
    return '"' + (".".join(f"{s.value}{n}" for s, n in versions.items() if n) or _NO_DRAFT) + '"'


def versions_in(etag: str) -> Versions:
    """The versions that an If-Match header speaks of. A proxy may have made the tag weak; that changes nothing here."""
    inside = etag.strip().removeprefix("W/").strip('"')
    parts = [] if inside == _NO_DRAFT else [_TAG.fullmatch(part) for part in inside.split(".")]
    found = {match[1]: int(match[2]) for match in parts if match and match[1] in Section.values}
    if len(found) != len(parts):
        raise malformed("If-Match must be the ETag that the draft was read with. A star would overwrite unseen work.")
    return {Section(letter): number for letter, number in found.items()}


def by_section(boxes: list[Box], values: Mapping[str, str | None]) -> dict[Section, dict[str, str | None]]:
    """The values under the sections of their boxes. Refuses names that are no box of this return, each by name."""
    sections = {box.name: box.section for box in boxes}
    unknown = [name for name in values if name not in sections]
    if unknown:
        errors = [mistake(name[:100], f"This return has no box “{name[:100]}”.") for name in unknown[:100]]
        detail = "Some boxes are not on this return, so nothing was saved. Its template lists those that are."
        raise ApiProblem(HTTPStatus.BAD_REQUEST, "unknown-box", "No such box", detail, errors)
    found: dict[Section, dict[str, str | None]] = {}
    for name, text in values.items():
        found.setdefault(sections[name], {})[name] = text
    return found


@transaction.atomic
def file_draft(
    *, item: MonitoringReturn, values: Mapping[str, str | None], versions: Versions, by: User, replace: bool
) -> None:
    """Save text by box name, all or nothing; blank text empties a box. Sections that stay the same are not touched.

    With ``replace`` boxes that are not named are emptied, otherwise they keep what they hold. The return's row is
    locked before anything is read, so what is kept is what the versions speak of. Raises ``ApiProblem``.
    """
    locked = lock_return(item)
    refuse_locked(locked)
    boxes = boxes_for(locked)
    given = by_section(boxes, values)
    saved = drafts_of(locked)
    changed: Sections = {}
    for section in {box.section for box in boxes} if replace else set(given):
        kept = {} if replace else saved.get(section, {})
        wanted = {**kept, **given.get(section, {})}
        typed = {name: text for name, text in wanted.items() if text and text.strip()}
        if typed != {name: text for name, text in saved.get(section, {}).items() if text.strip()}:
            changed[section] = typed
    in_order = {section: changed[section] for section in Section if section in changed}
    _refuse_stale(locked, in_order, versions)
    try:
        save_sections(monitoring_return=locked, sections=in_order, versions=versions, by=by)
    except StaleDraft as stale:
        raise _conflict(str(stale), [stale.current], in_order) from stale
    except ActionRefused as refused:
        raise malformed(str(refused), [mistake("", str(refused))]) from refused


def refuse_locked(item: MonitoringReturn) -> None:
    """Raises ``ApiProblem`` (409) with the reason and the next step when the return cannot be changed now."""
    lock = lock_of(item, timezone.localdate())
    if lock is not None:
        detail = f"{lock.reason} {lock.next_step}"
        errors = [{**mistake("", detail), "code": lock.code}]
        raise ApiProblem(HTTPStatus.CONFLICT, "locked", "The return cannot be changed now", detail, errors)


def _refuse_stale(item: MonitoringReturn, sections: Sections, versions: Versions) -> None:
    """Every section that somebody else saved meanwhile, in one answer."""
    drafts = SectionDraft.objects.filter(monitoring_return=item, section__in=sections).select_related("saved_by")
    stale = [draft for draft in drafts if versions.get(Section(draft.section), 0) != draft.version]
    if stale:
        raise _conflict("Somebody saved these sections after you read them. Nothing was overwritten.", stale, sections)


def _conflict(detail: str, stale: list[SectionDraft], sections: Sections) -> ApiProblem:
    conflicts = [
        {
            "section": draft.section,
            "version": draft.version,
            "saved_by": draft.saved_by.name if draft.saved_by else "",
            "saved_at": draft.saved_at.isoformat(),
            "saved": draft.data,
            "yours": sections.get(Section(draft.section), {}),
        }
        for draft in stale
    ]
    said = "A newer version is saved. Compare both, then send again with its version."
    errors = [{**mistake("", said), "section": draft.section} for draft in stale]
    title = "A newer version is saved"
    return ApiProblem(HTTPStatus.CONFLICT, "stale-draft", title, detail, errors, conflicts=conflicts)


def findings_of(outcome: Outcome) -> dict[str, Any]:
    """What the validator found, without what only the unit may see."""
    return {
        "acceptable": outcome.is_acceptable,
        "errors": [finding(problem) for problem in outcome.errors_in_order() if not problem.staff_only],
        "warnings": [finding(problem) for problem in outcome.warnings_for_grantee()],
    }


@transaction.atomic
def file_submission(
    *, item: MonitoringReturn, declaration: Mapping[str, Any], versions: Versions | None, by: User
) -> dict[str, Any]:
    """Submit what is saved. Returns the receipt. Raises ``ApiProblem`` and changes nothing when it cannot be sent.

    ``declaration`` has declared_name, explanations, is_nil and nil_reason. With ``versions`` the draft must still be
    exactly that: a person may be typing into it on the site.
    """
    locked = lock_return(item)
    refuse_locked(locked)
    if versions is not None:
        now = {section: number for section, number in versions_of(locked).items() if number}
        if now != {section: number for section, number in versions.items() if number}:
            drafts = SectionDraft.objects.filter(monitoring_return=locked).select_related("saved_by")
            stale = [draft for draft in drafts if versions.get(Section(draft.section), 0) != draft.version]
            raise _conflict("The draft was changed after you read it. Nothing was sent.", stale, {})
    try:
        revision = submit_return(monitoring_return=locked, by=by, channel=Revision.Channel.API, **declaration)
    except ReturnNotAcceptable as refused:
        found = findings_of(refused.outcome)
        raise _unprocessable("not-acceptable", "The return has errors", str(refused), found) from refused
    except TransitionRefused as refused:
        raise ApiProblem(HTTPStatus.CONFLICT, "refused", "The return cannot be sent now", str(refused)) from refused
    except ActionRefused as refused:
        raise _refused(locked, declaration, refused) from refused
    return receipt_of(revision)


def _refused(item: MonitoringReturn, declaration: Mapping[str, Any], refused: ActionRefused) -> ApiProblem:
    """With each warning that still lacks a sentence, where that is the reason."""
    found = findings_of(validate(item, drafts_of(item), is_nil=declaration["is_nil"]))
    found["errors"] = [row for row in found["warnings"] if not declaration["explanations"].get(row["code"], "").strip()]
    if found["errors"]:
        return _unprocessable("unexplained", "Warnings need an explanation", str(refused), found)
    return ApiProblem(HTTPStatus.CONFLICT, "refused", "The return cannot be sent now", str(refused))


def _unprocessable(name: str, title: str, detail: str, found: dict[str, Any]) -> ApiProblem:
    more = {"warnings": found["warnings"]}
    return ApiProblem(HTTPStatus.UNPROCESSABLE_ENTITY, name, title, detail, found["errors"], **more)


def receipt_of(revision: Revision) -> dict[str, Any]:
    item = revision.monitoring_return
    ref, quarter = item.commitment.ref, item.quarter.key
    return {
        "reference": reference_of(revision),
        "grant": ref,
        "quarter": quarter,
        "number": revision.number,
        "status": item.status,
        "submitted_at": revision.submitted_at.isoformat(),
        "submitted_by": revision.submitted_by.name,
        "is_nil": revision.is_nil,
        "signature_needed": revision.awaits_signature,
        "receipt": settings.SITE_URL + reverse("returns:receipt", args=[ref, quarter]),
    }
