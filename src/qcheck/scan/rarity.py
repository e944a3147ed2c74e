"""How much a piece of a pattern says: how rarely prose holds its characters, and each beside the next."""

from __future__ import annotations

from functools import cache

import re2

# What stands in every other sentence; a small letter, a capital and a digit stand for all of their kind.
_COMMON = "eT0 .,;:!?'\"’‘“”()-–—"
# A character that hardly ever stands in prose, a named letter or digit, what stands in every sentence, a class that
# holds letters.
_RARE, NAMED, _USUAL, _ANY_LETTER = 2.5, 1.0, 0.3, 0.1
# Two that each stand everywhere and hardly ever side by side, as "e5", "eT", ",e", " ." and ",,", a letter at the end
# of a line or a small one at its start.
_PAIR = 2.4
LINE_START, LINE_END = frozenset("^"), frozenset("$")
_STOPS = frozenset(".,;:!?")
# "Inc., of", which is common.
_USUAL_STOPS = (".", ",")


def common_in(source: str) -> frozenset[str]:
    """Which of the common characters a character or class matches."""
    program = re2.compile(re2.escape(source) if len(source) == 1 and source != "." else source)
    return frozenset(filter(program.fullmatch, _COMMON))


def of_letter(letter: str, *, ignorecase: bool) -> frozenset[str]:
    """The common characters that stand for a letter or digit."""
    if not letter.isalpha():
        return frozenset("0")
    return frozenset("eT" if ignorecase else "T" if letter.isupper() else "e")


def of_class(common: frozenset[str]) -> float:
    """What a character or class says that matches these of the common characters."""
    return _RARE if not common else _USUAL if common.isdisjoint("eT") else _ANY_LETTER


@cache
def meeting(last: frozenset[str], first: frozenset[str]) -> float:
    """What it says that one of these stands before one of those."""
    is_rare = bool(last and first) and all(_is_rare(one, other) for one in last for other in first)
    return _PAIR if is_rare else 0.0


def _is_rare(one: str, other: str) -> bool:
    if other == "$":
        return one.isalnum() or one in " ,;:"
    if one == "^":
        return other == "e" or other in _STOPS
    if one.isalpha():
        return other == "0" or (one == "e" and other == "T")
    if other in _STOPS:
        return one == " " or (one in _STOPS and (one, other) != _USUAL_STOPS)
    return one in _STOPS and other.isalpha()
