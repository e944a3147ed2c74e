"""The scan: one pass over the bytes chooses rules, the chosen confirm, and hits become findings."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qcheck import detectors
from qcheck.document import Document, Span
from qcheck.finding import Finding
from qcheck.metrics import METRICS
from qcheck.rules.model import CharsMatch, Context, MetricMatch, PythonMatch, Rule, Scope
from qcheck.scan.build import build_finding
from qcheck.scan.chars import CharsMatcher
from qcheck.scan.hit import Hit
from qcheck.scan.patterns import ByteMatch, Gate, Matcher, forbids, matcher_for

# Counters and word loops blow up the automaton of the Set they are in; in a Set of their own they cost little
# (520 to 640 MB/s a Set when split by kind, 64 to 90 for one Set of everything, on unseen text).
_COUNTER = re.compile(r"\{\d*,?\d*\}|\)[*+]|\][*+]")
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
        self._line_gates, self._block_gates = _gates([m for m in map(matcher_for, rules) if m])
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
        for rule in (*spans, *self._ungated):
            if rule not in self._late:
                hits += self._detect(rule, document, sorted(set(spans.get(rule, ()))), errors)
        hits += self._chars.find(document)
        for rule, families in self._late.items():
            known = {hit.span for other, hit in hits if other.family in families and _may_speak(other, hit, document)}
            if candidates := sorted(known.union(spans.get(rule, ()))):
                hits += self._detect(rule, document, candidates, errors)
        hits += [(rule, Hit(Span(0, 0))) for rule in self._metrics if _out_of_bounds(rule, document)]
        findings = {build_finding(rule, hit, document) for rule, hit in hits if _may_speak(rule, hit, document)}
        return Scan(tuple(sorted(findings, key=lambda f: (f.start, f.end, f.rule.code))), tuple(errors))

    def _matches(self, document: Document, errors: list[str]) -> list[tuple[Rule, ByteMatch]]:
        data, found = document.data, list[tuple[Rule, ByteMatch]]()
        for gates, windows in ((self._line_gates, document.windows), (self._block_gates, document.blocks)):
            for window in windows if gates else ():
                piece = data if len(windows) == 1 else data[window.start : window.end]
                for matcher in (matcher for gate in gates for matcher in gate.fired(piece)):
                    found += _confirmed(matcher, data, window, errors)
        return found

    def _detect(
        self, rule: Rule, document: Document, candidates: list[Span], errors: list[str]
    ) -> Iterator[tuple[Rule, Hit]]:
        assert isinstance(rule.match, PythonMatch)
        try:
            for hit in self._detectors[rule](document, candidates, rule.match.params):
                yield rule, hit
        except Exception as error:  # a detector's bug must cost neither the document nor the other rules
            errors.append(f"{rule.code} failed: {type(error).__name__}: {error}")


def _gates(matchers: list[Matcher]) -> tuple[list[Gate], list[Gate]]:
    """Sets by scope and by kind of pattern, for windows of lines and for blocks."""
    kinds: dict[tuple[bool, str], list[Matcher]] = defaultdict(list)
    for matcher in matchers:
        kinds[matcher.scope is Scope.LINE, _kind(matcher)].append(matcher)
    line = [Gate(group, Scope.LINE) for (is_line, _), group in sorted(kinds.items(), key=lambda k: k[0]) if is_line]
    block = [
        Gate(group, Scope.DOCUMENT) for (is_line, _), group in sorted(kinds.items(), key=lambda k: k[0]) if not is_line
    ]
    return line, block


def _kind(matcher: Matcher) -> str:
    if all(gate.startswith("^") for gate in matcher.gates):
        return "anchored"
    return "counter" if any(_COUNTER.search(gate) for gate in matcher.gates) else "plain"


def _confirmed(matcher: Matcher, data: bytes, window: Span, errors: list[str]) -> Iterator[tuple[Rule, ByteMatch]]:
    context = _context(matcher.rule)
    try:
        for match in matcher.find(data, window):
            if not forbids(context, data, match):
                yield matcher.rule, match
    except TimeoutError:
        errors.append(f"{matcher.rule.code} ran too long on bytes {window.start} to {window.end} and was stopped there")


def _context(rule: Rule) -> Context:
    return _NO_CONTEXT if isinstance(rule.match, MetricMatch) else rule.match.context


def _in_chars(document: Document, matches: list[tuple[Rule, ByteMatch]]) -> Iterator[tuple[Rule, Hit]]:
    """Byte matches as hits in code points, all offsets converted in one forward pass."""
    offsets = {b for _, m in matches for span in (m.span, m.match, *m.groups.values()) for b in span}
    char = document.chars_at(sorted(offsets))
    text = document.text
    for rule, match in matches:
        groups = {name: text[char[s] : char[e]] for name, (s, e) in match.groups.items()}
        hit = Hit(Span(char[match.span.start], char[match.span.end]), groups, _target(rule, match, char))
        if _is_whole_sentence(rule, hit.span, document):
            yield rule, hit


def _target(rule: Rule, match: ByteMatch, char: dict[int, int]) -> Span:
    wanted = rule.fix.target if rule.fix else "match"
    start, end = match.groups.get(wanted, match.match)
    return Span(char[start], char[end])


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
