"""Tokens of a text and what speaks for an error in each: the token itself, its neighbours, the noise of the place."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
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
_REMEMBERED = 300_000
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


class _Link(NamedTuple):
    """What two neighbours are to each other.

    Attributes:
        weight: How much likelier the pair is than chance, as a natural logarithm; 0 with punctuation between them.
        touches: Nothing but a blank stands between two words.
        joined: How much likelier the word is that both would make, in nats; none where they make none.
        capital: The second is a little word with a capital where no sentence begins: "went In".
    """

    weight: float
    touches: bool
    joined: float | None
    capital: bool


_NO_LINK = _Link(0.0, False, None, False)


class Extractor:
    """Turns a text into tokens and the evidence for those that are not plainly sound.

    Args:
        lexicon: The words.
        reader: Reads single tokens.
    """

    def __init__(self, lexicon: Lexicon, reader: Reader) -> None:
        self._lexicon, self._reader = lexicon, reader
        self._functions = frozenset(word for word, count in lexicon.words.items() if count >= 18.5)
        self._links: dict[tuple[int, int], _Link] = {}

    def tokens(self, text: str, start: int = 0, end: int | None = None) -> list[Token]:
        """The tokens of a part of a text."""
        known = self._reader.known
        made: list[Token] = []
        held: Token | None = None  # the first half of a word that a line's end parts
        for chunk in _CHUNK.finditer(text, start, len(text) if end is None else end):
            # What has been read before is one token; looking there first takes half the time of parting every chunk.
            reading = known.get(chunk[0])
            found = [Token(*chunk.span(), reading)] if reading else self._parted(text, chunk)
            if held is not None:
                first, joined = found[0], self._joined(text, held, found[0])
                found = [joined or first, *found[1:]]
                if joined:
                    made.pop()
            made += found
            held = found[-1] if chunk[0][-1] in "-¬" and _is_parted(text, found[-1]) else None
        return made

    def _parted(self, text: str, chunk: re.Match[str]) -> list[Token]:
        read = self._reader.read
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
        odd = [index for index, token in enumerate(tokens) if not token.reading.plain]
        repeats = Counter([tokens[index].reading.word for index in odd])
        noise = _noise(tokens, odd, repeats)
        links = [_NO_LINK, *self._linked(tokens), _NO_LINK]
        for index in _in_doubt(tokens, links):
            reading, before, after = tokens[index].reading, links[index], links[index + 1]
            alternatives: tuple[Alternative, ...] = ()
            if reading.others and before.weight + after.weight <= _AT_HOME and (before.touches or after.touches):
                alternatives = self._alternatives(index, tokens, links)
            if alternatives or before.capital or after.joined is not None or not reading.plain:
                level = noise[index // REGION]
                repeated = min(repeats[reading.word], 3) if not reading.plain and reading.core else 0
                groups = [(_of_place, (reading.key, level, repeated)), _neighbours(text, index, tokens)]
                groups += self._of_context(index, tokens, (before, after), alternatives, level)
                yield Evidence(index, reading, groups, alternatives, after.joined is not None, before.capital)

    def _of_context(
        self,
        index: int,
        tokens: list[Token],
        links: tuple[_Link, _Link],
        alternatives: tuple[Alternative, ...],
        level: int,
    ) -> Iterator[Group]:
        """Groups that few tokens have: where there are other words that may be meant."""
        reading, (before, after) = tokens[index].reading, links
        if reading.candidates:
            yield _of_fit, (self._fit(index, tokens),)
        if before.capital:
            yield _of_capital, (level, int(self._lexicon.words.get(reading.word, 9)) // 2)
        if alternatives:
            gain = max(-8, min(12, math.floor(alternatives[0].gain)))
            yield _of_alternatives, (gain, level // 2, min(len(reading.word), 6))
        if after.joined is not None:
            yield _of_joining, (int(after.joined // 2), level // 2, reading.key)

    def _linked(self, tokens: list[Token]) -> Iterator[_Link]:
        """What each token is to the next. Remembered by number: three in five pairs have been seen before."""
        if len(self._links) > _REMEMBERED:
            self._links.clear()
        numbers = [token.reading.number for token in tokens]
        keys = list(pairwise(numbers))
        for index, (key, known) in enumerate(zip(keys, map(self._links.get, keys), strict=True)):
            if known:
                yield known
                continue
            link = self._links[key] = self._link(tokens[index].reading, tokens[index + 1].reading)
            yield link

    def _link(self, left: Reading, right: Reading) -> _Link:
        if left.trail or right.lead:
            return _NO_LINK
        return _Link(
            self._lexicon.pair(left.word, right.word),
            bool(left.word or right.word),
            self._gain_of_joining(left.word, right.word),
            left.key == "knownl" and right.key == "knownC" and right.word in self._functions and right.core not in "IO",
        )

    def _gain_of_joining(self, left: str, right: str) -> float | None:
        whole = left + right
        words = self._lexicon.words
        count = words.get(whole)
        if count is None or not left or not right or len(whole) < _SHORTEST_JOINED or not whole.isalpha():
            return None
        if right in self._lexicon.followers(left):
            return None
        one, two = words.get(left, _RAREST), words.get(right, _RAREST)
        gain = count - min(one + two - self._lexicon.pair_offset, self._lexicon.pair_floor)
        return gain if gain > 0 else None

    def _alternatives(self, index: int, tokens: list[Token], links: list[_Link]) -> tuple[Alternative, ...]:
        """Words that would go better with the neighbours than the real word that stands there."""
        pair = self._lexicon.pair
        before = tokens[index - 1].reading.word if links[index].touches else ""
        after = tokens[index + 1].reading.word if links[index + 1].touches else ""
        here = links[index].weight + links[index + 1].weight
        gains = [
            (pair(before, word) + pair(word, after) - here - cost, word) for word, cost in tokens[index].reading.others
        ]
        return tuple([Alternative(word, gain) for gain, word in sorted(gains, reverse=True) if gain > -6])

    def _fit(self, index: int, tokens: list[Token]) -> int:
        reading, pair = tokens[index].reading, self._lexicon.pair
        left, right = _around(index, tokens)
        best = reading.candidates[0].word
        before = left.reading.word if left and not left.reading.trail else ""
        after = right.reading.word if right and not reading.trail else ""
        return max(-3, min(5, round(pair(before, best) + pair(best, after))))


def _around(index: int, tokens: list[Token]) -> tuple[Token | None, Token | None]:
    return tokens[index - 1] if index else None, tokens[index + 1] if index + 1 < len(tokens) else None


def _in_doubt(tokens: list[Token], links: list[_Link]) -> list[int]:
    """Tokens that are worth a look: two in three are not, on a bad scan too."""
    return [
        index
        for index, ((_, _, reading), before, after) in enumerate(zip(tokens, links, links[1:], strict=False))
        if not reading.plain
        or before.capital
        or after.joined is not None
        or (reading.others and before.weight + after.weight <= _AT_HOME)
    ]


def _noise(tokens: list[Token], odd: list[int], repeats: Mapping[str, int]) -> list[int]:
    """Level of noise of each region: twice the binary logarithm of the rate of unknown words per thousand."""
    counts = Counter([index // REGION for index in odd if _is_noise(tokens[index].reading, repeats)])
    levels: list[int] = []
    for at in range(0, max(len(tokens), 1), REGION):
        size = min(REGION, len(tokens) - at)
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
    token, (left, right) = tokens[index], _around(index, tokens)
    starts = left is None or "\n" in text[left.end : token.start]
    ends = right is None or "\n" in text[token.end : right.start]
    reading = token.reading
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
