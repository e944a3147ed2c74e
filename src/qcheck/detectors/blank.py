"""Documents without a word."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """One empty hit if there is nothing but blanks and invisible characters; stops at the first that is neither."""
    if all(map(_is_nothing, document.text)):
        yield Hit(Span(0, 0))


def _is_nothing(character: str) -> bool:
    """Invisible characters count as nothing: without them, as a fix leaves it, the document is empty."""
    return character.isspace() or unicodedata.category(character) in ("Cf", "Cc")
