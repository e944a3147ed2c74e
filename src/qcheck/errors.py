"""Errors that a user can mend: each names the file and line, or the word, to look at."""

from __future__ import annotations

from pathlib import Path


class QcheckError(ValueError):
    """Anything that keeps qcheck from doing its work; the message is written for the user."""


class FileError(QcheckError):
    """A rule file or a settings file cannot be used.

    Args:
        path: The file.
        line: Its line, 1-based.
        message: What is wrong and what to write instead.
    """

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(path, line, message)
        self.path, self.line, self.message = path, line, message

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class RuleErrors(QcheckError):
    """Every error found while loading a rule set, so that all can be mended in one go."""

    def __init__(self, errors: list[FileError]) -> None:
        super().__init__(errors)
        self.errors = errors

    def __str__(self) -> str:
        return "\n".join(map(str, self.errors))


class SelectionError(QcheckError):
    """A word in a selection names no rule, prefix or family."""
