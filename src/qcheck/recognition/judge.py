"""The judge: evidence into the probability of an error, with weights fitted on scans and transcripts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path

from qcheck.recognition.features import Evidence, Group

_REMEMBERED = 300_000


class Judge:
    """A sum of weights, one for each feature, squeezed into a probability.

    Sums are remembered, of words by themselves and of each group of features: naming every feature of every token anew
    took a third of the time on a bad scan.

    Args:
        weights: Feature to weight; features that are not listed weigh nothing.
    """

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = weights
        self._of_readings: dict[int, float] = {}
        self._of_groups: dict[Group, float] = {}

    @classmethod
    def read(cls, path: Path) -> Judge:
        """The judge of a table of features and weights."""
        lines = (line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if "\t" in line)
        return cls({feature: float(weight) for feature, weight in lines})

    def probability(self, evidence: Evidence) -> float:
        """How likely a token with this evidence is an error, 0 to 1."""
        reading, known = evidence.reading, self._of_groups
        total = self._of_readings.get(reading.number)
        if total is None:
            if len(self._of_readings) > _REMEMBERED:
                self._of_readings.clear()
            total = self._of_readings[reading.number] = self._sum(reading.features) + self._weights.get("bias", 0.0)
        for group in evidence.groups:
            weight = known.get(group)
            total += self._sum_of(group) if weight is None else weight
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def _sum_of(self, group: Group) -> float:
        if len(self._of_groups) > _REMEMBERED:
            self._of_groups.clear()
        names, arguments = group
        weight = self._of_groups[group] = self._sum(names(*arguments))
        return weight

    def _sum(self, features: Iterable[str]) -> float:
        return sum(self._weights.get(feature, 0.0) for feature in features)
