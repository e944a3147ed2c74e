"""Words that were read as one: where to put the blank back."""

from __future__ import annotations

import re
from typing import NamedTuple

from qcheck.recognition.lexicon import Lexicon

# Nats for a blank that was not read.
_LOST_BLANK = 6.0
_SHORTEST = 5
_GLUED = re.compile(r"([^\W\d_]+)([,;:!?]|[.'’])([^\W\d_]{2,})")


class Parting(NamedTuple):
    """A text with a blank in it, and how likely it is, on the scale of a candidate's score."""

    text: str
    score: float


def parted(lexicon: Lexicon, core: str) -> Parting | None:
    """Two words that often follow each other, if the core may be that without the blank.

    Any two words would do too much: "antonymy" is not "antony my", and names hold little words by chance.
    """
    if not (core.islower() and core.isalpha()) or len(core) < _SHORTEST:
        return None
    best: Parting | None = None
    for cut in range(1, len(core)):
        count = lexicon.count_of_pair(core[:cut], core[cut:])
        if count is not None and (best is None or count - _LOST_BLANK > best.score):
            best = Parting(f"{core[:cut]} {core[cut:]}", count - _LOST_BLANK)
    return best


def unglued(lexicon: Lexicon, core: str) -> str | None:
    """Two words with a mark between them, with a blank after the mark, or for it where it was a speck."""
    match = _GLUED.fullmatch(core)
    if match is None or not all(word.lower() in lexicon.words for word in match.group(1, 3)):
        return None
    one, mark, two = match.groups()
    is_speck = mark in "'’" or (mark == "." and two[0].islower())
    return f"{one} {two}" if is_speck else f"{one}{mark} {two}"
