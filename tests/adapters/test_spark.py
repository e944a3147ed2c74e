from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest
from pyspark.sql import SparkSession

from adapters.rows import ERRORS, RULES, VERDICTS, many
from qcheck.adapters.spark import check_frame

pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("default")]


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    yield session
    session.stop()


def test_a_session_of_two_cores(spark: SparkSession) -> None:
    numbers, texts = many(100)
    frame = spark.createDataFrame(list(zip(numbers, texts, strict=True)), "n long, text string").repartition(4)
    made = check_frame(frame, **RULES).orderBy("n").collect()

    assert [row.n for row in made] == numbers
    assert [row.text for row in made] == texts
    assert [row.qcheck_verdict for row in made] == VERDICTS * 100
    assert [row.qcheck_error for row in made] == ERRORS * 100
    assert made[1].qcheck_findings[0].text == ". .."
