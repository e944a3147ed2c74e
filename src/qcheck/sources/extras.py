"""Libraries that not everybody needs: imported when a file wants them, and asked for by name when they are missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from qcheck.errors import QcheckError


class MissingExtraError(QcheckError):
    """A format needs a library that is not installed; the message says what to install."""


def extra(module: str, name: str) -> Any:
    """Import a module of an optional dependency.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        return import_module(module)
    except ImportError:
        raise MissingExtraError(f"this needs {module}: pip install 'qcheck-text[{name}]'") from None
