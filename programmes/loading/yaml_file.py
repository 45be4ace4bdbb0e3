"""Reading a YAML file without YAML's surprises: no octal, no base 60, no binary floats, no key given twice."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from programmes.loading.problems import LoadError, Problem

LARGEST_BYTES = 20 * 1024 * 1024
MOST_VALUES = 2_000_000
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)", re.ASCII)
_DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]+", re.ASCII)


# libyaml's parser where it is there: the same rules, ten times as quick.
_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Safe):
    """The safe loader, stricter where YAML would silently turn what was typed into something else."""


def _whole(loader: _Loader, node: yaml.ScalarNode) -> int | str:
    text = loader.construct_scalar(node)
    # 012 is octal and 1:30 is ninety to YAML; left as text, they are refused where a number is wanted.
    return int(text) if _WHOLE.fullmatch(text) else text


def _decimal(loader: _Loader, node: yaml.ScalarNode) -> Decimal | str:
    text = loader.construct_scalar(node)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.tag == "tag:yaml.org,2002:merge":
            continue
        if key.value in seen:
            raise yaml.constructor.ConstructorError(None, None, f'the key "{key.value}" is given twice', key.start_mark)
        seen.add(key.value)
    loader.flatten_mapping(node)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:int", _whole)
_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_yaml(path: Path) -> dict[str, Any]:
    """The file's top-level mapping. Raises LoadError when it is missing, too big, not UTF-8, or not YAML."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise _refused(path, "The file is larger than 20 MB. Split it, or check that it is the right one.")
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a subclass of SafeLoader
    except FileNotFoundError:
        raise _refused(path, "The file does not exist. Check the path.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise _refused(path, f"The file cannot be read ({error}). Save it as UTF-8 text.") from None
    except yaml.YAMLError as error:
        raise _refused(path, _yaml_sentence(error)) from None
    except (TypeError, ValueError, RecursionError) as error:
        raise _refused(path, f"The file holds a value that cannot be read: {error}.") from None
    if _written_out(raw, {}) > MOST_VALUES:
        raise _refused(
            path, f"With its aliases written out the file holds more than {MOST_VALUES:,} values. Use fewer."
        )
    if not isinstance(raw, dict):
        raise _refused(path, "The file holds no keys and values. Start it with a line like: format: vru-strategy/1.")
    return raw


def _written_out(value: Any, known: dict[int, int]) -> int:
    """How many values there are once every alias stands in full; counted without writing them out.

    A file of a few lines can stand for more values than memory holds. An alias to what it stands in has no end.
    """
    if not isinstance(value, dict | list):
        return 1
    if id(value) not in known:
        known[id(value)] = MOST_VALUES + 1
        parts = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_written_out(part, known) for part in parts)
    return known[id(value)]


def _refused(path: Path, sentence: str) -> LoadError:
    return LoadError(path, [Problem("", sentence)])


def _yaml_sentence(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or str(error).splitlines()[0]
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark is not None else ""
    return f"{where}{what}. The file is not valid YAML."
