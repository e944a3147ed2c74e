"""Rules out of TOML files: every key checked, every pattern compiled once, every error with its file and line."""

from __future__ import annotations

import re as _re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from qcheck.errors import FileError, RuleErrors
from qcheck.finding import Confidence, Family, Safety, Severity, Status
from qcheck.rules import model
from qcheck.rules.checking import SELF_MENDING, pattern_errors
from qcheck.rules.matches import read_match
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

    match = part(read_match)
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
