"""Fixes into a mended text: all edits in one sorted pass, checked again, until nothing is left to mend."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from qcheck.document import Document, Span
from qcheck.finding import Edit, Finding, Fix, Safety

# Rules are proved to leave no new findings on their own examples, so two rounds do on nearly every text;
# a tool that gave up this guard did 100 passes over 600 fixes and still had not converged.
MAX_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Mended:
    """What fixing a text came to.

    Attributes:
        text: The mended text.
        applied: How many fixes of each rule were applied, by code.
        unsettled: Codes of rules whose fixes kept calling for more and were left out; empty as a rule.
    """

    text: str
    applied: Mapping[str, int]
    unsettled: tuple[str, ...] = ()


def mend(text: str, findings: Iterable[Finding], check: Callable[[str], Iterable[Finding]], *, unsafe: bool) -> Mended:
    """Apply fixes until none is left; rules whose fixes never settle sit out.

    Args:
        text: The text the findings are about.
        findings: Its findings.
        check: Finds again in a changed text.
        unsafe: Apply unsafe fixes too.
    """
    first, unsettled = tuple(findings), set[str]()
    while True:
        mended, applied, restless = _settle(text, first, check, unsettled, unsafe=unsafe)
        if not restless:
            return Mended(mended, applied, tuple(sorted(unsettled)))
        unsettled |= restless


def _settle(
    text: str,
    findings: Iterable[Finding],
    check: Callable[[str], Iterable[Finding]],
    without: set[str],
    *,
    unsafe: bool,
) -> tuple[str, Counter[str], set[str]]:
    """The text after some rounds, what was applied, and the rules that still want to change it."""
    applied = Counter[str]()
    for _ in range(MAX_ROUNDS):
        edits, codes = choose_edits(text, _without(findings, without), unsafe=unsafe)
        if not edits:
            return text, applied, set()
        text = apply_edits(text, edits)
        applied.update(codes)
        findings = check(text)
    _, codes = choose_edits(text, _without(findings, without), unsafe=unsafe)
    return text, applied, set(codes)


def _without(findings: Iterable[Finding], codes: set[str]) -> Iterable[Finding]:
    return (finding for finding in findings if finding.rule.code not in codes)


def choose_edits(text: str, findings: Iterable[Finding], *, unsafe: bool) -> tuple[list[Edit], list[str]]:
    """Edits that can be applied together, sorted, and the code of the rule behind each fix taken.

    A fix goes in whole or waits for the next round. Deletions may overlap: they are one deletion.
    """
    plan = _Plan(text)
    codes = [
        finding.rule.code
        for finding in sorted(findings, key=_order)
        if finding.fix and _applies(finding.fix, unsafe=unsafe) and plan.take(finding.fix.edits)
    ]
    return plan.edits(), codes


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with sorted, non-overlapping edits carried out."""
    pieces, at = [], 0
    for edit in edits:
        pieces += [text[at : edit.start], edit.replacement]
        at = edit.end
    return "".join([*pieces, text[at:]])


def _order(finding: Finding) -> tuple[int, int]:
    """By place, the widest first: a line that goes needs no mending inside."""
    edits = finding.fix.edits if finding.fix else ()
    return (edits[0].start, -edits[0].end) if edits else (finding.start, -finding.end)


def _applies(fix: Fix, *, unsafe: bool) -> bool:
    return fix.safety is Safety.SAFE or (unsafe and fix.safety is Safety.UNSAFE)


class _Plan:
    """Edits of which no two meet, but for deletions that were one with others.

    Writing edits are disjoint, and so are deletions, so each new edit needs a look at its neighbours alone.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._written: list[Edit] = []
        self._deleted: list[Edit] = []
        self._merged: set[Edit] = set()

    def take(self, edits: Sequence[Edit]) -> bool:
        """Take all of the edits, or none if they change nothing or one of them meets what is taken."""
        changes = [edit for edit in edits if self._text[edit.start : edit.end] != edit.replacement]
        if not changes or any(map(self._clashes, changes)):
            return False
        for edit in changes:
            if edit.replacement:
                insort(self._written, edit)
            else:
                self._delete(edit)
        return True

    def _clashes(self, edit: Edit) -> bool:
        return _meets(edit, self._written) or bool(edit.replacement and _meets(edit, self._deleted))

    def _delete(self, edit: Edit) -> None:
        first = bisect_left(self._deleted, edit.start + 1, key=lambda e: e.end)
        last = bisect_left(self._deleted, edit.end, key=lambda e: e.start)
        overlapping = [*self._deleted[first:last], edit]
        union = Edit(min(e.start for e in overlapping), max(e.end for e in overlapping), "")
        if union not in overlapping:
            self._merged.add(union)
        self._deleted[first:last] = [union]

    def edits(self) -> list[Edit]:
        """All edits, sorted; deletions that touch are one, and leave no blank lines doubled."""
        joined: list[Edit] = []
        for edit in sorted([*self._written, *self._deleted]):
            if joined and not joined[-1].replacement and not edit.replacement and joined[-1].end == edit.start:
                joined[-1] = Edit(joined[-1].start, edit.end, "")
                self._merged.add(joined[-1])
            else:
                joined.append(edit)
        return self._without_blank_lines(joined) if self._merged.intersection(joined) else joined

    def _without_blank_lines(self, edits: list[Edit]) -> list[Edit]:
        """Stretch deletions merged out of several lines over the blank lines that no single one could foresee."""
        document = Document(self._text)
        stretched: list[Edit] = []
        for edit, following in zip(edits, [*edits[1:], None], strict=True):
            span = _whole_lines(document, edit) if edit in self._merged else None
            before = stretched[-1].end if stretched else 0
            if span and before <= span.start and (following is None or span.end <= following.start):
                edit = Edit(*span, "")  # noqa: PLW2901
            stretched.append(edit)
        return stretched


def _meets(edit: Edit, taken: list[Edit]) -> bool:
    """Whether an edit overlaps one of the disjoint, sorted edits, or both insert at one place."""
    at = bisect_left(taken, edit)
    return any(
        (other.start < edit.end and edit.start < other.end) or (other.start, other.end) == (edit.start, edit.end)
        for other in taken[max(0, at - 2) : at + 2]
    )


def _whole_lines(document: Document, edit: Edit) -> Span | None:
    """What takes out the lines of a deletion and the blank lines left doubled; ``None`` if it takes parts of lines."""
    first, last = document.line_number(edit.start), document.line_number(edit.end)
    if edit.start == document.lines[first].end and edit.start > document.lines[first].start:
        first += 1
    elif edit.start != document.lines[first].start:
        return None
    if edit.end == document.lines[last].start and edit.end < len(document.text):
        last -= 1
    elif edit.end != document.lines[last].end:
        return None
    return document.lines_out(first, last) if first <= last else None
