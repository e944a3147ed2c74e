"""WET: the plain text of web pages, as ``conversion`` records of a WARC file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from qcheck.sources import Batch, Batches, File, Options, Record, Text, Unreadable, record_id, warc
from qcheck.sources.opening import Opened

NAME = "wet"
_KEPT = {"id": "warc-record-id", "url": "warc-target-uri", "date": "warc-date"}


def batches(source: Opened, options: Options) -> Batches:
    """Groups of pages; a record's number counts the ``conversion`` records and what is broken between them."""
    waiting, size, number = list[bytes](), 0, 1
    for found in warc.records(source.stream, options.max_record):
        broken = isinstance(found, warc.Broken)
        if isinstance(found, warc.Record) and found.headers["warc-type"].lower() == "conversion":
            waiting.append(_item(found))
            size += len(waiting[-1])
        if waiting and (size >= options.batch_bytes or broken):
            yield Batch(source.file, NAME, number, 0, tuple(waiting))
            number, size, waiting = number + len(waiting), 0, []
        if isinstance(found, warc.Broken):
            yield _unreadable(source.file, number, found)
            number += 1
    if waiting:
        yield Batch(source.file, NAME, number, 0, tuple(waiting))


def _item(record: warc.Record) -> bytes:
    fields = {name: record.headers.get(header) for name, header in _KEPT.items()}
    return json.dumps([record.offset, fields]).encode() + b"\n" + record.body


def _unreadable(file: File, number: int, broken: warc.Broken) -> Unreadable:
    form = "bytes" if len(broken.data) == broken.size else "head"
    return Unreadable(f"{file.name}:{number}", broken.error, file, number, broken.offset, broken.data, form)


def parse(batch: Batch, options: Options) -> Iterator[Record]:
    """The pages of a group."""
    for number, item in enumerate(batch.items, batch.first):
        yield _text(batch.file, number, item, options)


def _text(file: File, number: int, item: bytes, options: Options) -> Record:
    head, _, data = item.partition(b"\n")
    offset: int
    fields: dict[str, Any]
    offset, fields = json.loads(head)
    key = fields["url"] if options.id_field in ("url", "WARC-Target-URI") else fields["id"]
    place = record_id(file, number, key, options)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        why = f"is not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start} of the page"
        return Unreadable(place, why, file, number, offset, data)
    return Text(place, text, file, "utf-8", number, key, b"", fields)
