"""Matchers on bytes: each knows what must be in a window for it to fire, and where exactly it fires there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import re2

from qcheck.document import Span
from qcheck.rules.model import Context, PhrasesMatch, PythonMatch, RegexMatch, Rule, Scope
from qcheck.scan import compiling

# A pattern that runs longer than this on one window of some KB is hostile or broken; RE2 rules need no such guard.
REGEX_TIMEOUT_SECONDS = 2.0
# How many bytes of its line `unless_before` and `unless_after` see: whole lines made a rule that matches often on
# one endless line quadratic.
CONTEXT_BYTES = 1024


class ByteMatch(NamedTuple):
    """A match in bytes of the whole document: the span to report, the whole match, and its named groups."""

    span: Span
    match: Span
    groups: dict[str, Span]


class Matcher(Protocol):
    """What the scanner asks of a matcher."""

    rule: Rule
    gates: tuple[str, ...]
    scope: Scope
    ignorecase: bool

    def find(self, data: bytes, window: Span) -> Iterator[ByteMatch]:
        """Matches that begin in the window."""
        ...


def matcher_for(rule: Rule) -> Matcher | None:
    """The matcher of a rule that has patterns, or ``None``."""
    match = rule.match
    if isinstance(match, RegexMatch):
        return RegexMatcher(rule, match) if match.engine == "regex" else Re2Matcher(rule)
    if isinstance(match, PhrasesMatch) or (isinstance(match, PythonMatch) and match.candidates):
        return Re2Matcher(rule)
    return None


class Re2Matcher:
    """Patterns in RE2: the pattern that chooses is the pattern that confirms."""

    def __init__(self, rule: Rule) -> None:
        match = rule.match
        assert isinstance(match, RegexMatch | PhrasesMatch | PythonMatch)
        self.rule, self.scope = rule, match.scope
        self.ignorecase = not isinstance(match, PythonMatch) and match.ignorecase
        self.gates = _re2_patterns(match)
        self._report = match.report if isinstance(match, RegexMatch) else None

    @cached_property
    def _compiled(self) -> list[tuple[Any, int, dict[str, int]]]:
        made = []
        for gate in self.gates:
            pattern = compiling.compile_pattern(gate, self.scope, ignorecase=self.ignorecase)
            groups = {name.decode(): index for name, index in pattern.groupindex.items()}
            made.append((pattern, groups.get(self._report or compiling.WHOLE, 0), groups))
        return made

    def find(self, data: bytes, window: Span) -> Iterator[ByteMatch]:
        for pattern, report, groups in self._compiled:
            whole = report and groups.get(compiling.WHOLE) == report
            for match in pattern.finditer(data, *window):
                if match.end() > match.start():
                    span = Span(*match.span(report))
                    spans = {
                        name: Span(*match.span(index)) for name, index in groups.items() if match.start(index) >= 0
                    }
                    yield ByteMatch(_unpadded(data, span) if whole else span, Span(*match.span()), spans)


def _unpadded(data: bytes, span: Span) -> Span:
    """The span without the carriage return and the blanks that a greedy ``.*`` takes along at a line's end."""
    return Span(span.start, span.start + len(data[span.start : span.end].rstrip(b"\r \t")))


def _re2_patterns(match: RegexMatch | PhrasesMatch | PythonMatch) -> tuple[str, ...]:
    if isinstance(match, PhrasesMatch):
        return (compiling.phrases_pattern(match),)
    if isinstance(match, PythonMatch):
        return match.candidates
    whole = match.whole and match.scope is Scope.LINE
    return tuple(compiling.whole_line(pattern) if whole else pattern for pattern in match.patterns)


class RegexMatcher:
    """Patterns of the ``regex`` module, run only in windows that an RE2 gate has chosen."""

    ignorecase = False

    def __init__(self, rule: Rule, match: RegexMatch) -> None:
        self.rule, self.scope, self.gates = rule, match.scope, match.gate
        self._match = match

    @cached_property
    def _compiled(self) -> list[Any]:
        return [compiling.compile_regex(self._match, pattern) for pattern in self._match.patterns]

    def find(self, data: bytes, window: Span) -> Iterator[ByteMatch]:
        """Matches in the window.

        Raises:
            TimeoutError: The pattern ran longer than it may.
        """
        text = data[window.start : window.end].decode("utf-8", "surrogatepass")

        def span(match: Any, group: str | int) -> Span:
            start, end = match.span(group)
            first = window.start + len(text[:start].encode("utf-8", "surrogatepass"))
            return Span(first, first + len(text[start:end].encode("utf-8", "surrogatepass")))

        for pattern in self._compiled:
            report = self._match.report or (compiling.WHOLE if compiling.WHOLE in pattern.groupindex else 0)
            for match in pattern.finditer(text, timeout=REGEX_TIMEOUT_SECONDS):
                if match.end() > match.start():
                    groups = {name: span(match, name) for name in pattern.groupindex if match.start(name) >= 0}
                    yield ByteMatch(span(match, report), span(match, 0), groups)


def forbids(context: Context, data: bytes, match: ByteMatch) -> bool:
    """Whether the match itself, or its line before or after it, says that this is no finding."""
    start, end = match.match
    if context.unless and _any_in(context.unless, data[start:end]):
        return True
    if context.unless_before:
        line_start = data.rfind(b"\n", max(0, start - CONTEXT_BYTES), start) + 1 or max(0, start - CONTEXT_BYTES)
        if _any_in(context.unless_before, data[line_start:start]):
            return True
    if context.unless_after:
        line_end = data.find(b"\n", end, end + CONTEXT_BYTES)
        return _any_in(context.unless_after, data[end : line_end if line_end >= 0 else end + CONTEXT_BYTES])
    return False


def _any_in(patterns: tuple[str, ...], data: bytes) -> bool:
    return any(compiling.compile_pattern(pattern, Scope.DOCUMENT).search(data) for pattern in patterns)


class Gate:
    """One RE2 Set over the patterns of several matchers: tells which of them can fire in a window."""

    def __init__(self, matchers: list[Matcher], scope: Scope) -> None:
        self._owners: list[Matcher] = []
        self._set = re2.Set.SearchSet(compiling.options(scope))
        for matcher in matchers:
            for gate in matcher.gates:
                self._set.Add(f"(?m){'(?i)' if matcher.ignorecase else ''}{gate}".encode())
                self._owners.append(matcher)
        self._set.Compile()

    def fired(self, piece: bytes) -> list[Matcher]:
        """Matchers whose patterns occur in the piece, each once."""
        ids = self._set.Match(piece)
        return list(dict.fromkeys(self._owners[i] for i in ids)) if ids else []
