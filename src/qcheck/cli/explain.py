"""``qcheck rule``: what a rule finds, why, and where it errs."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from qcheck.cli.effective import settings_file
from qcheck.cli.terminal import look_of
from qcheck.finding import Safety
from qcheck.reports.cells import cut, visible
from qcheck.rules import known_rules, rules_folder
from qcheck.rules.measured import figures
from qcheck.rules.model import Example, Rule
from qcheck.rules.selection import find_rule

_APPLIED = {
    Safety.SAFE: "safe, applied by --fix",
    Safety.UNSAFE: "unsafe, applied by --fix --unsafe-fixes",
    Safety.DISPLAY: "shown, never applied",
}


def explain(arguments: Namespace) -> int:
    """Run ``qcheck rule``; the exit code."""
    if bool(arguments.rules) == arguments.all:
        arguments.parser.error("name a rule by its code or name, or list them with --all")
    rules = known_rules(settings_file(arguments).extend_rules)
    width = look_of(sys.stdout).width
    if arguments.all:
        print("\n".join(_listed(rules, width)))
    else:
        found = [find_rule(rules, word) for word in arguments.rules]
        print("\n\n\n".join("\n".join(_explained(rule, width)) for rule in found))
    return 0


def _listed(rules: Sequence[Rule], width: int) -> Iterable[str]:
    from tabulate import tabulate

    rows = [(r.code, r.name, r.severity, r.status, r.fix.safety if r.fix else "–", r.summary) for r in rules]
    headers = ("code", "name", "severity", "status", "fix", "what it finds")
    made = tabulate(rows, headers, "plain", disable_numparse=True)
    return (cut(line.rstrip(), width) for line in made.split("\n"))


def _explained(rule: Rule, width: int) -> Iterator[str]:
    yield f"{rule.code} {rule.name}"
    yield from wrap(rule.summary, width)
    yield ""
    languages = ", ".join(sorted(rule.languages)) or "any"
    yield f"{rule.severity}, {rule.confidence} confidence, {rule.status} since {rule.since}; family {rule.family}"
    yield f"languages: {languages}; fix: {_APPLIED[rule.fix.safety] if rule.fix else 'none'}"
    yield from _section("Why", _paragraph(rule.docs.why, width))
    yield from _section("False positives", _paragraph(rule.docs.false_positives, width))
    yield from _section("Measured", _paragraph(_measured(rule), width))
    examples = rule.examples
    yield from _section("Finds (what is marked)", _examples(examples.bad, width))
    yield from _section("Leaves alone", _examples(examples.good, width))
    yield from _section("Finds although it should not", _examples(examples.known_failures, width))
    yield from _section("References", [f"  {reference}" for reference in rule.docs.references])


def _measured(rule: Rule) -> str:
    """How often the rule fires on clean text; empty for a rule that was never measured."""
    found = figures(rules_folder(), rule.code)
    if found is None:
        return ""
    where = f"most in {found.worst_set}, at {found.worst_per_million_words:.1f}" if found.hits else "none at all"
    return (
        f"{found.hits} findings in {found.words:,} words of clean text on {found.date}: "
        f"{found.per_million_words:.1f} in a million words, {where}."
    )


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    body = list(lines)
    if body:
        yield from ("", title, *body)


def _paragraph(text: str, width: int) -> list[str]:
    return wrap(text, width, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)


def _examples(examples: Iterable[Example], width: int) -> Iterator[str]:
    for example in examples:
        note = f"   ({example.note})" if example.note else ""
        yield from _example(f"  - {visible(example.text)}{note}", width)
        if example.fixed is not None:
            yield from _example(f"    → {visible(example.fixed) or 'nothing is left'}", width)


def _example(line: str, width: int) -> list[str]:
    return [part.rstrip() for part in wrap(line, width, subsequent_indent="      ", drop_whitespace=False)]
