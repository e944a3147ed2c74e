"""Words set with a blank after every letter, and the words they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from qcheck.document import Document, Span
from qcheck.finding import Edit
from qcheck.scan.hit import Hit

_VOWELS = frozenset("aeiouyáàâäãåæéèêëíìîïóòôöõøœúùûü")
_FEWEST_LETTERS = 4
# Fewer capitals in a row are initials, grades, keys or the days of a week.
_FEWEST_CAPITALS = 6


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """One hit for each run of single letters that reads as words; two blanks part words."""
    for span in candidates:
        text = document.slice(span)
        words = ["".join(word.split()) for word in text.replace("\xa0", " ").split("  ")]
        if all(map(_is_word, filter(None, words))) and _is_no_list(text.split()):
            joined = " ".join(filter(None, words))
            yield Hit(span, {"joined": joined}, edits=(Edit(*span, joined),))


def _is_word(word: str) -> bool:
    return len(word) == 1 or bool(_VOWELS.intersection(word.lower()))


def _is_no_list(letters: list[str]) -> bool:
    """Not the alphabet, one letter over and over, or a handful of capitals."""
    if len(letters) < _FEWEST_LETTERS or len(set(letters)) <= len(letters) // 3:
        return False
    if sum(ord(b) - ord(a) == 1 for a, b in pairwise(letters)) >= len(letters) // 2:
        return False
    return any(letter.islower() for letter in letters[1:]) or len(letters) >= _FEWEST_CAPITALS
