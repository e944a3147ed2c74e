"""polars: data frames, and lazy frames batch by batch."""

from __future__ import annotations

from functools import partial
from typing import Any

import polars as pl
import pyarrow as pa

from qcheck.adapters import Options, options
from qcheck.adapters.arrow import added_columns, added_to


def check_frame(frame: pl.DataFrame, **arguments: Any) -> pl.DataFrame:
    """The frame with qcheck's columns; its own stay as they are.

    Args:
        frame: A frame with a column of texts.
        arguments: What :func:`qcheck.adapters.options` takes.
    """
    return _checked(frame, options(**arguments))


def check_lazy(frame: pl.LazyFrame, **arguments: Any) -> pl.LazyFrame:
    """The same for a lazy frame: batch by batch where the engine streams."""
    wanted = options(**arguments)
    schema = frame.collect_schema() | _schema(wanted)
    return frame.map_batches(partial(_checked, wanted=wanted), schema=schema, streamable=True)


def _checked(frame: pl.DataFrame, wanted: Options) -> pl.DataFrame:
    ids = frame[wanted.id] if wanted.id else None
    made = zip(wanted.names, added_columns(frame[wanted.text], ids, wanted), strict=True)
    schema = _schema(wanted)
    return frame.with_columns([pl.Series(name, pl.from_arrow(column), dtype=schema[name]) for name, column in made])


def _schema(wanted: Options) -> dict[str, pl.DataType]:
    empty = pl.from_arrow(added_to(pa.schema([]), wanted).empty_table())
    assert isinstance(empty, pl.DataFrame)
    return dict(empty.schema)
