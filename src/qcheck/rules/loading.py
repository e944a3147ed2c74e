"""Rules out of TOML files: every key checked, every pattern compiled once, every error with its file and line."""

from __future__ import annotations

import re as _re
from collections.abc import Callable, Container, Iterable
from pathlib import Path
from typing import Any, TypeVar

from qcheck.detectors import DETECTORS
from qcheck.errors import FileError, RuleErrors
from qcheck.finding import Confidence, Family, Safety, Severity, Status
from qcheck.metrics import METRICS
from qcheck.rules import model
from qcheck.rules.checking import SELF_MENDING, pattern_errors
from qcheck.scan import compiling
from qcheck.tables import Table, read_text, read_toml

PREFIXES = {
    "ENC": Family.ENCODING,
    "OCR": Family.OCR,
    "MT": Family.TRANSLATION,
    "WEB": Family.BOILERPLATE,
    "DUP": Family.REPETITION,
    "TYP": Family.TYPOGRAPHY,
    "LNG": Family.LANGUAGE,
    "DOC": Family.DOCUMENT,
}
_CODE = _re.compile(r"([A-Z]{2,8})(\d{3,4})")
_NAME = _re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = _re.compile(r"[a-z]{2}")
_MARKED = _re.compile(r"[^⟦⟧]*(?:⟦[^⟦⟧]*⟧[^⟦⟧]*)+")
T = TypeVar("T")
_MISSING_PARTS = "a rule proves itself: it needs at least one [[rule.examples.bad]] and one [[rule.examples.good]]"


def load_rules(
    folders: Iterable[Path], beside: Iterable[model.Rule] = (), *, proved: bool = False
) -> tuple[model.Rule, ...]:
    """Read every ``<family>/<name>.toml`` below the folders, sorted by code.

    Args:
        folders: Where to look.
        beside: Rules loaded before; the result holds them too, and no code or name may come up again.
        proved: Whether the patterns are known to compile, so that this can wait until they first run.

    Raises:
        RuleErrors: With every error of every file.
    """
    rules = list(beside)
    errors: list[FileError] = []
    for folder in folders:
        files = sorted(folder.glob("*/*.toml"))
        if not files:
            errors.append(FileError(folder, 1, "holds no rules; they stand at <family>/<name>.toml below it"))
        for path in files:
            try:
                rules.append(load_rule(path, proved=proved))
            except FileError as error:
                errors.append(error)
            except RuleErrors as several:
                errors += several.errors
    errors += _doubles(rules)
    if errors:
        raise RuleErrors(errors)
    return tuple(sorted(rules, key=lambda rule: rule.code))


def _doubles(rules: list[model.Rule]) -> list[FileError]:
    errors, owners = [], dict[str, Path]()
    for rule in rules:
        for key, word in (("code", rule.code), ("name", rule.name)):
            if word in owners:
                table = _rule_table(rule.path)
                errors.append(table.error(key, f"'{word}' is already the rule of {owners[word]}"))
            owners.setdefault(word, rule.path)
    return errors


def load_rule(path: Path, *, proved: bool = False) -> model.Rule:
    """Read one rule file.

    Raises:
        FileError: It is not TOML, or not one [rule].
        RuleErrors: With the first error of each of its tables, in the order of lines.
    """
    table = _rule_table(path)
    errors: list[FileError] = []

    def part(read: Callable[..., T], *args: object) -> T | None:
        try:
            return read(table, *args)
        except FileError as error:
            errors.append(error)
            return None

    match = part(_match)
    head, fix, docs, examples = part(_head), part(_fix, match), part(_docs), part(_examples)
    if head:
        part(Table.finish)  # after an error in the head its other keys were not taken, not unknown
    if match and not proved:
        errors += pattern_errors(_rule_table(path), match, fix, head["message"] if head else "")
    if not (head and match and docs and examples) or errors:
        raise RuleErrors(sorted(errors, key=lambda error: error.line))
    return model.Rule(**head, match=match, fix=fix, docs=docs, examples=examples, path=path)


def _rule_table(path: Path) -> Table:
    top = read_toml(path)
    table = top.table("rule", required=True)
    top.finish()
    return table


def _head(table: Table) -> dict[str, Any]:
    code = table.take("code", str, required=True)
    name = table.take("name", str, required=True)
    head = {
        "code": code,
        "name": name,
        "family": _family(table, code, name),
        "summary": table.take("summary", str, required=True),
        "message": table.take("message", str, required=True),
        "severity": Severity(table.choice("severity", tuple(Severity))),
        "confidence": Confidence(table.choice("confidence", tuple(Confidence))),
        "status": Status(table.choice("status", tuple(Status))),
        "since": table.take("since", str, required=True),
        "languages": frozenset(table.strings("languages")),
        "tags": table.strings("tags"),
    }
    if bad := next((language for language in head["languages"] if not _LANGUAGE.fullmatch(language)), None):
        raise table.error("languages", f"{bad!r} is no ISO 639-1 code such as 'en'")
    return head


def _family(table: Table, code: str, name: str) -> Family:
    """The family of a code; file name, folder and prefix must tell the same story."""
    parts = _CODE.fullmatch(code)
    if not parts:
        raise table.error("code", f"code {code!r} must be a prefix in capitals and three or four digits, as in MT101")
    if not _NAME.fullmatch(name) or name != table.path.stem:
        raise table.error("name", f"name {name!r} must be kebab-case and the file's stem, {table.path.stem!r}")
    folder = table.path.parent.name
    if folder not in tuple(Family):
        raise table.error(None, f"the folder must be a family ({', '.join(Family)}), not {folder!r}")
    if PREFIXES.get(parts[1], Family(folder)) != folder:
        raise table.error("code", f"prefix {parts[1]} belongs to the family {PREFIXES[parts[1]]}, not {folder}")
    return Family(folder)


def _match(rule: Table) -> model.Match:
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


def _fix(rule: Table, match: model.Match | None) -> model.FixSpec | None:
    if "fix" not in rule:
        return None
    table = rule.table("fix", required=True)
    fix = model.FixSpec(
        safety=Safety(table.choice("safety", tuple(Safety))),
        replace=table.take("replace", str),
        target=table.take("target", str, model.MATCH),
        delete=table.choice("delete", ("span", "line")) if "delete" in table else None,
        advice=table.take("advice", str, ""),
    )
    table.finish()
    if fix.replace is not None and "\\" in fix.replace:
        raise table.error(
            "replace", "'replace' holds a backslash: write line ends as \"\\n\" in a basic string, groups as {name}"
        )
    if fix.delete and fix.replace is not None:
        raise table.error("delete", "a fix either deletes or replaces")
    _check_target(table, fix, match)
    return fix


def _check_target(table: Table, fix: model.FixSpec, match: model.Match | None) -> None:
    if isinstance(match, model.MetricMatch) and (fix.delete or fix.replace is not None):
        raise table.error(None, "a metric rule speaks of the whole document: its fix can only give 'advice'")
    if isinstance(match, SELF_MENDING):
        return
    if match and not fix.delete and fix.replace is None and not fix.advice:
        raise table.error(None, "a fix needs 'replace', 'delete' or 'advice'")
    if fix.target != model.MATCH and fix.replace is None:
        raise table.error("target", "'target' says what 'replace' is written over; there is no 'replace'")


def _docs(rule: Table) -> model.Docs:
    table = rule.table("docs", required=True)
    docs = model.Docs(
        why=table.take("why", str, required=True),
        false_positives=table.take("false_positives", str, required=True),
        references=table.strings("references"),
    )
    table.finish()
    return docs


def _examples(rule: Table) -> model.Examples:
    table = rule.table("examples", required=True)
    examples = model.Examples(
        tuple(_example(row, marked=True) for row in table.tables("bad")),
        tuple(_example(row) for row in table.tables("good")),
        tuple(_example(row) for row in table.tables("known_failures")),
    )
    table.finish()
    if not examples.bad or not examples.good:
        raise rule.error("examples", _MISSING_PARTS)
    return examples


def _example(table: Table, *, marked: bool = False) -> model.Example:
    example = model.Example(
        table.take("text", str, required=True), table.take("fixed", str), table.take("note", str, "")
    )
    table.finish()
    if marked and not _MARKED.fullmatch(example.text):
        raise table.error("text", "a bad example marks each span that must be found with ⟦ and ⟧")
    return example
