"""Findings that the settings accept: rules ignored for some paths."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pathspec import GitIgnoreSpec

from qcheck.finding import Finding
from qcheck.rules.selection import names
from qcheck.settings import Settings


def suppressed(findings: tuple[Finding, ...], id: str | None, settings: Settings) -> tuple[Finding, ...]:
    """The findings without those that ``per-file-ignores`` accepts for this document."""
    if id is None:
        return findings
    words = [
        w
        for glob, ws in settings.per_file_ignores.items()
        if _spec(glob).match_file(_relative(id, settings))
        for w in ws
    ]
    return tuple(f for f in findings if not any(names(word, f.rule) for word in words))


@cache
def _spec(glob: str) -> GitIgnoreSpec:
    return GitIgnoreSpec.from_lines([glob])


def _relative(id: str, settings: Settings) -> str:
    """The path as seen from the settings file's folder, which is what its patterns mean."""
    if settings.path is None:
        return id
    try:
        return str(Path(id).resolve().relative_to(settings.path.parent.resolve()))
    except ValueError:
        return id
