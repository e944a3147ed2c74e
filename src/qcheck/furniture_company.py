"""What tells page furniture from text in a line's company: the features of a line among its neighbours."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qcheck.furniture import LONGEST

_LOGIT_BINS = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)
_COUNT_BINS = (0, 1, 2, 4, 7)
_FEW_BINS = (0, 1, 3)
# Lines of a list part at the end ("…, Raleigh, NC" and "… (formerly the Mill), Hallow"), so only the start is compared.
_FORM_LENGTH = 6
_DAY_NAMES = re.compile(
    r"(?i)\b(?:(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|mon|tues?|wed|thur?s?|fri|sat|sun)\b\.?|"
    r"(?:january|february|march|april|august|september|october|november|december)\b|[a-z]{3,6}day\b)"
)
_NUMBERS = re.compile(r"\d+")
_WORDS = re.compile(r"(?:[^\W\d_]['’&.-]*)+(?: (?:[^\W\d_&]['’&.-]*|&)+)*")


@dataclass(frozen=True)
class Company:
    """The filled lines of a document as their neighbours see them.

    Attributes:
        prose: Numbers of the lines that are text on their face, ascending.
        known: Numbers of the lines that rules call furniture, ascending.
        lengths: Characters of each line.
        forms: What each line is built like, see :func:`form_of`; ``""`` for bare words and for text.
        wordless: Which lines hold no letter.
    """

    prose: Sequence[int]
    known: Sequence[int]
    lengths: Sequence[int]
    forms: Sequence[str]
    wordless: Sequence[bool]

    def counts_beside(self, at: int) -> tuple[int, int]:
        """How many lines of prose come before and after a line."""
        prior = bisect_right(self.prose, at)
        return prior, len(self.prose) - prior

    def known_up_to_the_text(self, at: int) -> tuple[int, int]:
        """How many lines that rules know stand between a line and the prose above it, and the prose below it."""
        prior = bisect_right(self.prose, at)
        start = self.prose[prior - 1] if prior else -1
        end = self.prose[prior] if prior < len(self.prose) else len(self.lengths)
        here = bisect_left(self.known, at)
        return here - bisect_right(self.known, start), bisect_left(self.known, end) - bisect_right(self.known, at)

    def place(self, at: int) -> str:
        """Where a line stands, see :func:`place_of`."""
        return place_of(*self.counts_beside(at), *self.known_up_to_the_text(at))


def place_of(prior: int, follow: int, above: int, below: int) -> str:
    """Where a line stands: above the text, below it, or between its paragraphs, and whether furniture parts them.

    Args:
        prior: Lines of prose before it.
        follow: Lines of prose after it.
        above: Lines of known furniture between it and the prose before it.
        below: Lines of known furniture between it and the prose after it.
    """
    if not prior:
        return "outer head" if below else "head"
    if not follow:
        return "outer foot" if above else "foot"
    return "broken gap" if above or below else "gap"


@lru_cache(maxsize=1 << 14)
def form_of(text: str) -> str:
    """The beginning of what a line is built like: ``M`` for months and days, ``9`` for numbers, ``w`` for words.

    >>> form_of("June 24 – Hallow, VA @ Old Mill"), form_of("Position: goalkeeper"), form_of("Old Mill")
    ('M 9 – ', 'w: w', '')
    """
    form = _WORDS.sub("w", _NUMBERS.sub("9", _DAY_NAMES.sub("9M", text)).replace("9M", "\0")).replace("\0", "M")
    return "" if form == "w" else form[:_FORM_LENGTH]


def features_among(at: int, logits: Sequence[float], company: Company) -> Iterator[str]:
    """Features of a line among its neighbours.

    Args:
        at: Which line.
        logits: What each line's own features add up to.
        company: The lines.
    """
    own = bisect_right(_LOGIT_BINS, logits[at])
    place = company.place(at)
    yield f"own {own}"
    yield from (place, f"{place} own {own}")
    yield from _neighbours(at, logits, own)
    yield from _distances(at, own, place, company)
    yield from _known_around(at, place, company)
    yield from _likeness(at, place, company)


def _neighbours(at: int, logits: Sequence[float], own: int) -> Iterator[str]:
    for step in (1, 2, 3):
        for name, there in (("before", at - step), ("after", at + step)):
            if 0 <= there < len(logits):
                yield f"{name} {step}: {bisect_right(_LOGIT_BINS, logits[there])}"
    for name, near in (("before", logits[max(0, at - 6) : at]), ("after", logits[at + 1 : at + 7])):
        if near:
            yield f"mean {name} {bisect_right(_LOGIT_BINS, sum(near) / len(near))}"
    around = [*logits[max(0, at - 3) : at], *logits[at + 1 : at + 4]]
    yield f"own {min(max(own, 1), 6)} among {bisect_right(_LOGIT_BINS, sum(around) / max(len(around), 1))}"


def _distances(at: int, own: int, place: str, company: Company) -> Iterator[str]:
    """How far the text is."""
    prose = company.prose
    prior, follow = company.counts_beside(at)
    if place.endswith("head") and follow and prose[0] - at == 1:
        yield f"last before the text, own {own}"
    yield f"prose before {bisect_right(_COUNT_BINS, prior)}"
    yield f"prose after {bisect_right(_COUNT_BINS, follow)}"
    if prior:
        yield f"to prose before {bisect_right(_COUNT_BINS, at - prose[prior - 1])}"
    if follow:
        yield f"to prose after {bisect_right(_COUNT_BINS, prose[prior] - at)}"


def _known_around(at: int, place: str, company: Company) -> Iterator[str]:
    """Lines that rules know: close by, and between the line and the text."""
    known = company.known
    close = known[bisect_right(known, at - 9) : bisect_right(known, at + 8)]
    yield f"known near {bisect_right(_COUNT_BINS, len(close))}"
    yield f"known next {sum(abs(k - at) == 1 for k in close)}"
    yield f"known within 3 {min(3, sum(abs(k - at) <= 3 for k in close))}"
    above, below = company.known_up_to_the_text(at)
    yield f"{place}, known up to the text above {bisect_right(_FEW_BINS, above)}"
    yield f"{place}, known up to the text below {bisect_right(_FEW_BINS, below)}"


def _likeness(at: int, place: str, company: Company) -> Iterator[str]:
    """Lines built alike: a list or a table, which may be what the text is about."""
    size = len(company.lengths)
    lengths, forms = company.lengths, company.forms
    alike = sum(0 <= n < size and lengths[n] < LONGEST and abs(lengths[n] - lengths[at]) < 15 for n in (at - 1, at + 1))
    yield f"neighbours of its length {alike}"
    around = [n for n in range(max(0, at - 3), min(size, at + 4)) if n != at]
    if forms[at]:
        count = sum(forms[n] == forms[at] for n in range(max(0, at - 5), min(size, at + 6)) if n != at)
        yield f"{place}, of one form with {bisect_right(_FEW_BINS, count)}"
    yield f"{place}, figures around {bisect_right(_FEW_BINS, sum(company.wordless[n] for n in around))}"
