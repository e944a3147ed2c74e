"""Blanks before colons and the like, counted over the document: one is a slip, many are another language's habit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.finding import Edit
from qcheck.scan.hit import Hit

# "Posted : Monday", a table's cell, a smiley: no prose.
_NAME_AND_VALUE = re.compile(r"\s*[^\s*:-][^*:|]{0,24} : ?[^:]{0,40}(?<![.!?])$|.*\|")


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Yield the blanks with their punctuation, if the document has enough of them.

    Args:
        document: The document.
        candidates: A character, a blank, the punctuation.
        params: ``fewest``: how many make a habit.
    """
    text = document.text
    blanks = [_blank(text, *candidate) for candidate in candidates]
    # Each line is judged once: judging it for each of its blanks made one long line quadratic.
    prose = {number: _is_prose(document, number) for number in set(map(document.line_number, blanks))}
    hits = [Span(at, at + 2) for at in blanks if prose[document.line_number(at)] and not document.in_code(at)]
    colons = sum(text[end - 1] == ":" for _, end in hits)
    if len(hits) < int(str(params["fewest"])) or 2 * colons < len(hits):
        return
    for start, end in hits:
        mark = text[start + 1 : end]
        yield Hit(Span(start, end), {"mark": mark}, edits=(Edit(start, end, mark),))


def _blank(text: str, start: int, end: int) -> int:
    """Where the blank before the punctuation stands in a candidate."""
    return next(at for at in range(start + 1, end) if text[at] in " \u00a0")


def _is_prose(document: Document, number: int) -> bool:
    return not _NAME_AND_VALUE.match(document.slice(document.lines[number]))
