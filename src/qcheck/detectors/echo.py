"""A phrase that comes again at once, at the end of a sentence: the loop of a decoder, short or long."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit

# The last characters of a sentence are looked for in what stands before them: 4 ms a MB, where comparing all n-grams
# took 60 and more. The end of a loop is the end of a sentence or of the text, where the decoder gave up.
_TAIL = 12
_REACH = 240
_WORD = re.compile(r"[^\W\d_]+(?:[’'.-][^\W_]+)*")
_JOINERS = frozenset("and or but nor where which who when before after because as so then he she it they".split())
_FEWEST_WORDS = 5
_FEWEST_AFTER_JOINER = 3
_FEWEST_FAR = 6
_FARTHEST = 4
_MANY = 3
_SHORTEST_UNIT = 8
_MARKUP = set("|[]{}<>")
# So often within two reaches, in a passage of so small a share of different words: prose has .7 and more.
_CROWD = 4
_FEW_DIFFERENT = 0.4
_LONG_WORD = re.compile(r"[^\W\d_]{4}")


class _Echo(NamedTuple):
    first: int
    gap: str
    second: int
    end: int
    is_run: bool = False


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Yield phrases that repeat the phrase before them.

    Args:
        document: The document.
        candidates: None; every sentence end is looked at.
        params: None.
    """
    text, reached = document.text, -1
    for end in _suspects(text):
        echo = _echo_at(text, end)
        if echo is None or echo.first < reached or not _is_loop(text, echo):
            continue
        reached = echo.end
        yield Hit(Span(echo.second, echo.end), {"gap": echo.gap.strip()})


def _suspects(text: str) -> Iterator[int]:
    """Ends of sentences, and of the text, whose last characters stand shortly before as well."""
    sentences, find = text.split("."), text.find
    ends = accumulate(map((1).__add__, map(len, sentences)), initial=-1)
    next(ends)
    for sentence, end in zip(sentences, ends, strict=True):
        if len(sentence) >= _TAIL and find(sentence[-_TAIL:], end - _REACH if end > _REACH else 0, end - 1) >= 0:
            yield end


def _echo_at(text: str, end: int) -> _Echo | None:
    """The longest phrase that ends here and ended before, cut to whole words, without crossing a line break."""
    while end and text[end - 1] in ' "”’)':
        end -= 1
    line = max(0, end - 2 * _REACH, text.rfind("\n", max(0, end - 2 * _REACH), end) + 1)
    tail = text[max(line, end - _TAIL) : end]
    before = text.rfind(tail, max(line, end - _REACH), end - 1)
    if before < 0 or len(tail) < _TAIL:
        return None
    first_end = before + len(tail)
    period = end - first_end
    if _in_loop(text, end, period):
        second = _word_start(text, max(line, end - period), end)
        return _Echo(max(line, end - _MANY * period), "", second, end, True) if second < end else None
    if _is_monotonous(text[max(line, end - 2 * _REACH) : end], tail):
        second = _word_start(text, end - len(tail), end)
        return _Echo(first_end, "", second, end, True) if second < end else None
    length = 0
    while length < period and first_end - length > line and _same(text, first_end - length - 1, end - length - 1):
        length += 1
    second = _word_start(text, end - length, end)
    return _Echo(first_end - (end - second), text[first_end:second], second, end) if second < end else None


def _is_monotonous(passage: str, tail: str) -> bool:
    """Whether a passage comes back to its last words again and again and has few others."""
    if passage.count(tail) < _CROWD or _MARKUP & {*passage} or not _LONG_WORD.search(tail):
        return False
    words = _WORD.findall(passage)
    return len(set(words)) < _FEW_DIFFERENT * len(words)


def _in_loop(text: str, end: int, period: int) -> bool:
    """Whether the text before the end is many copies of its last so many characters, words among them."""
    unit = text[end - period : end]
    return (
        period >= _SHORTEST_UNIT
        and text.endswith(unit * _MANY, 0, end)
        and bool(_LONG_WORD.search(unit))
        and not _MARKUP & {*unit}
    )


def _same(text: str, one: int, other: int) -> bool:
    return text[one] == text[other] or text[one].lower() == text[other].lower()


def _word_start(text: str, at: int, end: int) -> int:
    """The first place from here on where a word begins; the end if there is none."""
    if at and (text[at - 1].isalnum() or text[at - 1] in "-’'"):
        while at < end and (text[at].isalnum() or text[at] in "-’'"):
            at += 1
    while at < end and not text[at].isalnum():
        at += 1
    return at


def _is_loop(text: str, echo: _Echo) -> bool:
    words = len(_WORD.findall(text[echo.second : echo.end]))
    between = [word.lower() for word in _WORD.findall(echo.gap)]
    if text.count("|", echo.first, echo.end):
        return False
    if not between:
        return echo.is_run or words >= _FEWEST_WORDS
    if len(between) == 1 and between[0] in _JOINERS:
        return words >= (_FEWEST_AFTER_JOINER if between[0] not in ("and", "or", "then") else _FEWEST_WORDS)
    return words >= _FEWEST_FAR and len(between) <= _FARTHEST and "." not in echo.gap.strip(" .")
