"""Tags in prose; not in documents that are markup themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit

_NAMED = re.compile(r" (?:elements?|tags?|attributes?)\b")
_LONGEST_INDENT = 3


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """The tags that prose was not meant to hold; in a line that is indented like code they are code."""
    if not candidates or document.is_markup:
        return
    for span in candidates:
        line = document.lines[document.line_number(span.start)]
        indent = document.text[line.start : line.start + _LONGEST_INDENT + 1]
        if indent.strip() and not _NAMED.match(document.text, span.end):
            yield Hit(span)
