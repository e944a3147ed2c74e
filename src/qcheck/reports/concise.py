"""One line a finding, as editors and grep read it; streaming."""

from __future__ import annotations

from typing import TextIO

from qcheck.reports import Look, Outcome
from qcheck.reports.cells import visible
from qcheck.reports.summary import Summary


class Writer:
    """``path:line:column: CODE message``."""

    def __init__(self, out: TextIO, look: Look) -> None:
        self._out = out

    def add(self, outcome: Outcome) -> None:
        """Write the findings of one document."""
        name = visible(outcome.id)
        if outcome.error:
            self._out.write(f"{name}: {visible(outcome.error)}\n")
        for finding in outcome.report.findings if outcome.report else ():
            line = f"{name}:{finding.line}:{finding.column}: {finding.rule.code} {visible(finding.message)}"
            self._out.write(line + "\n")

    def finish(self, summary: Summary) -> None:
        """Nothing: every line is a finding or a document that could not be read."""
