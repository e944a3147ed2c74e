"""The modules of engines that are not installed cannot be imported, not even for their doctests.

``.ci/run`` installs every engine in an environment of its own and runs the tests marked ``engine`` there.
"""

from importlib.util import find_spec

_ENGINES = {
    "arrow": "pyarrow", "huggingface": "datasets", "datatrove": "datatrove", "ray": "ray", "spark": "pyspark",
    "polars": "polars", "pandas": "pandas",
}  # fmt: skip
_missing = [name for name, library in _ENGINES.items() if find_spec(library) is None]
collect_ignore = [f"src/qcheck/adapters/{name}.py" for name in _missing]
