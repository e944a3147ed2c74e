"""Words of a language with their counts, pairs of words, names, and how its letters follow each other."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache, cached_property
from itertools import takewhile
from operator import itemgetter
from pathlib import Path

_ALPHABET = "abcdefghijklmnopqrstuvwxyz^"
_OTHER = len(_ALPHABET) - 1
_EDGE = bytes([_OTHER])
_NUMBERED = bytes([_ALPHABET.find(chr(byte)) % len(_ALPHABET) for byte in range(256)])
_REMEMBERED = 300_000
_COUNT_OF_LITTLE = 18.5
_BACKWARDS = itemgetter(slice(None, None, -1))


class Lexicon:
    """What is known of a language's words; each table is read when it is first asked for.

    Args:
        folder: Where the tables stand; see ``docs/ocr.md`` for their form.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parsed: dict[str, dict[str, float]] = {}
        self._known_pairs: dict[tuple[str, str], float] = {}

    @cached_property
    def words(self) -> dict[str, float]:
        """Lower-case word to the natural logarithm of its count."""
        words: dict[str, float] = {}
        for line in self._lines("words.tsv"):
            score, _, group = line.partition("\t")
            words.update(dict.fromkeys(group.split(" "), float(score)))
        return words

    @cached_property
    def listed(self) -> frozenset[str]:
        """The words alone: that something is none is seen in 50 ns here, in 75 where the counts are."""
        return frozenset(self.words)

    @cached_property
    def _in_order(self) -> list[str]:
        return sorted(self.words)

    @cached_property
    def _backwards_in_order(self) -> list[str]:
        return sorted(map(_BACKWARDS, self.words))

    def bounds(self, text: str) -> tuple[int, int]:
        """Where a slip must lie if it alone keeps a text from being a word: begin by the first, end from the second on.

        What stands before it must begin a word, and what stands after it must end one. Of unknown words of scans that
        leaves 2.4 places on average, and none in one of five; the first and last 3 and 5 letters left 3.4.
        """
        begins, ends = self._in_order, self._backwards_in_order
        return _shared_with_neighbours(begins, text), len(text) - _shared_with_neighbours(ends, text[::-1])

    @cached_property
    def little(self) -> frozenset[str]:
        """The commonest words, nearly all of them function words; the table has them first."""
        return frozenset(takewhile(lambda word: self.words[word] >= _COUNT_OF_LITTLE, self.words))

    @cached_property
    def names(self) -> frozenset[str]:
        """Lower-case names that are no words: of people and places."""
        return frozenset(" ".join(self._lines("names.txt")).split(" "))

    @cached_property
    def abbreviations(self) -> frozenset[str]:
        """Lower-case abbreviations and other short forms that are sound although no list of words has them."""
        return frozenset(" ".join(self._lines("abbreviations.txt")).split())

    @cached_property
    def _mistakable(self) -> dict[str, str]:
        return dict(line.split("\t", 1) for line in self._lines("mistakable.tsv"))

    def mistakable(self, word: str) -> tuple[tuple[str, float], ...]:
        """What a recogniser may have had before it when it wrote a real word: words, and the cost of the confusion."""
        line = self._mistakable.get(word)
        if line is None:
            return ()
        fields = (other.split(" ") for other in line.split("\t"))
        return tuple((other, float(cost)) for other, cost in fields)

    @cached_property
    def telling(self) -> frozenset[str]:
        """Little words that tell this language from others."""
        return frozenset(" ".join(self._lines("telling.txt")).split())

    @cached_property
    def shared(self) -> frozenset[str]:
        """Words of this language that are function words of others."""
        return frozenset(" ".join(self._lines("shared.txt")).split())

    @cached_property
    def _pairs(self) -> dict[str, str]:
        return dict(line.split("\t", 1) for line in self._lines("pairs.tsv"))

    def count_of_pair(self, left: str, right: str) -> float | None:
        """Natural logarithm of the count of a pair of words, if it is listed.

        Two in three of those asked for are not, and four lines in five need not be parsed to see that.
        """
        parsed = self._parsed.get(left)
        if parsed is None:
            line = self._pairs.get(left)
            if line is None or right not in line:
                return None
            parsed = self._parsed[left] = _parse_groups(line)
        return parsed.get(right)

    def pair(self, left: str, right: str) -> float:
        """How much likelier a pair of words is than chance, as a natural logarithm; 0 where nothing can be said.

        A pair that is not listed has fewer than the smallest count listed. That says something of frequent words alone.
        """
        key = (left, right)
        known = self._known_pairs.get(key)
        if known is None:
            if len(self._known_pairs) > _REMEMBERED:
                self._known_pairs.clear()
            known = self._known_pairs[key] = self._weigh(left, right)
        return known

    def _weigh(self, left: str, right: str) -> float:
        one, two = self.words.get(left), self.words.get(right)
        if one is None or two is None:
            return 0.0
        return self._against_chance(one + two, self.count_of_pair(left, right))

    def between(self, before: str, words: Iterable[str], after: str) -> list[float]:
        """What ``pair`` says of each word with the one before and the one after it, in sum."""
        one, two, sums = self.words.get(before), self.words.get(after), []
        for word in words:
            count, left, right = self.words.get(word), 0.0, 0.0
            if one is not None and count is not None:
                left = self._against_chance(one + count, self.count_of_pair(before, word))
            if two is not None and count is not None:
                right = self._against_chance(count + two, self.count_of_pair(word, after))
            sums.append(left + right)
        return sums

    def _against_chance(self, both: float, found: float | None) -> float:
        offset, floor = self._totals
        return found - (both - offset) if found is not None else min(0.0, floor - (both - offset))

    @cached_property
    def _totals(self) -> tuple[float, float]:
        offset, floor = self._lines("totals.tsv")[0].split("\t")
        return float(offset), float(floor)

    @property
    def pair_offset(self) -> float:
        """What turns the sum of two words' logarithms into the expected logarithm of their pair's count."""
        return self._totals[0]

    @property
    def pair_floor(self) -> float:
        """Logarithm of the count supposed for a pair that is not listed."""
        return self._totals[1]

    @cached_property
    def _trigrams(self) -> list[bytes]:
        return [line.encode() for line in self._lines("trigrams.txt")]

    def oddness(self, word: str) -> float:
        """Mean surprise of a lower-case word's letters, each after two others, in nats: 2 for English, 5 for noise."""
        rows, last = self._trigrams, word.encode("ascii", "replace").translate(_NUMBERED) + _EDGE
        of_three = zip(_EDGE + _EDGE + last, _EDGE + last, last, strict=False)
        total = sum([rows[first * len(_ALPHABET) + second][third] for first, second, third in of_three])
        return (total - 48 * len(last)) / (8 * len(last))

    def _lines(self, name: str) -> list[str]:
        lines = (self._folder / name).read_text(encoding="utf-8").split("\n")
        return [line for line in lines if line and not line.startswith("#")]


def _shared_with_neighbours(words: list[str], text: str) -> int:
    """The longest beginning that a text shares with any of the sorted words: one of its two neighbours has it."""
    at = bisect_left(words, text)
    return max([_shared(word, text) for word in words[max(at - 1, 0) : at + 1]], default=0)


def _shared(one: str, two: str) -> int:
    """How many first letters are the same."""
    same = 0
    for left, right in zip(one, two, strict=False):
        if left != right:
            break
        same += 1
    return same


def _parse_groups(line: str) -> dict[str, float]:
    parsed: dict[str, float] = {}
    for group in filter(None, line.split("\t")):
        score, *words = group.split(" ")
        parsed.update(dict.fromkeys(words, float(score)))
    return parsed


def log_count(count: float) -> float:
    """The form in which counts are stored: natural logarithm, to half a nat."""
    return round(2 * math.log(count)) / 2


@cache
def load_lexicon(folder: Path) -> Lexicon:
    """The lexicon of a folder, read once."""
    return Lexicon(folder)
