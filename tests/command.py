"""The real command in a process of its own, and a small rule set, so that tests stand without the rule packs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

_RULE = """\
[rule]
code = "{code}"
name = "{name}"
summary = "{summary}"
message = "{message}"
severity = "{severity}"
confidence = "high"
status = "{status}"
since = "0.1.0"

[rule.match]
kind = "regex"
pattern = '''{pattern}'''
{match}

{fix}

[rule.docs]
why = "It stands in for a real rule."
false_positives = "None."

[[rule.examples.bad]]
text = "{bad}"
{fixed}

[[rule.examples.good]]
text = "Nothing to see."
"""


def write_rule(folder: Path, family: str, code: str, name: str, pattern: str, **parts: str) -> None:
    """Write one rule file below ``folder``."""
    words = {
        "summary": "A mark for tests",
        "message": "{text} should not be here",
        "severity": "error",
        "status": "stable",
        "match": "",
        "fix": "",
        "bad": "A ⟦teh⟧ b.",
        "fixed": "",
    }
    path = folder / family / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_RULE.format(code=code, name=name, pattern=pattern, **{**words, **parts}), encoding="utf-8")


def write_project(folder: Path, extra: str = "") -> None:
    """Settings that run four rules: an error and a warning with safe fixes, an unsafe one, and advice."""
    rules = folder / ".rules"
    safe, unsafe = '[rule.fix]\nsafety = "safe"\n', '[rule.fix]\nsafety = "unsafe"\n'
    mended = 'fixed = "A the b."'
    write_rule(rules, "ocr", "TST101", "test-typo", r"\bteh\b", fix=f'{safe}replace = "the"', fixed=mended)
    write_rule(
        rules,
        "boilerplate",
        "TST102",
        "test-furniture",
        "Share this page",
        severity="warning",
        match="whole = true",
        fix=f'{safe}delete = "line"',
        bad=r"One.\n\n⟦Share this page⟧\n\nTwo.",
        fixed=r'fixed = "One.\n\nTwo."',
    )
    write_rule(
        rules,
        "translation",
        "TST103",
        "test-doubt",
        r"\bdout\b",
        severity="warning",
        fix=f'{unsafe}replace = "doubt"',
        bad="No ⟦dout⟧ now.",
        fixed='fixed = "No doubt now."',
    )
    write_rule(
        rules,
        "language",
        "TST104",
        "test-note",
        r"\bhmm\b",
        severity="info",
        fix='[rule.fix]\nsafety = "display"\nadvice = "say what you mean"',
        bad="Well, ⟦hmm⟧.",
    )
    settings = f'select = ["TST"]\nextend-rules = [".rules"]\nexclude = [".rules/"]\n{extra}'
    (folder / "qcheck.toml").write_text(settings, encoding="utf-8")


def qcheck(
    *arguments: str, cwd: Path, stdin: bytes = b"", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the command line as a user would."""
    return subprocess.run(
        [sys.executable, "-m", "qcheck", *arguments],
        cwd=cwd,
        input=stdin,
        env=environment(env),
        capture_output=True,
        check=False,
        timeout=60,
    )


def environment(extra: dict[str, str] | None = None) -> dict[str, str]:
    """The environment of the tests, with the source tree on the path and nothing that bears on the output."""
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR", "FORCE_COLOR")}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), **(extra or {})}


def documents(completed: subprocess.CompletedProcess[bytes]) -> list[dict[str, object]]:
    """The documents of a JSON Lines report on standard output."""
    return [json.loads(line) for line in completed.stdout.splitlines()]


BAD = "Here is teh first.\n"
DOUBT = "There is no dout.\n"


def enter_three_texts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go into a project with three texts, one of them without a mark; the output is 100 columns wide and plain."""
    write_project(folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    (folder / "bad.txt").write_text(BAD)
    (folder / "doubt.txt").write_text(DOUBT)
    (folder / "good.txt").write_text("All is well.\n")
    return folder
