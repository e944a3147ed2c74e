"""Spark: ``mapInArrow`` over the partitions of a data frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructType

from qcheck.adapters import Options, options
from qcheck.adapters.arrow import added_to, check_batch


def check_frame(frame: DataFrame, **arguments: Any) -> DataFrame:
    """The data frame with qcheck's columns.

    Args:
        frame: A data frame with a column of texts.
        arguments: What :func:`qcheck.adapters.options` takes.
    """
    wanted = options(**arguments)
    kept = [field for field in frame.schema if field.name not in wanted.names]
    made = from_arrow_schema(added_to(pa.schema([]), wanted))
    return frame.mapInArrow(partial(_checked, wanted=wanted), StructType([*kept, *made]))


def _checked(batches: Iterable[pa.RecordBatch], wanted: Options) -> Iterator[pa.RecordBatch]:
    return (check_batch(batch, wanted) for batch in batches)
