"""Documents out of files and streams.

A source never raises for what it reads: every file ends as at least one :class:`Text` or :class:`Unreadable`, so that
``read = checked + unreadable`` always adds up. One module reads one format, as a :data:`Reader`; ``walk`` finds the
files, and ``reader_for`` is where a format meets the names of its files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

STDIN = "-"
STDIN_NAME = "<stdin>"


@dataclass(frozen=True, slots=True)
class File:
    """Something to read documents from.

    Attributes:
        name: What reports call it: the path as it was given, with forward slashes.
        path: Where it stands; ``None`` is standard input.
    """

    name: str
    path: Path | None


@dataclass(frozen=True, slots=True)
class Text:
    """A document that was read.

    Attributes:
        id: What reports call the document.
        text: Its text, line ends as they stand. A byte order mark is the file's signature and no part of the text:
            offsets count from behind it, as the columns of editors do, and ``encoding`` keeps it for writing back.
        file: Where it comes from.
        encoding: ``utf-8``, or ``utf-8-sig`` for a file that begins with a byte order mark.
    """

    id: str
    text: str
    file: File
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A document that could not be read.

    Attributes:
        id: What reports call the document.
        error: What is wrong, where, and what to do.
        file: Where it should have come from.
    """

    id: str
    error: str
    file: File


Record = Text | Unreadable
Reader = Callable[[File], Iterator[Record]]


def reader_for(file: File) -> Reader:
    """The reader of a file's format; whatever has no reader of its own is plain text."""
    from qcheck.sources.text import read_text

    return read_text
