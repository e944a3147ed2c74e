from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import qcheck
from qcheck.errors import FileError, RuleErrors, SelectionError

ROOT = Path(__file__).parent.parent


def test_the_exported_names_are_these() -> None:
    """A name more is a promise, a name less breaks a user: change this list knowingly."""
    assert qcheck.__all__ == [
        "Checker",
        "Confidence",
        "Document",
        "Edit",
        "Family",
        "Finding",
        "Fix",
        "QcheckError",
        "Report",
        "Rule",
        "Safety",
        "Score",
        "Settings",
        "Severity",
        "Status",
        "Verdict",
        "__version__",
        "check",
    ]
    assert all(hasattr(qcheck, name) for name in qcheck.__all__)


def test_the_words_of_the_contract_are_these() -> None:
    assert [str(word) for word in qcheck.Severity] == ["error", "warning", "info"]
    assert [str(word) for word in qcheck.Confidence] == ["high", "medium", "low"]
    assert [str(word) for word in qcheck.Status] == ["preview", "stable", "deprecated"]
    assert [str(word) for word in qcheck.Safety] == ["safe", "unsafe", "display"]
    assert [str(word) for word in qcheck.Verdict] == ["keep", "fix", "drop"]
    assert sorted(word.rank for word in qcheck.Severity) == [0, 1, 2]


@pytest.mark.parametrize("error", [FileError, RuleErrors, SelectionError])
def test_every_error_is_a_qcheck_error(error: type[Exception]) -> None:
    assert issubclass(error, qcheck.QcheckError)


def test_a_typed_consumer_passes_mypy_strict(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", f"--cache-dir={tmp_path}", "tests/typing/api.py"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={"MYPYPATH": "src", "PATH": ""},
    )

    assert (done.stdout, done.returncode) == ("Success: no issues found in 1 source file\n", 0), done.stderr
