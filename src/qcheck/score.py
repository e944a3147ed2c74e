"""Findings into a number from 0 to 100 and a verdict; the weights are data, in rules/score.toml."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from qcheck.finding import Confidence, Family, Finding, Severity
from qcheck.tables import Table, read_toml

if TYPE_CHECKING:
    from qcheck.document import Document


class Verdict(StrEnum):
    """What to do with a document."""

    KEEP = "keep"
    FIX = "fix"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Score:
    """How sound a document is.

    Attributes:
        value: 0 to 100; 100 where nothing of weight was found.
        verdict: ``keep``, ``fix`` or ``drop``.
        families: What each family took away; the parts add up to ``100 - value``.
    """

    value: float
    verdict: Verdict
    families: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Weights:
    """The contents of a score file."""

    severity: Mapping[str, float]
    confidence: Mapping[str, float]
    family: Mapping[str, float]
    document: Mapping[str, float]
    keep: float
    drop: float

    def of(self, finding: Finding) -> float:
        """Words that a finding spoils; for the document family, its share of the score."""
        if finding.rule.family is Family.DOCUMENT:
            return self.document[finding.severity] * self.confidence[finding.confidence]
        weight = self.severity[finding.severity] * self.confidence[finding.confidence]
        return weight * self.family[finding.rule.family]


@cache
def load_weights(path: Path) -> Weights:
    """Read a score file.

    Raises:
        FileError: It lacks a weight, or a weight is no number from 0 up.
    """
    top = read_toml(path)
    families = [family for family in Family if family is not Family.DOCUMENT]
    verdict = _numbers(top, "verdict", ("keep", "drop"))
    weights = Weights(
        severity=_numbers(top, "severity", tuple(Severity)),
        confidence=_numbers(top, "confidence", tuple(Confidence)),
        family=_numbers(top, "family", families),
        document=_numbers(top, "document", tuple(Severity)),
        keep=verdict["keep"],
        drop=verdict["drop"],
    )
    top.finish()
    return weights


def _numbers(top: Table, name: str, keys: Sequence[str]) -> dict[str, float]:
    table = top.table(name, required=True)
    values = {str(key): float(table.take(key, float, required=True)) for key in keys}
    table.finish()
    if bad := next((key for key, value in values.items() if not 0 <= value < math.inf), None):
        raise table.error(bad, f"'{bad}' must be a number from 0 up: a finding never raises a score")
    return values


def score(document: Document, findings: Iterable[Finding], weights: Weights) -> Score:
    """Score a document by its findings.

    Spoilt words stand beside the sound ones, those no weighing finding touches, in ``sound / (sound + spoilt)``.
    Counting only untouched words keeps the score monotone: a mark adds to one side and takes from the other.
    """
    weighing = [(finding, weight) for finding in findings if (weight := weights.of(finding)) > 0]
    if not weighing:
        return Score(100.0, Verdict.KEEP)
    spoilt: dict[str, float] = defaultdict(float)
    rest = 1.0
    for finding, weight in weighing:
        if finding.rule.family is Family.DOCUMENT:
            rest *= 1 - min(1.0, weight)
        else:
            spoilt[finding.rule.family] += weight
    total = sum(spoilt.values())
    # A finding about the whole document says nothing about its words: their share is apart.
    touched = _touched_words(document.text, [f for f, _ in weighing if f.rule.family is not Family.DOCUMENT])
    sound = document.words - touched
    local = sound / (sound + total) if total else 1.0
    parts = {family: 100 * (1 - local) * share / total for family, share in sorted(spoilt.items())}
    if rest < 1:
        parts[Family.DOCUMENT] = 100 * local * (1 - rest)
    value = min(100.0, max(0.0, 100 * local * rest))
    return Score(value, _verdict(value, weights), {str(family): part for family, part in parts.items()})


def _touched_words(text: str, findings: Iterable[Finding]) -> int:
    """Whole words that findings or their edits meet or touch, each counted once.

    With the edits, and with words that are only touched: whatever a fix takes out or joins was never counted as sound,
    so applying it cannot lower the score.
    """
    spans = [(f.start, f.end) for f in findings]
    spans += [(edit.start, edit.end) for f in findings if f.fix for edit in f.fix.edits]
    words = reach = 0  # all words before `reach`, which stands between words, have been counted
    for start, end in sorted(spans):
        if 0 < reach >= end:
            continue
        first = max(start, reach)
        while first > reach and not text[first - 1].isspace():
            first -= 1
        reach = max(end, first)
        while reach < len(text) and not text[reach].isspace():
            reach += 1
        words += len(text[first:reach].split())
    return words


def _verdict(value: float, weights: Weights) -> Verdict:
    if value >= weights.keep:
        return Verdict.KEEP
    return Verdict.FIX if value >= weights.drop else Verdict.DROP
