"""What a whole run comes to, in a few lines for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from qcheck.finding import Safety, Severity
from qcheck.reports.summary import Summary
from qcheck.score import Verdict


def closing(summary: Summary) -> Iterator[str]:
    """The lines that end a report: documents, findings, fixes, and what was left out."""
    if summary.checked:
        verdicts = ", ".join(f"{summary.verdicts[verdict]:,} {verdict}" for verdict in Verdict)
        score = f"mean score {summary.mean_score:.1f}"
        yield f"{counted(summary.checked, 'document')}, {counted(summary.words, 'word')}: {verdicts}; {score}."
        yield _findings(summary)
    if fixes := _fixes(summary):
        yield fixes
    yield from left_out(summary)


def left_out(summary: Summary) -> Iterator[str]:
    """What the run could not do or did not look at; nothing in the common case."""
    if not summary.documents:
        yield "No documents were found to check."
    if summary.unreadable:
        yield f"{counted(summary.unreadable, 'document')} could not be read."
    if summary.incomplete:
        yield f"On {counted(summary.incomplete, 'document')} a rule could not finish."
    yield from not_looked_at(summary.skipped)


def not_looked_at(skipped: Counter[str]) -> Iterator[str]:
    """What a walk left out, by kind; nothing in the common case."""
    if skipped:
        by_count = sorted(skipped.items(), key=lambda row: (-row[1], row[0]))
        kinds = ", ".join(f"{kind} {count:,}" for kind, count in by_count[:6])
        more = ", …" if len(by_count) > 6 else ""
        files = counted(skipped.total(), "file")
        yield f"{files} of other kinds not checked ({kinds}{more}); 'include' in the settings says which are."


def _findings(summary: Summary) -> str:
    if not summary.findings:
        return "No findings."
    counts = summary.severities.items()
    severities = ", ".join(f"{n:,} info" if name is Severity.INFO else counted(n, name) for name, n in counts)
    return f"{counted(summary.findings, 'finding')}: {severities}."


def _fixes(summary: Summary) -> str:
    safe, unsafe = summary.fixes[Safety.SAFE], summary.fixes[Safety.UNSAFE]
    parts = [f"[*] {safe:,} fixable with --fix"] * bool(safe)
    parts += [f"[?] {unsafe:,} more with --fix --unsafe-fixes (look with --diff first)"] * bool(unsafe)
    return ", ".join(parts) + "." if parts else ""


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "document"), counted(1200, "document")
    ('1 document', '1,200 documents')
    """
    return f"{number:,} {noun}{'s' * (number != 1)}"
