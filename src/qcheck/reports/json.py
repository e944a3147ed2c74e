"""The whole run as one JSON object; documents are written as they come, the summary last."""

from __future__ import annotations

import json
from textwrap import indent
from typing import Any, TextIO

from qcheck import __version__
from qcheck.reports import Look, Outcome
from qcheck.reports.jsonl import document_dict
from qcheck.reports.summary import Summary

VERSION = 1


class Writer:
    """``{"version", "qcheck", "documents", "summary"}``, indented so that two runs can be compared line by line."""

    def __init__(self, out: TextIO, look: Look) -> None:
        self._out, self._between = out, "\n"
        out.write(f'{{\n  "version": {VERSION},\n  "qcheck": {json.dumps(__version__)},\n  "documents": [')

    def add(self, outcome: Outcome) -> None:
        """Write one document."""
        self._out.write(self._between + indent(_dumps(document_dict(outcome)), "    "))
        self._between = ",\n"

    def finish(self, summary: Summary) -> None:
        """Close the documents and write the summary."""
        self._out.write(f'\n  ],\n  "summary": {indent(_dumps(summary.to_dict()), "  ").lstrip()}\n}}\n')


def _dumps(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
