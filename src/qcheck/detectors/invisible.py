"""Invisible characters, unless a script beside them or in their line needs them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import re2

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """The candidates that nothing excuses.

    Args:
        document: The document.
        candidates: Runs of invisible characters.
        params: ``not_beside``, a pattern for the characters next to the run; ``not_in_line``, one searched in its line;
            ``not_first``, leave the start of the text to another rule.
    """
    beside, in_line = str(params.get("not_beside", "")), str(params.get("not_in_line", ""))
    excused: dict[int, bool] = {}  # by line: a line of many marks is searched once
    for span in candidates:
        number = document.line_number(span.start)
        if in_line and number not in excused:
            excused[number] = bool(re2.search(in_line, _encodable(document.slice(document.lines[number]))))
        is_first = bool(params.get("not_first")) and span.start == 0
        if not (excused.get(number) or is_first or (beside and _is_beside(document.text, span, beside))):
            yield Hit(span)


def _is_beside(text: str, span: Span, pattern: str) -> bool:
    around = text[max(0, span.start - 1) : span.start] + text[span.end : span.end + 1]
    return bool(re2.search(pattern, _encodable(around)))


def _encodable(text: str) -> str:
    """RE2 takes no lone surrogates."""
    return text.encode("utf-8", "replace").decode("utf-8")
