"""Tests on real engines need them all; see the conftest at the top."""

from importlib.util import find_spec

_ENGINES = ("pyarrow", "datasets", "datatrove", "ray", "pyspark", "polars", "pandas")
collect_ignore_glob = ["test_*.py"] if any(find_spec(engine) is None for engine in _ENGINES) else []
