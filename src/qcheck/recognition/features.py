"""Tokens of a text and what speaks for an error in each: the token itself, its neighbours, the noise of the place."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from qcheck.recognition.lexicon import Lexicon
from qcheck.recognition.reading import Reader, Reading

# Dashes part tokens, and so does a hyphen after a stop, which old papers set for a dash: "LEEDS.-Trade".
TOKEN = re.compile(r"(?:[^\s—–.,;:?!]|[.,;:?!](?!-))+(?:[.,;:?!]-+)?|[.,;:?!]-*")
# Tokens that share one figure of noise: about a column of a newspaper's item or a page of a small book.
REGION = 300
_SHORTEST_JOINED = 5
_RAREST = 9.0  # logarithm of a count below all that are listed
_SENTENCE_END = frozenset(".!?:\"”'’-)*")


class Token(NamedTuple):
    """A token in its place, in code points."""

    start: int
    end: int
    reading: Reading


class Alternative(NamedTuple):
    """A word that would fit better than the real word that stands there."""

    word: str
    gain: float


class Evidence(NamedTuple):
    """A token that deserves a judgement."""

    at: int
    features: list[str]
    alternatives: tuple[Alternative, ...]
    joined: bool
    capital: bool


class Extractor:
    """Turns a text into tokens and the evidence for those that are not plainly sound.

    Args:
        lexicon: The words.
        reader: Reads single tokens.
        mistakable: Real words, and what a recogniser may have had before it: word to (other word, cost) pairs.
    """

    def __init__(self, lexicon: Lexicon, reader: Reader, mistakable: Mapping[str, Sequence[tuple[str, float]]]) -> None:
        self._lexicon, self._reader, self._mistakable = lexicon, reader, mistakable
        self._functions = frozenset(word for word, count in lexicon.words.items() if count >= 18.5)

    def tokens(self, text: str, start: int = 0, end: int | None = None) -> list[Token]:
        """The tokens of a part of a text."""
        read = self._reader.read
        made: list[Token] = []
        held = None  # the first half of a word that a line's end parts
        for match in TOKEN.finditer(text, start, len(text) if end is None else end):
            raw = match[0]
            if held is not None:
                joined = self._joined(held, match)
                held = None
                if joined:
                    made[-1] = joined
                    continue
            made.append(Token(match.start(), match.end(), read(raw)))
            if raw[-1] in "-¬" and text.startswith(("\n", "\r\n"), match.end()) and raw[0] not in "-¬":
                held = match
        return made

    def _joined(self, first: re.Match[str], second: re.Match[str]) -> Token | None:
        """A word parted at a line's end as one token, or none where the halves are better read alone."""
        if not second[0][0].isalpha():
            return None
        whole = self._reader.read(first[0].rstrip("-¬") + second[0])
        if not whole.plain:
            hyphened = self._reader.read(first[0] + second[0])
            whole = hyphened if hyphened.plain else whole
        return Token(first.start(), second.end(), whole)

    def evidence(self, text: str, tokens: list[Token]) -> Iterator[Evidence]:
        """Evidence for each token that is not plainly sound."""
        repeats = Counter(token.reading.word for token in tokens if not token.reading.plain)
        noise = self.noise(tokens, repeats)
        for index, token in enumerate(tokens):
            reading = token.reading
            left = tokens[index - 1] if index else None
            right = tokens[index + 1] if index + 1 < len(tokens) else None
            alternatives = self._alternatives(reading, left, right)
            capital = reading.case == "C" and self._is_capital_within(reading, left)
            joined = self._gain_of_joining(reading, right)
            if reading.plain and not alternatives and not capital and joined is None:
                continue
            features = list(reading.features)
            level = noise[index // REGION]
            key = reading.kind + reading.case
            features += (f"z:{level}", f"z:{key}{level}")
            if not reading.plain and reading.core:
                features.append(f"r:{key}{min(repeats[reading.word], 3)}")
            if reading.candidates:
                features.append(f"x:{self._fit(reading, left, right)}")
            if capital:
                features += ["C:within", f"C:{level}", f"C:f{int(self._lexicon.words.get(reading.word, 9)) // 2}"]
            if alternatives:
                gain = max(-8, min(12, math.floor(alternatives[0].gain)))
                features += [f"a:{gain}", f"a:{level // 2}:{gain // 2}", f"a:len{min(len(reading.word), 6)}"]
            if joined is not None:
                features += [f"j:{max(-3, min(8, int(joined // 2)))}", f"j:{level // 2}", f"j:{key}"]
            features += _neighbours(text, token, left, right)
            yield Evidence(index, features, alternatives, joined is not None, capital)

    def noise(self, tokens: list[Token], repeats: Mapping[str, int]) -> list[int]:
        """Level of noise of each region: twice the binary logarithm of the rate of unknown words per thousand."""
        levels: list[int] = []
        for at in range(0, max(len(tokens), 1), REGION):
            region = tokens[at : at + REGION]
            if len(region) < REGION // 2 and at:
                levels.append(levels[-1])
                continue
            odd = sum(_is_noise(token.reading, repeats) for token in region)
            levels.append(noise_level(odd, len(region)))
        return levels

    def _is_capital_within(self, reading: Reading, left: Token | None) -> bool:
        """A frequent little word with a capital where no sentence begins: "went In the"."""
        if reading.kind != "known" or left is None or reading.lead or reading.word not in self._functions:
            return False
        before = left.reading
        return reading.core not in ("I", "O") and before.case == "l" and before.kind == "known" and not before.trail

    def _alternatives(self, reading: Reading, left: Token | None, right: Token | None) -> tuple[Alternative, ...]:
        if reading.kind not in ("known", "single") or reading.case not in "lC":
            return ()
        others = self._mistakable.get(reading.word)
        if not others:
            return ()
        pair = self._lexicon.pair
        before = left.reading.word if left and not left.reading.trail and not reading.lead else ""
        after = right.reading.word if right and not right.reading.lead and not reading.trail else ""
        here = pair(before, reading.word) + pair(reading.word, after)
        if here > 3 or not (before or after):
            return ()
        found = [Alternative(word, pair(before, word) + pair(word, after) - here - cost) for word, cost in others]
        best = [alternative for alternative in found if alternative.gain > -6]
        return tuple(sorted(best, key=lambda alternative: -alternative.gain))

    def _gain_of_joining(self, reading: Reading, right: Token | None) -> float | None:
        """How much likelier the word is that two neighbours would make than the two, in nats."""
        if right is None or reading.trail or right.reading.lead or not right.reading.word or not reading.word:
            return None
        whole = reading.word + right.reading.word
        count = self._lexicon.words.get(whole)
        if count is None or len(whole) < _SHORTEST_JOINED or not whole.isalpha():
            return None
        words = self._lexicon.words
        one, two = words.get(reading.word, _RAREST), words.get(right.reading.word, _RAREST)
        if right.reading.word in self._lexicon.followers(reading.word):
            return None
        gain = count - min(one + two - self._lexicon.pair_offset, self._lexicon.pair_floor)
        return gain if gain > 0 else None

    def _fit(self, reading: Reading, left: Token | None, right: Token | None) -> int:
        best = reading.candidates[0].word
        pair = self._lexicon.pair
        before = left.reading.word if left and not left.reading.trail else ""
        after = right.reading.word if right and not reading.trail else ""
        return max(-3, min(5, round(pair(before, best) + pair(best, after))))


def noise_level(odd: int, tokens: int) -> int:
    """Level of noise, 0 to 8, of so many odd tokens among so many; small samples are drawn towards calm."""
    rate = (odd + 0.2) / (tokens + 20)
    return max(0, min(8, round(math.log2(rate) + 8)))


def _is_noise(reading: Reading, repeats: Mapping[str, int]) -> bool:
    if reading.kind in ("unknown", "accent", "inside", "digits") and repeats[reading.word] < 3:
        return reading.case in "lm" or bool(reading.candidates and reading.candidates[0].score > 8)
    return reading.case == "m" and reading.kind == "known"


def _neighbours(text: str, token: Token, left: Token | None, right: Token | None) -> list[str]:
    made = []
    if left is None or "\n" in text[left.end : token.start]:
        made.append(f"p:start{token.reading.kind[:3]}{'' if token.reading.plain else '!'}")
    elif not left.reading.plain:
        made.append(f"p:{left.reading.kind}")
    if right is None or "\n" in text[token.end : right.start]:
        made.append(f"q:end{token.reading.kind[:3]}{'-' if token.reading.trail.endswith('-') else ''}")
        if token.reading.trail.endswith("-") and right:
            made.append("q:parted")
    elif not right.reading.plain:
        made.append(f"q:{right.reading.kind}")
    return made
