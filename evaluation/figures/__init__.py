"""Every published number. Ask ``compute(scope, keys)``; walk one back with ``contributions(scope, key)``."""

from evaluation.figures.figure import Figure
from evaluation.figures.key import FigureError, FigureKey, UnknownFigure
from evaluation.figures.registry import compute, families
from evaluation.figures.scope import Scope, ScopeError
from evaluation.figures.snapshot import read_snapshot
from evaluation.figures.trace import Contribution, contributed, contributions

__all__ = [
    "Contribution",
    "Figure",
    "FigureError",
    "FigureKey",
    "Scope",
    "ScopeError",
    "UnknownFigure",
    "compute",
    "contributed",
    "contributions",
    "families",
    "read_snapshot",
]
