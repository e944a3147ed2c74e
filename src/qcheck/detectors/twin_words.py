"""The same word on both sides of "and", where English has no such pair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit

_PAIRS = frozenset(
    """more less again over round around through time half many much such neck back down out off there here then now
    so on that this them those these they him her you yours ours theirs him it one two some others other still ever
    never why what who how when where far long wide deep high low late soon better worse old new hot cold""".split()
)

# "Years and years": plurals as long as this are not repeated for effect, those of number and time apart.
_LONG_PLURAL = 10


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Yield "X and X".

    Args:
        document: The document.
        candidates: Two words with "and" between them, and the punctuation that ends them.
        params: None.
    """
    for start, end in candidates:
        pair = document.text[start : end - 1]
        first, _, second = pair.partition(" and ")
        if first == second and first not in _PAIRS and not _is_for_effect(first):
            yield Hit(Span(start, end - 1))


def _is_for_effect(word: str) -> bool:
    """Verbs, comparatives and short plurals: "waited and waited", "bigger and bigger", "years and years"."""
    if word.endswith("s") and not word.endswith("ss"):
        return len(word) < _LONG_PLURAL or word == "generations"
    return word.endswith(("ed", "er", "ing"))
