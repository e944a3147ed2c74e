"""Findings into what people and programs read.

A report is a push consumer: a run gives it one :class:`Outcome` a document as they come and the :class:`Summary` at the
end. One module writes one format, named as the format is, with a class ``Writer``; formats decide nothing, so several
can follow the same run.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, TextIO

if TYPE_CHECKING:
    from qcheck.report import Report
    from qcheck.reports.summary import Summary

FORMATS = ("table", "full", "concise", "json", "jsonl", "markdown")
# In files the same run must give the same bytes, whatever terminal it was started from.
FILE_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document.

    Attributes:
        id: What reports call the document.
        path: The file it stands in, as it was given.
        report: What was found; ``None`` if it could not be read.
        error: Why the document could not be read, or which rules could not finish on it.
    """

    id: str
    path: str
    report: Report | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Look:
    """How a report may look where it goes.

    Attributes:
        width: Columns that a line may fill.
        colour: Whether colours are shown.
    """

    width: int = FILE_WIDTH
    colour: bool = False


class ReportWriter(Protocol):
    """One format, writing to one stream."""

    def __init__(self, out: TextIO, look: Look) -> None: ...

    def add(self, outcome: Outcome) -> None:
        """Take the next document."""

    def finish(self, summary: Summary) -> None:
        """Take the figures of the whole run; nothing follows."""


def open_report(name: str, out: TextIO, look: Look) -> ReportWriter:
    """The writer of a format in ``FORMATS``."""
    writer: ReportWriter = import_module(f"qcheck.reports.{name}").Writer(out, look)
    return writer
