"""Arrow record batches with qcheck's columns added; Ray Data, Spark, polars and pandas go through here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from qcheck.adapters import Options, check_texts, options
from qcheck.finding import Family

_FINDING = pa.struct(
    [
        *(pa.field(name, pa.string()) for name in ("rule", "name", "family", "severity", "confidence")),
        *(pa.field(name, pa.int64()) for name in ("start", "end")),
        *(pa.field(name, pa.string()) for name in ("text", "message", "safety", "replacement")),
    ]
)
TYPES = {
    "score": pa.float64(),
    "verdict": pa.string(),
    "findings": pa.list_(_FINDING),
    "error": pa.string(),
    "families": pa.struct([pa.field(str(family), pa.float64()) for family in Family]),
    "language": pa.string(),
    "fixed": pa.string(),
}


def check_batch(batch: pa.RecordBatch, wanted: Options | None = None, **arguments: Any) -> pa.RecordBatch:
    """The batch with qcheck's columns behind its own; as many rows, in the same order.

    Args:
        batch: Rows with a column of texts: of strings, large strings, string views, or a dictionary of them. Rows of
            another type or null get an error.
        wanted: Options made before, for many batches.
        arguments: What :func:`qcheck.adapters.options` takes, where ``wanted`` is not given.

    >>> import pyarrow as pa
    >>> from qcheck.adapters.arrow import check_batch
    >>> texts = ["The talks will go on in May, officials said. ..", None]
    >>> made = check_batch(pa.RecordBatch.from_pydict({"text": texts}))
    >>> made.column("qcheck_verdict").to_pylist(), made.column("qcheck_error").to_pylist()
    (['drop', None], [None, 'the text is null, not a string'])
    """
    wanted = wanted or options(**arguments)
    kept = [name for name in batch.schema.names if name not in wanted.names]
    made = added_columns(batch.column(wanted.text), batch.column(wanted.id) if wanted.id else None, wanted)
    return pa.RecordBatch.from_arrays([*map(batch.column, kept), *made], schema=added_to(batch.schema, wanted))


def added_columns(texts: Iterable[Any], ids: Iterable[Any] | None, wanted: Options) -> list[pa.Array]:
    """The new columns for a column of texts."""
    rows = list(check_texts(map(_value, texts), map(_value, ids) if ids is not None else None, wanted))
    return [pa.array([row[column] for row in rows], TYPES[column]) for column in wanted.columns]


def _value(scalar: Any) -> object:
    """The Python value of a scalar; bytes where a column of strings holds something that is no UTF-8."""
    try:
        return scalar.as_py() if isinstance(scalar, pa.Scalar) else scalar
    except UnicodeDecodeError:
        return bytes(scalar.as_buffer())


def added_to(schema: pa.Schema, wanted: Options) -> pa.Schema:
    """The schema of a batch after checking."""
    kept = [field for field in schema if field.name not in wanted.names]
    made = [pa.field(name, TYPES[column]) for name, column in zip(wanted.names, wanted.columns, strict=True)]
    return pa.schema([*kept, *made], schema.metadata)


def check_table(table: pa.Table, wanted: Options | None = None, **arguments: Any) -> pa.Table:
    """The same for a table, batch by batch."""
    wanted = wanted or options(**arguments)
    batches = [check_batch(batch, wanted) for batch in table.to_batches()]
    return pa.Table.from_batches(batches, added_to(table.schema, wanted))
