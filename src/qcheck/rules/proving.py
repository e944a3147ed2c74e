"""A rule proved on its own examples: spans, fixes, silence, offsets, line ends, long lines, linear time."""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qcheck.checker import Checker
from qcheck.finding import Finding, Safety
from qcheck.report import Report
from qcheck.rules.model import Example, MetricMatch, PythonMatch, Rule, Scope

OPEN, CLOSE = "⟦", "⟧"
_EMOJI = "😀 ok\n\n"
_LONG_LINE = "The quiet river ran on past the mill, and nobody minded; " * 18_000  # 1 MB
# 20,000 characters that made real patterns quadratic: `[ \t]+$` took 1.4 s on such blanks.
_HOSTILE = ("a", " ", "-\n", "1l", ".", '"', "A. ", "(", "a b. ", "\t\n")
# What may stand beside a mark that calls a rule: the rule of a table, a row of cells, a cell, a word over and over.
_HOSTILE_ROWS = ("-", "| ", " ", "onward ")
_HOSTILE_LENGTH = 20_000
# Four times the text may take four times as long, and twice that for noise; quadratic would be sixteen.
_MAX_GROWTH = 8.0
_TRIES = 5
_TOO_SHORT_TO_MEASURE = 0.05  # seconds


class Marked(NamedTuple):
    """An example's text without its marks, and the spans they stood around."""

    text: str
    spans: list[tuple[int, int]]


def unmark(text: str) -> Marked:
    """Take the ⟦⟧ marks out of a text.

    >>> unmark("on the figures⟦..⟧ today")
    Marked(text='on the figures.. today', spans=[(14, 16)])
    """
    spans, plain = [], ""
    head, *rest = text.split(OPEN)
    plain += head
    for piece in rest:
        inside, _, after = piece.partition(CLOSE)
        spans.append((len(plain), len(plain) + len(inside)))
        plain += inside + after
    return Marked(plain, spans)


def prove(rule: Rule, rules: Sequence[Rule], together: Checker | None = None) -> list[str]:
    """Everything that a rule's examples show to be wrong with it; an empty list proves it.

    Args:
        rule: The rule to prove.
        rules: All rules it works beside: its fixes must leave them nothing new to find.
        together: A checker of all rules; building one for each of many rules takes longer than the proofs.
    """
    together = together or Checker.of_rules(rules)
    # What a rule makes of other rules' findings can only be seen beside them.
    alone = together if _needs_others(rule) else Checker.of_rules([rule])
    problems = [*_fixes_shown(rule), *_quiet_elsewhere(rule, rules, alone)]
    for example in rule.examples.bad:
        problems += _prove_bad(rule, example, alone, together)
    problems += [f"good example fires: {e.text!r}" for e in rule.examples.good if _own(alone.check(e.text), rule)]
    problems += [
        f"known failure no longer fires, make it a good example: {e.text!r}"
        for e in rule.examples.known_failures
        if not _own(alone.check(unmark(e.text).text), rule)
    ]
    return problems + list(_not_linear(rule, alone))


def _needs_others(rule: Rule) -> bool:
    return isinstance(rule.match, PythonMatch) and bool(rule.match.builds_on) and not rule.match.candidates


def _own(report: Report, rule: Rule) -> list[Finding]:
    return [finding for finding in report.findings if finding.rule == rule]


def _spans(report: Report, rule: Rule) -> list[tuple[int, int]]:
    return [(finding.start, finding.end) for finding in _own(report, rule)]


def _fixes_shown(rule: Rule) -> Iterator[str]:
    applies = rule.fix is not None and rule.fix.safety is not Safety.DISPLAY
    if applies and not any(example.fixed is not None for example in rule.examples.bad):
        yield "has a fix, but no bad example shows its 'fixed' text"


def _prove_bad(rule: Rule, example: Example, alone: Checker, together: Checker) -> Iterator[str]:
    text, spans = unmark(example.text)
    report = alone.check(text)
    yield from (f"{rule.code} could not finish: {error}" for error in report.errors)
    if (found := _spans(report, rule)) != spans:
        yield f"bad example {example.text!r}: marked {spans}, found {found}"
        return
    for name, changed, fixed in _variants(rule, example):
        plain, wanted = unmark(changed)
        again = alone.check(plain)
        got = [span for span in _spans(again, rule) if not wanted or span[0] >= wanted[0][0]]
        if got != wanted:
            yield f"bad example {example.text!r} {name}: marked {wanted}, found {got}"
        elif fixed is not None and again.fixed(unsafe=True) != fixed:
            yield f"bad example {example.text!r} {name}: fixed to {again.fixed(unsafe=True)[-200:]!r}"
    if example.fixed is not None:
        yield from _prove_fix(example, report, alone, together)


def _prove_fix(example: Example, report: Report, alone: Checker, together: Checker) -> Iterator[str]:
    fixed = report.fixed(unsafe=True)
    if fixed != example.fixed:
        yield f"bad example {example.text!r}: should be fixed to {example.fixed!r}, is {fixed!r}"
    if (twice := alone.check(fixed).fixed(unsafe=True)) != fixed:
        yield f"bad example {example.text!r}: fixing twice gives {twice!r}"
    before = Counter(finding.rule.code for finding in together.check(report.document.text).findings)
    after = Counter(finding.rule.code for finding in together.check(fixed).findings)
    for code in after - before:
        yield f"bad example {example.text!r}: its fixed text has a new finding of {code}"


def _variants(rule: Rule, example: Example) -> Iterator[tuple[str, str, str | None]]:
    """The example in surroundings that must change nothing: name, marked text, fixed text."""
    fixed = example.fixed
    if "\r" not in example.text:
        crlf = fixed.replace("\n", "\r\n") if fixed is not None else None
        yield "with CRLF", example.text.replace("\n", "\r\n"), crlf
    if isinstance(rule.match, MetricMatch) or getattr(rule.match, "scope", None) is Scope.DOCUMENT:
        return  # what is said of a whole document changes with what is put before it
    for name, head in (("after an emoji", _EMOJI), ("after a line of 1 MB", _LONG_LINE + "\n\n")):
        yield name, head + example.text, head + fixed if fixed is not None else None


def _quiet_elsewhere(rule: Rule, rules: Sequence[Rule], alone: Checker) -> Iterator[str]:
    """A safe fix must not touch what other rules hold up as sound text."""
    if rule.fix is None or rule.fix.safety is not Safety.SAFE:
        return
    for other in rules:
        for example in other.examples.good if other != rule else ():
            if alone.check(example.text).fixed() != example.text:
                yield f"its safe fix changes a good example of {other.code}: {example.text!r}"


def _not_linear(rule: Rule, alone: Checker) -> Iterator[str]:
    for piece, beside in _hostile(rule):
        short, long = (_run(piece, beside, length) for length in (_HOSTILE_LENGTH, 4 * _HOSTILE_LENGTH))
        yield from (f"could not finish on {len(short)} characters of {piece!r}: {e}" for e in alone.check(short).errors)
        if _seconds(alone, short) < _TOO_SHORT_TO_MEASURE:
            continue
        # A slow machine is slow for a while, a quadratic rule for ever: the least of several tries tells.
        tries = (_seconds(alone, long) / _seconds(alone, short) for _ in range(_TRIES))
        growth = min(_until_linear(tries))
        if growth > _MAX_GROWTH:
            yield f"time grows faster than the text: {growth:.1f} times for 4 times {piece!r}"


def _hostile(rule: Rule) -> Iterator[tuple[str, str]]:
    """Pieces that may make a rule slow in long runs, and what stands around the run."""
    examples = [unmark(example.text) for example in rule.examples.bad[:2]]
    yield from ((piece, "") for piece in (*_HOSTILE, *(example.text[:24] or "x" for example in examples)))
    for example in examples[:1]:
        start, end = example.spans[0] if example.spans else (0, 0)
        yield from ((piece, example.text[start:end] or example.text) for piece in _HOSTILE_ROWS)


def _run(piece: str, beside: str, length: int) -> str:
    run = (piece * (length // len(piece) + 1))[:length]
    return f"{beside}\n|{run}x\n{beside}" if beside else run


def _until_linear(tries: Iterator[float]) -> Iterator[float]:
    """The tries up to the first that shows linear growth."""
    for growth in tries:
        yield growth
        if growth <= _MAX_GROWTH:
            return


def _seconds(checker: Checker, text: str) -> float:
    """Processor time of a check in seconds, without the collector's: other programs must not fail a proof."""
    gc.disable()
    try:
        start = time.process_time()
        checker.check(text)
        return time.process_time() - start
    finally:
        gc.enable()
