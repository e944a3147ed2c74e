"""Figures of parts, shards and runs: they add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

_NUMBERS = ("read", "checked", "quarantined", "incomplete", "characters", "mended", "score_sum")
_GROUPS = ("verdicts", "findings")


class Tally:
    """A sum of figures."""

    def __init__(self) -> None:
        self._numbers: Counter[str] = Counter()
        self._groups = {name: Counter[str]() for name in _GROUPS}

    def add(self, counts: Mapping[str, Any]) -> None:
        """Add the figures of a part or a shard."""
        for name in _NUMBERS:
            self._numbers[name] += counts.get(name, 0)
        for name, group in self._groups.items():
            group.update(counts.get(name, {}))

    def __getitem__(self, name: str) -> int:
        return self._numbers[name]

    def group(self, name: str) -> Counter[str]:
        """Verdicts, or findings by rule."""
        return self._groups[name]

    @property
    def mean_score(self) -> float | None:
        """The mean score of what was checked."""
        return round(self._numbers["score_sum"] / self["checked"], 1) if self["checked"] else None

    def to_dict(self) -> dict[str, Any]:
        """The figures as JSON, in a fixed order."""
        numbers: dict[str, Any] = {name: self._numbers[name] for name in _NUMBERS}
        numbers["score_sum"] = round(numbers["score_sum"], 1)
        return {**numbers, **{name: dict(sorted(group.items())) for name, group in self._groups.items()}}
