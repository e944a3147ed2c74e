"""Objects as JSON in UTF-8, the same bytes with orjson and without."""

from __future__ import annotations

import json
from typing import Any


def dumps(value: Any) -> bytes:
    """One line of JSON; a lone surrogate, which UTF-8 cannot say, makes all of its line ASCII."""
    try:
        from orjson import dumps as quick
    except ImportError:
        return _dumps(value)
    try:
        return bytes(quick(value))
    except (TypeError, ValueError):
        return _dumps(value)


def _dumps(value: Any) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()
