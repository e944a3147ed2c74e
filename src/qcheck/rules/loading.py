"""Rules out of TOML files: every key checked, every pattern compiled once, every error with its file and line."""

from __future__ import annotations

import re as _re
from collections.abc import Callable, Iterable
from pathlib import Path

from qcheck.detectors import DETECTORS
from qcheck.errors import FileError, RuleErrors
from qcheck.finding import Confidence, Family, Safety, Severity, Status
from qcheck.metrics import METRICS
from qcheck.rules import model
from qcheck.scan import compiling
from qcheck.tables import Table, read_toml

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
_MISSING_PARTS = "a rule proves itself: it needs at least one [[rule.examples.bad]] and one [[rule.examples.good]]"


def load_rules(folders: Iterable[Path]) -> tuple[model.Rule, ...]:
    """Read every ``<family>/<name>.toml`` below the folders, sorted by code.

    Raises:
        RuleErrors: With every error of every file.
    """
    rules: list[model.Rule] = []
    errors: list[FileError] = []
    for folder in folders:
        files = sorted(folder.glob("*/*.toml"))
        if not files:
            errors.append(FileError(folder, 1, "holds no rules; they stand at <family>/<name>.toml below it"))
        for path in files:
            try:
                rules.append(load_rule(path))
            except FileError as error:
                errors.append(error)
    errors += _doubles(rules)
    if errors:
        raise RuleErrors(errors)
    return tuple(sorted(rules, key=lambda rule: rule.code))


def _doubles(rules: list[model.Rule]) -> list[FileError]:
    errors, owners = [], dict[str, Path]()
    for rule in rules:
        for word in (rule.code, rule.name):
            if word in owners:
                errors.append(FileError(rule.path, 1, f"'{word}' is already the rule of {owners[word]}"))
            owners.setdefault(word, rule.path)
    return errors


def load_rule(path: Path) -> model.Rule:
    """Read one rule file.

    Raises:
        FileError: At the first thing wrong with it.
    """
    top = read_toml(path)
    table = top.table("rule", required=True)
    assert table is not None
    top.finish()
    code = table.take("code", str, required=True)
    name = table.take("name", str, required=True)
    family = _family(table, code, name)
    rule = model.Rule(
        code=code,
        name=name,
        family=family,
        summary=table.take("summary", str, required=True),
        message=table.take("message", str, required=True),
        severity=Severity(table.choice("severity", tuple(Severity))),
        confidence=Confidence(table.choice("confidence", tuple(Confidence))),
        status=Status(table.choice("status", tuple(Status))),
        since=table.take("since", str, required=True),
        languages=frozenset(table.strings("languages")),
        tags=table.strings("tags"),
        match=_match(table.table("match", required=True)),
        fix=_fix(table.table("fix")),
        docs=_docs(table.table("docs", required=True)),
        examples=_examples(table.table("examples", required=True), table),
        path=path,
    )
    table.finish()
    return rule


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


def _match(table: Table | None) -> model.Match:
    assert table is not None
    kind = table.choice("kind", ("regex", "phrases", "chars", "metric", "python"))
    match = _KINDS[kind](table)
    table.finish()
    return match


def _context(table: Table) -> model.Context:
    context = model.Context(
        unless=table.strings("unless"),
        unless_before=table.strings("unless_before"),
        unless_after=table.strings("unless_after"),
        code=table.take("code", bool, False),
    )
    for key in ("unless", "unless_before", "unless_after"):
        _compile_all(table, key, getattr(context, key))
    return context


def _compile_all(
    table: Table, key: str, patterns: Iterable[str], scope: str = "document", *, icase: bool = False
) -> None:
    for pattern in patterns:
        try:
            compiling.compile_pattern(pattern, scope=model.Scope(scope), ignorecase=icase)
        except ValueError as error:
            raise table.error(key, f"{key}: {error}") from None


def _scope(table: Table, default: str = "line") -> model.Scope:
    return model.Scope(table.choice("scope", tuple(model.Scope), default))


def _regex(table: Table) -> model.RegexMatch:
    key = "patterns" if "patterns" in table else "pattern"
    match = model.RegexMatch(
        patterns=table.strings(key),
        scope=_scope(table),
        whole=table.take("whole", bool, False),
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
    _check_regex(table, key, match)
    return match


def _check_regex(table: Table, key: str, match: model.RegexMatch) -> None:
    _compile_all(table, "gate", match.gate, match.scope)
    for pattern in match.patterns:
        try:
            groups = compiling.group_names(match, pattern)
        except ValueError as error:
            raise table.error(key, f"{key}: {error}") from None
        if match.report and match.report not in groups:
            raise table.error(
                "report", f"'report' names the group {match.report!r}, which the pattern {pattern!r} lacks"
            )


def _phrases(table: Table) -> model.PhrasesMatch:
    match = model.PhrasesMatch(
        phrases=(*_listed_phrases(table), *_tabled_phrases(table)),
        scope=_scope(table),
        whole=table.take("whole", bool, False),
        ignorecase=table.take("ignorecase", bool, True),
        context=_context(table),
    )
    if not match.phrases:
        raise table.error(None, "a phrases rule needs 'phrases' or 'table'")
    try:
        compiling.compile_phrases(match)
    except ValueError as error:
        raise table.error("phrases", str(error)) from None
    return match


def _listed_phrases(table: Table) -> list[model.Phrase]:
    return [model.Phrase(text) for text in table.strings("phrases")]


def _tabled_phrases(table: Table) -> list[model.Phrase]:
    """Rows of a .tsv beside the rule: phrase, and a replacement after a tab where one is known."""
    name = table.take("table", str)
    if name is None:
        return []
    path = table.path.parent / name
    if not _re.fullmatch(r"[\w\-]+\.tsv", name) or not path.is_file():
        raise table.error("table", f"'table' must be the name of a .tsv file beside the rule, not {name!r}")
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        phrase, tab, replacement = line.rstrip("\r").partition("\t")
        if not phrase.strip() or phrase.startswith("#"):
            continue
        if phrase != phrase.strip():
            raise FileError(path, number, "blanks around a phrase")
        rows.append(model.Phrase(phrase, replacement if tab else None))
    return rows


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
    _compile_all(table, "candidates", candidates, scope)
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


def _fix(table: Table | None) -> model.FixSpec | None:
    if table is None:
        return None
    fix = model.FixSpec(
        safety=Safety(table.choice("safety", tuple(Safety))),
        replace=table.take("replace", str),
        target=table.take("target", str, "match"),
        delete=table.take("delete", str),
        advice=table.take("advice", str, ""),
    )
    if fix.replace is not None and "\\" in fix.replace:
        raise table.error(
            "replace", "'replace' holds a backslash: write line ends as \"\\n\" in a basic string, groups as {name}"
        )
    if fix.delete not in (None, "span", "line"):
        raise table.error("delete", f"'delete' must be span or line, not {fix.delete!r}")
    if fix.delete and fix.replace is not None:
        raise table.error("delete", "a fix either deletes or replaces")
    table.finish()
    return fix


def _docs(table: Table | None) -> model.Docs:
    assert table is not None
    docs = model.Docs(
        why=table.take("why", str, required=True),
        false_positives=table.take("false_positives", str, required=True),
        references=table.strings("references"),
    )
    table.finish()
    return docs


def _examples(table: Table | None, rule: Table) -> model.Examples:
    assert table is not None
    examples = model.Examples(
        *(tuple(_example(row) for row in table.tables(kind)) for kind in ("bad", "good", "known_failures"))
    )
    table.finish()
    if not examples.bad or not examples.good:
        raise rule.error("examples", _MISSING_PARTS)
    if unmarked := next((e for e in examples.bad if "⟦" not in e.text), None):
        raise rule.error("examples", f"bad example {unmarked.text!r} marks no span with ⟦ and ⟧")
    return examples


def _example(table: Table) -> model.Example:
    example = model.Example(
        table.take("text", str, required=True), table.take("fixed", str), table.take("note", str, "")
    )
    table.finish()
    return example
