"""How often each rule fired: what --statistics shows instead of the findings."""

from __future__ import annotations

from typing import NamedTuple, TextIO

from tabulate import tabulate

from qcheck.reports import Look, Outcome
from qcheck.reports.cells import cut
from qcheck.reports.closing import closing
from qcheck.reports.summary import Summary
from qcheck.rules.model import Rule

_HEADERS = ("findings", "documents", "rule", "severity", "what it finds")


class RuleCount(NamedTuple):
    """How often a rule fired, and in how many documents."""

    rule: Rule
    findings: int
    documents: int


def statistics_rows(summary: Summary) -> list[RuleCount]:
    """Every rule that fired, the most frequent first."""
    rows = [RuleCount(rule, count, summary.affected[rule]) for rule, count in summary.rules.items()]
    return sorted(rows, key=lambda row: (-row.findings, row.rule.code))


class Writer:
    """The table of rules."""

    def __init__(self, out: TextIO, look: Look) -> None:
        self._out, self._width = out, look.width

    def add(self, outcome: Outcome) -> None:
        """Nothing: the summary counts."""

    def finish(self, summary: Summary) -> None:
        """Write the table and what the run comes to."""
        counts = statistics_rows(summary)
        if counts:
            self._out.writelines(line.rstrip() + "\n" for line in (*self._table(counts), ""))
        self._out.writelines(line + "\n" for line in closing(summary))

    def _table(self, counts: list[RuleCount]) -> list[str]:
        rows = [
            (f"{row.findings:,}", f"{row.documents:,}", f"{row.rule.code} {row.rule.name}", row.rule.severity)
            for row in counts
        ]
        taken = sum(max(map(len, column)) + 2 for column in zip(_HEADERS[:-1], *rows, strict=True))
        room = max(20, self._width - taken)
        cells = [(*row, cut(count.rule.summary, room)) for row, count in zip(rows, counts, strict=True)]
        alignment = ("right", "right", "left", "left", "left")
        return tabulate(cells, _HEADERS, "plain", colalign=alignment, disable_numparse=True).split("\n")
