"""Tokens of a text and what speaks for an error in each: the token itself, its neighbours, the noise of the place."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import compress
from operator import add
from typing import Any, NamedTuple

from qcheck.recognition.lexicon import Lexicon
from qcheck.recognition.reading import Reader, Reading

# Dashes part tokens, and so does a hyphen after a stop, which old papers set for a dash: "LEEDS.-Trade".
TOKEN = re.compile(r"(?:[^\s—–.,;:?!]++|[.,;:?!](?!-))++(?:[.,;:?!]-+)?|[.,;:?!]-*")
# What stands between blanks: a token, but where dashes part it.
_CHUNK = re.compile(r"\S+")
# Tokens that share one figure of noise: about a column of a newspaper's item or a page of a small book.
REGION = 300
_SHORTEST_JOINED = 5
_RAREST = 9.0  # logarithm of a count below all that are listed
_REMEMBERED = 100_000
# Neighbours that go so well together need no other word between them.
_AT_HOME = 3.0


class Token(NamedTuple):
    """A token in its place, in code points."""

    start: int
    end: int
    reading: Reading


class Alternative(NamedTuple):
    """A word that would fit better than the real word that stands there."""

    word: str
    gain: float


# What names some features, and what it is called with; alike for many tokens, so that sums can be remembered.
Group = tuple[Callable[..., list[str]], tuple[Any, ...]]


class Evidence(NamedTuple):
    """A token that deserves a judgement: what it is by itself, and the groups of features of its place."""

    at: int
    reading: Reading
    groups: list[Group]
    alternatives: tuple[Alternative, ...]
    joined: bool
    capital: bool

    @property
    def features(self) -> list[str]:
        """Names of all features."""
        return [*self.reading.features, *(name for names, arguments in self.groups for name in names(*arguments))]


class _Place(NamedTuple):
    """What a token is to its two neighbours.

    Attributes:
        before: The word before, empty where what stands there is none; none at all with punctuation between them.
        after: The word after, likewise.
        capital: It is a little word with a capital where no sentence begins: "went In".
        joined: How much likelier the word is that it makes with the next, in nats; none where they make none.
    """

    before: str | None
    after: str | None
    capital: bool
    joined: float | None


class Extractor:
    """Turns a text into tokens and the evidence for those that are not plainly sound.

    Args:
        lexicon: The words.
        reader: Reads single tokens.
    """

    def __init__(self, lexicon: Lexicon, reader: Reader) -> None:
        self._lexicon, self._reader = lexicon, reader
        self._known: dict[tuple[str, str, str], tuple[Alternative, ...]] = {}

    def tokens(self, text: str, start: int = 0, end: int | None = None) -> list[Token]:
        """The tokens of a part of a text."""
        known = self._reader.known
        made: list[Token] = []
        held = False  # whether the last token is the first half of a word that a line's end parts
        for chunk in _CHUNK.finditer(text, start, len(text) if end is None else end):
            # What has been read before is one token; looking there first takes half the time of parting every chunk.
            raw, count = chunk[0], len(made)
            if reading := known.get(raw):
                made.append(Token(*chunk.span(), reading))
            else:
                made += self._parted(text, chunk)
            if held and (joined := self._joined(text, made[count - 1], made[count])):
                made[count - 1 : count + 1] = [joined]
            held = raw[-1] in "-¬" and _is_parted(text, made[-1])
        return made

    def _parted(self, text: str, chunk: re.Match[str]) -> list[Token]:
        read, raw = self._reader.read, chunk[0]
        if "-" not in raw and "—" not in raw and "–" not in raw:
            return [Token(*chunk.span(), read(raw))]
        return [Token(*match.span(), read(match[0])) for match in TOKEN.finditer(text, *chunk.span())]

    def _joined(self, text: str, first: Token, second: Token) -> Token | None:
        """A word parted at a line's end as one token, or none where the halves are better read alone."""
        head, tail = text[first.start : first.end], text[second.start : second.end]
        if not tail[0].isalpha():
            return None
        whole = self._reader.read(head.rstrip("-¬") + tail)
        if not whole.plain:
            hyphened = self._reader.read(head + tail)
            whole = hyphened if hyphened.plain else whole
        return Token(first.start, second.end, whole)

    def evidence(self, text: str, tokens: list[Token]) -> Iterator[Evidence]:
        """Evidence for each token that is not plainly sound."""
        readings = [token.reading for token in tokens]
        odd = [index for index, reading in enumerate(readings) if not reading.plain]
        repeats = Counter([readings[index].word for index in odd])
        noise = _noise(readings, odd, repeats)
        joined = self._joined_words(readings)
        # Two tokens in three are settled, on a bad scan too.
        doubtful = [index for index, reading in enumerate(readings) if not reading.settled or index in joined]
        for index in doubtful:
            reading, place = readings[index], self._place(readings, index, joined.get(index))
            alternatives = self._alternatives(reading, place) if reading.others else ()
            if alternatives or place.capital or place.joined is not None or not reading.plain:
                level = noise[index // REGION]
                repeated = min(repeats[reading.word], 3) if not reading.plain and reading.core else 0
                groups = [(_of_place, (reading.key, level, repeated)), _neighbours(text, index, tokens)]
                groups += self._of_context(index, readings, place, alternatives, level)
                yield Evidence(index, reading, groups, alternatives, place.joined is not None, place.capital)

    def _of_context(
        self, index: int, readings: list[Reading], place: _Place, alternatives: tuple[Alternative, ...], level: int
    ) -> list[Group]:
        """Groups that few tokens have: where there are other words that may be meant."""
        reading = readings[index]
        made: list[Group] = [(_of_fit, (self._fit(index, readings),))] if reading.candidates else []
        if place.capital:
            made.append((_of_capital, (level, int(self._lexicon.words.get(reading.word, 9)) // 2)))
        if alternatives:
            gain = max(-8, min(12, math.floor(alternatives[0].gain)))
            made.append((_of_alternatives, (gain, level // 2, min(len(reading.word), 6))))
        if place.joined is not None:
            made.append((_of_joining, (int(place.joined // 2), level // 2, reading.key)))
        return made

    def _place(self, readings: list[Reading], index: int, joined: float | None) -> _Place:
        reading = readings[index]
        before = after = None
        capital = False
        if index and not reading.lead and not (left := readings[index - 1]).trail:
            before = left.word
            capital = left.key == "knownl" and reading.is_little_capital
        if index + 1 < len(readings) and not reading.trail and not (right := readings[index + 1]).lead:
            after = right.word
        return _Place(before, after, capital, joined)

    def _joined_words(self, readings: list[Reading]) -> dict[int, float]:
        """Tokens that make a likelier word with the next, and how much likelier.

        No loop until something is found: a text has as many neighbours as words, and few make a word.
        """
        words = [reading.word for reading in readings]
        listed = map(self._lexicon.words.__contains__, map(add, words, words[1:]))
        gains: dict[int, float] = {}
        for index in compress(range(len(words)), listed):
            if not readings[index].trail and not readings[index + 1].lead:
                gain = self._gain_of_joining(words[index], words[index + 1])
                if gain is not None:
                    gains[index] = gain
        return gains

    def _gain_of_joining(self, left: str, right: str) -> float | None:
        whole = left + right
        words = self._lexicon.words
        count = words.get(whole)
        if count is None or not left or not right or len(whole) < _SHORTEST_JOINED or not whole.isalpha():
            return None
        if self._lexicon.count_of_pair(left, right) is not None:
            return None
        one, two = words.get(left, _RAREST), words.get(right, _RAREST)
        gain = count - min(one + two - self._lexicon.pair_offset, self._lexicon.pair_floor)
        return gain if gain > 0 else None

    def _alternatives(self, reading: Reading, place: _Place) -> tuple[Alternative, ...]:
        """Words that would go better with the neighbours than the real word that stands there."""
        if place.before is None and place.after is None:
            return ()
        key = place.before or "", reading.word, place.after or ""
        known = self._known.get(key)
        if known is None:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            known = self._known[key] = self._weighed(reading, key)
        return known

    def _weighed(self, reading: Reading, key: tuple[str, str, str]) -> tuple[Alternative, ...]:
        before, here, after = key
        fit, *fits = self._lexicon.between(before, [here, *[word for word, _ in reading.others]], after)
        if fit > _AT_HOME:
            return ()
        gains = [(other - fit - cost, word) for other, (word, cost) in zip(fits, reading.others, strict=True)]
        return tuple([Alternative(word, gain) for gain, word in sorted(gains, reverse=True) if gain > -6])

    def _fit(self, index: int, readings: list[Reading]) -> int:
        reading, pair, best = readings[index], self._lexicon.pair, readings[index].candidates[0].word
        before = readings[index - 1].word if index and not readings[index - 1].trail else ""
        after = readings[index + 1].word if index + 1 < len(readings) and not reading.trail else ""
        return max(-3, min(5, round(pair(before, best) + pair(best, after))))


def _noise(readings: list[Reading], odd: list[int], repeats: Mapping[str, int]) -> list[int]:
    """Level of noise of each region: twice the binary logarithm of the rate of unknown words per thousand."""
    counts = Counter([index // REGION for index in odd if _is_noise(readings[index], repeats)])
    levels: list[int] = []
    for at in range(0, max(len(readings), 1), REGION):
        size = min(REGION, len(readings) - at)
        levels.append(levels[-1] if size < REGION // 2 and at else noise_level(counts[at // REGION], size))
    return levels


def _is_parted(text: str, token: Token) -> bool:
    """Whether a line ends after a token's hyphen."""
    return text.startswith(("\n", "\r\n"), token.end) and text[token.start] not in "-¬"


def noise_level(odd: int, tokens: int) -> int:
    """Level of noise, 0 to 8, of so many odd tokens among so many; small samples are drawn towards calm."""
    rate = (odd + 0.2) / (tokens + 20)
    return max(0, min(8, round(math.log2(rate) + 8)))


def _is_noise(reading: Reading, repeats: Mapping[str, int]) -> bool:
    if reading.kind in ("unknown", "accent", "inside", "digits") and repeats[reading.word] < 3:
        return reading.case in "lm" or bool(reading.candidates and reading.candidates[0].score > 8)
    return reading.case == "m" and reading.kind == "known"


def _of_place(key: str, level: int, repeated: int) -> list[str]:
    made = [f"z:{level}", f"z:{key}{level}"]
    return [*made, f"r:{key}{repeated}"] if repeated else made


def _of_fit(fit: int) -> list[str]:
    return [f"x:{fit}"]


def _of_capital(level: int, frequency: int) -> list[str]:
    return ["C:within", f"C:{level}", f"C:f{frequency}"]


def _of_alternatives(gain: int, level: int, length: int) -> list[str]:
    return [f"a:{gain}", f"a:{level}:{gain // 2}", f"a:len{length}"]


def _of_joining(gain: int, level: int, key: str) -> list[str]:
    return [f"j:{max(-3, min(8, gain))}", f"j:{level}", f"j:{key}"]


def _neighbours(text: str, index: int, tokens: list[Token]) -> Group:
    start, end, reading = tokens[index]
    left = tokens[index - 1] if index else None
    right = tokens[index + 1] if index + 1 < len(tokens) else None
    starts = left is None or text.find("\n", left.end, start) >= 0
    ends = right is None or text.find("\n", end, right.start) >= 0
    before = "" if left is None or starts or left.reading.plain else left.reading.kind
    after = "" if right is None or ends or right.reading.plain else right.reading.kind
    if starts:
        before = f"start{reading.kind[:3]}{'' if reading.plain else '!'}"
    if ends:
        after = f"end{reading.kind[:3]}{'-' if reading.trail.endswith('-') else ''}"
    return _of_neighbours, (before, after, right is not None)


def _of_neighbours(before: str, after: str, has_next: bool) -> list[str]:
    made = []
    if before:
        made.append(f"p:{before}")
    if after:
        made.append(f"q:{after}")
    return [*made, "q:parted"] if after.endswith("-") and has_next else made
