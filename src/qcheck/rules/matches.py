"""What a rule looks for: its ``[rule.match]`` table, one reader for each kind."""

from __future__ import annotations

import re as _re
from collections.abc import Callable, Container

from qcheck.detectors import DETECTORS
from qcheck.errors import FileError
from qcheck.finding import Family
from qcheck.metrics import METRICS
from qcheck.rules import model
from qcheck.scan import compiling
from qcheck.tables import Table, read_text


def read_match(rule: Table) -> model.Match:
    """The ``[rule.match]`` table of a rule, with the phrases of the table it names.

    Raises:
        FileError: It says something that no rule can do.
    """
    table = rule.table("match", required=True)
    kind = table.choice("kind", ("regex", "phrases", "chars", "metric", "python"))
    match = _KINDS[kind](table)
    table.finish()
    return match


def _context(table: Table) -> model.Context:
    return model.Context(
        unless=table.strings("unless"),
        unless_before=table.strings("unless_before"),
        unless_after=table.strings("unless_after"),
        code=table.take("code", bool, False),
    )


def _scope(table: Table) -> model.Scope:
    return model.Scope(table.choice("scope", tuple(model.Scope), model.Scope.LINE))


def _whole(table: Table, scope: model.Scope) -> bool:
    whole: bool = table.take("whole", bool, False)
    if whole and scope not in (model.Scope.LINE, model.Scope.SENTENCE):
        raise table.error("whole", "'whole' means a whole line or sentence: it needs scope line or sentence")
    return whole


def _regex(table: Table) -> model.RegexMatch:
    key = "patterns" if "patterns" in table else "pattern"
    scope = _scope(table)
    match = model.RegexMatch(
        patterns=table.strings(key),
        scope=scope,
        whole=_whole(table, scope),
        report=table.take("report", str),
        engine=table.choice("engine", ("re2", "regex"), "re2"),
        gate=table.strings("gate"),
        reason=table.take("reason", str, ""),
        ignorecase=table.take("ignorecase", bool, False),
        context=_context(table),
    )
    if not match.patterns:
        raise table.error(None, "a regex rule needs 'pattern' or 'patterns'")
    if match.engine == "regex" and not (match.gate and match.reason):
        raise table.error("engine", "engine 'regex' needs 'gate' (RE2 patterns that let it run) and 'reason'")
    if match.engine == "re2" and (match.gate or match.reason):
        raise table.error("gate" if match.gate else "reason", "'gate' and 'reason' go with engine = \"regex\" only")
    return match


def _phrases(table: Table) -> model.PhrasesMatch:
    scope = _scope(table)
    match = model.PhrasesMatch(
        phrases=(*_listed_phrases(table), *_tabled_phrases(table)),
        scope=scope,
        whole=_whole(table, scope),
        ignorecase=table.take("ignorecase", bool, True),
        context=_context(table),
    )
    if not match.phrases:
        raise table.error(None, "a phrases rule needs 'phrases' or 'table'")
    return match


def _listed_phrases(table: Table) -> list[model.Phrase]:
    phrases = table.strings("phrases")
    for phrase in phrases:
        if problem := compiling.phrase_problem(phrase):
            raise table.error("phrases", problem)
    return [model.Phrase(phrase) for phrase in phrases]


def _tabled_phrases(table: Table) -> list[model.Phrase]:
    """Rows of a .tsv beside the rule: phrase, and a replacement after a tab where one is known."""
    name = table.take("table", str)
    if name is None:
        return []
    path = table.path.parent / name
    if not _re.fullmatch(r"[\w\-]+\.tsv", name) or not path.is_file():
        raise table.error("table", f"'table' must be the name of a .tsv file beside the rule, not {name!r}")
    rows: dict[str, model.Phrase] = {}
    for number, line in enumerate(read_text(path).split("\n"), 1):
        phrase, tab, replacement = line.rstrip("\r").partition("\t")
        if not phrase.strip() or phrase.startswith("#"):
            continue
        if problem := _row_problem(phrase, rows):
            raise FileError(path, number, problem)
        rows[phrase] = model.Phrase(phrase, replacement if tab else None)
    return list(rows.values())


def _row_problem(phrase: str, rows: Container[str]) -> str | None:
    if phrase != phrase.strip():
        return "blanks around a phrase"
    return f"phrase {phrase!r} stands in the table twice" if phrase in rows else compiling.phrase_problem(phrase)


def _chars(table: Table) -> model.CharsMatch:
    match = model.CharsMatch(tuple(_char_range(table, item) for item in table.strings("chars")), _context(table))
    if not match.ranges:
        raise table.error(None, "a chars rule needs 'chars': single characters or ranges such as \"\\u200B-\\u200D\"")
    return match


def _char_range(table: Table, item: str) -> tuple[int, int]:
    first, last = (item[0], item[2]) if len(item) == 3 and item[1] == "-" else (item, item)
    if len(first) != 1 or first > last:
        raise table.error("chars", f"{item!r} is neither one character nor a range of two with '-' between")
    return ord(first), ord(last)


def _metric(table: Table) -> model.MetricMatch:
    match = model.MetricMatch(
        metric=table.choice("metric", tuple(METRICS)),
        below=table.take("below", float),
        above=table.take("above", float),
    )
    if match.below is None and match.above is None:
        raise table.error(None, "a metric rule needs 'below' or 'above': the value past which it fires")
    return match


def _python(table: Table) -> model.PythonMatch:
    scope = _scope(table)
    candidates = table.strings("candidates")
    params = table.table("params")
    return model.PythonMatch(
        detector=table.choice("detector", tuple(DETECTORS)),
        candidates=candidates,
        scope=scope,
        context=_context(table),
        params=params.rest() if params else {},
        builds_on=_families(table),
    )


def _families(table: Table) -> frozenset[str]:
    names = table.strings("builds_on")
    if unknown := set(names) - set(Family):
        raise table.error("builds_on", f"'builds_on' names families ({', '.join(Family)}), not {unknown.pop()!r}")
    return frozenset(names)


_KINDS: dict[str, Callable[[Table], model.Match]] = {
    "regex": _regex,
    "phrases": _phrases,
    "chars": _chars,
    "metric": _metric,
    "python": _python,
}
