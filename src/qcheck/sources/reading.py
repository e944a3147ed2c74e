"""Everything that is in a file, whatever its format; what cannot be read is told, never raised."""

from __future__ import annotations

from collections.abc import Iterator

from qcheck.sources import Batch, Batches, File, Options, Record, Unreadable, formats
from qcheck.sources.compression import DamagedError
from qcheck.sources.extras import MissingExtraError
from qcheck.sources.opening import Opened, opened
from qcheck.sources.text import read_text


def read(file: File, options: Options) -> Iterator[Record]:
    """The documents of a file."""
    if formats.format_of(file, options) == "text":
        yield from read_text(file, options)
        return
    try:
        with opened(file) as source:
            for batch in batches(source, options):
                yield from formats.parse(batch, options) if isinstance(batch, Batch) else (batch,)
    except (OSError, MissingExtraError) as error:
        yield unreadable(file, error)


def batches(source: Opened, options: Options) -> Batches:
    """The raw records of an open file of records; an error at reading ends them with a word about it."""
    try:
        yield from formats.batches(source, options)
        if formats.is_empty_archive(source.file, source):
            yield Unreadable(source.file.name, "is empty: not even the head of an archive is there", source.file)
    except (OSError, DamagedError) as error:
        yield unreadable(source.file, error)


def unreadable(file: File, error: Exception) -> Unreadable:
    """A whole file that cannot be read, or not to its end."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else error
    return Unreadable(file.name, f"cannot be read: {reason}", file)
