"""One piece of a word repeated inside a word, until the engine gave up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit

_BEFORE = re.compile(r"[\w-]*\Z")
_TOKEN = re.compile(r"[\w-]*")
_HYPHENED = re.compile(r"(?:^|-)(?P<unit>[^\W\d_]{3,})(?:-(?P=unit)){2,}(?=-|[^\W\d_]|$)")
_GLUED = re.compile(r"(?P<unit>[A-Z][a-z]{2,})(?P=unit){3,}")
_GENERATIONS = re.compile(r"(?:great[- ]){1,7}(?:grand|great[ -]grand|uncle|aunt|niece|nephew)", re.IGNORECASE)
_SOUNDS = frozenset(
    """haha hah heh hey yes yay blah ding dong cha choo meow woof moo bang boom knock chop clap tick tock yum bye duh
    dah doo dum wah win lose boo tut beep bleep buzz chirp cluck quack ring rat tat tap pat bam wham nah yeah aye
    very""".split()
)
_LONGEST_TOKEN = 600


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Yield the words around the candidates that hold a loop.

    Args:
        document: The document.
        candidates: Places inside words with several hyphens or capitals.
        params: None.
    """
    text, reached = document.text, 0
    for start, end in candidates:
        if start < reached:
            continue
        head = _BEFORE.search(text[max(reached, start - _LONGEST_TOKEN) : start])
        first = start - len(head[0]) if head else start
        found = _TOKEN.match(text, first, end + _LONGEST_TOKEN)
        word = found[0] if found else ""
        loop = _HYPHENED.search(word) or _GLUED.search(word)
        reached = first + len(word)
        if loop and loop["unit"].lower() not in _SOUNDS and not _GENERATIONS.match(text[first : reached + 8]):
            yield Hit(Span(first, reached), {"unit": loop["unit"]})
