"""Rules on single characters, merged into one class: the whole family costs one search."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from qcheck.document import Document, Span
from qcheck.rules.model import CharsMatch, Rule, Scope
from qcheck.scan import compiling
from qcheck.scan.hit import Hit
from qcheck.scan.patterns import ByteMatch, forbids


class CharsMatcher:
    """Finds runs of characters and the rules they belong to.

    Args:
        rules: Rules of kind ``chars``; where two name one character, the first speaks.
    """

    def __init__(self, rules: list[Rule]) -> None:
        self._rules = [(rule, rule.match) for rule in rules if isinstance(rule.match, CharsMatch)]
        self._pattern = _class_pattern([r for _, match in self._rules for r in match.ranges])

    def find(self, document: Document) -> Iterator[tuple[Rule, Hit]]:
        """One hit for each run of characters of one rule."""
        if self._pattern is None:
            return
        data = document.data
        if not (found := [match.span() for match in self._pattern.finditer(data)]):
            return
        char = document.chars_at(sorted({offset for span in found for offset in span}))
        for start, end in found:
            at_byte = start
            for rule, span in self._runs(document.text, char[start], char[end]):
                in_bytes = Span(at_byte, at_byte + len(document.slice(span).encode("utf-8", "surrogatepass")))
                at_byte = in_bytes.end
                if not forbids(rule.match.context, data, ByteMatch(in_bytes, in_bytes, {})):  # type: ignore[union-attr]
                    yield rule, Hit(span, target=span)

    def _runs(self, text: str, start: int, end: int) -> Iterator[tuple[Rule, Span]]:
        """Cut a run of suspicious characters where the rule changes."""
        for owner, run in groupby(range(start, end), lambda at: self._owner(text[at])):
            first, *rest = run
            yield owner, Span(first, first + 1 + len(rest))

    def _owner(self, char: str) -> Rule:
        code = ord(char)
        return next(r for r, match in self._rules if any(low <= code <= high for low, high in match.ranges))


def _class_pattern(ranges: list[tuple[int, int]]) -> Any | None:
    parts = [f"\\x{{{low:x}}}-\\x{{{high:x}}}" for low, high in ranges]
    return compiling.compile_pattern(f"[{''.join(parts)}]+", Scope.DOCUMENT) if parts else None
