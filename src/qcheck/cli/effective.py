"""The settings that hold for a run: the file's, overridden by the command line."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from qcheck.checker import Checker
from qcheck.finding import Severity
from qcheck.settings import INCLUDE, Settings
from qcheck.sources import Options
from qcheck.sources.formats import PATTERNS


def settings_file(arguments: Namespace) -> Settings:
    """What the settings file of a run says: the one named, or the nearest.

    Raises:
        FileError: The file is wrong.
    """
    return Settings.load(Path(arguments.config)) if arguments.config else Settings.nearest(Path.cwd())


def effective(settings: Settings, arguments: Namespace) -> Settings:
    """The settings with the command line's words in place of the file's.

    ``--select`` starts afresh: what the file ignores or adds was said of its own selection.
    """
    changes: dict[str, Any] = {}
    if arguments.select:
        changes |= {"select": tuple(arguments.select), "ignore": (), "extend_select": ()}
    for name in ("ignore", "extend_select"):
        before = changes.get(name, getattr(settings, name))
        changes[name] = (*before, *(getattr(arguments, name) or ()))
    if arguments.min_severity:
        changes["min_severity"] = Severity(arguments.min_severity)
    if arguments.fail_under is not None:
        changes["fail_under"] = arguments.fail_under
    changes["preview"] = settings.preview or arguments.preview
    return replace(settings, **changes)


def options_of(arguments: Namespace) -> Options:
    """How the records of a run become texts."""
    return Options(arguments.text_field or "text", arguments.id_field, arguments.input_format)


def with_records(settings: Settings) -> Settings:
    """Settings that take files of records from folders too, unless a settings file says what to take."""
    return replace(settings, include=(*INCLUDE, *PATTERNS)) if settings.include == INCLUDE else settings


def narrows(arguments: Namespace) -> bool:
    """Whether the command line changes which rules run, so that the run is not the one a saved report is of."""
    return bool(arguments.select or arguments.ignore or arguments.extend_select or arguments.preview)


def shown(settings: Settings, checker: Checker) -> Iterator[str]:
    """The settings of a run as TOML, with the rules that they turn on."""
    yield f"# from {settings.path}" if settings.path else "# defaults: no settings file here or above"
    yield from _row("select", ["ALL"] if settings.select is None else settings.select)
    for name in ("ignore", "extend_select", "extend_rules", "preview", "min_severity"):
        yield from _row(name, getattr(settings, name))
    yield from _row("fail_under", settings.fail_under)
    yield from _row("include", settings.include)
    yield from _row("exclude", settings.exclude)
    yield "# rules that run: " + (", ".join(rule.code for rule in checker.rules) or "none")
    if settings.per_file_ignores:
        yield "\n[per-file-ignores]"
        for glob, words in settings.per_file_ignores.items():
            yield f"{json.dumps(glob)} = {json.dumps(words)}"
    for saved in settings.reports:
        yield "\n[[reports]]"
        yield from _row("paths", saved.paths)
        for name, path in saved.outputs.items():
            yield from _row(name, path)


def _row(name: str, value: Any) -> Iterator[str]:
    if value is not None:
        yield f"{name.replace('_', '-')} = {json.dumps(value, default=str, ensure_ascii=False)}"
