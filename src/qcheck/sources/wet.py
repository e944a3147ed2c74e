"""WET: the plain text of web pages, as ``conversion`` records of a WARC file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from qcheck.sources import MIB, Batch, Batches, File, Options, Record, Text, Unreadable, record_id
from qcheck.sources.compression import DamagedError
from qcheck.sources.extras import extra
from qcheck.sources.lines import HEAD
from qcheck.sources.opening import Opened

NAME = "wet"
_KEPT = {"WARC-Record-ID": "id", "WARC-Target-URI": "url", "WARC-Date": "date"}


def batches(source: Opened, options: Options) -> Batches:
    """Groups of pages; a record's number counts the ``conversion`` records."""
    waiting, size, number = list[bytes](), 0, 1
    for page in _pages(source, options):
        if isinstance(page, bytes):
            waiting.append(page)
            size += len(page)
        if waiting and (size >= options.batch_bytes or not isinstance(page, bytes)):
            yield Batch(source.file, NAME, number, 0, tuple(waiting))
            number, size, waiting = number + len(waiting), 0, []
        if not isinstance(page, bytes):
            why, head = page
            place = f"{source.file.name}:{number}"
            yield Unreadable(place, why, source.file, number, None, head, "head")
            number += 1
    if waiting:
        yield Batch(source.file, NAME, number, 0, tuple(waiting))


def _pages(source: Opened, options: Options) -> Iterator[bytes | tuple[str, bytes]]:
    """Pages with their headers, and what is wrong with those that cannot be read."""
    from_stream = extra("warcio.archiveiterator", "warc").ArchiveIterator
    error_type = extra("warcio.recordloader", "warc").ArchiveLoadFailed
    stream = _Reading(source)
    try:
        for record in from_stream(stream, no_record_parse=True):
            if record.format != "warc" or not record.rec_type:  # warcio takes whatever is no WARC for ARC
                raise DamagedError("here are bytes that are no WARC record")
            if record.rec_type == "conversion":
                yield _page(record, options)
            stream.head = b""
        if stream.size == 0 and source.codec:
            yield "the file holds no WARC record", b""
    except (DamagedError, error_type, EOFError, UnicodeDecodeError, ValueError) as error:
        yield f"cannot be read on as WARC: {' '.join(str(error).split())}", stream.head


class _Reading:
    """A stream for warcio that remembers the head of what it read last."""

    def __init__(self, source: Opened) -> None:
        self._stream, self.head, self.size = source.stream, b"", 0

    def read(self, size: int = 1 << 14) -> bytes:
        data = self._stream.read(size)
        self.size += len(data)
        self.head = (self.head + data)[-HEAD:]
        return data


def _page(record: Any, options: Options) -> bytes | tuple[str, bytes]:
    headers = {key: record.rec_headers.get_header(name) for name, key in _KEPT.items()}
    length = int(record.rec_headers.get_header("Content-Length") or -1)
    if length < 0:
        raise DamagedError("the head of a record is cut off")
    if length > options.max_record:
        limit = options.max_record / MIB
        return f"the page has {length / MIB:,.1f} MiB, more than {limit:,.1f} (--max-record)", _drained(record)
    data = record.content_stream().read(length) if length else b""
    if len(data) < length:
        raise DamagedError(f"a record ends after {len(data):,} of {length:,} bytes: the file is cut off")
    return json.dumps(headers).encode() + b"\n" + data


def _drained(record: Any) -> bytes:
    stream = record.content_stream()
    head: bytes = stream.read(HEAD)
    while stream.read(MIB):
        pass
    return head


def parse(batch: Batch, options: Options) -> Iterator[Record]:
    """The pages of a group."""
    for number, item in enumerate(batch.items, batch.first):
        yield _text(batch.file, number, item, options)


def _text(file: File, number: int, item: bytes, options: Options) -> Record:
    head, _, data = item.partition(b"\n")
    fields: dict[str, Any] = json.loads(head)
    key = fields["url"] if options.id_field in ("url", "WARC-Target-URI") else fields["id"]
    place = record_id(file, number, key, options)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        why = f"is not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start} of the page"
        return Unreadable(place, why, file, number, None, data)
    return Text(place, text, file, "utf-8", number, key, b"", fields)
