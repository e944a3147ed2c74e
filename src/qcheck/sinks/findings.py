"""Findings as rows: in a column of annotated records, and as a table of all findings of a run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qcheck.finding import Finding
from qcheck.sinks import Checked
from qcheck.sources.columnar import to_ipc
from qcheck.sources.extras import extra

_TEXTS = ("rule", "name", "family", "severity", "confidence")


def row(finding: Finding) -> dict[str, Any]:
    """A finding with what a filter needs; offsets are code points of the record's text."""
    rule, fix = finding.rule, finding.fix
    return {
        "rule": rule.code,
        "name": rule.name,
        "family": str(rule.family),
        "severity": str(finding.severity),
        "confidence": str(finding.confidence),
        "start": finding.start,
        "end": finding.end,
        "text": finding.text,
        "message": finding.message,
        "safety": str(fix.safety) if fix else None,
        "replacement": fix.replacement if fix else None,
    }


def fields() -> list[Any]:
    """The Arrow fields of ``row``."""
    pa = extra("pyarrow", "parquet")
    texts = [pa.field(name, pa.string()) for name in _TEXTS]
    places = [pa.field(name, pa.int64()) for name in ("start", "end")]
    rest = [pa.field(name, pa.string()) for name in ("text", "message", "safety", "replacement")]
    return [*texts, *places, *rest]


def table(checked: Iterable[Checked]) -> bytes:
    """The findings of a batch as Arrow IPC: file, record and id, then the fields of ``row``."""
    pa = extra("pyarrow", "parquet")
    places = [pa.field("file", pa.string()), pa.field("record", pa.int64()), pa.field("id", pa.string())]
    rows = [
        {"file": c.text.file.name, "record": c.text.number, "id": c.text.key, **finding}
        for c in checked
        for finding in c.findings
    ]
    return to_ipc(pa.RecordBatch.from_pylist([clean(row) for row in rows], schema=pa.schema([*places, *fields()])))


def clean(row: dict[str, Any]) -> dict[str, Any]:
    """The row with lone surrogates as escapes: Arrow holds UTF-8 and nothing else."""
    return {key: _clean(value) if isinstance(value, str) else value for key, value in row.items()}


def _clean(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
