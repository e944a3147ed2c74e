"""What only compiling shows: patterns that the engine refuses, and names of groups that no pattern has.

Apart from loading, since compiling takes most of the time of reading a rule: the rules that ship are proved by the
tests, so a run does not compile each of their patterns again just to know that it can.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from qcheck.errors import FileError
from qcheck.rules import model
from qcheck.scan import compiling
from qcheck.scan.build import template_fields
from qcheck.tables import Table

SELF_MENDING = (model.PhrasesMatch, model.PythonMatch)  # the replacement may be in the table, or in the hit


class Problem(NamedTuple):
    """What is wrong, and the table and key where it stands."""

    table: str
    key: str | None
    message: str


def pattern_errors(rule: Table, match: model.Match, fix: model.FixSpec | None, message: str) -> list[FileError]:
    """The first problem of each table of a rule that its patterns show.

    Args:
        rule: The rule's table, as read anew: it tells the lines.
        match: The rule's match.
        fix: Its fix.
        message: Its message.
    """
    groups, problems = list[set[str]](), dict[str, Problem]()
    for problem in _match_problems(match, groups):
        problems.setdefault(problem.table, problem)
    if "match" not in problems:
        for problem in (*_template_problems("", "message", message, match, groups), *_fix_problems(fix, match, groups)):
            problems.setdefault(problem.table, problem)
    return [_located(rule, problem) for problem in problems.values()]


def _located(rule: Table, problem: Problem) -> FileError:
    table = rule.table(problem.table, required=True) if problem.table else rule
    return table.error(problem.key, problem.message)


def _match_problems(match: model.Match, groups: list[set[str]]) -> Iterator[Problem]:
    """Problems of the patterns; the names of each pattern's groups are added to ``groups``."""
    if isinstance(match, model.MetricMatch):
        return
    for key in ("unless", "unless_before", "unless_after"):
        yield from _refused(key, getattr(match.context, key), model.Scope.DOCUMENT)
    if isinstance(match, model.RegexMatch):
        yield from _regex_problems(match, groups)
    elif isinstance(match, model.PythonMatch):
        yield from _refused("candidates", match.candidates, match.scope)
    elif isinstance(match, model.CharsMatch):
        yield from _refused("chars", (compiling.class_pattern(match),), match.scope)
    elif isinstance(match, model.PhrasesMatch):
        try:
            compiling.compile_phrases(match)
        except ValueError as error:
            yield Problem("match", None, str(error))


def _refused(key: str, patterns: Iterable[str], scope: model.Scope) -> Iterator[Problem]:
    for pattern in patterns:
        try:
            compiling.compile_pattern(pattern, scope)
        except ValueError as error:
            yield Problem("match", key, f"{key}: {error}")


def _regex_problems(match: model.RegexMatch, groups: list[set[str]]) -> Iterator[Problem]:
    key = "patterns" if len(match.patterns) > 1 else "pattern"
    yield from _refused("gate", match.gate, match.scope)
    for pattern in match.patterns:
        try:
            names = compiling.group_names(match, pattern)
        except ValueError as error:
            yield Problem("match", key, f"{key}: {error}")
            continue
        groups.append(names)
        if match.report and match.report not in names:
            message = f"'report' names the group {match.report!r}, which the pattern {pattern!r} lacks"
            yield Problem("match", "report", message)


def _template_problems(
    table: str, key: str, template: str, match: model.Match, groups: list[set[str]]
) -> Iterator[Problem]:
    """A name that nothing fills would stand in braces in the message, or worse, in the mended text."""
    if isinstance(match, model.PythonMatch):
        return  # what a detector fills in is known to it alone
    known = {"text"}.union(*groups)
    if unknown := next((name for name in template_fields(template) if name not in known), None):
        message = f"'{key}' names {{{unknown}}}, but the match has only {', '.join(sorted(known))}"
        yield Problem(table, key, message)


def _fix_problems(fix: model.FixSpec | None, match: model.Match, groups: list[set[str]]) -> Iterator[Problem]:
    if fix is None:
        return
    lacks_target = fix.target != model.MATCH and not all(fix.target in names for names in groups or [set[str]()])
    if lacks_target and not isinstance(match, SELF_MENDING):
        yield Problem("fix", "target", f"'target' names the group {fix.target!r}, which not every pattern has")
    yield from _template_problems("fix", "replace", fix.replace or "", match, groups)
