"""pandas: data frames. Findings are lists of dictionaries, as pandas has no type for them."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from qcheck.adapters import check_texts, options


def check_frame(frame: pd.DataFrame, **arguments: Any) -> pd.DataFrame:
    """A copy of the frame with qcheck's columns and the same index.

    Args:
        frame: A frame with a column of texts.
        arguments: What :func:`qcheck.adapters.options` takes.
    """
    wanted = options(**arguments)
    texts = (None if _is_missing(text) else text for text in frame[wanted.text])
    rows = list(check_texts(texts, frame[wanted.id] if wanted.id else None, wanted))
    made = zip(wanted.names, wanted.columns, strict=True)
    return frame.assign(**{name: pd.Series([row[column] for row in rows], frame.index) for name, column in made})


def _is_missing(text: object) -> bool:
    """Whether pandas means nothing by it: None, NaN or NA."""
    return text is None or text is pd.NA or (isinstance(text, float) and math.isnan(text))
