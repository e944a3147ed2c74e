"""Documents out of files and streams.

A source never raises for what it reads: every record ends as one :class:`Text` or :class:`Unreadable`, so that
``read = checked + unreadable`` always adds up. Reading has two stages. A format cuts a stream into batches of raw
records, which is cheap and happens in one process, in order; ``parse`` of the same format makes records of a batch,
which may happen anywhere. One module reads one format; ``formats`` is where a format meets the names of its files,
``walk`` finds the files, and ``reading`` puts it all together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STDIN = "-"
STDIN_NAME = "<stdin>"
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class File:
    """Something to read documents from.

    Attributes:
        name: What reports call it: the path as it was given, with forward slashes.
        path: Where it stands on this machine; ``None`` is standard input or a remote file.
        url: Where it stands elsewhere, for fsspec.
    """

    name: str
    path: Path | None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """How records become texts.

    Attributes:
        text_field: Field that holds the text; dots go into nested fields.
        id_field: Field whose value reports show as the record's name; ``None``: its number.
        input_format: Read every file as this format, whatever its name says.
        max_record: Bytes from which on a record is refused; what keeps a decompression bomb out of memory.
        batch_bytes: Bytes of raw records that go through as one batch.
    """

    text_field: str = "text"
    id_field: str | None = None
    input_format: str | None = None
    max_record: int = 256 * MIB
    batch_bytes: int = MIB


@dataclass(frozen=True, slots=True)
class Text:
    """A document that was read.

    Attributes:
        id: What reports call the document.
        text: Its text, line ends as they stand. A byte order mark is the file's signature and no part of the text:
            offsets count from behind it, as the columns of editors do, and ``encoding`` keeps it for writing back.
        file: Where it comes from.
        encoding: ``utf-8``, or ``utf-8-sig`` for a file that begins with a byte order mark.
        number: Its place in a file of records, 1-based; ``None`` where the document is the whole file as it stands,
            so that a mended text can be written in its place.
        key: The value of its id field, if it has one.
        raw: The record as it stands in the file, for formats of lines.
        fields: The record's fields, for formats of named fields.
    """

    id: str
    text: str
    file: File
    encoding: str = "utf-8"
    number: int | None = None
    key: str | None = None
    raw: bytes = b""
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A document that could not be read.

    Attributes:
        id: What reports call the document.
        error: What is wrong, where, and what to do.
        file: Where it should have come from.
        number: Its place in a file of records, 1-based; ``None`` for a whole file.
        offset: Where it begins, in bytes of the decompressed file, if known.
        raw: The record as it stands in the file, if there is one.
        raw_form: What ``raw`` is: the record's bytes, the head of a record too large to keep, or one row in Arrow IPC.
    """

    id: str
    error: str
    file: File
    number: int | None = None
    offset: int | None = None
    raw: bytes | None = None
    raw_form: str = "bytes"


Record = Text | Unreadable


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive raw records of one file; small, picklable, and the same bytes at every reading of the file.

    Attributes:
        file: Where they come from.
        format: The format, as ``formats`` names it.
        first: Number of the first record.
        offset: Where the first record begins, in bytes of the decompressed file.
        items: The records; how they stand in the items is the format's affair.
        header: What the format needs beside the records: the head of a CSV file.
    """

    file: File
    format: str
    first: int
    offset: int
    items: tuple[bytes, ...]
    header: bytes = b""


Batches = Iterator[Batch | Unreadable]


def record_id(file: File, number: int, key: str | None, options: Options) -> str:
    """What reports call a record: its file with the id field that was asked for, or with its number."""
    return f"{file.name}:{key if options.id_field and key is not None else number}"
