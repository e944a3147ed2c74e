"""The noisy channel: which words a recogniser may have had before it when it wrote what stands there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from qcheck.recognition.lexicon import Lexicon

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Nats for a change that no table lists: what is left for any of 26 letters at any place.
_ANY_CHANGE = 9.5
_LONGEST = 24
# Second changes are tried for the commonest confusions only: all of them took 1 ms a word, these 35 microseconds.
_SECOND_CHANGE_UNDER = 5.2
_KEPT = 6
# One run of signs with letters about it.
_RUN = re.compile(r"([^\W\d_]*)([^\w\s'-]{1,3})([^\W\d_]*)")
# A best candidate below this is no likelier than two common confusions.
_POOR = 8.0
_REMEMBERED = 100_000
# Letters that recognisers take for each other over and over on one page: words alike but for these are found by one
# look-up, however many slips there are ("hnvlng", "nmnnor").
_OF_ONE_SHAPE = ("eoc0OCE", "anu", "iltrfj1!|IJ", "hbH", "sBS8", "vyVY", "gqGQ")
_SHAPES = bytes.maketrans(
    "".join(_OF_ONE_SHAPE).encode(), "".join(group[0] * len(group) for group in _OF_ONE_SHAPE).encode()
)
_UNUSUAL = 6.5
_SHORTEST_NAME, _COUNT_OF_A_NAME = 5, 11.0
_SHORTEST_ALIKE = 5


class _Row(NamedTuple):
    """A confusion: what is read, and what was printed for it."""

    read: str
    size: int
    meant: str
    lower: str
    cost: float


class _Table(NamedTuple):
    """Confusions of single signs, by the sign, and of longer readings, by their first two."""

    single: Mapping[str, Sequence[_Row]]
    longer: Mapping[str, Sequence[_Row]]


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
        self._inserted: list[tuple[str, float]] = []
        self._memory: dict[str, tuple[Candidate, ...]] = {}
        rows: list[_Row] = []
        for line in confusions.read_text(encoding="utf-8").split("\n"):
            if line and not line.startswith("# "):
                seen, meant, cost = line.split("\t")
                if seen:
                    rows.append(_Row(seen, len(seen), meant, meant.lower(), float(cost)))
                else:
                    self._inserted.append((meant, float(cost)))
        self._insertable = [meant.lower() for meant, _ in self._inserted]
        self._swaps = {(row.read, row.meant): row.cost for row in rows if row.size == len(row.meant) == 1}
        self._all = _table(rows)
        self._frequent = _table([row for row in rows if row.cost <= _SECOND_CHANGE_UNDER])
        self._longest = max([row.size for row in rows], default=0)

    def candidates(self, seen: str) -> tuple[Candidate, ...]:
        """Words of the lexicon that may stand behind a token, in lower case, best first."""
        found = self._memory.get(seen)
        if found is None:
            if len(self._memory) > _REMEMBERED:
                self._memory.clear()
            found = self._memory[seen] = self._search(seen)
        return found

    def _search(self, seen: str) -> tuple[Candidate, ...]:
        lower = seen.lower()
        if len(seen) > _LONGEST or len(lower) != len(seen):
            return ()
        best: dict[str, float] = {}
        first, last = self._lexicon.bounds(lower)
        self._change_once(best, seen, first, last)
        self._insert(best, seen, first, last)
        if self._second_changes:
            self._collect_alike(best, seen)
            if not best or (len(seen) > 4 and max(best.values()) < _POOR):
                self._change_twice(best, seen, first, last)
            if not best and len(seen) > 3:
                self._change_anything(best, seen, first, last)
            if not best and (run := _RUN.fullmatch(lower)):
                self._fill_in(best, *run.groups())
            if not best and len(seen) >= _SHORTEST_NAME and seen[0].isupper():
                self._collect_names(best, seen)
        ranked = sorted(best.items(), key=itemgetter(1), reverse=True)
        return tuple([Candidate(word, score) for word, score in ranked[:_KEPT]])

    def _take(self, best: dict[str, float], word: str, text: str, cost: float) -> None:
        """Take in a word of the lexicon if its letters are cased like one in the text that led to it."""
        score = self._lexicon.words[word] - cost
        if score > best.get(word, -99.0) and is_cased_like_a_word(text):
            best[word] = score

    def _collect_names(self, best: dict[str, float], seen: str) -> None:
        """Names one common confusion away; a list of names tells no counts, so all count as rare."""
        names = self._lexicon.names
        for at, row in self._slips(seen, range(len(seen))):
            text = seen[:at] + row.meant + seen[at + row.size :]
            if text.lower() in names and is_cased_like_a_word(text):
                best[text.lower()] = max(best.get(text.lower(), -99.0), _COUNT_OF_A_NAME - row.cost)

    def _change_once(self, best: dict[str, float], seen: str, first: int, last: int) -> None:
        """Take in every word one confusion away that begins by ``first`` and ends at ``last`` at least."""
        listed, lower, (single, longer) = self._lexicon.listed, seen.lower(), self._all
        for at in range(max(last - self._longest, 0), min(first + 1, len(seen))):
            head, tail = lower[:at], lower[at + 1 :]
            rows = single.get(seen[at], ()) if at + 1 >= last else ()
            made = [head + row[3] + tail for row in rows]
            for word, row in () if listed.isdisjoint(made) else zip(made, rows, strict=True):
                if word in listed:
                    self._take(best, word, seen[:at] + row.meant + seen[at + 1 :], row.cost)
            for read, size, meant, meant_lower, cost in longer.get(seen[at : at + 2], ()):
                word = head + meant_lower + tail[size - 1 :]
                if at + size >= last and word in listed and seen.startswith(read, at):
                    self._take(best, word, seen[:at] + meant + seen[at + size :], cost)

    def _change_twice(self, best: dict[str, float], seen: str, first: int, last: int) -> None:
        """Take in words two common confusions away; the first must mend the beginning, the second the end.

        All seconds are tried after all firsts: a hundred look-ups; sieving both first took as long.
        """
        listed, lower = self._lexicon.listed, seen.lower()
        seconds = self._slips(seen, range(max(last - self._longest, 0), len(seen)))
        mended = [lower[:at] + row.lower + lower[at + row.size :] for at, row in seconds]
        ends: dict[int, list[str]] = {}
        for at, row in self._slips(seen, range(min(first + 1, len(seen)))):
            begin, after = lower[:at] + row.lower, at + row.size
            if after not in ends:
                ends[after] = [
                    whole[after:] for whole, (place, _) in zip(mended, seconds, strict=True) if place >= after
                ]
            made = [begin + end for end in ends[after]]
            # The last seconds are those that stand far enough behind.
            for word, (place, second) in (
                () if listed.isdisjoint(made) else zip(made, seconds[-len(made) :], strict=True)
            ):
                if word in listed:
                    text = seen[:at] + row.meant + seen[after:place] + second.meant + seen[place + second.size :]
                    self._take(best, word, text, second.cost + row.cost)

    def _slips(self, seen: str, places: range) -> list[tuple[int, _Row]]:
        """Common confusions at these places."""
        made: list[tuple[int, _Row]] = []
        single, longer = self._frequent
        for at in places:
            made += [(at, row) for row in single.get(seen[at], ())]
            made += [(at, row) for row in longer.get(seen[at : at + 2], ()) if seen.startswith(row.read, at)]
        return made

    def _insert(self, best: dict[str, float], seen: str, first: int, last: int) -> None:
        """Take in every word in which a letter that was not read stands again."""
        words, lower = self._lexicon.listed, seen.lower()
        for at in range(last, first + 1):
            head, tail = lower[:at], lower[at:]
            made = [head + letter + tail for letter in self._insertable]
            for word, (meant, cost) in () if words.isdisjoint(made) else zip(made, self._inserted, strict=True):
                if word in words:
                    self._take(best, word, seen[:at] + meant + seen[at:], cost)

    def _change_anything(self, best: dict[str, float], seen: str, first: int, last: int) -> None:
        """Take in every word one letter away."""
        words, lower = self._lexicon.listed, seen.lower()
        for at in range(max(last - 1, 0), min(first + 1, len(lower))):
            head, tail = lower[:at], lower[at + 1 :]
            kept = lower[at] + tail
            made = [head + tail, *[head + letter + tail for letter in _LETTERS]]
            made += [head + letter + kept for letter in _LETTERS]
            for word in () if words.isdisjoint(made) else made:
                if word in words:
                    self._take(best, word, word, _ANY_CHANGE)

    def _fill_in(self, best: dict[str, float], head: str, run: str, tail: str) -> None:
        """Take in every word with other letters, or none, where signs stand: one, and two for two signs."""
        words = self._lexicon.words
        made = [head + tail, *[head + letter + tail for letter in _LETTERS]]
        if len(run) > 1:
            made += [head + one + two + tail for one in _LETTERS for two in _LETTERS]
        for word in made:
            if word in words:
                self._take(best, word, word, _ANY_CHANGE)

    def _collect_alike(self, best: dict[str, float], seen: str) -> None:
        """Words that differ from the token in letters of the same shape only, in however many."""
        (first, others), shape, lower = self._alike, _shape(seen), seen.lower()
        if shape not in first:
            return
        for word in (first[shape], *others.get(shape, ())):
            cost = sum(
                self._swaps.get((read, meant), _UNUSUAL)
                for read, meant, plain in zip(seen, word, lower, strict=True)
                if plain != meant
            )
            score = self._lexicon.words[word] - cost
            if score > best.get(word, -99.0):
                best[word] = score

    @cached_property
    def _alike(self) -> tuple[dict[bytes, str], dict[bytes, list[str]]]:
        """Shape to a word that has it, and to the others that have it too, which few have."""
        words = [word for word in self._lexicon.words if len(word) >= _SHORTEST_ALIKE]
        # All in one string and one zip: word by word it took six times as long.
        shapes = _shape(" ".join(words)).split(b" ")
        first = dict(zip(shapes, words, strict=True))
        others = defaultdict[bytes, list[str]](list)
        for word, shape in zip(words, shapes, strict=True):
            if first[shape] is not word:
                others[shape].append(word)
        return first, others


def _table(rows: Sequence[_Row]) -> _Table:
    single, longer = defaultdict[str, list[_Row]](list), defaultdict[str, list[_Row]](list)
    for row in rows:
        (single if row.size == 1 else longer)[row.read[:2]].append(row)
    return _Table(single, longer)


def is_cased_like_a_word(text: str) -> bool:
    """Lower case, capitalised, or all capitals."""
    return text.islower() or text[1:].islower() or text.isupper() or len(text) == 1


def _shape(text: str) -> bytes:
    """The text with letters that are taken for each other made one."""
    return text.encode("utf-8", "surrogatepass").translate(_SHAPES).lower().translate(_SHAPES)
