r"""Rows of tables that laid a page out: ``| | |`` and ``| Search | |`` in the output of extractors that write Markdown.

A table of data has a rule below its header, rows with several filled cells, or a frame drawn around it; all its rows
are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit

_CELL_EDGE = re.compile(r"(?<!\\)\|")
# A rule is made of nothing but these, three of the second kind in a row. Two patterns: one for both would try each
# place of a long row of dashes against each other.
_RULE_SIGNS, _DASHES = re.compile(r"[\s:|+=_~*-]+"), re.compile(r"[-=+_~*]{3}")
_SENTENCE = re.compile(r"[^\s.!?]+(?: \S+){3,}[.!?][\"'”’)]?$")
_ALIGNING = "    "
# Rows of two cells that a layout may hold.
_MOST_PAIRS = 3
_MENU = re.compile(r"[^|\\]{1,30}(?:\\\|[^|\\]{1,30}){2,}")


class _Table(NamedTuple):
    """Lines in a row that open with a bar: where they start and end, and whether they hold data."""

    start: int
    end: int
    holds_data: bool


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Candidates in tables without data.

    Args:
        document: The document.
        candidates: Lines of bars with nothing, or one cell, between them.
        params: ``longest``, the characters of a cell that is no text of its own; a sentence is text at any length.
    """
    text, longest = document.text, params["longest"]
    assert isinstance(longest, int)
    table = _Table(0, 0, holds_data=False)
    for span in candidates:
        if span.start >= table.end:
            table = _table_at(text, span)
        if table.holds_data or not _is_furniture("".join(_cells(text[span.start : span.end])), longest):
            continue
        start = text.index("|", span.start)
        yield Hit(Span(start, text.rindex("|", start, span.end) + 1))


def _is_furniture(cell: str, longest: int) -> bool:
    short = len(cell) <= longest and not _SENTENCE.match(cell)
    return short or _MENU.fullmatch(cell.rstrip("\\")) is not None


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in _CELL_EDGE.split(line)]


def _table_at(text: str, span: Span) -> _Table:
    """The table around a line, with the lines above and below it, which may be its frame."""
    start, end = span
    lines = [text[start:end]]
    while start > 0:
        above = text.rfind("\n", 0, start - 1) + 1
        lines.append(text[above : start - 1])
        if not lines[-1].lstrip().startswith("|"):
            break
        start = above
    while (at := text.find("\n", end)) >= 0:
        below = text.find("\n", at + 1)
        below = len(text) if below < 0 else below
        lines.append(text[at + 1 : below])
        if not lines[-1].lstrip().startswith("|"):
            break
        end = below
    return _Table(start, end, _hold_data([line.strip() for line in lines]))


def _hold_data(lines: Sequence[str]) -> bool:
    """Whether lines have a rule, a frame or blanks that align cells, a row of three filled cells, or several of two."""
    if any(_is_rule(line) or _is_aligned(line) for line in lines):
        return True
    filled = [sum(map(bool, _cells(line))) for line in lines if line.startswith("|")]
    return max(filled, default=0) >= 3 or sum(count == 2 for count in filled) >= _MOST_PAIRS


def _is_rule(line: str) -> bool:
    return _RULE_SIGNS.fullmatch(line) is not None and _DASHES.search(line) is not None


def _is_aligned(line: str) -> bool:
    return line.startswith("|") and line.endswith("|") and _ALIGNING in line
