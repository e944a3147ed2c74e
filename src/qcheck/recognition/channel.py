"""The noisy channel: which words a recogniser may have had before it when it wrote what stands there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from qcheck.recognition.lexicon import Lexicon

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Nats for a change that no table lists: what is left for any of 26 letters at any place.
_ANY_CHANGE = 9.5
_LONGEST = 24
# Second changes are tried for the commonest confusions only: all of them took 1 ms a word, these 60 microseconds.
_SECOND_CHANGE_UNDER = 5.2
_KEPT = 6
# A best candidate below this is no likelier than two common confusions.
_POOR = 8.0
_REMEMBERED = 100_000
# Letters that recognisers take for each other over and over on one page: words alike but for these are found by one
# look-up, however many slips there are ("hnvlng", "nmnnor").
_SHAPES = str.maketrans(
    {read: group[0] for group in ("eoc0OCE", "anu", "iltrfj1!|IJ", "hbH", "sBS8", "vyVY", "gqGQ") for read in group}
)
_UNUSUAL = 6.5
_SHORTEST_NAME, _COUNT_OF_A_NAME = 5, 11.0
_SHORTEST_ALIKE = 5


_Table = Mapping[str, Sequence[tuple[str, str, float]]]


class Candidate(NamedTuple):
    """A word that may be meant, and how likely: natural logarithm of its count times the channel's probability."""

    word: str
    score: float


class Channel:
    """Confusions of characters and the words they lead back to.

    Args:
        lexicon: The words.
        confusions: Table of what is read, what was printed, and the cost in nats.
    """

    def __init__(self, lexicon: Lexicon, confusions: Path, *, second_changes: bool = True) -> None:
        self._lexicon, self._second_changes = lexicon, second_changes
        self._by_first: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
        self._inserted: list[tuple[str, float]] = []
        self._memory: dict[str, tuple[Candidate, ...]] = {}
        for line in confusions.read_text(encoding="utf-8").split("\n"):
            if line and not line.startswith("# "):
                seen, meant, cost = line.split("\t")
                if seen:
                    self._by_first[seen[0]].append((seen, meant, float(cost)))
                else:
                    self._inserted.append((meant, float(cost)))
        self._swaps = {
            (seen, meant): cost
            for rows in self._by_first.values()
            for seen, meant, cost in rows
            if len(seen) == len(meant) == 1
        }
        self._frequent = {
            first: [row for row in rows if row[2] <= _SECOND_CHANGE_UNDER] for first, rows in self._by_first.items()
        }

    def candidates(self, seen: str) -> tuple[Candidate, ...]:
        """Words of the lexicon that may stand behind a token, in lower case, best first."""
        found = self._memory.get(seen)
        if found is None:
            if len(self._memory) > _REMEMBERED:
                self._memory.clear()
            found = self._memory[seen] = self._search(seen)
        return found

    def _search(self, seen: str) -> tuple[Candidate, ...]:
        if len(seen) > _LONGEST:
            return ()
        best: dict[str, float] = {}
        first, last = self._lexicon.bounds(seen.lower())
        self._change_once(best, seen, self._by_first, (0, first, last), 0.0)
        self._collect(best, self._lost(seen, first, last))
        if self._second_changes:
            self._collect_alike(best, seen)
            if not best or (len(seen) > 4 and max(best.values()) < _POOR):
                self._change_twice(best, seen, first, last)
            if not best and len(seen) > 3:
                self._collect(best, _any_change(seen.lower(), first, last))
            if not best and len(seen) >= _SHORTEST_NAME and seen[0].isupper():
                self._collect_names(best, seen)
        ranked = sorted((Candidate(word, score) for word, score in best.items()), key=lambda c: -c.score)
        return tuple(ranked[:_KEPT])

    def _collect_names(self, best: dict[str, float], seen: str) -> None:
        """Names one common confusion away; a list of names tells no counts, so all count as rare."""
        names = self._lexicon.names
        for at, first in enumerate(seen):
            for read, meant, cost in self._frequent.get(first, ()):
                if seen.startswith(read, at):
                    text = seen[:at] + meant + seen[at + len(read) :]
                    if text.lower() in names and is_cased_like_a_word(text):
                        best[text.lower()] = max(best.get(text.lower(), -99.0), _COUNT_OF_A_NAME - cost)

    def _collect(self, best: dict[str, float], changes: Iterable[tuple[str, float]]) -> None:
        words = self._lexicon.words
        for text, cost in changes:
            word = text.lower()
            if word in words and is_cased_like_a_word(text) and words[word] - cost > best.get(word, -99.0):
                best[word] = words[word] - cost

    def _change_once(
        self, best: dict[str, float], seen: str, table: _Table, bounds: tuple[int, int, int], before: float
    ) -> None:
        """Take in every word one confusion away that begins in ``start..first`` and ends after ``last``.

        This is where the time goes: three in four of all microseconds on a bad scan before it was one plain loop.
        """
        start, first, last = bounds
        words, is_lower = self._lexicon.words, seen.islower()
        for at in range(start, min(first + 1, len(seen))):
            rows = table.get(seen[at])
            if not rows:
                continue
            head = seen[:at]
            for read, meant, cost in rows:
                end = at + len(read)
                if end > last and (end == at + 1 or seen.startswith(read, at)):
                    text = head + meant + seen[end:]
                    word = text if is_lower else text.lower()
                    if word in words and (is_lower or is_cased_like_a_word(text)):
                        score = words[word] - cost - before
                        if score > best.get(word, -99.0):
                            best[word] = score

    def _change_twice(self, best: dict[str, float], seen: str, first: int, last: int) -> None:
        """Take in words two common confusions away; the first must mend the beginning, the second the end."""
        for at in range(min(first + 1, len(seen))):
            for read, meant, cost in self._frequent.get(seen[at], ()):
                if seen.startswith(read, at):
                    once = seen[:at] + meant + seen[at + len(read) :]
                    bounds = at + len(meant), self._lexicon.beginning(once.lower()), last + len(once) - len(seen)
                    if bounds[0] <= bounds[1]:
                        self._change_once(best, once, self._frequent, bounds, cost)

    def _collect_alike(self, best: dict[str, float], seen: str) -> None:
        """Words that differ from the token in letters of the same shape only, in however many."""
        lower = seen.lower()
        for word in self._alike.get(seen.translate(_SHAPES).lower().translate(_SHAPES), ()):
            cost = sum(
                self._swaps.get((read, meant), _UNUSUAL)
                for read, meant, plain in zip(seen, word, lower, strict=True)
                if plain != meant
            )
            score = self._lexicon.words[word] - cost
            if score > best.get(word, -99.0):
                best[word] = score

    @cached_property
    def _alike(self) -> dict[str, list[str]]:
        alike: dict[str, list[str]] = defaultdict(list)
        words = [word for word in self._lexicon.words if len(word) >= _SHORTEST_ALIKE]
        # All in one string: word by word it took twice as long.
        for word, shape in zip(words, " ".join(words).translate(_SHAPES).split(" "), strict=True):
            alike[shape].append(word)
        return alike

    def _lost(self, seen: str, first: int, last: int) -> Iterator[tuple[str, float]]:
        """Every text in which a letter that was not read stands again."""
        for at in range(last, min(first, len(seen)) + 1):
            for meant, cost in self._inserted:
                yield seen[:at] + meant + seen[at:], cost


def is_cased_like_a_word(text: str) -> bool:
    """Lower case, capitalised, or all capitals."""
    return text.islower() or text[1:].islower() or text.isupper() or len(text) == 1


def _any_change(word: str, first: int, last: int) -> Iterator[tuple[str, float]]:
    """Every text one letter away."""
    for at in range(last, min(first + 1, len(word))):
        head, tail = word[:at], word[at + 1 :]
        yield head + tail, _ANY_CHANGE
        for letter in _LETTERS:
            yield head + letter + tail, _ANY_CHANGE
            yield head + letter + word[at:], _ANY_CHANGE
