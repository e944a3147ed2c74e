"""Every finding with its surroundings, the reason for the rule and the fix, as ruff's full output; then the table."""

from __future__ import annotations

from textwrap import wrap
from typing import TextIO

from qcheck.finding import Finding
from qcheck.reports import Look, Outcome, table
from qcheck.reports.cells import columns, cut, cut_head, mark, visible, what_to_do
from qcheck.reports.colour import Palette
from qcheck.reports.summary import Summary
from qcheck.rules.model import Rule


class Writer:
    """Findings as they come, by document and place; the table of documents at the end."""

    def __init__(self, out: TextIO, look: Look) -> None:
        self._out, self._width = out, look.width
        self._paint = Palette(on=look.colour)
        self._table = table.Writer(out, look, list_findings=False)
        self._explained: set[Rule] = set()

    def add(self, outcome: Outcome) -> None:
        """Write the findings of one document."""
        self._table.add(outcome)
        if outcome.error:
            self._out.write(f"{self._paint.bold(visible(outcome.id))}: {visible(outcome.error)}\n\n")
        for finding in outcome.report.findings if outcome.report else ():
            self._out.writelines(line.rstrip() + "\n" for line in (*self._block(outcome.id, finding), ""))

    def finish(self, summary: Summary) -> None:
        """Write the table of documents and what the run comes to."""
        self._table.finish(summary)

    def _block(self, id: str, finding: Finding) -> list[str]:
        rule, line = finding.rule, str(finding.line)
        code = self._paint.severity(f"{rule.code} {rule.name}", rule.severity)
        gutter = " " * len(line)
        before, span, after = self._excerpt(finding, self._width - len(line) - 3)
        return [
            f"{code} {mark(finding)} {visible(finding.message)}".replace("  ", " "),
            f"{gutter}--> {self._paint.bold(visible(id))}:{line}:{finding.column}",
            f"{gutter} |",
            f"{line} | {before}{span}{after}",
            f"{gutter} | {' ' * columns(before)}{self._paint.severity('^' * max(1, columns(span)), rule.severity)}",
            *self._notes(finding, gutter),
        ]

    def _excerpt(self, finding: Finding, room: int) -> tuple[str, str, str]:
        """The line of a finding around its span, cut to the room; of a span over several lines, the first."""
        document = finding.document
        line = document.lines[document.line_number(finding.start)]
        end = max(finding.start, min(finding.end, line.end))
        span = cut(visible(document.text[finding.start : end]), room)
        before = visible(document.text[max(line.start, finding.start - room) : finding.start])
        after = visible(document.text[end : min(line.end, end + room)])
        left = max(0, room - columns(span))
        after = cut(after, max(left // 3, left - columns(before))) if left else ""
        return cut_head(before, left - columns(after)), span, after

    def _notes(self, finding: Finding, gutter: str) -> list[str]:
        """The fix, and at the first finding of a rule why the rule is there."""
        notes = [f"{gutter} = fix: {cut(what_to_do(finding), self._width - len(gutter) - 8)}"] if finding.fix else []
        if finding.rule not in self._explained:
            self._explained.add(finding.rule)
            head = f"{gutter} = why: "
            indent = " " * len(head)
            notes += wrap(finding.rule.docs.why, self._width, initial_indent=head, subsequent_indent=indent)
        return notes
