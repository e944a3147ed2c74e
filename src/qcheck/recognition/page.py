"""A text read as a scan: is it one, which of its words are wrong, and how many in all."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from qcheck.language import words_of_others
from qcheck.recognition.channel import Channel
from qcheck.recognition.features import Evidence, Extractor, Token
from qcheck.recognition.gate import Gate
from qcheck.recognition.judge import Judge
from qcheck.recognition.lexicon import Lexicon, load_lexicon
from qcheck.recognition.reading import Reader, Reading
from qcheck.recognition.suggest import Suggestion, suggest

if TYPE_CHECKING:
    from qcheck.document import Document

# The language there are tables for. With a second one, the gate's signs of each would choose.
LANGUAGE = "en"
# Suspects below this are not worth a name; rules ask for more.
_LEAST = 0.2
# Where more of the words than this are unknown, the text is in another language, or a table.
_MOST_UNKNOWN = 0.65
# Where less than this is unknown, or more of the words tell the language of the tables, nobody need ask: langdetect
# takes 4 ms. English prose has 15 to 20 % of telling words, bad scans 4 to 10, other languages 2 at most.
_MANY_UNKNOWN, _MANY_TELLING = 0.15, 0.04
# So many function words of other languages are a letter in two languages, or quotations; of 380 scans of books it takes
# one for that.
_MANY_OF_OTHERS, _FEWEST_OF_OTHERS = 0.06, 4
# Errors that nothing shows: plainly sound words that are wrong, for each error that is suspected. Fitted on newspapers.
_UNSEEN = 0.25
# What chance alone does not explain of the estimate's error, fixed and in proportion; with it, 9 newspapers in 10 lie
# within two deviations.
_FLOOR, _SLACK = 0.01, 0.2
# A scan shows at least so many sure errors, at all and among its words; sound text full of names and terms shows fewer.
_SURE, _FEWEST_SURE, _SURE_RATE = 0.5, 0.6, 0.0145
_LIKELY, _VERY_SURE = 10.0, 0.85
_LIKELIEST, _SUREST = 13.0, 0.95
# Or the probabilities of what is no word or stands in a wrong place, and of which one can say what it was, come to so
# many errors: specks, capitals, little words. With it 147 of 159 newspapers are seen to be scans, without it 141.
_FAINT, _FEWEST_LIKELY, _LIKELY_RATE = 0.15, 1.7, 0.01
# A text of fewer words without a single plain misreading must show more: chats, log files and formulas hold as many odd
# tokens as a short scan. It costs .01 of the F1 of snippets and .04 of that of papers, a paragraph each, and takes half
# of what was found in user comments.
_SHORT, _TIMES_IF_NOT_PLAIN = 120, 2
_TELLING = frozenset(("unknown", "inside", "digits", "name", "known"))


class Suspect(NamedTuple):
    """A place that is likely wrong, in code points, with what may have stood there.

    ``kind`` is ``word``, ``real-word``, ``capital``, ``mark``, ``symbol``, ``digit``, ``split`` or ``fused``.
    """

    start: int
    end: int
    kind: str
    probability: float
    suggestion: Suggestion | None


class Examination(NamedTuple):
    """What reading a text as a scan came to.

    Attributes:
        suspects: Suspects in order, none overlapping.
        regions: Spans that were read, in order; outside of them nothing looked like a scan.
        error_rate: Estimated share of wrong words in the whole text, 0 to 1.
        deviation: Standard deviation of that estimate.
    """

    suspects: tuple[Suspect, ...]
    regions: tuple[tuple[int, int], ...]
    error_rate: float
    deviation: float

    def covers(self, offset: int) -> bool:
        """Whether an offset stands in a region that was read."""
        at = bisect_right(self.regions, offset, key=lambda region: region[0]) - 1
        return at >= 0 and offset < self.regions[at][1]


NOTHING = Examination((), (), 0.0, 0.0)


class PageReader:
    """All tables of a language, read when they are needed.

    Args:
        folder: The folder of the language's tables.
    """

    def __init__(self, folder: Path) -> None:
        self.lexicon: Lexicon = load_lexicon(folder)
        channel = Channel(self.lexicon, folder / "confusions.tsv")
        self.extractor = Extractor(self.lexicon, Reader(self.lexicon, channel))
        self._listed = _first_column(folder.parent / "misread-words.tsv")
        self._others = words_of_others(LANGUAGE) - self.lexicon.shared
        judged = folder / "judge.tsv"
        self.judge = Judge.read(judged) if judged.exists() else Judge({})

    def read(
        self, text: str, regions: list[tuple[int, int]], words: int, is_ours: Callable[[], bool] = lambda: True
    ) -> Examination:
        """Examine the regions of a text of so many words.

        Args:
            text: The text.
            regions: Spans that may be a scan.
            words: Words of the whole text.
            is_ours: Whether the text is in this language; asked only where much of it is unknown, since it may be slow.
        """
        suspects: list[Suspect] = []
        read: list[tuple[int, int]] = []
        expected = variance = 0.0
        for start, end in regions:
            tokens = self.extractor.tokens(text, start, end)
            if not tokens or self._is_foreign(tokens, is_ours):
                continue
            judged = [(e, self.judge.probability(e)) for e in self.extractor.evidence(text, tokens)]
            if not _is_a_scan(tokens, judged):
                continue
            read.append((start, end))
            for evidence, probability in judged:
                expected += probability
                variance += probability * (1 - probability)
                if probability >= _LEAST and tokens[evidence.at].reading.core not in self._listed:
                    suspects.append(self._suspect(text, tokens, evidence, probability))
        if not read:
            return NOTHING
        rate = min(1.0, expected * (1 + _UNSEEN) / max(words, 1))
        deviation = _FLOOR + math.sqrt(variance + expected * _UNSEEN + (_SLACK * expected) ** 2) / max(words, 1)
        return Examination(tuple(_apart(suspects)), tuple(read), rate, deviation)

    def _is_foreign(self, tokens: list[Token], is_ours: Callable[[], bool]) -> bool:
        words = [token.reading.word for token in tokens]
        others = self._others.intersection(words)
        if len(others) >= _FEWEST_OF_OTHERS and sum(map(others.__contains__, words)) > _MANY_OF_OTHERS * len(words):
            return True
        odd = [token.reading.kind for token in tokens if not token.reading.plain]
        unknown = sum(map(odd.count, ("unknown", "accent", "inside")))
        if len(tokens) > 20 and unknown > _MOST_UNKNOWN * len(tokens):
            return True
        if unknown <= _MANY_UNKNOWN * len(tokens):
            return False
        told = sum(map(self.lexicon.telling.__contains__, words))
        return told < _MANY_TELLING * len(tokens) and not is_ours()

    def _suspect(self, text: str, tokens: list[Token], evidence: Evidence, probability: float) -> Suspect:
        token = tokens[evidence.at]
        reading = token.reading
        suggestion = suggest(self.lexicon, tokens, evidence, text)
        is_split = evidence.joined and suggestion is not None and suggestion.end > token.end
        is_fused = suggestion is not None and not is_split and " " in suggestion.texts[0]
        kind = "split" if is_split else "fused" if is_fused else _kind(token, evidence)
        end = token.end if kind == "mark" else token.end - len(reading.trail)
        if suggestion and is_split:
            end = suggestion.end
        start = token.start if kind in ("mark", "symbol") else token.start + len(reading.lead)
        return Suspect(start, max(end, start + 1), kind, probability, suggestion)


def _is_a_scan(tokens: list[Token], judged: list[tuple[Evidence, float]]) -> bool:
    """Whether enough different tokens are so surely errors that nothing but recognition explains them."""
    telling: dict[str, float] = {}
    likely: dict[str, float] = {}
    plain = False
    for evidence, probability in judged:
        reading = evidence.reading
        if probability >= _SURE and reading.core.isascii() and reading.case in "lm" and reading.kind in _TELLING:
            telling[reading.word] = _weight(evidence, reading, probability)
        if probability >= _FAINT and _is_explained(evidence):
            likely[reading.core or reading.lead] = probability
        plain = plain or (probability >= _SURE and _is_misread(reading))
    size = len(tokens)
    times = 1 if plain or size >= _SHORT else _TIMES_IF_NOT_PLAIN
    if sum(telling.values()) >= max(times * _FEWEST_SURE, _SURE_RATE * size):
        return True
    return sum(likely.values()) >= max(times * _FEWEST_LIKELY, _LIKELY_RATE * size)


def _is_misread(reading: Reading) -> bool:
    """Whether it is letters, all small, behind which a word can be guessed: no symbol, name or abbreviation."""
    found = reading.candidates
    return reading.case == "l" and reading.word.isalpha() and bool(found) and found[0].score >= _LIKELY


def _is_explained(evidence: Evidence) -> bool:
    """Whether something says what was there before: a word that fits, or none where a mark stands alone."""
    reading = evidence.reading
    if reading.candidates:
        return reading.case in "lm" and reading.candidates[0].score >= _LIKELY
    other = evidence.alternatives or evidence.capital or evidence.joined
    return bool(other) or reading.kind in ("symbols", "known")


def _weight(evidence: Evidence, reading: Reading, probability: float) -> float:
    """A sure error counts for more where a frequent word is behind it: the rare words of sound texts have no double."""
    behind = reading.candidates[0].score if reading.candidates else 0.0
    if probability >= _SUREST and behind >= _LIKELIEST:
        return 4.0
    likely = behind >= _LIKELY or evidence.joined
    return probability * (2.5 if likely and probability >= _VERY_SURE else 1.0)


def _kind(token: Token, evidence: Evidence) -> str:
    reading = token.reading
    if evidence.alternatives:
        return "real-word"
    if evidence.capital:
        return "capital"
    return _KINDS.get(reading.kind, "mark")


_KINDS = {"unknown": "word", "accent": "word", "name": "word", "inside": "symbol", "digits": "digit"}


def _apart(suspects: list[Suspect]) -> Iterator[Suspect]:
    """Suspects that do not overlap; a split word goes before its second half."""
    end = -1
    for suspect in suspects:
        if suspect.start >= end:
            end = suspect.end
            yield suspect


def _first_column(path: Path) -> frozenset[str]:
    """Misreadings that a rule of its own reports, in whatever text they stand."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return frozenset(line.split("\t")[0] for line in lines if "\t" in line)


@cache
def load_page_reader(folder: Path) -> PageReader:
    """The reader of a language, made once."""
    return PageReader(folder)


@cache
def _load_gate() -> Gate:
    return Gate.read(_tables() / "signs.tsv")


@cache
def _tables() -> Path:
    """Folder of the tables of the language."""
    from qcheck.rules import rules_folder  # rules are read with the help of this package's users

    return rules_folder() / "ocr" / LANGUAGE


def examine(document: Document) -> Examination:
    """Read a document as a scan, if it looks like one."""
    regions = list(_regions(document, _load_gate()))
    if not regions or document.is_markup:
        return NOTHING
    return load_page_reader(_tables()).read(
        document.text, regions, document.words, lambda: document.language in (LANGUAGE, "und")
    )


def _regions(document: Document, gate: Gate) -> Iterator[tuple[int, int]]:
    """Windows with enough signs, in code points, those that touch as one."""
    data, windows = document.data, document.windows
    noisy = [window for window in windows if gate.may_have_signs(data, *window) and gate.has_signs(data, *window)]
    if noisy and len(windows) > 1:  # a scan, then: its quieter parts deserve more than a glance
        noisy = [window for window in windows if gate.has_signs(data, *window)]
    if not noisy:
        return
    chars = document.chars_at(sorted({offset for window in noisy for offset in window}))
    start, end = -1, -1
    for window in noisy:
        if chars[window.start] == end:
            end = chars[window.end]
            continue
        if end > start:
            yield start, end
        start, end = chars[window.start], chars[window.end]
    yield start, end
