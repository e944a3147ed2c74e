"""The end of a line repeated at the start of the next: wrapped text that was translated line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.finding import Edit
from qcheck.scan.hit import Hit

_GOES_ON = re.compile(r"\n(?=[^\W\d_A-Z].)")
_LONGEST = 120
_SHORTEST_LINE = 30
# Of so many words it is a repetition whatever comes before.
_LONG_TAIL = 4
_FEWEST_WORDS_BEFORE = 4
# One word alone must be long, or an article or preposition, which nothing can follow twice.
_LONG_WORD = 6
_NEVER_TWICE = frozenset("the an of and for with from to by at as is are was were be which".split())


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Yield the words at a line's start that repeat the end of the line before.

    Args:
        document: The document.
        candidates: None; every line break is looked at.
        params: None.
    """
    text = document.text
    for found in _GOES_ON.finditer(text):
        at = found.start()
        if text[at + 1].islower() and (end := _overlap(text, at)):
            yield Hit(Span(at + 1, end), edits=(_edit(text, at, end),))


def _overlap(text: str, line_end: int) -> int:
    """Where the repetition ends, or 0."""
    start = line_end + 1
    first = text[start : start + 40].split(None, 1)[0].rstrip(".,;:)")
    before_end = line_end - 1 if text[line_end - 1] == "\r" else line_end
    place = text.rfind(first, max(0, line_end - _LONGEST), before_end)
    while place > 0:
        tail = text[place:before_end].rstrip(" \t.,;:")
        if "\n" in tail or not tail:
            return 0
        if text.startswith(tail, start) and text[place - 1].isspace() and not text[start + len(tail)].isalnum():
            return _end_of(text, start, tail) if _counts(text, place, tail) else 0
        place = text.rfind(first, max(0, line_end - _LONGEST), place)
    return 0


def _counts(text: str, place: int, tail: str) -> bool:
    line_start = text.rfind("\n", max(0, place - 400), place) + 1
    before = text[line_start:place]
    words = tail.split()
    enough_before = len(words) >= _LONG_TAIL or len(before.split()) >= _FEWEST_WORDS_BEFORE
    if len(before) + len(tail) < _SHORTEST_LINE or not enough_before or "|" in before:
        return False
    return len(words) > 1 or (words[0].isalpha() and (len(words[0]) >= _LONG_WORD or words[0] in _NEVER_TWICE))


def _end_of(text: str, start: int, tail: str) -> int:
    """The repetition with the stop behind it, if that ends the line as well."""
    end = start + len(tail)
    return end + 1 if text[end : end + 1] in ".;," and text[end + 1 : end + 2] in ("\n", "\r", "") else end


def _edit(text: str, line_end: int, end: int) -> Edit:
    if text[end : end + 1] in ("", "\n", "\r"):
        start = line_end - 1 if text[line_end - 1] == "\r" else line_end
        return Edit(start, end, "")
    while text[end] in " \t":
        end += 1
    return Edit(line_end + 1, end, "")
