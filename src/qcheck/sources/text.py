"""Plain text: one file or stream is one document."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from qcheck.sources import MIB, Batch, Batches, File, Options, Record, Text, Unreadable
from qcheck.sources.compression import DamagedError
from qcheck.sources.extras import MissingExtraError
from qcheck.sources.lines import HEAD, utf16
from qcheck.sources.opening import opened, size_of

NAME = "text"
_FILES = 64  # a batch


def read_text(file: File, options: Options | None = None) -> Iterator[Record]:
    """The document of a text file; bytes are decoded strictly and line ends stay as they are."""
    limit = (options or Options()).max_record
    try:
        with opened(file) as source:
            data = source.stream.read(limit + 1)
            if len(data) <= limit:
                source.stream.read(1)  # damage is told after what stands before it
            codec = source.codec
    except OSError as error:
        yield Unreadable(file.name, f"cannot be read: {error.strerror or error}", file)
    except (DamagedError, MissingExtraError) as error:
        yield Unreadable(file.name, f"cannot be read: {error}", file)
    else:
        yield _too_long(file, data, limit) if len(data) > limit else _document(file, data, codec)


def _document(file: File, data: bytes, codec: str) -> Record:
    encoding = "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8"
    if b"\0" in data and (wrong := utf16(data)):  # of ASCII letters, that is UTF-8 too
        return Unreadable(file.name, wrong, file, raw=data)
    try:
        return Text(file.name, data.decode(encoding), file, encoding, 1 if codec else None)
    except UnicodeDecodeError:
        return Unreadable(file.name, _not_utf8(data), file, raw=data)


def _too_long(file: File, data: bytes, limit: int) -> Unreadable:
    error = f"has more than {limit / MIB:,.1f} MiB (--max-record)"
    return Unreadable(file.name, error, file, raw=data[:HEAD], raw_form="head")


def _not_utf8(data: bytes) -> str:
    """Where and why bytes are not UTF-8; positions count in the whole file, a byte order mark included."""
    if wrong := utf16(data):
        return wrong
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        place = f"byte 0x{data[error.start]:02x} at offset {error.start} (line {line})"
        if b"\0" in data[:HEAD]:
            return f"is not text but binary: {place}, and NUL bytes; leave it out with 'exclude'"
        return f"is not UTF-8: {place}; convert it, for instance with 'iconv -f WINDOWS-1252 -t UTF-8'"
    raise AssertionError("bytes that are UTF-8 after all")


def file_batches(files: Iterable[File | Unreadable], group: File, options: Options) -> Batches:
    """Text files in groups; each is read where its group is parsed. Sizes and times tell a changed file."""
    waiting, size, number = list[bytes](), 0, 1
    for file in files:
        if isinstance(file, File):
            waiting.append(_ticket(file))
            size += size_of(file)
        if waiting and (size >= options.batch_bytes or len(waiting) >= _FILES or isinstance(file, Unreadable)):
            yield Batch(group, NAME, number, 0, tuple(waiting))
            number, size, waiting = number + len(waiting), 0, []
        if isinstance(file, Unreadable):
            yield file
    if waiting:
        yield Batch(group, NAME, number, 0, tuple(waiting))


def _ticket(file: File) -> bytes:
    try:
        state = file.path.stat() if file.path else None
    except OSError:
        state = None
    stamp = [state.st_size, state.st_mtime_ns] if state else []
    return json.dumps([file.name, str(file.path) if file.path else None, file.url, stamp]).encode()


def parse(batch: Batch, options: Options) -> Iterator[Record]:
    """The documents of a group of files."""
    for item in batch.items:
        name, path, url, _ = json.loads(item)
        yield from read_text(File(name, Path(path) if path else None, url), options)
