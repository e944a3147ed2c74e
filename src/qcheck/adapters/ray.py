"""Ray Data: ``map_batches`` over Arrow tables."""

from __future__ import annotations

from functools import partial
from typing import Any

from ray.data import Dataset

from qcheck.adapters import options
from qcheck.adapters.arrow import check_table


def check_dataset(
    dataset: Dataset, *, batch_size: int | None = 1024, concurrency: int | None = None, **arguments: Any
) -> Dataset:
    """The dataset with qcheck's columns. Ray reuses its worker processes, and each keeps its checker.

    Args:
        dataset: A dataset with a column of texts.
        batch_size: Rows a batch; ``None`` takes blocks as they come.
        concurrency: How many tasks may run at once; ``None`` leaves it to Ray.
        arguments: What :func:`qcheck.adapters.options` takes.
    """
    check = partial(check_table, wanted=options(**arguments))
    return dataset.map_batches(
        check, batch_format="pyarrow", batch_size=batch_size, zero_copy_batch=True, concurrency=concurrency
    )
