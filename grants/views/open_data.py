"""The awarded grants as open data, for staff to look over and publish."""

from __future__ import annotations

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from grants.exports.threesixty import Publisher
from grants.exports.threesixty_files import csv_lines, json_lines
from programmes.layers import chosen_layer
from vru.accounts.permissions import can_read_everything, require


@require(can_read_everything)
@require_safe
def open_data(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """The file in the 360Giving standard, streamed: ``kind`` is json or csv. The command checks it as well."""
    publisher = Publisher(chosen_layer(request))
    if kind == "json":
        lines, content_type = json_lines(publisher, timezone.localdate()), "application/json"
    else:
        lines, content_type = csv_lines(publisher), "text/csv; charset=utf-8"
    answer = StreamingHttpResponse(lines, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="360giving-{publisher.layer}.{kind}"'
    return answer
