"""Documents without a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """One empty hit if there is nothing but blanks; stops at the first character that is none."""
    if not document.text or document.text.isspace():
        yield Hit(Span(0, 0))
