"""Records as lines: JSON Lines and CSV, each record's own bytes kept as they stand wherever that is possible."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from qcheck.sinks import COLUMNS, Checked
from qcheck.sinks.dumping import dumps
from qcheck.sources import Batch, Options
from qcheck.sources.delimited import DELIMITERS, header_names
from qcheck.sources.fields import lookup, replaced


def jsonl(checked: Checked, options: Options, *, annotate: bool) -> bytes:
    """A line of JSON for a record of JSON Lines: its own bytes with columns behind, or with another text."""
    text = checked.text
    if annotate:
        return _with_columns(text.raw, checked.columns(), again=any(name in text.fields for name in COLUMNS))
    if checked.mended in (None, text.text):
        return text.raw.strip()
    # orjson reads a whole number of more than 64 bits as a float; Python's own keeps it
    fields = json.loads(text.raw)
    return dumps(replaced(fields, options.text_field, checked.mended))


def _with_columns(raw: bytes, columns: dict[str, Any], *, again: bool) -> bytes:
    if again:
        return dumps({**json.loads(raw), **columns})
    return raw.strip()[:-1].rstrip() + b"," + dumps(columns)[1:]


def made(checked: Checked, *, annotate: bool) -> bytes:
    """A line of JSON for a document that came out of no such line: a text file, a page."""
    text = checked.text
    own = text.fields or {"id": text.id}
    body = text.text if annotate or checked.mended is None else checked.mended
    return dumps({**own, "text": body, **(checked.columns() if annotate else {})})


def delimited_header(batch: Batch, *, annotate: bool) -> bytes:
    """The head of a CSV file as it stands, with the names of the columns."""
    head = batch.header.rstrip(b"\r\n")
    if not annotate:
        return head + b"\n"
    delimiter = DELIMITERS[batch.format]
    names = header_names(batch)
    new = [name for name in COLUMNS if name not in names]
    return delimiter.join([head.decode("utf-8", "surrogateescape"), *new]).encode("utf-8", "surrogateescape") + b"\n"


def delimited(checked: Checked, batch: Batch, options: Options, *, annotate: bool) -> bytes:
    """A row of CSV: its own bytes with columns behind, or with another text."""
    text, delimiter = checked.text, DELIMITERS[batch.format]
    if annotate and not any(name in text.fields for name in COLUMNS):
        return text.raw + delimiter.encode() + _row(_cells(checked), delimiter)
    if annotate:
        return _row(list({**text.fields, **dict(zip(COLUMNS, _cells(checked), strict=True))}.values()), delimiter)
    if checked.mended in (None, lookup(text.fields, options.text_field)):
        return text.raw
    return _row(list({**text.fields, options.text_field: checked.mended}.values()), delimiter)


def _cells(checked: Checked) -> list[Any]:
    return [checked.score, checked.verdict, dumps(checked.findings).decode(), checked.error]


def _row(cells: list[Any], delimiter: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(cells)
    return out.getvalue().encode("utf-8", "backslashreplace")
