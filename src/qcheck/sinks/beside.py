"""What goes beside the records: dolma's attributes, and the sidecar of what could not be checked."""

from __future__ import annotations

import base64
from typing import Any

from qcheck.sinks import Checked
from qcheck.sinks.dumping import dumps
from qcheck.sources import Unreadable


def attributes(checked: Checked) -> bytes:
    """A line of a dolma attribute file: spans in code points with a value, by attribute.

    The score, as a share of 1, stands over the whole text; every finding as a span of its rule.
    """
    text = checked.text
    spans: dict[str, list[Any]] = {"qcheck__document__score": [[0, len(text.text), round(checked.score / 100, 3)]]}
    for finding in checked.findings:
        spans.setdefault(f"qcheck__rules__{finding['rule']}", []).append([finding["start"], finding["end"], 1.0])
    return dumps({"id": text.key or text.id, "attributes": spans})


def quarantined(record: Unreadable) -> bytes:
    """A line of the sidecar: file, position, reason, and the record's bytes.

    ``raw_form`` says how to read ``raw``: ``text`` is UTF-8 as it stood, ``base64`` any bytes, ``head`` the beginning
    of a record too large to keep (base64), ``arrow-ipc`` one row (base64), ``file`` nothing: the whole file is meant.
    """
    raw, form = _raw(record)
    return dumps(
        {
            "file": record.file.name,
            "record": record.number,
            "offset": record.offset,
            "reason": record.error,
            "raw_form": form,
            "raw": raw,
        }
    )


def _raw(record: Unreadable) -> tuple[str | None, str]:
    if record.raw is None:
        return None, "file"
    if record.raw_form == "bytes":
        try:
            return record.raw.decode("utf-8"), "text"
        except UnicodeDecodeError:
            return base64.b64encode(record.raw).decode(), "base64"
    return base64.b64encode(record.raw).decode(), record.raw_form
