"""Models with a field-by-field history are never written past it."""

from __future__ import annotations

import ast

from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.apps import apps
from django.conf import settings

from tests.factories import ProgrammeFactory, UserFactory
from tests.meta.test_layers import MODULES

WITH_HISTORY = [row["model"] if isinstance(row, dict) else row for row in settings.AUDITLOG_INCLUDE_TRACKING_MODELS]
PAST_THE_LOG = {"bulk_create", "bulk_update", "update"}
# The generator's records are invented: nobody did anything that a history could tell.
INVENTED = "vru.demo."


def written_past_the_log(source: str) -> list[str]:
    """Models in ``Model.objects….bulk_create(…)`` and the like, wherever the call stands."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in PAST_THE_LOG):
            continue
        base: ast.AST = node.func.value
        through_manager = False
        while isinstance(base, ast.Attribute | ast.Call):
            through_manager = through_manager or (isinstance(base, ast.Attribute) and base.attr == "objects")
            base = base.value if isinstance(base, ast.Attribute) else base.func
        if through_manager and isinstance(base, ast.Name):
            found.append(base.id)
    return found


def test_every_model_of_the_list_is_registered() -> None:
    assert all(auditlog.contains(apps.get_model(label)) for label in WITH_HISTORY)


def test_no_code_writes_a_model_with_history_past_its_log() -> None:
    names = {label.split(".")[1] for label in WITH_HISTORY}
    past = {
        module: sorted(set(written_past_the_log(path.read_text())) & names)
        for module, path in MODULES.items()
        if not module.startswith(INVENTED)
    }
    assert {module: found for module, found in past.items() if found} == {}


def test_the_search_sees_a_write_past_the_log() -> None:
    assert written_past_the_log("Programme.objects.filter(pk=1).update(title='x')") == ["Programme"]
    assert written_past_the_log("Programme.objects.bulk_create([])") == ["Programme"]
    assert written_past_the_log("hash.update(b'')") == []


def test_change_keeps_what_the_field_was_before(db: None) -> None:
    programme = ProgrammeFactory(title="Before")
    programme.title = "After"
    programme.save()
    entry = LogEntry.objects.get_for_object(programme).first()
    assert entry.changes["title"] == ["Before", "After"]


def test_passwords_are_not_kept_in_the_history(db: None) -> None:
    user = UserFactory()
    user.set_unusable_password()
    user.save()
    assert all("password" not in entry.changes for entry in LogEntry.objects.get_for_object(user))
