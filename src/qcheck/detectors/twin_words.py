"""The same word on both sides of "and", where English has no such pair."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit

_PAIRS = frozenset(
    """more less again over round around through time half many much such neck back down out off there here then now
    so on that this them those these they him her you yours ours theirs him it one two some others other still ever
    never why what who how when where far long wide deep high low late soon better worse old new hot cold""".split()
)

_AND_WORD = re.compile(r" and (?P<word>[a-z]{2,}+)[.,;!?]")
# "Years and years": plurals as long as this are not repeated for effect, those of number and time apart.
_LONG_PLURAL = 10


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Yield "X and X".

    Args:
        document: The document.
        candidates: None; every "and" with one word and a punctuation mark behind it is looked at, which takes a third
            of the time that pairs of words of one first letter took as candidates: those stand in every window.
        params: None.
    """
    text = document.text
    for found in _AND_WORD.finditer(text):
        word = found["word"]
        start = found.start() - len(word)
        before = text[start - 1 : start] if start > 0 else ""
        if start < 0 or not text.startswith(word, start) or before.isalnum() or before == "_":
            continue
        if word not in _PAIRS and not _is_for_effect(word):
            yield Hit(Span(start, found.end("word")))


def _is_for_effect(word: str) -> bool:
    """Verbs, comparatives and short plurals: "waited and waited", "bigger and bigger", "years and years"."""
    if word.endswith("s") and not word.endswith("ss"):
        return len(word) < _LONG_PLURAL or word == "generations"
    return word.endswith(("ed", "er", "ing"))
