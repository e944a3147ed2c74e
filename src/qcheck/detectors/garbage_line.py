"""Lines of a scan that hold no word: specks, rules of tables and ornaments read as signs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit

_MOST_LETTERS = 2
# Numbers of items and footnotes, and initials: "(a)", "2.", "IV.", "§ 3".
_NUMBERED = re.compile(r"[(\[§*]?\s?\w{1,2}[.):\]]{0,2}")
# Alone or in twos these are dirt; three and more of one sign are an ornament that somebody set.
_DIRT = frozenset("_?»«^|\\~!'¡¦■°<>")
_FEWEST_OF_AN_ORNAMENT = 3
# Most lines are done with when three letters in a row are seen and hardly an odd sign.
_WORD = re.compile(r"\w\w\w")
_ODD = re.compile(r"[^\w\s.,;:'\"!?()–—’‘“”&£$/%\[\]*=+-]")
_ODD_SHARE, _FEWEST_KINDS, _SHORTEST = 0.15, 3, 10


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Yield the garbage lines of what was examined as a scan; on anything else this costs nothing.

    Args:
        document: The document.
        candidates: None.
        params: None.
    """
    if not document.recognition.regions:
        return
    for line, text in zip(document.lines, document.stripped_lines, strict=True):
        if text and document.recognition.covers(line.start) and (_is_dirt(text) or _is_noise(text)):
            start = line.start + document.slice(line).index(text)
            yield Hit(Span(start, start + len(text)))


def _is_dirt(text: str) -> bool:
    """Whether a line holds next to no letter, and signs that nobody would set alone."""
    if _WORD.search(text) or _NUMBERED.fullmatch(text):
        return False
    marks = [char for char in text if not char.isalnum() and not char.isspace()]
    if sum([char.isalnum() for char in text]) > _MOST_LETTERS or not marks:
        return False
    kinds = set(marks)
    if len(kinds) == 1:
        return len(marks) < _FEWEST_OF_AN_ORNAMENT and kinds <= _DIRT
    return text != text[::-1]  # what reads the same from both ends is an ornament: "-o-", "~*~"


def _is_noise(text: str) -> bool:
    """Whether a longer line is full of signs that no printer sets among words."""
    odd = _ODD.findall(text)
    if len(set(odd)) < _FEWEST_KINDS:
        return False
    signs = len("".join(text.split()))
    return signs >= _SHORTEST and len(odd) >= _ODD_SHARE * signs
