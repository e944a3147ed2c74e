"""CSV and TSV with a head of column names; quoted fields may hold line ends."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain

from qcheck.sources import Batch, Batches, Options, Record, Text, Unreadable, record_id
from qcheck.sources.compression import DamagedError
from qcheck.sources.fields import key_of, text_of
from qcheck.sources.lines import HEAD, Piece, pieces, utf16
from qcheck.sources.opening import Opened

DELIMITERS = {"csv": ",", "tsv": "\t"}
_BOM = b"\xef\xbb\xbf"
# Bytes that are not UTF-8 come through the csv module as lone surrogates, and go back as the same bytes.
_KEEP = "surrogateescape"


class _Tape:
    """Lines for the csv module, and the bytes of those it took for the last row."""

    def __init__(self, stream: Iterator[Piece], longest: int) -> None:
        self._lines = chain.from_iterable(piece.data.splitlines(keepends=True) for piece in _joined(stream))
        self._taken: list[bytes] = []
        self._size, self._longest = 0, longest

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self._size += len(line)
            if self._size > self._longest:
                raise csv.Error(f"the row has more than {self._longest:,} bytes (--max-record)")
            self._taken.append(line)
            yield line.decode("utf-8", _KEEP)

    def row(self) -> bytes:
        """The bytes since the last call."""
        taken, self._taken, self._size = b"".join(self._taken), [], 0
        return taken


def _joined(stream: Iterator[Piece]) -> Iterator[Piece]:
    for piece in stream:
        if piece.too_long:
            raise csv.Error("a line has more bytes than a record may have (--max-record)")
        yield piece


def batches(source: Opened, options: Options, name: str) -> Batches:
    """Groups of rows; a record's number counts the rows after the head."""
    cut = _Cutter(source, options, name)
    try:
        yield from cut.batches()
    except (csv.Error, DamagedError) as error:
        if batch := cut.flush():
            yield batch
        rest = cut.tape.row() + getattr(error, "rest", b"")
        form = "bytes" if len(rest) <= HEAD else "head"
        place = f"{source.file.name}:{cut.number}"
        yield Unreadable(place, f"cannot be read on: {error}", source.file, cut.number, cut.offset, rest[:HEAD], form)


class _Cutter:
    """Rows into batches; what it knows when the stream breaks is what the message needs."""

    def __init__(self, source: Opened, options: Options, name: str) -> None:
        self._file, self._options, self._name = source.file, options, name
        self.tape = _Tape(pieces(source.stream, options.batch_bytes, options.max_record), options.max_record)
        self.number, self.offset = 1, 0
        self._header, self._rows, self._size = b"", list[bytes](), 0

    def batches(self) -> Batches:
        rows = iter(_rows(self.tape, self._name, self._options))
        next(rows, None)
        self._header = self.tape.row()
        self.offset = len(self._header)
        if wrong := utf16(self._header) or _without_text(self._header, self._name, self._options):
            yield Unreadable(self._file.name, wrong, self._file)
            return
        for row in rows:
            raw = self.tape.row()
            if row:
                self._rows.append(raw)
                self.number += 1
            else:  # a blank line goes with the row after it, so that offsets add up
                self._header_gap(raw)
            self._size += len(raw)
            self.offset += len(raw)
            if self._size >= self._options.batch_bytes and (batch := self.flush()):
                yield batch
        if batch := self.flush():
            yield batch

    def _header_gap(self, raw: bytes) -> None:
        if self._rows:
            self._rows[-1] += raw

    def flush(self) -> Batch | None:
        """The rows since the last call."""
        rows, self._rows = tuple(self._rows), []
        first, offset = self.number - len(rows), self.offset - sum(map(len, rows))
        self._size = 0
        return Batch(self._file, self._name, first, offset, rows, self._header) if rows else None


def parse(batch: Batch, options: Options) -> Iterator[Record]:
    """The records of a group of rows."""
    names = header_names(batch)
    offset = batch.offset
    for number, raw in enumerate(batch.items, batch.first):
        line = raw.rstrip(b"\r\n")
        try:
            yield _text(batch, number, line, _fields(line, names, batch.format, options), options)
        except ValueError as error:
            yield Unreadable(f"{batch.file.name}:{number}", str(error), batch.file, number, offset, line)
        offset += len(raw)


def header_names(batch: Batch) -> list[str]:
    """The column names of a batch."""
    return _names(batch.header, batch.format)


def _fields(line: bytes, names: list[str], name: str, options: Options) -> dict[str, str]:
    try:
        values = next(_rows([line.decode("utf-8")], name, options))
    except UnicodeDecodeError as error:
        place = f"byte 0x{line[error.start]:02x} at offset {error.start} of the row"
        raise ValueError(f"is not UTF-8: {place}") from None
    except csv.Error as error:
        raise ValueError(f"is not CSV: {error}") from None
    if len(values) != len(names):
        raise ValueError(f"has {len(values)} fields where the head of the file has {len(names)}")
    return dict(zip(names, values, strict=True))


def _text(batch: Batch, number: int, line: bytes, fields: dict[str, str], options: Options) -> Text:
    text, key = text_of(fields, options), key_of(fields, options)
    place = record_id(batch.file, number, key, options)
    return Text(place, text, batch.file, "utf-8", number, key, line, fields)


def _rows(lines: object, name: str, options: Options) -> Iterator[list[str]]:
    csv.field_size_limit(min(options.max_record, 2**31 - 1))  # else 128 KB; the module knows one limit for all
    return csv.reader(lines, delimiter=DELIMITERS[name])  # type: ignore[arg-type]


def _names(header: bytes, name: str) -> list[str]:
    text = header.removeprefix(_BOM).decode("utf-8", _KEEP)
    return next(csv.reader([text], delimiter=DELIMITERS[name]), [])


def _without_text(header: bytes, name: str, options: Options) -> str | None:
    names = _names(header, name)
    if not header or options.text_field in names:
        return None
    columns = ", ".join(names[:12])
    return f"has no column '{options.text_field}' (columns: {columns}); see --text-field"
