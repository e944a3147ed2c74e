"""The manifest: how a corpus was made, so that it can say so itself."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from qcheck import __version__
from qcheck.run.tally import Tally

_LIBRARIES = ("google-re2", "regex", "ftfy", "langdetect", "pyarrow", "orjson", "backports.zstd", "fsspec")


def manifest(
    key: str, settings: dict[str, Any], tally: Tally, inputs: dict[str, Any], timings: dict[str, Any]
) -> dict[str, Any]:
    """What a finished run says of itself; all but ``timings`` and ``machine`` is the same for the same inputs.

    Args:
        key: The key of the settings.
        settings: What decides the outputs, as ``plan.settings_of`` has it.
        tally: The figures of the whole run.
        inputs: What each shard came to, and what the walk of folders left out.
        timings: When and how long.
    """
    return {
        "version": 1,
        "qcheck": __version__,
        "key": key,
        "settings": settings,
        "counts": tally.to_dict(),
        "mean_score": tally.mean_score,
        **inputs,
        "machine": {"python": sys.version.split()[0], "system": platform.platform(), "libraries": _versions()},
        "timings": timings,
    }


def _versions() -> dict[str, str]:
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
