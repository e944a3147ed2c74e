"""The judge: evidence into the probability of an error, with weights fitted on scans and transcripts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path


class Judge:
    """A sum of weights, one for each feature, squeezed into a probability.

    Args:
        weights: Feature to weight; features that are not listed weigh nothing.
    """

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = weights

    @classmethod
    def read(cls, path: Path) -> Judge:
        """The judge of a table of features and weights."""
        lines = (line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if "\t" in line)
        return cls({feature: float(weight) for feature, weight in lines})

    def probability(self, features: Iterable[str]) -> float:
        """How likely a token with these features is an error, 0 to 1."""
        weight = self._weights.get
        total = weight("bias", 0.0)
        for feature in features:
            total += weight(feature, 0.0)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
