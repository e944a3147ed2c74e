"""Cheap evidence: does a text look as if a recogniser had read it? One search over the bytes, as a rule."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import re2

_WORD_BEFORE = re.compile(rb"[A-Za-z\x80-\xff'-]+\Z")
_LONGEST_WORD = 40


class Gate:
    """Counts signs of recognition.

    Args:
        patterns: Pairs of a weight and a pattern of RE2.
    """

    def __init__(self, patterns: list[tuple[float, str]]) -> None:
        self._options = re2.Options()
        self._options.max_mem = 64 << 20
        self._options.never_capture = True
        self._patterns = [(weight, self._compiled(pattern)) for weight, pattern in patterns]
        self._heaviest = max(weight for weight, _ in patterns)
        # All in one runs at 200 MB/s, and is the end of it for nearly every sound text.
        self._any = self._compiled("|".join(pattern for _, pattern in patterns))

    def _compiled(self, pattern: str) -> Any:
        return re2.compile(pattern.encode(), self._options)

    @classmethod
    def read(cls, path: Path) -> Gate:
        """The gate of a table of weights and patterns."""
        lines = path.read_text(encoding="utf-8").split("\n")
        rows = (line.split("\t", 1) for line in lines if "\t" in line and not line.startswith("# "))
        return cls([(float(weight), pattern) for weight, pattern in rows])

    def has_signs(self, data: bytes, fewest: float) -> bool:
        """Whether UTF-8 bytes hold different signs of at least this weight; a name that comes back counts once."""
        places = {match.group(): match.start() for match in self._any.finditer(data)}
        if len(places) * self._heaviest < fewest or self._weight(data) < fewest:
            return False
        # Foreign names hold letters in strange company too: signs in names alone make no scan.
        return not all(_in_name(data, at) for at in places.values())

    def _weight(self, data: bytes) -> float:
        return sum(weight * len({m.group() for m in pattern.finditer(data)}) for weight, pattern in self._patterns)


def _in_name(data: bytes, at: int) -> bool:
    """Whether the word at an offset begins with a capital."""
    start = _WORD_BEFORE.search(data, max(0, at - _LONGEST_WORD), at + 1)
    return start is not None and start[0][:1].isupper()
