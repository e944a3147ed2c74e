"""The default report: a row a document, under it a row a finding, worst first, made to fit the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import TextIO

from tabulate import tabulate

from qcheck.reports import Look, Outcome
from qcheck.reports.cells import columns, cut, cut_middle
from qcheck.reports.closing import closing, counted
from qcheck.reports.colour import Palette
from qcheck.reports.ranking import DocumentRow, FindingRow, Ranking, Widths
from qcheck.reports.summary import Summary

_HEADERS = ("document", "score", "verdict", "words", "grade", "findings")
_ALIGNMENT = ("left", "right", "left", "right", "right", "left")
_INDENT, _GAP = "  ", 2  # tabulate's "plain" parts columns by two blanks
# score, verdict, words and grade with the gaps around them
_FIGURES = 38
_PLACE, _SEVERITY = 8, 2
_NARROWEST = 60
_FOLD = 5
# More documents than anybody scrolls through; the other formats list them all.
_MOST_DOCUMENTS = 200


class Writer:
    """The table; ``list_findings`` off leaves the rows of documents alone."""

    def __init__(self, out: TextIO, look: Look, *, list_findings: bool = True) -> None:
        self._out, self._width, self._list = out, max(_NARROWEST, look.width), list_findings
        self._paint = Palette(on=look.colour)
        self._rest = self._width - _FIGURES
        rest = self._width - len(_INDENT) - _PLACE - _SEVERITY - 3 * _GAP
        self._rule_width = rest * 34 // 100
        found = (rest - self._rule_width) * 54 // 100
        fix = rest - self._rule_width - found
        self._ranking = Ranking(Widths(found, fix, _FOLD), _MOST_DOCUMENTS)

    def add(self, outcome: Outcome) -> None:
        """Take the next document."""
        self._ranking.add(outcome)

    def finish(self, summary: Summary) -> None:
        """Write the table and what the run comes to."""
        rows = self._ranking.rows()
        if rows:
            self._write_rows(rows)
        if unlisted := summary.documents - len(rows):
            clean = " without findings" if len(rows) < _MOST_DOCUMENTS else "; --output-format concise lists all"
            self._out.write(f"…and {counted(unlisted, 'document')}{clean}\n\n")
        for line in closing(summary):
            self._write_wrapped(line)
        if summary.findings:
            self._out.write(self._paint.dim("'qcheck rule CODE' explains a rule.") + "\n")

    def _write_rows(self, rows: Sequence[DocumentRow]) -> None:
        name_width = min(max(columns(row.id) for row in rows), self._rest * 65 // 100)
        cells = [self._document_cells(row, name_width) for row in rows]
        header, *lines = _lines([_HEADERS, *cells], _ALIGNMENT)
        finding_rows = [row for document in rows for row in document.findings] if self._list else []
        details = iter(_lines([self._finding_cells(row) for row in finding_rows], ("left",) * 4))
        self._out.write(self._paint.dim(header) + "\n")
        parted = False
        for document, line in zip(rows, lines, strict=True):
            self._out.write(line + "\n")
            if document.error:
                self._write_wrapped(document.error, _INDENT)
            shown = document.findings if self._list else ()
            self._out.writelines(_INDENT + next(details) + "\n" for _ in shown)
            parted = bool(shown or document.error)
            self._out.write("\n" * parted)
        self._out.write("\n" * (not parted))

    def _write_wrapped(self, line: str, indent: str = "") -> None:
        wrapped = wrap(line, self._width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
        self._out.writelines(part + "\n" for part in wrapped)

    def _document_cells(self, row: DocumentRow, name_width: int) -> list[str]:
        name = self._paint.bold(cut_middle(row.id, name_width))
        if row.verdict is None:
            return [name, "–", self._paint.verdict("unread", None), "–", "–", ""]
        verdict = self._paint.verdict(row.verdict, row.verdict)
        grade = "–" if row.grade is None else f"{row.grade:.1f}"
        families = ", ".join(f"{count:,} {family}" for family, count in row.families) or "–"
        return [name, f"{row.score:.1f}", verdict, f"{row.words:,}", grade, cut(families, self._rest - name_width)]

    def _finding_cells(self, row: FindingRow) -> list[str]:
        rule = cut(row.rule, self._rule_width)
        if row.severity:
            rule = self._paint.severity(f"{row.severity[0].upper()} {rule}", row.severity)
        return [row.place, rule, row.found, f"{row.mark} {row.fix}".strip()]


def _lines(rows: Sequence[Sequence[str]], alignment: Sequence[str]) -> list[str]:
    """The rows as lines with aligned columns; cells hold no line ends, so every row is one line."""
    if not rows:
        return []
    made = tabulate(rows, tablefmt="plain", colalign=alignment, disable_numparse=True)
    return [line.rstrip() for line in made.split("\n")]
