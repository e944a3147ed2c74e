"""A content word written twice in a row, or over and over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from qcheck.document import Document, Span
from qcheck.finding import Edit
from qcheck.scan.hit import Hit

# Where a word is followed by itself, to the next blank, whatever it is made of: 4 ms a MB. The pattern for words, asked
# everywhere, took 6, and with \b instead of a blank 34.
_AGAIN = re.compile(r" ([^ ]{4,}+)(?= \1)")
_DOUBLED = re.compile(r" (?P<word>[A-Za-z][A-Za-z-]{3,}+)(?P<again>(?: (?P=word)(?![\w’'-]))++)")
# Said twice on purpose, or twice by grammar.
_MAY_STAND_TWICE = frozenset(
    """that very really much many long more most less what well good bad never ever quite rather super extra early late
    just only even still please thank thanks blah yeah okay great huge tiny little deep dark high wide slow slowly fast
    quick quickly hard heavy easy soft hush knock chop choo cheep tick tock ring ding boing bing boom bang clap clang
    quack woof meow beep honk toot buzz hiss drip plop splash thud thump snap click clack crackle whoosh nein with when
    then there here come back down over away gone lies same million billion trillion hundred thousand double half north
    south east west walla wagga bora pago mahi couscous agar cous dada papa mama nana lala kuku gaga yadda poor pure
    dear dead true real nice cold warm cool lots loads some""".split()
)
# Function words are the business of another rule, which fires once and is surer.
_ELSEWHERE = frozenset(
    "with from into were been have will would could should said says these their because they which".split()
)
_SPOKEN = re.compile(r"\b(?:uh|um|umm|erm|hmm)\b", re.IGNORECASE)
# So many copies no speaker makes; capitalised doubles are mostly names (Duran Duran) and headings run together.
_MANY = 4
_MOST_IN_CAPITALS = 6


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Yield runs of one and the same word.

    Args:
        document: The document.
        candidates: None; the whole text is searched.
        params: ``at_least`` and ``at_most``: how many copies there must be.
    """
    text = document.text
    fewest, most = int(str(params.get("at_least", 2))), int(str(params.get("at_most", len(text))))
    for found in _doubled(document):
        word, times = found["word"], 1 + found["again"].count(" ")
        if not fewest <= times <= most:
            continue
        if times < _MANY and (
            not word.islower() or word in _MAY_STAND_TWICE | _ELSEWHERE or _is_spoken(document, found.start())
        ):
            continue
        span = Span(found.start("word"), found.end())
        edits = () if _is_cried_out(word, times) else (Edit(found.start("again"), found.end(), ""),)
        yield Hit(span, {"word": word, "times": str(times)}, edits=edits)


def is_quiet(document: Document) -> bool:
    """Whether no word stands twice in a row."""
    return not _doubled(document)


@lru_cache(maxsize=1)
def _doubled(document: Document) -> tuple[re.Match[str], ...]:
    """Every doubled word; the rules for two and for more copies ask one after the other about the same document."""
    found: list[re.Match[str]] = []
    end = 0
    for suspect in _AGAIN.finditer(document.text):
        # Inside a run nobody asks again: each of its copies would look at all that follow.
        if suspect.start() >= end and (match := _DOUBLED.match(document.text, suspect.start())):
            found.append(match)
            end = match.end()
    return tuple(found)


def _is_cried_out(word: str, times: int) -> bool:
    """Whether an advertisement may cry a name out: old ones say it twenty times, in capitals, and mean it."""
    return word.isupper() and times > _MOST_IN_CAPITALS


def _is_spoken(document: Document, at: int) -> bool:
    line = document.slice(document.lines[document.line_number(at)])
    return bool(_SPOKEN.search(line))
