"""JSON Lines: one object a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from qcheck.sources import MIB, Batch, Batches, File, Options, Record, Text, Unreadable, record_id
from qcheck.sources.fields import key_of, text_of
from qcheck.sources.lines import HEAD, BrokenLineError, Piece, pieces, utf16
from qcheck.sources.opening import Opened

NAME = "jsonl"
_BOM = b"\xef\xbb\xbf"


def batches(source: Opened, options: Options) -> Batches:
    """Blocks of lines; a record's number is its line, so that an editor finds it."""
    line, offset = 1, 0
    while True:
        try:
            for piece in pieces(source.stream, options.batch_bytes, options.max_record, offset):
                if line == 1 and (wrong := utf16(piece.data)):
                    yield Unreadable(source.file.name, wrong, source.file)
                    return
                yield _too_long(source, line, piece, options) if piece.too_long else _batch(source, line, piece)
                line += piece.lines
        except BrokenLineError as error:
            place = source.stream.resume()
            yield _damaged(source, line, error, place)
            if place is None:
                return
            line, offset = line + 1, error.offset + len(error.rest)
        else:
            return


def _damaged(source: Opened, line: int, error: BrokenLineError, place: int | None) -> Unreadable:
    """The line that damage stands in; lines are counted on from it, since nobody knows how many were lost."""
    name, rest = f"{source.file.name}:{line}", error.rest
    why = str(error) if place is None else f"{error}; reading goes on at byte {place:,} of the compressed file"
    form = "bytes" if len(rest) <= HEAD else "head"
    return Unreadable(name, why, source.file, line, error.offset, rest[:HEAD], form)


def _batch(source: Opened, line: int, piece: Piece) -> Batch:
    return Batch(source.file, NAME, line, piece.offset, (piece.data,))


def _too_long(source: Opened, line: int, piece: Piece, options: Options) -> Unreadable:
    size, limit = piece.too_long / MIB, options.max_record / MIB
    error = f"the line has {size:,.1f} MiB, more than {limit:,.1f} (--max-record)"
    return Unreadable(f"{source.file.name}:{line}", error, source.file, line, piece.offset, piece.data, "head")


def parse(batch: Batch, options: Options) -> Iterator[Record]:
    """The records of a block; blank lines are none."""
    loads, offset = _loader(), batch.offset
    for number, line in enumerate(batch.items[0].split(b"\n"), batch.first):
        at, offset = offset, offset + len(line) + 1
        if at == 0 and line.startswith(_BOM):
            line = line[len(_BOM) :]  # noqa: PLW2901 - the signature is no part of the record
        if not line or line.isspace():
            continue
        try:
            yield _text(batch.file, number, line, loads(line), options)
        except ValueError as error:
            yield Unreadable(f"{batch.file.name}:{number}", str(error), batch.file, number, at, line)


def _text(file: File, number: int, line: bytes, fields: Any, options: Options) -> Text:
    text, key = text_of(fields, options), key_of(fields, options)
    return Text(record_id(file, number, key, options), text, file, "utf-8", number, key, line, fields)


def _loader() -> Callable[[bytes], Any]:
    """The quick orjson where it is installed (three times as fast), for what it takes; Python's own for the rest."""
    try:
        from orjson import loads
    except ImportError:
        return _loads

    def quick(line: bytes) -> Any:
        try:
            return loads(line)
        except ValueError:  # NaN and lone surrogates are no JSON for orjson; they are for most writers
            return _loads(line)

    return quick


def _loads(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        place = f"byte 0x{line[error.start]:02x} at offset {error.start} of the line"
        raise ValueError(f"is not UTF-8: {place}") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON: {error.msg} (column {error.colno})") from None
    except RecursionError:
        raise ValueError("is not JSON that can be read: nested too deeply") from None
