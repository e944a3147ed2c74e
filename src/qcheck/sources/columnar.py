"""Parquet and Arrow IPC: columns in batches of rows, read and handed on as Arrow."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from qcheck.sources import Batch, Batches, Options, Record, Text, Unreadable, record_id
from qcheck.sources.extras import extra
from qcheck.sources.opening import Opened

_ARROW_FILE = b"ARROW1"
_ROWS = 1000  # a batch; rows are some KB as a rule, and a row of many MB must not bring a thousand others


def batches(source: Opened, options: Options, name: str) -> Batches:
    """Groups of rows as Arrow IPC; a record's number is its row, 1-based."""
    pa, number = extra("pyarrow", "parquet"), 1
    try:
        for rows in _read(source, name):
            if number == 1 and (wrong := _without_text(rows.schema, options)):
                yield Unreadable(source.file.name, wrong, source.file)
                return
            for part in _bounded(rows, options.batch_bytes):
                yield Batch(source.file, name, number, 0, (to_ipc(part),))
                number += part.num_rows
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        why = f"cannot be read{' on' if number > 1 else ''} as {name}: {error}".strip().split("\n", 1)[0]
        yield Unreadable(f"{source.file.name}:{number}", why, source.file, number)


def _read(source: Opened, name: str) -> Iterator[Any]:
    raw: Any = source.raw
    if not raw.seekable():
        raw = io.BytesIO(raw.read())  # Parquet ends with its index: a pipe must be read whole
    return _parquet(source, raw) if name == "parquet" else _arrow(source, raw)


def _parquet(source: Opened, raw: Any) -> Iterator[Any]:
    pa, pq = extra("pyarrow", "parquet"), extra("pyarrow.parquet", "parquet")
    # Without memory maps and read-ahead: only the column chunks of one row group are in memory.
    file = pq.ParquetFile(raw, memory_map=False, pre_buffer=False, buffer_size=1 << 20)
    source.codec = "snappy"
    if not file.metadata.num_rows:
        yield pa.RecordBatch.from_pylist([], schema=file.schema_arrow)
    for number, rows in enumerate(file.iter_batches(batch_size=_ROWS, use_threads=False)):
        if not number:
            source.codec = _compression(file.metadata)
        yield rows


def _compression(metadata: Any) -> str:
    """That of the first column chunk; once it was read, since pyarrow ends the process at one that does not exist."""
    groups = map(metadata.row_group, range(metadata.num_row_groups))
    first = next((group for group in groups if group.num_rows), None)
    return first.column(0).compression.lower() if first and first.num_columns else "snappy"


def _arrow(source: Opened, raw: Any) -> Iterator[Any]:
    pa, ipc = extra("pyarrow", "parquet"), extra("pyarrow.ipc", "parquet")
    head = raw.read(len(_ARROW_FILE))
    raw.seek(0)
    source.codec = "file" if head == _ARROW_FILE else "stream"
    if head != _ARROW_FILE:
        reader = ipc.open_stream(raw)
        count, rows = 0, iter(reader)
    else:
        reader = ipc.open_file(raw)
        count = reader.num_record_batches
        rows = map(reader.get_batch, range(count))
    empty = True
    for batch in rows:
        _check_offsets(batch)
        empty = False
        yield batch
    if empty:
        yield pa.RecordBatch.from_pylist([], schema=reader.schema)


def _check_offsets(rows: Any) -> None:
    """Refuse a batch that points outside itself, which would crash; bytes that are not UTF-8 are told row by row.

    Raises:
        ArrowInvalid: It does.
    """
    pa = extra("pyarrow", "parquet")
    for column in rows.columns:
        text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
        (
            column.cast(pa.large_binary() if pa.types.is_large_string(column.type) else pa.binary()) if text else column
        ).validate(full=True)


def _bounded(rows: Any, limit: int) -> Iterator[Any]:
    """Rows in groups of about so many bytes."""
    if rows.nbytes <= 2 * limit or rows.num_rows <= 1:
        yield rows
        return
    half = rows.num_rows // 2
    yield from _bounded(rows.slice(0, half), limit)
    yield from _bounded(rows.slice(half), limit)


def _without_text(schema: Any, options: Options) -> str | None:
    pa = extra("pyarrow", "parquet")
    kind = _type_of(schema, options.text_field)
    if kind is None:
        columns = ", ".join(schema.names[:12])
        return f"has no column '{options.text_field}' (columns: {columns}); see --text-field"
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    named = str(kind)
    if named not in ("string", "large_string", "string_view", "binary", "large_binary", "null"):
        return f"column '{options.text_field}' is {named}, not text"
    return None


def _type_of(schema: Any, name: str) -> Any:
    if name in schema.names:
        return schema.field(name).type
    head, dot, rest = name.partition(".")
    if not dot or head not in schema.names or not hasattr(schema.field(head).type, "names"):
        return schema.field(head).type if dot and head in schema.names and not rest else None
    return _type_of(extra("pyarrow", "parquet").schema(list(schema.field(head).type)), rest)


def parse(batch: Batch, options: Options) -> Iterator[Record]:
    """The records of a group of rows; text is decoded here, since files do not promise that it is UTF-8."""
    rows = from_ipc(batch.items[0])
    texts = _binary(column_of(rows, options.text_field))
    keys = _keys(rows, options)
    for index, data in enumerate(texts):
        number = batch.first + index
        place = record_id(batch.file, number, keys[index], options)
        try:
            if data is None:
                raise ValueError(f"field '{options.text_field}' is null, not a text")
            yield Text(place, data.decode("utf-8"), batch.file, "utf-8", number, keys[index])
        except ValueError as error:
            why = f"is not UTF-8: {error}" if isinstance(error, UnicodeDecodeError) else str(error)
            raw = to_ipc(rows.slice(index, 1))
            yield Unreadable(place, why, batch.file, number, None, raw, "arrow-ipc")


def column_of(rows: Any, name: str) -> Any:
    """A column of a record batch, ``a.b`` in a struct column; nulls of the struct are nulls of the field."""
    if name in rows.schema.names:
        return rows.column(name)
    pc = extra("pyarrow.compute", "parquet")
    head, _, rest = name.partition(".")
    column = rows.column(head)
    while rest:
        names = [field.name for field in column.type]
        part, _, after = (rest, "", "") if rest in names else rest.partition(".")
        column, rest = pc.struct_field(column, part), after
    return column


def _binary(column: Any) -> list[bytes | None]:
    pa = extra("pyarrow", "parquet")
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    values: list[bytes | None] = column.cast(pa.large_binary()).to_pylist()
    return values


def _keys(rows: Any, options: Options) -> list[str | None]:
    try:
        values = column_of(rows, options.id_field or "id").to_pylist()
    except (KeyError, TypeError, UnicodeDecodeError):
        return [None] * rows.num_rows
    return [str(key) if isinstance(key, str | int) and not isinstance(key, bool) else None for key in values]


def to_ipc(rows: Any) -> bytes:
    """A record batch as a stream of Arrow IPC."""
    pa, sink = extra("pyarrow", "parquet"), io.BytesIO()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        writer.write_batch(rows)
    return sink.getvalue()


def from_ipc(data: bytes | memoryview) -> Any:
    """The record batch of a stream of Arrow IPC."""
    pa = extra("pyarrow", "parquet")
    with pa.ipc.open_stream(data) as reader:
        return reader.read_next_batch()
