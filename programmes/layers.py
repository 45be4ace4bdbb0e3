"""Which layer a page shows. Totals never mix layers, so every page with a total shows one."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from programmes.models import Programme
from vru.lib.layers import Layer


def default_layer() -> str:
    """The unit's own records; in a demonstration, the invented year."""
    return Layer.ILLUSTRATIVE if settings.DEMO else Layer.RECORDED


def chosen_layer(request: HttpRequest) -> str:
    """The layer asked for in the address, else the one chosen before in this session, else the default."""
    asked = request.GET.get("layer", "")
    if asked in Layer.values:
        request.session["layer"] = asked
        return asked
    return str(request.session.get("layer") or default_layer())


def layers_in_use() -> list[str]:
    """Layers that hold any programme, in the order of the enum."""
    present = set(Programme.objects.order_by().values_list("layer", flat=True).distinct())
    return [layer for layer in Layer.values if layer in present]
