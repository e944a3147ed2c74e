"""Rules on single characters, merged into one class: the whole family costs one search."""

from __future__ import annotations

from collections.abc import Iterator
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
        found = [match.span() for match in self._pattern.finditer(data)]
        char = document.chars_at(sorted({offset for span in found for offset in span}))
        for start, end in found:
            for rule, span in self._runs(document.text, char[start], char[end]):
                in_bytes = _in_bytes(document.text, span, char[start], start)
                if not forbids(rule.match.context, data, ByteMatch(in_bytes, in_bytes, {})):  # type: ignore[union-attr]
                    yield rule, Hit(span, target=span)

    def _runs(self, text: str, start: int, end: int) -> Iterator[tuple[Rule, Span]]:
        """Cut a run of suspicious characters where the rule changes."""
        while start < end:
            owner = self._owner(text[start])
            stop = start + 1
            while stop < end and self._owner(text[stop]) == owner:
                stop += 1
            if owner:
                yield owner, Span(start, stop)
            start = stop

    def _owner(self, char: str) -> Rule | None:
        code = ord(char)
        return next((r for r, match in self._rules if any(low <= code <= high for low, high in match.ranges)), None)


def _in_bytes(text: str, span: Span, run_start: int, run_start_byte: int) -> Span:
    """A span inside a run in bytes, counted from the run: counting from the text's start made many runs quadratic."""
    first = run_start_byte + len(text[run_start : span.start].encode("utf-8", "surrogatepass"))
    return Span(first, first + len(text[span.start : span.end].encode("utf-8", "surrogatepass")))


def _class_pattern(ranges: list[tuple[int, int]]) -> Any | None:
    parts = [f"\\x{{{low:x}}}-\\x{{{high:x}}}" for low, high in ranges]
    return compiling.compile_pattern(f"[{''.join(parts)}]+", Scope.DOCUMENT) if parts else None
