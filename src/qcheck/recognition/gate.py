"""Cheap evidence: may a recogniser have read this text? One search over the bytes, 2 ns a byte."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import re2

# How many different signs a piece must hold: one, and more in longer pieces, where chance alone makes some. Of 18 kinds
# of edited English nearly none passes; of what examining every text would find in newspapers 99 % is still found.
_FEWEST, _FEWEST_PER_KB = 0.3, 0.6
# Texts under so many bytes have few signs because they are short: they are searched for rare letters in a row too,
# which costs twice as much, and more on first sight.
SHORT = 2000
# Of longer pieces one part in three is looked at first; where it holds no sign at all, that is the end of it. Of what a
# look at everything would find in newspapers, all but 0.2 % is still found.
_LOOKED_AT, _OF = 800, 2600


class Gate:
    """Counts signs of recognition.

    Args:
        patterns: Patterns of RE2 whose matches are signs.
        for_short: Patterns for short texts besides.
    """

    def __init__(self, patterns: list[str], for_short: list[str]) -> None:
        self._pattern = _compiled(patterns)
        self._for_short = _compiled([*patterns, *for_short])

    @classmethod
    def read(cls, path: Path) -> Gate:
        """The gate of a table: which texts (``any`` or ``short``) and the pattern."""
        rows = defaultdict[str, list[str]](list)
        for line in path.read_text(encoding="utf-8").split("\n"):
            if "\t" in line:
                kind, pattern = line.split("\t", 1)
                rows[kind].append(pattern)
        return cls(rows["any"], rows["short"])

    def may_have_signs(self, data: bytes, start: int, end: int) -> bool:
        """Whether a glance at a piece of a text in UTF-8 shows a sign; true of every short one."""
        if end - start <= _OF:
            return True
        # One search of all parts: each costs 3 microseconds before it begins.
        parts = b"\n".join([data[at : min(at + _LOOKED_AT, end)] for at in range(start, end, _OF)])
        return self._pattern.search(parts) is not None

    def has_signs(self, data: bytes, start: int, end: int) -> bool:
        """Whether a piece of a text in UTF-8 holds signs enough; one that comes back counts once, it may be a name."""
        fewest = max(1.0, _FEWEST + _FEWEST_PER_KB * (end - start) / 1000)
        signs: set[bytes] = set()
        for match in (self._for_short if len(data) < SHORT else self._pattern).finditer(data, start, end):
            signs.add(match.group())
            if len(signs) >= fewest:
                return True
        return False


def _compiled(patterns: list[str]) -> Any:
    options = re2.Options()
    options.max_mem = 64 << 20
    options.never_capture = True
    return re2.compile("|".join(patterns).encode(), options)
