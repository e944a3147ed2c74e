from __future__ import annotations

import pandas as pd
import polars as pl
import pytest

from adapters.rows import ERRORS, RULES, SOUND, TEXTS, VERDICTS
from qcheck.adapters import pandas as on_pandas
from qcheck.adapters import polars as on_polars

pytestmark = pytest.mark.engine


def test_polars() -> None:
    frame = pl.DataFrame({"kind": pl.Series(["a", "b"] * 3, dtype=pl.Categorical), "text": TEXTS})
    made = on_polars.check_frame(frame, **RULES)

    assert made.select("kind", "text").equals(frame)
    assert made["qcheck_verdict"].to_list() == VERDICTS
    assert made["qcheck_error"].to_list() == ERRORS
    assert made["qcheck_findings"].list.len().to_list() == [0, 1, None, 0, 1, 0]


def test_polars_lazily() -> None:
    frame = pl.DataFrame({"text": TEXTS})
    made = on_polars.check_lazy(frame.lazy(), **RULES).filter(pl.col("qcheck_verdict") == "keep").collect()

    assert made["text"].to_list() == [SOUND, "", SOUND]


def test_pandas() -> None:
    frame = pd.DataFrame({"text": TEXTS}, index=list("abcdef"))
    made = on_pandas.check_frame(frame, **RULES)

    assert list(made.index) == list("abcdef")
    assert "qcheck_score" not in frame.columns
    assert [None if pd.isna(v) else v for v in made["qcheck_verdict"]] == VERDICTS
    assert [None if pd.isna(v) else v for v in made["qcheck_error"]] == ERRORS
    assert made["qcheck_findings"]["b"][0]["text"] == ". .."
