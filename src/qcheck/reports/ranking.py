"""Documents as rows of a report, the worst first, and in each its findings, the worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from qcheck.finding import Confidence, Family, Finding, Severity
from qcheck.report import Report
from qcheck.reports import Outcome
from qcheck.reports.cells import cut, found, mark, visible, what_to_do
from qcheck.score import Verdict

# Clean documents are listed while the whole run fits a screen; in a corpus they would bury the others.
FEW_DOCUMENTS = 20
_SURE = {confidence: place for place, confidence in enumerate(Confidence)}


@dataclass(frozen=True, slots=True)
class Widths:
    """How much a finding's row may show; ``fold`` is how many findings of one rule it takes to fold them."""

    found: int
    fix: int
    fold: int | None = None


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding, or several of one rule that are folded: ``severity`` is ``None`` for these."""

    place: str
    severity: Severity | None
    rule: str
    found: str
    mark: str
    fix: str


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document; all but ``id`` and ``error`` say nothing if it could not be read."""

    id: str
    error: str
    score: float = 0.0
    verdict: Verdict | None = None
    words: int = 0
    grade: float | None = None
    families: tuple[tuple[Family, int], ...] = ()
    findings: tuple[FindingRow, ...] = ()

    def rank(self) -> tuple[bool, float, int, str]:
        """The worst sorts first: what could not be read, then by score, then by the number of findings."""
        return (self.verdict is not None, self.score, -sum(count for _, count in self.families), self.id)


class Ranking:
    """The rows of a run, the worst first.

    Args:
        widths: What a finding's row may show.
        limit: How many documents to keep; ``None`` keeps all, and memory grows with them.
    """

    def __init__(self, widths: Widths, limit: int | None = None) -> None:
        self._widths, self._limit = widths, limit
        self._rows: list[DocumentRow] = []
        self._clean: list[DocumentRow] = []
        self._documents = 0

    def add(self, outcome: Outcome) -> None:
        """Take the next document."""
        self._documents += 1
        if outcome.report and not outcome.report.findings and not outcome.error:
            if self._documents <= FEW_DOCUMENTS:
                self._clean.append(_row(outcome, self._widths))
            return
        self._rows.append(_row(outcome, self._widths))
        if self._limit and len(self._rows) >= 2 * self._limit:
            self._rows = sorted(self._rows, key=DocumentRow.rank)[: self._limit]

    def rows(self) -> list[DocumentRow]:
        """The documents to show."""
        clean = self._clean if self._documents <= FEW_DOCUMENTS else []
        return sorted([*self._rows, *clean], key=DocumentRow.rank)[: self._limit]


def _row(outcome: Outcome, widths: Widths) -> DocumentRow:
    report, error = outcome.report, visible(outcome.error or "")
    if report is None:
        return DocumentRow(visible(outcome.id), error)
    families = Counter(finding.rule.family for finding in report.findings)
    return DocumentRow(
        visible(outcome.id),
        error,
        report.score.value,
        report.score.verdict,
        report.document.words,
        report.readability.get("automated_readability_index"),
        tuple(families.most_common()),
        tuple(_finding_rows(report, widths)),
    )


def worst_first(finding: Finding) -> tuple[int, int, str, int]:
    """The order of findings in a document: by severity, confidence and rule, then by place."""
    return (-finding.severity.rank, _SURE[finding.confidence], finding.rule.code, finding.start)


def _finding_rows(report: Report, widths: Widths) -> Iterator[FindingRow]:
    for _, group in groupby(sorted(report.findings, key=worst_first), lambda finding: finding.rule):
        findings = list(group)
        fold = widths.fold is not None and len(findings) >= widths.fold
        shown = findings[: widths.fold - 2] if fold and widths.fold else findings
        yield from (_finding_row(finding, widths) for finding in shown)
        if fold:
            yield _folded(findings[len(shown) :], widths)


def _finding_row(finding: Finding, widths: Widths) -> FindingRow:
    place = f"{finding.line}:{finding.column}" if finding.end > finding.start else "–"
    fixable = mark(finding)
    fix = cut(what_to_do(finding), widths.fix - len(fixable) - bool(fixable))
    rule = f"{finding.rule.code} {finding.rule.name}"
    return FindingRow(place, finding.severity, rule, found(finding, widths.found), fixable, fix)


def _folded(rest: list[Finding], widths: Widths) -> FindingRow:
    lines = ", ".join(dict.fromkeys(str(finding.line) for finding in rest))
    marks = {mark(finding) for finding in rest}
    common = marks.pop() if len(marks) == 1 else ""
    return FindingRow("", None, f"…and {len(rest):,} more", cut(f"on lines {lines}", widths.found), common, "")
