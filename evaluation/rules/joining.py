"""Which values belong together because relations join them, directly or through others."""

from __future__ import annotations

from collections.abc import Iterable

from evaluation.rules.evidence import Link


def leaders(links: Iterable[Link]) -> dict[str, str]:
    """Value → one name for all values that these relations join. Values that no relation names are left out."""
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        while leader.setdefault(name, name) != name:
            name = leader[name]
        return name

    for link in links:
        for term in link.terms:
            leader[find(term.name)] = find(link.result.name)
    return {name: find(name) for name in list(leader)}
