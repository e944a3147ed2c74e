"""Pieces of text made fit for one line: control characters shown, widths kept, spans in their surroundings."""

from __future__ import annotations

import unicodedata

from wcwidth import wcswidth

from qcheck.finding import Edit, Finding, Fix, Safety
from qcheck.fix import apply_edits
from qcheck.reports.summary import edits_safety

ELLIPSIS = "…"
OPEN, CLOSE = "⟦", "⟧"
# A span of fewer characters says little by itself: a stray full stop needs the words around it.
_TELLS_BY_ITSELF = 12
_CONTEXT = 24
# Spans and replacements may be whole documents; no cell shows more than this.
_LONGEST = 400
_MARKS = {Safety.SAFE: "[*]", Safety.UNSAFE: "[?]", None: ""}
# Control, format, surrogate, private and unassigned characters, and line and paragraph separators: what a terminal
# would obey, hide or choke on.
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def visible(text: str) -> str:
    r"""The text on one line, with every character that does not show itself written as its code point.

    >>> visible("two\nlines, a\u200b zero\xa0width \x1b[31m space")
    'two⏎lines, a<U+200B> zero<U+00A0>width <U+001B>[31m space'
    """
    text = text.replace("\r\n", "\n")
    return text if text.isascii() and text.isprintable() else "".join(map(_visible_char, text))


def _visible_char(char: str) -> str:
    if char == "\n":
        return "⏎"
    if char == "\t":
        return " "
    category = unicodedata.category(char)
    hidden = category in _HIDDEN or (category == "Zs" and char != " ")
    return f"<U+{ord(char):04X}>" if hidden else char


def cut(text: str, width: int) -> str:
    """The text, its end cut off if it takes more columns than ``width``.

    >>> cut("a long cell", 7)
    'a long…'
    """
    if len(text) <= width and text.isascii():
        return text
    if columns(text) <= width:
        return text
    kept = text[: max(0, width - 1)]
    while columns(kept) > width - 1:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


def cut_middle(text: str, width: int) -> str:
    """The text, its middle cut out if it is too wide: of paths and spans both ends tell something.

    >>> cut_middle("corpus/news/2021/a.txt", 13)
    'corpus…/a.txt'
    """
    if columns(text) <= width:
        return text
    half = (width - 1) // 2
    head = cut(text, width - half).removesuffix(ELLIPSIS)
    tail = text[len(text) - half :]
    while columns(tail) > half:
        tail = tail[1:]
    return head + ELLIPSIS + tail


def columns(text: str) -> int:
    """Columns that a text without control characters takes on a terminal."""
    width: int = wcswidth(text)
    return width if width >= 0 else len(text)


def found(finding: Finding, width: int) -> str:
    """What was found, in at most ``width`` columns: the span, a short one marked between the words around it."""
    text, start, end = finding.document.text, finding.start, finding.end
    if start == end:
        return cut(visible(finding.message), width)
    before = visible(text[max(0, start - 2 * _CONTEXT) : start].rpartition("\n")[2].lstrip())
    after = visible(text[end : end + 2 * _CONTEXT].partition("\n")[0].rstrip())
    span = visible(_ends(text[start:end]))
    if end - start >= _TELLS_BY_ITSELF or not before + after:
        return cut_middle(span, width)
    span = OPEN + span + CLOSE
    room = width - columns(span)
    after = cut(after, min(room // 3, _CONTEXT)) if room > 2 else ""
    return cut(cut_head(before, min(room - columns(after), _CONTEXT)) + span + after, width)


def cut_head(text: str, width: int) -> str:
    """The text, its beginning cut off at a word if it is too wide.

    >>> cut_head("children of unknown gender", 18)
    '…of unknown gender'
    """
    if columns(text) <= width:
        return text
    kept = text[max(0, len(text) - width + 1) :] if width > 1 else ""
    while columns(kept) > width - 1 > 0:
        kept = kept[1:]
    word, _, rest = kept.partition(" ")
    torn = not text.removesuffix(kept).endswith(" ")
    return ELLIPSIS + (rest if torn and len(word) < len(rest) else kept) if kept else ""


def _ends(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST // 2] + ELLIPSIS + text[-_LONGEST // 2 :]


def mark(finding: Finding) -> str:
    """``[*]`` for a finding that --fix mends, ``[?]`` for one that --unsafe-fixes mends, else nothing."""
    return _MARKS[edits_safety(finding)]


def what_to_do(finding: Finding) -> str:
    """The suggested fix in a few words; a dash where there is none."""
    fix = finding.fix
    if fix is None:
        return "–"
    if fix.edits:
        return _edited(finding, fix)
    if fix.candidates:
        return " or ".join(f"“{visible(candidate)}”" for candidate in fix.candidates) + "?"
    return visible(fix.advice) or "–"


def _edited(finding: Finding, fix: Fix) -> str:
    """What the edits make of the span and of the text they reach beyond it."""
    text = finding.document.text
    start, end = min(finding.start, fix.edits[0].start), max(finding.end, fix.edits[-1].end)
    moved = [Edit(edit.start - start, edit.end - start, edit.replacement) for edit in fix.edits]
    new = apply_edits(text[start:end], moved)
    if not new:
        return "delete the line" if _is_whole_lines(text, start, end) else "delete"
    shown = visible(_ends(new))
    return f"→ {shown}" if shown == shown.strip() else f"→ “{shown}”"


def _is_whole_lines(text: str, start: int, end: int) -> bool:
    at_end = end == len(text) or text[end] in "\r\n"
    if text[start : start + 2].startswith(("\n", "\r\n")):  # the last line goes with the line end before it
        return at_end
    return (start == 0 or text[start - 1] == "\n") and (at_end or text[end - 1] == "\n")
