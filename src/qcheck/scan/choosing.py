"""Which rules to confirm where: one look of a few RE2 Sets at each window of the bytes."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

import re2

from qcheck.document import WINDOW, Document, Span
from qcheck.rules.model import Scope
from qcheck.scan import compiling
from qcheck.scan.factors import ENOUGH, Factor, factor
from qcheck.scan.patterns import Matcher
from qcheck.syntax import may_cross_lines, without_breaks

# Each Set costs a pass of 1.5 ms a MB and a share of the processor's cache, so as few as may be; but pieces that begin
# with words and with signs multiply each other's states, and pieces often met those of all others. Over 4.6 MB of 19
# kinds, ms a MB known and at first sight: one Set 7.5 and 248, two (words and signs) 7.1 and 115, these three 7.8 and
# 74, five 10.9 and 58.
_OFTEN_MET = 4.0


class Place(NamedTuple):
    """Where a rule is to be confirmed: a byte span, and the numbers of the patterns that may match there."""

    matcher: Matcher
    window: Span
    numbers: list[int]


class _Entry(NamedTuple):
    """A piece of a pattern, the group it is looked for with, and whose it is."""

    piece: str
    group: str
    matcher: Matcher
    number: int


class Gate:
    """One RE2 Set over pieces of patterns: tells which patterns can match in a window.

    Args:
        entries: Pieces that patterns need.
        scope: How far the pieces reach.
    """

    def __init__(self, entries: Sequence[_Entry], scope: Scope) -> None:
        # Rules that share out the matches of one pattern between them; it stands in the Set once.
        same: dict[tuple[str, str, bool], list[_Entry]] = defaultdict(list)
        for entry in entries:
            matcher = entry.matcher
            same[entry.piece, matcher.gates[entry.number], matcher.ignorecase].append(entry)
        self._owners = [[(entry.matcher, entry.number) for entry in group] for group in same.values()]
        self._set = re2.Set.SearchSet(compiling.options(scope))
        for first, *_ in same.values():
            _add(self._set, first)
        self._set.Compile()

    def fired(self, piece: bytes) -> list[tuple[Matcher, int]]:
        """Matchers and numbers of their patterns that may match in the piece."""
        ids = self._set.Match(piece)
        return [owner for i in ids for owner in self._owners[i]] if ids else []


def _add(made: Any, entry: _Entry) -> None:
    """Add a piece; the whole pattern where RE2 refuses the piece. Trying each piece before cost a run 0.1 s."""
    try:
        made.Add(f"(?m){entry.piece}".encode())
    except re2.error:
        flag = "(?i)" if entry.matcher.ignorecase else ""
        made.Add(f"(?m){flag}{entry.matcher.gates[entry.number]}".encode())


class Chooser:
    """The gates of all rules.

    A piece that lies on one line is looked for in windows cut at line ends, whatever its rule's scope: three times as
    many Sets, one lot for each scope, took nearly twice as long. Only the few that may hold a line feed need the whole
    text.

    Args:
        matchers: The matchers of all rules that have patterns.
    """

    def __init__(self, matchers: Iterable[Matcher]) -> None:
        entries: dict[Scope, list[_Entry]] = defaultdict(list)
        for matcher in matchers:
            for number, pattern in enumerate(matcher.gates):
                entry = _entry(matcher, number, pattern)
                on_line = matcher.scope is Scope.LINE or not may_cross_lines(entry.piece)
                entries[Scope.LINE if on_line else Scope.DOCUMENT].append(entry)
        self.gates = {scope: _gates(found, scope) for scope, found in sorted(entries.items())}
        self._all = list(chain.from_iterable(self.gates.values()))

    def places(self, document: Document) -> Iterable[Place]:
        """Where rules are to be confirmed."""
        data = document.data
        if len(data) > WINDOW:
            return self._in_windows(document)
        whole = Span(0, len(data))
        return [Place(matcher, whole, numbers) for matcher, numbers in _fired(self._all, data).items()]

    def _in_windows(self, document: Document) -> Iterator[Place]:
        wide: dict[Matcher, dict[Span, set[int]]] = {}
        for scope, gates in self.gates.items():
            windows = _windows(document, scope)
            for window in windows:
                for matcher, numbers in _fired(gates, document.data[window.start : window.end]).items():
                    if _reach(matcher) is scope:
                        yield Place(matcher, window, numbers)
                    else:
                        for block in _overlapping(_windows(document, _reach(matcher)), window):
                            wide.setdefault(matcher, {}).setdefault(block, set()).update(numbers)
        for matcher, blocks in wide.items():
            yield from (Place(matcher, block, sorted(numbers)) for block, numbers in sorted(blocks.items()))


def _reach(matcher: Matcher) -> Scope:
    return Scope.PARAGRAPH if matcher.scope is Scope.SENTENCE else matcher.scope


def _entry(matcher: Matcher, number: int, pattern: str) -> _Entry:
    needed = factor(pattern, ignorecase=matcher.ignorecase)
    if matcher.scope is not Scope.LINE and may_cross_lines(needed.source):
        on_one_line = factor(without_breaks(pattern), ignorecase=matcher.ignorecase)
        needed = on_one_line if on_one_line.weight >= ENOUGH else needed
    return _Entry(needed.source, _group(needed), matcher, number)


def _group(needed: Factor) -> str:
    if needed.kind in ("word", "class"):
        return "words"
    is_often_met = needed.weight < _OFTEN_MET and needed.kind != "line"
    return "often" if is_often_met else "signs"


def _gates(entries: Iterable[_Entry], scope: Scope) -> list[Gate]:
    """Gates by what the pieces begin with: pieces of two kinds multiply each other's states."""
    groups: dict[str, list[_Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.group if scope is Scope.LINE else ""].append(entry)
    return [gate for group in groups.values() for gate in _gates_within_memory(group, scope)]


def _gates_within_memory(entries: Sequence[_Entry], scope: Scope) -> list[Gate]:
    """One gate, or more where a Set of all would outgrow RE2's memory."""
    try:
        return [Gate(entries, scope)]
    except re2.error:
        if len(entries) == 1:
            raise
        half = len(entries) // 2
        return [*_gates_within_memory(entries[:half], scope), *_gates_within_memory(entries[half:], scope)]


def _windows(document: Document, reach: Scope) -> list[Span]:
    if reach is Scope.LINE:
        return document.windows
    return document.blocks if reach is Scope.PARAGRAPH else [Span(0, len(document.data))]


def _overlapping(spans: list[Span], window: Span) -> list[Span]:
    """Those of the spans, which cover the text one after another, that share bytes with the window."""
    first = bisect_right(spans, window.start, key=lambda span: span.start) - 1
    last = bisect_right(spans, max(window.start, window.end - 1), key=lambda span: span.start)
    return spans[max(0, first) : last]


def _fired(gates: list[Gate], piece: bytes) -> dict[Matcher, list[int]]:
    """Which patterns of which matchers may match in the piece."""
    fired: dict[Matcher, list[int]] = {}
    for gate in gates:
        for matcher, number in gate.fired(piece):
            fired.setdefault(matcher, []).append(number)
    return {matcher: sorted(numbers) for matcher, numbers in fired.items()}
