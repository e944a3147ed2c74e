"""The scan: one pass over the bytes chooses rules, the chosen confirm, and hits become findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from qcheck import detectors
from qcheck.document import Document, Span
from qcheck.finding import Finding
from qcheck.metrics import METRICS
from qcheck.rules.model import Context, MetricMatch, PythonMatch, Rule, Scope
from qcheck.scan.build import build_finding
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
        self._metrics = [rule for rule in rules if isinstance(rule.match, MetricMatch)]
        asked = [_Asked.of(rule, rule.match) for rule in rules if isinstance(rule.match, PythonMatch)]
        self._late = [one for one in asked if one.match.builds_on]
        self._chosen = {one.rule: one for one in asked if one.match.candidates and not one.match.builds_on}
        self._everywhere = _by_detector(one for one in asked if not one.match.candidates and not one.match.builds_on)

    def scan(self, document: Document) -> Scan:
        """Run every rule over one document; never raises on any text."""
        errors: list[str] = []
        hits, spans = self._by_patterns(document, errors)
        for rule, found in spans.items():
            if rule in self._chosen:
                hits += self._chosen[rule].hits(document, sorted(set(found)), errors)
        for is_quiet, asked in self._everywhere:
            if not _settles(is_quiet, document):
                for one in asked:
                    hits += one.hits(document, (), errors)
        for one in self._late if hits or spans else ():
            if candidates := _candidates(one, hits, spans.get(one.rule, ()), document):
                hits += one.hits(document, candidates, errors)
        hits += [(rule, Hit(Span(0, 0))) for rule in self._metrics if _out_of_bounds(rule, document)]
        if not hits:
            return Scan((), tuple(errors))
        spoken = (build_finding(rule, hit, document) for rule, hit in hits if _may_speak(rule, hit, document))
        return Scan(merged(spoken), tuple(errors))

    def _by_patterns(
        self, document: Document, errors: list[str]
    ) -> tuple[list[tuple[Rule, Hit]], dict[Rule, list[Span]]]:
        """The hits of rules that are patterns alone, and for those with a detector its candidates."""
        hits: list[tuple[Rule, Hit]] = []
        spans: dict[Rule, list[Span]] = {}
        for rule, hit in _in_chars(document, self._matches(document, errors)):
            if isinstance(rule.match, PythonMatch):
                spans.setdefault(rule, []).append(hit.span)
            else:
                hits.append((rule, hit))
        return hits, spans

    def _matches(self, document: Document, errors: list[str]) -> list[tuple[Rule, ByteMatch]]:
        found: list[tuple[Rule, ByteMatch]] = []
        stopped: set[Matcher] = set()
        for matcher, window, numbers in self._chooser.places(document):
            if matcher in stopped:
                continue
            try:
                found += _confirmed(matcher, document, window, numbers)
            except TimeoutError:
                stopped.add(matcher)  # else a long text could cost the timeout in each of its windows
                errors.append(f"{matcher.rule.code} ran too long and was stopped at byte {window.start}")
        return found


class _Asked(NamedTuple):
    """A detector as one rule asks it."""

    rule: Rule
    match: PythonMatch
    find: detectors.Detector

    @classmethod
    def of(cls, rule: Rule, match: PythonMatch) -> _Asked:
        """The rule's detector, ready to be asked."""
        return cls(rule, match, detectors.load(match.detector))

    def hits(self, document: Document, candidates: Sequence[Span], errors: list[str]) -> list[tuple[Rule, Hit]]:
        """What it finds in a document; what goes wrong is added to the errors."""
        rule = self.rule
        found: list[tuple[Rule, Hit]] = []  # an alias called, `list[...]()`, costs half a microsecond each time
        try:
            for hit in self.find(document, candidates, self.match.params):
                _check_hit(hit, len(document.text))
                found.append((rule, hit))
        except Exception as error:  # a detector's bug must cost neither the document nor the other rules
            errors.append(f"{rule.code} failed: {type(error).__name__}: {error}")
        return found


def _by_detector(asked: Iterable[_Asked]) -> list[tuple[detectors.Glance | None, list[_Asked]]]:
    """Rules of one detector side by side: one glance at a document may settle it for all of them."""
    groups: dict[str, list[_Asked]] = {}
    for one in asked:
        groups.setdefault(one.match.detector, []).append(one)
    return [(detectors.glance(name), group) for name, group in groups.items()]


def _settles(glance: detectors.Glance | None, document: Document) -> bool:
    """Whether a glance settles that a detector has nothing to say; if it fails, the detector itself will tell."""
    try:
        return glance is not None and glance(document)
    except Exception:  # else a bug in a glance would cost the document
        return False


def _candidates(one: _Asked, hits: list[tuple[Rule, Hit]], spans: Sequence[Span], document: Document) -> list[Span]:
    """What the families that a rule builds on have found, and what its own patterns have."""
    families = one.match.builds_on
    marks = {(*hit.span, other.code): Mark.of(hit.span, other) for other, hit in hits if other.family in families}
    known = [mark for _, mark in sorted(marks.items()) if _may_speak(mark.rule, Hit(mark), document)]
    return sorted([*known, *spans])


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
