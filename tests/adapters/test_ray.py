from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pytest
import ray

from adapters.rows import ERRORS, RULES, VERDICTS, many
from qcheck.adapters.ray import check_dataset

pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("default")]


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    ray.init(num_cpus=2, include_dashboard=False, logging_level="error", object_store_memory=200 << 20)
    yield
    ray.shutdown()


def test_two_workers() -> None:
    numbers, texts = many(200)
    rows = ray.data.from_arrow(pa.table({"n": numbers, "text": texts})).repartition(8)
    made = sorted(check_dataset(rows, batch_size=100, concurrency=2, **RULES).take_all(), key=lambda row: row["n"])

    assert [row["n"] for row in made] == numbers
    assert [row["qcheck_verdict"] for row in made] == VERDICTS * 200
    assert [row["qcheck_error"] for row in made] == ERRORS * 200
