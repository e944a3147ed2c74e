"""The scan: one pass over the bytes chooses rules, the chosen confirm, and hits become findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from qcheck import detectors
from qcheck.document import Document, Span
from qcheck.finding import Finding
from qcheck.metrics import METRICS
from qcheck.rules.model import CharsMatch, Context, MetricMatch, PythonMatch, Rule, Scope
from qcheck.scan.build import build_finding
from qcheck.scan.chars import CharsMatcher
from qcheck.scan.choosing import Chooser
from qcheck.scan.hit import Hit, Mark
from qcheck.scan.merging import merged
from qcheck.scan.patterns import ByteMatch, Matcher, forbids, matcher_for

_NO_CONTEXT = Context(code=True)


class Scan(NamedTuple):
    """What one scan found: findings sorted by (start, end, code), and which rules could not finish and why."""

    findings: tuple[Finding, ...]
    errors: tuple[str, ...]


class Scanner:
    """All rules made ready to run; build once, scan many documents.

    Args:
        rules: The selected rules.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._chooser = Chooser([matcher for matcher in map(matcher_for, rules) if matcher])
        self._chars = CharsMatcher([rule for rule in rules if isinstance(rule.match, CharsMatch)])
        self._metrics = [rule for rule in rules if isinstance(rule.match, MetricMatch)]
        self._detectors = {r: detectors.load(r.match.detector) for r in rules if isinstance(r.match, PythonMatch)}
        matches = {r: r.match for r in self._detectors if isinstance(r.match, PythonMatch)}
        self._late = {r: match.builds_on for r, match in matches.items() if match.builds_on}
        self._ungated = [r for r, match in matches.items() if not match.candidates and not match.builds_on]

    def scan(self, document: Document) -> Scan:
        """Run every rule over one document; never raises on any text."""
        errors: list[str] = []
        matches, spans = self._matches(document, errors), dict[Rule, list[Span]]()
        hits: list[tuple[Rule, Hit]] = []
        for rule, hit in _in_chars(document, matches):
            if isinstance(rule.match, PythonMatch):
                spans.setdefault(rule, []).append(hit.span)
            else:
                hits.append((rule, hit))
        for rule, found in spans.items():
            if rule not in self._late:
                hits += self._detect(rule, document, sorted(set(found)), errors)
        for rule in self._ungated:
            hits += self._detect(rule, document, [], errors)
        hits += self._chars.find(document)
        for rule, families in self._late.items():
            marks = {
                (*hit.span, other.code): Mark.of(hit.span, other) for other, hit in hits if other.family in families
            }
            known = [mark for _, mark in sorted(marks.items()) if _may_speak(mark.rule, Hit(mark), document)]
            if candidates := sorted([*known, *spans.get(rule, ())]):
                hits += self._detect(rule, document, candidates, errors)
        hits += [(rule, Hit(Span(0, 0))) for rule in self._metrics if _out_of_bounds(rule, document)]
        spoken = (build_finding(rule, hit, document) for rule, hit in hits if _may_speak(rule, hit, document))
        return Scan(merged(spoken), tuple(errors))

    def _matches(self, document: Document, errors: list[str]) -> list[tuple[Rule, ByteMatch]]:
        found, stopped = list[tuple[Rule, ByteMatch]](), set[Matcher]()
        for matcher, window, numbers in self._chooser.places(document):
            if matcher in stopped:
                continue
            try:
                found += _confirmed(matcher, document, window, numbers)
            except TimeoutError:
                stopped.add(matcher)  # else a long text could cost the timeout in each of its windows
                errors.append(f"{matcher.rule.code} ran too long and was stopped at byte {window.start}")
        return found

    def _detect(
        self, rule: Rule, document: Document, candidates: list[Span], errors: list[str]
    ) -> Iterator[tuple[Rule, Hit]]:
        assert isinstance(rule.match, PythonMatch)
        try:
            for hit in self._detectors[rule](document, candidates, rule.match.params):
                _check_hit(hit, len(document.text))
                yield rule, hit
        except Exception as error:  # a detector's bug must cost neither the document nor the other rules
            errors.append(f"{rule.code} failed: {type(error).__name__}: {error}")


def _check_hit(hit: Hit, length: int) -> None:
    """A fix carries out what a detector says to the character: it must make sense."""
    for start, end in (hit.span, hit.target or hit.span, *((edit.start, edit.end) for edit in hit.edits)):
        if not 0 <= start <= end <= length:
            raise ValueError(f"the span {start} to {end} does not lie in a text of {length} characters")
    if any(before.end > after.start for before, after in pairwise(hit.edits)):
        raise ValueError("the edits overlap or are not sorted")


def _confirmed(
    matcher: Matcher, document: Document, window: Span, numbers: Sequence[int]
) -> Iterator[tuple[Rule, ByteMatch]]:
    context = _context(matcher.rule)
    for match in matcher.find(document, window, numbers):
        if not forbids(context, document.data, match):
            yield matcher.rule, match


def _context(rule: Rule) -> Context:
    return _NO_CONTEXT if isinstance(rule.match, MetricMatch) else rule.match.context


def _in_chars(document: Document, matches: list[tuple[Rule, ByteMatch]]) -> Iterator[tuple[Rule, Hit]]:
    """Byte matches as hits in code points, all offsets converted in one forward pass."""
    if not matches:
        return
    spans = (span for _, m in matches for span in (m.span, m.match, *m.groups.values()) if span)
    char = document.chars_at(sorted({offset for span in spans for offset in span}))

    def in_chars(span: Span) -> Span:
        return Span(char[span.start], char[span.end])

    for rule, match in matches:
        groups = {name: document.slice(in_chars(span)) if span else "" for name, span in match.groups.items()}
        target = match.groups.get(rule.fix.target, match.match) if rule.fix else match.match
        hit = Hit(in_chars(match.span), groups, in_chars(target) if target else None)
        if _is_whole_sentence(rule, hit.span, document):
            yield rule, hit


def _is_whole_sentence(rule: Rule, span: Span, document: Document) -> bool:
    match = rule.match
    if getattr(match, "scope", None) is not Scope.SENTENCE:
        return True
    number = document.sentence_number(span.start)
    if number < 0:
        return False
    sentence = document.sentences[number]
    return span == sentence if getattr(match, "whole", False) else span.end <= sentence.end


def _out_of_bounds(rule: Rule, document: Document) -> bool:
    match = rule.match
    assert isinstance(match, MetricMatch)
    value = METRICS[match.metric](document)
    below = match.below is not None and value < match.below
    return below or (match.above is not None and value > match.above)


def _may_speak(rule: Rule, hit: Hit, document: Document) -> bool:
    """Whether the rule is meant for this place: its language, and no code unless it says so."""
    if not _context(rule).code and document.in_code(hit.span.start):
        return False
    return not rule.languages or document.language in rule.languages or document.language == "und"
