"""A report to keep beside a corpus: figures, documents, then every finding, worst first, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TextIO

from qcheck.reports import Look, Outcome
from qcheck.reports.closing import closing
from qcheck.reports.ranking import DocumentRow, FindingRow, Ranking, Widths
from qcheck.reports.statistics import statistics_rows
from qcheck.reports.summary import Summary

_WIDTHS = Widths(found=100, fix=80)
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~#])")
_DOCUMENTS = ("document", "score", "verdict", "words", "grade", "findings")
_FINDINGS = ("place", "rule", "severity", "found", "fix")
_RULES = ("findings", "rule", "name", "what it finds")


class Writer:
    """The Markdown report; rows are kept until the end, since the worst come first."""

    def __init__(self, out: TextIO, look: Look) -> None:
        self._out, self._ranking = out, Ranking(_WIDTHS)

    def add(self, outcome: Outcome) -> None:
        """Take the next document."""
        self._ranking.add(outcome)

    def finish(self, summary: Summary) -> None:
        """Write the report."""
        rows = self._ranking.rows()
        self._out.write("# qcheck report\n\n")
        self._out.writelines(f"- {_escaped(line)}\n" for line in closing(summary))
        if summary.findings:
            rules = ((f"{r.findings:,}", r.rule.code, r.rule.name, r.rule.summary) for r in statistics_rows(summary))
            self._section("Rules", _RULES, rules)
        if rows:
            self._section("Documents", _DOCUMENTS, map(_document_cells, rows))
        for row in rows:
            if row.findings:
                self._section(row.id, _FINDINGS, map(_finding_cells, row.findings))

    def _section(self, title: str, headers: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
        self._out.write(f"\n## {_escaped(title)}\n\n")
        self._out.writelines(_table(headers, rows))


# tabulate would pad every column to its longest cell, and one more finding would then change every line of the file.
def _table(headers: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(headers)} |\n"
    yield "|" + " --- |" * len(headers) + "\n"
    for row in rows:
        yield f"| {' | '.join(map(_escaped, row))} |\n"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _document_cells(row: DocumentRow) -> tuple[str, ...]:
    if row.verdict is None:
        return (row.id, "–", "unreadable", "–", "–", row.error)
    grade = "–" if row.grade is None else f"{row.grade:.1f}"
    families = ", ".join(f"{count:,} {family}" for family, count in row.families)
    findings = "; ".join(filter(None, (families, row.error))) or "–"
    return (row.id, f"{row.score:.1f}", row.verdict, f"{row.words:,}", grade, findings)


def _finding_cells(row: FindingRow) -> tuple[str, ...]:
    assert row.severity is not None, "Markdown folds nothing"
    fix = f"{row.mark} {row.fix}".strip()
    return (row.place, row.rule, row.severity, row.found, fix)
