"""Rules for tests: written as files, loaded as any user's are."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcheck import Checker, Rule
from qcheck.rules.loading import PREFIXES, load_rule
from qcheck.scan import engine

MARK = "pattern = 'BAD'"


def rule_text(
    match: str = MARK,
    *,
    code: str = "TYP900",
    name: str = "probe",
    kind: str = "regex",
    fix: str = "",
    message: str = "found {text}",
    severity: str = "error",
    confidence: str = "high",
    head: str = "",
    bad: str = "a ⟦BAD⟧ day",
    fixed: str | None = None,
    good: str = "a good day",
    known: str = "",
) -> str:
    fixed_line = f"fixed = {_toml(fixed)}" if fixed is not None else ""
    known_row = f"[[rule.examples.known_failures]]\ntext = {_toml(known)}\n" if known else ""
    return f"""\
[rule]
code = "{code}"
name = "{name}"
summary = "A probe"
message = {_toml(message)}
severity = "{severity}"
confidence = "{confidence}"
status = "stable"
since = "0.1.0"
{head}

[rule.match]
kind = "{kind}"
{match}

{"[rule.fix]" if fix else ""}
{fix}

[rule.docs]
why = "It is a probe."
false_positives = "None."

[[rule.examples.bad]]
text = {_toml(bad)}
{fixed_line}

[[rule.examples.good]]
text = {_toml(good)}

{known_row}"""


def _toml(text: str) -> str:
    escaped = "".join(f"\\u{ord(c):04X}" if c < " " or c in '"\\' else c for c in text)
    return f'"{escaped}"'


def write_rule(folder: Path, match: str = MARK, **parts: str) -> Path:
    family = PREFIXES[parts.get("code", "TYP900").rstrip("0123456789")]
    path = folder / family / f"{parts.get('name', 'probe')}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(rule_text(match, **parts), encoding="utf-8")
    return path


def make_rule(folder: Path, match: str = MARK, **parts: str) -> Rule:
    return load_rule(write_rule(folder, match, **parts))


def make_checker(folder: Path, match: str = MARK, **parts: str) -> Checker:
    return Checker.of_rules([make_rule(folder, match, **parts)])


def spans(checker: Checker, text: str) -> list[tuple[int, int]]:
    report = checker.check(text)
    assert report.errors == ()
    return [(f.start, f.end) for f in report.findings]


def plant_detector(monkeypatch: pytest.MonkeyPatch, find: object, is_quiet: object = None) -> None:
    """Make ``planted`` the name of a detector."""
    monkeypatch.setattr(engine.detectors, "load", lambda name: find)
    monkeypatch.setattr(engine.detectors, "glance", lambda name: is_quiet)
    monkeypatch.setattr("qcheck.rules.matches.DETECTORS", frozenset({"planted"}))
