"""Hugging Face datasets: ``dataset.map`` over batches, with the features of the new columns said in advance."""

from __future__ import annotations

from typing import Any

from datasets import Dataset, Features

from qcheck.adapters import Options, check_texts, options
from qcheck.adapters.arrow import added_to


class BatchChecker:
    """What ``dataset.map(..., batched=True)`` calls: a batch in, the new columns out.

    Args:
        wanted: What to check and to add.
    """

    def __init__(self, wanted: Options) -> None:
        self.wanted = wanted

    def __call__(self, batch: dict[str, list[Any]]) -> dict[str, list[Any]]:
        """Check a batch given as lists by column."""
        wanted = self.wanted
        rows = list(check_texts(batch[wanted.text], batch[wanted.id] if wanted.id else None, wanted))
        return {name: [row[column] for row in rows] for name, column in zip(wanted.names, wanted.columns, strict=True)}


def check_dataset(dataset: Dataset, *, num_proc: int | None = None, **arguments: Any) -> Dataset:
    """The dataset with qcheck's columns, checked by one process or several.

    A dataset that streams has no ``num_proc``: call ``stream.map(BatchChecker(options(...)), batched=True)``, with
    ``features=features_of(stream.features, ...)`` if the new columns are to be typed.

    Args:
        dataset: A dataset with a column of texts.
        num_proc: Processes.
        arguments: What :func:`qcheck.adapters.options` takes.
    """
    wanted = options(**arguments)
    features = features_of(dataset.features, wanted)
    return dataset.map(BatchChecker(wanted), batched=True, num_proc=num_proc, features=features, desc="qcheck")


def features_of(features: Features, wanted: Options) -> Features:
    """The features after checking: guessed from a first batch without findings, their type would be null."""
    made = Features.from_arrow_schema(added_to(features.arrow_schema.remove_metadata(), wanted))
    return Features(
        {name: features.get(name, feature) if name not in wanted.names else feature for name, feature in made.items()}
    )
