"""The noisy channel: which words a recogniser may have had before it when it wrote what stands there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
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
_REMEMBERED = 100_000


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
        self._collect(best, self._changed(seen, self._by_first, 0, inserted=True), 0.0)
        if not self._second_changes:
            return tuple(Candidate(word, score) for word, score in best.items())
        if not best or (len(seen) > 4 and max(best.values()) < 8):
            for once, at, cost in list(self._changed(seen, self._frequent, 0, inserted=False)):
                self._collect(best, self._changed(once, self._frequent, at, inserted=False), cost)
        if not best and len(seen) > 3:
            self._collect(best, _any_change(seen.lower()), 0.0)
        ranked = sorted((Candidate(word, score) for word, score in best.items()), key=lambda c: -c.score)
        return tuple(ranked[:_KEPT])

    def _collect(self, best: dict[str, float], changes: Iterator[tuple[str, int, float]], before: float) -> None:
        words = self._lexicon.words
        for text, _, cost in changes:
            word = text.lower()
            count = words.get(word)
            if count is not None and is_cased_like_a_word(text):
                score = count - cost - before
                if score > best.get(word, -99.0):
                    best[word] = score

    def _changed(
        self, seen: str, table: dict[str, list[tuple[str, str, float]]], start: int, *, inserted: bool
    ) -> Iterator[tuple[str, int, float]]:
        """Every text one confusion away, where the changed part ends in it, and the cost."""
        for at in range(start, len(seen)):
            for read, meant, cost in table.get(seen[at], ()):
                if seen.startswith(read, at):
                    yield seen[:at] + meant + seen[at + len(read) :], at + len(meant), cost
        if inserted:
            for at in range(len(seen) + 1):
                for meant, cost in self._inserted:
                    yield seen[:at] + meant + seen[at:], at, cost


def is_cased_like_a_word(text: str) -> bool:
    """Lower case, capitalised, or all capitals."""
    return text.islower() or text[1:].islower() or text.isupper() or len(text) == 1


def _any_change(word: str) -> Iterator[tuple[str, int, float]]:
    """Every text one letter away."""
    for at in range(len(word)):
        head, tail = word[:at], word[at + 1 :]
        yield head + tail, at, _ANY_CHANGE
        for letter in _LETTERS:
            yield head + letter + tail, at, _ANY_CHANGE
            yield head + letter + word[at:], at, _ANY_CHANGE
