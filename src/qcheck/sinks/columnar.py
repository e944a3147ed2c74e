"""Records as Arrow rows: the columns of the file with qcheck's behind, or with another text; types kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qcheck.sinks import COLUMNS, Checked
from qcheck.sinks.findings import clean, fields
from qcheck.sources import Batch, Options
from qcheck.sources.columnar import from_ipc, to_ipc
from qcheck.sources.extras import extra


def encoded(batch: Batch, checked: Sequence[Checked], options: Options, *, annotate: bool) -> bytes:
    """The rows of some checked records of a batch, as Arrow IPC."""
    rows = from_ipc(batch.items[0])
    if len(checked) < rows.num_rows:
        rows = rows.take([(c.text.number or 0) - batch.first for c in checked])
    if annotate:
        return to_ipc(_annotated(rows, checked))
    changed = any(c.mended not in (None, c.text.text) for c in checked)
    return to_ipc(_with_texts(rows, options.text_field, [c.mended or "" for c in checked]) if changed else rows)


def columns(checked: Sequence[Checked]) -> dict[str, Any]:
    """The columns that qcheck adds, as Arrow arrays."""
    pa = extra("pyarrow", "parquet")
    rows = [[clean(row) for row in c.findings] for c in checked]
    return {
        COLUMNS[0]: pa.array([c.score for c in checked], pa.float64()),
        COLUMNS[1]: pa.array([c.verdict for c in checked], pa.string()),
        COLUMNS[2]: pa.array(rows, pa.list_(pa.struct(fields()))),
        COLUMNS[3]: pa.array([c.error for c in checked], pa.string()),
    }


def _annotated(rows: Any, checked: Sequence[Checked]) -> Any:
    keep = [name for name in rows.schema.names if name not in COLUMNS]
    rows = rows.select(keep)
    for name, column in columns(checked).items():
        rows = rows.append_column(name, column)
    return rows


def _with_texts(rows: Any, name: str, texts: list[str]) -> Any:
    """The rows with another column of texts, which may be a field of a struct."""
    names = rows.schema.names
    head = name if name in names else name.partition(".")[0]
    index = names.index(head)
    rest = name[len(head) + 1 :]
    return rows.set_column(index, rows.schema.field(index), _with_values(rows.column(index), rest, texts))


def _with_values(column: Any, name: str, texts: list[str]) -> Any:
    pa = extra("pyarrow", "parquet")
    if not name:
        if pa.types.is_dictionary(column.type):
            return pa.array(texts, column.type.value_type).dictionary_encode().cast(column.type)
        return pa.array(texts, pa.large_string()).cast(column.type)
    names = [field.name for field in column.type]
    head = name if name in names else name.partition(".")[0]
    children = [column.field(index) for index in range(len(names))]
    at = names.index(head)
    children[at] = _with_values(children[at], name[len(head) + 1 :], texts)
    return pa.StructArray.from_arrays(children, fields=list(column.type), mask=column.is_null())
