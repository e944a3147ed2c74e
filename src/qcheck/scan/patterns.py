"""Matchers on bytes: each knows what must be in a window for it to fire, and where exactly it fires there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple, Protocol

from qcheck.alphabet import is_narrow
from qcheck.document import Document, Span
from qcheck.narrowing import can_be_narrowed
from qcheck.rules.model import CharsMatch, Context, PhrasesMatch, PythonMatch, RegexMatch, Rule, Scope
from qcheck.scan import compiling
from qcheck.syntax import group_names, may_cross_lines

# A pattern that runs longer than this on one window of some KB is hostile or broken; RE2 rules need no such guard.
REGEX_TIMEOUT_SECONDS = 2.0
# How far `unless_before` and `unless_after` look along a line. Looking to the ends of a 1 MB line for each of its
# matches would be quadratic; a line of prose is hardly ever longer.
_CONTEXT_BYTES = 1024
_WITHIN_PARAGRAPHS = (Scope.PARAGRAPH, Scope.SENTENCE)
_CR = ord("\r")


class ByteMatch(NamedTuple):
    """A match in bytes of the whole document: what to report, the whole match, and its named groups (None: no part)."""

    span: Span
    match: Span
    groups: dict[str, Span | None]


class Matcher(Protocol):
    """What the scanner asks of a matcher."""

    rule: Rule
    gates: tuple[str, ...]
    scope: Scope
    ignorecase: bool

    def find(self, document: Document, window: Span, numbers: Iterable[int]) -> Iterator[ByteMatch]:
        """Matches in a window of the document, each within one line, one paragraph or the document, as the scope says.

        Args:
            document: The document.
            window: Where to look.
            numbers: The gates that let this window through.

        Raises:
            TimeoutError: The pattern ran longer than it may.
        """
        ...


def matcher_for(rule: Rule) -> Matcher | None:
    """The matcher of a rule that has patterns, or ``None``."""
    match = rule.match
    if isinstance(match, RegexMatch):
        return RegexMatcher(rule, match) if match.engine == "regex" else Re2Matcher(rule)
    has_patterns = isinstance(match, PhrasesMatch | CharsMatch) or (isinstance(match, PythonMatch) and match.candidates)
    return Re2Matcher(rule) if has_patterns else None


class _Program(NamedTuple):
    """A compiled pattern: the groups to report and of the whole, all by name, and whether it needs cut paragraphs."""

    pattern: Any
    report: int
    whole: int
    groups: dict[str, int]
    is_cut: bool


class Re2Matcher:
    """Patterns in RE2: the pattern that chooses is the pattern that confirms."""

    def __init__(self, rule: Rule) -> None:
        match = rule.match
        assert isinstance(match, RegexMatch | PhrasesMatch | CharsMatch | PythonMatch)
        self.rule, self.scope = rule, match.scope
        self.ignorecase = isinstance(match, RegexMatch | PhrasesMatch) and match.ignorecase
        self.gates = _re2_patterns(match)
        self._report = match.report if isinstance(match, RegexMatch) else None
        # Who names a carriage return means it.
        self._span = _as_it_is if isinstance(match, CharsMatch) else _span
        self._programs: dict[int, _Program] = {}
        self._exact: dict[int, _Program] = {}

    def _program(self, number: int) -> _Program:
        """The small program of a pattern; compiled when it is first to confirm."""
        if number not in self._programs:
            self._programs[number] = self._made(number, narrow=True)
        return self._programs[number]

    def _made(self, number: int, *, narrow: bool) -> _Program:
        source = self.gates[number]
        pattern = compiling.compile_pattern(source, self.scope, ignorecase=self.ignorecase, narrow=narrow)
        groups = {name.decode(): index for name, index in pattern.groupindex.items()}
        whole = groups.get(compiling.WHOLE, 0)
        is_cut = self.scope in _WITHIN_PARAGRAPHS and may_cross_lines(source)
        return _Program(pattern, groups.get(self._report or "", whole), whole, groups, is_cut)

    def _exact_programs(self, document: Document, window: Span, numbers: Iterable[int]) -> Iterator[_Program]:
        """Programs for a window that may hold any letters: exact ones, where the small ones find something."""
        is_narrow_ = is_narrow(document.data[window.start : window.end])
        for number in numbers:
            program = self._program(number)
            if is_narrow_ or not can_be_narrowed(self.gates[number]):
                yield program
            elif program.pattern.search(document.data, *window):
                if number not in self._exact:
                    self._exact[number] = self._made(number, narrow=False)
                yield self._exact[number]

    @cached_property
    def _no_groups(self) -> dict[str, Span | None]:
        return dict.fromkeys(name for gate in self.gates for name in group_names(gate))

    def find(self, document: Document, window: Span, numbers: Iterable[int]) -> Iterator[ByteMatch]:
        data, span_of = document.data, self._span
        # RE2 sees the whole text around a piece, so ^, $ and \b mean the same wherever windows are cut; a pattern that
        # cannot match a line feed needs no cutting into lines or paragraphs.
        small = document.is_narrow  # one text in 25 has some Greek or phonetics somewhere
        programs = map(self._program, numbers) if small else self._exact_programs(document, window, numbers)
        for pattern, report, whole, groups, is_cut in programs:
            pieces = _paragraphs_with(pattern, document, window) if is_cut else (window,)
            for match in chain.from_iterable(pattern.finditer(data, *piece) for piece in pieces):
                spans = self._no_groups | {name: span_of(match, index, data) for name, index in groups.items()}
                line = span_of(match, whole, data)
                if whole and line:
                    line = _without_trailing_blanks(line, data)
                if found := _byte_match(line if report == whole else span_of(match, report, data), line, spans):
                    yield found


def _paragraphs_with(pattern: Any, document: Document, window: Span) -> Iterator[Span]:
    """The paragraphs of a window in which a match begins, be it one that leaves them; nearly all windows have none."""
    match = pattern.search(document.data, *window)
    pieces = document.paragraphs(window) if match else []
    while match:
        number = bisect_right(pieces, match.start(), key=lambda piece: piece.start) - 1
        yield pieces[number]
        end = pieces[number].end
        match = pattern.search(document.data, end, window.end) if end < window.end else None


def _span(match: Any, group: int, data: bytes) -> Span | None:
    """The span of a group that took part, without the carriage return of a CRLF: that is no part of a line."""
    start, end = match.span(group)
    if start < 0:
        return None
    return Span(start, end - 1 if end > start and data[end - 1] == _CR and data[end : end + 1] == b"\n" else end)


def _as_it_is(match: Any, group: int, data: bytes) -> Span | None:
    start, end = match.span(group)
    return Span(start, end) if start >= 0 else None


def _without_trailing_blanks(span: Span, data: bytes) -> Span:
    """A whole line without the blanks that a greedy ``.*`` takes along at its end."""
    return Span(span.start, span.start + len(data[span.start : span.end].rstrip(b" \t")))


def _byte_match(report: Span | None, match: Span | None, groups: dict[str, Span | None]) -> ByteMatch | None:
    """A match that is not empty; one whose reported group is empty or took no part is reported whole."""
    if match is None or match.start == match.end:
        return None
    return ByteMatch(report if report and report.start < report.end else match, match, groups)


def _re2_patterns(match: RegexMatch | PhrasesMatch | CharsMatch | PythonMatch) -> tuple[str, ...]:
    if isinstance(match, PhrasesMatch):
        return (compiling.phrases_pattern(match),)
    if isinstance(match, CharsMatch):
        return (compiling.class_pattern(match),)
    if isinstance(match, PythonMatch):
        return match.candidates
    whole = match.whole and match.scope is Scope.LINE
    return tuple(compiling.whole_line(pattern) if whole else pattern for pattern in match.patterns)


class RegexMatcher:
    """Patterns of the ``regex`` module, run only in windows that an RE2 gate has chosen."""

    def __init__(self, rule: Rule, match: RegexMatch) -> None:
        self.rule, self.scope, self.gates, self.ignorecase = rule, match.scope, match.gate, match.ignorecase
        self._match = match

    @cached_property
    def _compiled(self) -> list[Any]:
        return [compiling.compile_regex(self._match, pattern) for pattern in self._match.patterns]

    @cached_property
    def _groups(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for pattern in self._compiled for name in pattern.groupindex))

    def find(self, document: Document, window: Span, numbers: Iterable[int]) -> Iterator[ByteMatch]:
        # Lookaround sees no further than its piece, so what it says does not depend on where windows are cut.
        for piece in self._pieces(document, window, numbers):
            text = Document(document.data[piece.start : piece.end].decode("utf-8", "surrogatepass"))
            for pattern in self._compiled:
                yield from self._in_piece(pattern, text, piece.start)

    def _pieces(self, document: Document, window: Span, numbers: Iterable[int]) -> Iterable[Span]:
        """The lines or paragraphs of a window in which the gate fires."""
        if self.scope is not Scope.LINE:
            return document.paragraphs(window) if self.scope in _WITHIN_PARAGRAPHS else (window,)
        chosen = (self.gates[number] for number in numbers)
        gates = [compiling.compile_pattern(gate, self.scope, ignorecase=self.ignorecase) for gate in chosen]
        fired = sorted(match.start() for gate in gates for match in gate.finditer(document.data, *window))
        lines = [Span(-1, -1)]
        for offset in fired:
            if offset >= lines[-1].end:
                lines.append(_line_at(offset, document.data))
        return lines[1:]

    def _in_piece(self, pattern: Any, piece: Document, base: int) -> Iterator[ByteMatch]:
        matches = list(pattern.finditer(piece.text, timeout=REGEX_TIMEOUT_SECONDS))
        groups = (0, *pattern.groupindex)
        in_bytes = piece.bytes_at(sorted({c for match in matches for g in groups for c in match.span(g) if c >= 0}))

        def span(match: Any, group: str | int) -> Span | None:
            start, end = match.span(group)
            return None if start < 0 else Span(base + in_bytes[start], base + in_bytes[end])

        for match in matches:
            spans = {name: span(match, name) if name in pattern.groupindex else None for name in self._groups}
            if found := _byte_match(span(match, self._match.report or 0), span(match, 0), spans):
                yield found


def _line_at(offset: int, data: bytes) -> Span:
    """The line around an offset in bytes, without its line end."""
    start, feed = data.rfind(b"\n", 0, offset) + 1, data.find(b"\n", offset)
    end = feed if feed >= 0 else len(data)
    return Span(start, end - 1 if feed > start and data[feed - 1] == _CR else end)


def forbids(context: Context, data: bytes, match: ByteMatch) -> bool:
    """Whether the match itself, or its line before or after it, says that this is no finding."""
    start, end = match.match
    if context.unless and _any_in(context.unless, data[start:end]):
        return True
    if context.unless_before:
        nearest = max(0, start - _CONTEXT_BYTES)
        line_start = data.rfind(b"\n", nearest, start) + 1 or nearest
        if _any_in(context.unless_before, data[line_start:start]):
            return True
    if context.unless_after:
        furthest = min(len(data), end + _CONTEXT_BYTES)
        line_end = data.find(b"\n", end, furthest)
        return _any_in(context.unless_after, data[end : line_end if line_end >= 0 else furthest])
    return False


def _any_in(patterns: tuple[str, ...], data: bytes) -> bool:
    is_exact = is_narrow(data)
    return any(_search(pattern, data, narrow=True) and (is_exact or _search(pattern, data)) for pattern in patterns)


def _search(pattern: str, data: bytes, *, narrow: bool = False) -> bool:
    return compiling.compile_pattern(pattern, Scope.DOCUMENT, narrow=narrow).search(data) is not None
