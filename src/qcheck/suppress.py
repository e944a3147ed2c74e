"""Findings that the settings accept: rules ignored for some paths."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from qcheck.files import matchable
from qcheck.finding import Finding
from qcheck.rules.selection import names
from qcheck.settings import Settings

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


def suppressed(findings: tuple[Finding, ...], id: str | None, settings: Settings) -> tuple[Finding, ...]:
    """The findings without those that ``per-file-ignores`` accepts for this document."""
    if id is None or not findings or not settings.per_file_ignores:
        return findings
    path = matchable(_relative(id, settings))
    words = [
        word for glob, words in settings.per_file_ignores.items() if _spec(glob).match_file(path) for word in words
    ]
    return tuple(f for f in findings if not any(names(word, f.rule) for word in words))


@cache
def _spec(glob: str) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # 10 ms

    return GitIgnoreSpec.from_lines([glob])


def _relative(id: str, settings: Settings) -> str:
    """The path as seen from the settings file's folder, which is what its patterns mean."""
    if settings.path is None:
        return id
    try:
        return str(Path(id).resolve().relative_to(settings.path.parent.resolve()))
    except (ValueError, OSError, RuntimeError):  # elsewhere; no path at all; a loop of links
        return id
