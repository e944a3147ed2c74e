"""Figures of the rules on clean text, measured by benchmarks/measure_rules.py and shipped as rules/measured.json."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FILE = "measured.json"


class Figures(NamedTuple):
    """How often a rule fires on clean text.

    Attributes:
        hits: Findings of any severity on all sets.
        per_million_words: The same as a rate.
        worst_set: The set with the highest rate; empty where there was no hit.
        worst_per_million_words: Its rate.
        words: Size of all sets.
        date: Day of the measurement, ISO 8601.
    """

    hits: int
    per_million_words: float
    worst_set: str
    worst_per_million_words: float
    words: int
    date: str


def figures(folder: Path, code: str) -> Figures | None:
    """What was measured of a rule, or ``None`` if it has not been measured."""
    measured = _read(folder / FILE)
    if code not in measured.get("rules", {}):
        return None
    hits: dict[str, int] = measured["rules"][code]
    words: dict[str, int] = {name: row["words"] for name, row in measured["sets"].items()}
    rates = {name: 1e6 * count / words[name] for name, count in hits.items()}
    worst = max(rates, key=rates.__getitem__, default="")
    total = sum(words.values())
    return Figures(
        hits=sum(hits.values()),
        per_million_words=1e6 * sum(hits.values()) / max(total, 1),
        worst_set=worst,
        worst_per_million_words=rates.get(worst, 0.0),
        words=total,
        date=measured["date"],
    )


@cache
def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}
