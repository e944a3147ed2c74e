"""One JSON object a document and line; streaming."""

from __future__ import annotations

import json
from typing import Any, TextIO

from qcheck.reports import Look, Outcome
from qcheck.reports.summary import Summary

# Python's str.splitlines, for one, ends a line at these; inside JSON strings, where alone they can stand, they may be
# written as escapes.
_LINE_ENDS = str.maketrans({char: f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029"})


class Writer:
    """The documented JSON object of every document, one a line, without a summary."""

    def __init__(self, out: TextIO, look: Look) -> None:
        self._out = out

    def add(self, outcome: Outcome) -> None:
        """Write one document."""
        line = json.dumps(document_dict(outcome), ensure_ascii=False)
        self._out.write(line.translate(_LINE_ENDS) + "\n")

    def finish(self, summary: Summary) -> None:
        """Nothing: every line is a document."""


def document_dict(outcome: Outcome) -> dict[str, Any]:
    """The documented JSON object of one document; one that could not be read has all its keys too."""
    if outcome.report:
        return {**outcome.report.to_dict(), "id": outcome.id, "path": outcome.path, "error": outcome.error}
    return {
        "id": outcome.id,
        "path": outcome.path,
        "score": None,
        "verdict": None,
        "language": None,
        "words": None,
        "families": {},
        "metrics": {},
        "findings": [],
        "error": outcome.error,
    }
