"""Fixes into a mended text: all edits in one sorted pass, checked again, until nothing is left to mend."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from qcheck.finding import Edit, Finding, Fix, Safety

# Rules are proved to leave no new findings on their own examples, so two rounds do on nearly every text;
# a tool that gave up this guard did 100 passes over 600 fixes and still had not converged.
MAX_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Mended:
    """What fixing a text came to.

    Attributes:
        text: The mended text; the original where the fixes did not settle.
        applied: How many fixes of each rule were applied, by code.
        unsettled: Codes of rules whose fixes kept calling for more; empty where all settled.
    """

    text: str
    applied: Mapping[str, int]
    unsettled: tuple[str, ...] = ()


def mend(text: str, findings: Iterable[Finding], check: Callable[[str], Iterable[Finding]], *, unsafe: bool) -> Mended:
    """Apply fixes until none is left.

    Args:
        text: The text the findings are about.
        findings: Its findings.
        check: Finds again in a changed text.
        unsafe: Apply unsafe fixes too.
    """
    mended, applied = text, Counter[str]()
    for _ in range(MAX_ROUNDS):
        edits, codes = choose_edits(mended, findings, unsafe=unsafe)
        if not edits:
            return Mended(mended, applied)
        mended = apply_edits(mended, edits)
        applied.update(codes)
        findings = tuple(check(mended))
    edits, codes = choose_edits(mended, findings, unsafe=unsafe)
    if edits:
        return Mended(text, {}, tuple(sorted(set(codes))))
    return Mended(mended, applied)


def choose_edits(text: str, findings: Iterable[Finding], *, unsafe: bool) -> tuple[list[Edit], list[str]]:
    """Edits that can be applied together, sorted, and the code of the rule behind each fix taken.

    A fix goes in whole or waits for the next round. Deletions may overlap: they are one deletion.
    """
    taken: list[Edit] = []
    codes: list[str] = []
    for finding in sorted(findings, key=_order):
        if _applies(finding.fix, unsafe=unsafe) and finding.fix and _fits(finding.fix.edits, taken, text):
            for edit in finding.fix.edits:
                insort(taken, edit)
            codes.append(finding.rule.code)
    return _merged(text, taken), codes


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


def _applies(fix: Fix | None, *, unsafe: bool) -> bool:
    if fix is None or not fix.edits:
        return False
    return fix.safety is Safety.SAFE or (unsafe and fix.safety is Safety.UNSAFE)


def _fits(edits: tuple[Edit, ...], taken: list[Edit], text: str) -> bool:
    """Whether the edits change something and meet none already taken, save deletions that meet deletions."""
    changes = any(text[edit.start : edit.end] != edit.replacement for edit in edits)
    return changes and not any(_clashes(edit, taken) for edit in edits)


def _clashes(edit: Edit, taken: list[Edit]) -> bool:
    at = bisect_left(taken, edit)
    # Taken edits overlap only as deletions, so the last one that reaches this far is near: merged spans are checked
    # from the place of insertion outwards.
    for other in (*reversed(taken[max(0, at - 8) : at]), *taken[at : at + 8]):
        meets = other.start < edit.end and edit.start < other.end
        same_place = other.start == edit.start and other.end == edit.end
        if (meets or same_place) and (edit.replacement or other.replacement):
            return True
    return False


def _merged(text: str, edits: list[Edit]) -> list[Edit]:
    """Overlapping or touching deletions as one; one that took whole lines takes the blank lines it leaves doubled."""
    merged: list[Edit] = []
    for edit in edits:
        last = merged[-1] if merged else None
        if last and not last.replacement and not edit.replacement and edit.start <= last.end:
            merged[-1] = Edit(last.start, max(last.end, edit.end), "")
        else:
            merged.append(edit)
    return [_without_blank_lines(text, edit) if not edit.replacement else edit for edit in merged]


def _without_blank_lines(text: str, edit: Edit) -> Edit:
    """Stretch a deletion of whole lines over the blank lines after it if it begins after a blank line or the start."""
    before = text[max(0, edit.start - 4) : edit.start]
    at_blank = edit.start == 0 or before.endswith(("\n\n", "\n\r\n"))
    if not at_blank or text[edit.end - 1 : edit.end] != "\n":
        return edit
    end = edit.end
    while end < len(text) and text.startswith(("\n", "\r\n"), end):
        end = text.index("\n", end) + 1
    return Edit(edit.start, end, "")
