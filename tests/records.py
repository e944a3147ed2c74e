"""Files of records of every format, written with the formats' own libraries, and read back the same way."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from backports import zstd

PACK = {
    "": lambda data: data,
    ".gz": lambda data: gzip.compress(data, mtime=0),
    ".zst": zstd.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
}
UNPACK = {
    "": lambda d: d,
    ".gz": gzip.decompress,
    ".zst": zstd.decompress,
    ".bz2": bz2.decompress,
    ".xz": lzma.decompress,
}
LINES = [f"{form}{codec}" for form in (".jsonl", ".csv", ".tsv", ".warc.wet") for codec in PACK]
COLUMNS = [".parquet", ".arrow", ".arrows"]
EVERY = [*LINES, *COLUMNS]
ROWS = [{"id": f"r{number}", "text": f"Text {number} has teh mark and dout 🙂."} for number in range(7)]


def packed(path: Path, data: bytes) -> None:
    """Write bytes compressed as the name says."""
    path.write_bytes(PACK[path.suffix if path.suffix in PACK else ""](data))


def unpacked(path: Path) -> bytes:
    """The bytes of a file decompressed as its name says."""
    return UNPACK[path.suffix if path.suffix in UNPACK else ""](path.read_bytes())


def write_records(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write records, which have an ``id`` and a ``text``, in the format that the name says."""
    name = path.name
    if ".jsonl" in name:
        packed(path, b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    elif ".csv" in name or ".tsv" in name:
        packed(path, delimited(rows, "\t" if ".tsv" in name else ","))
    elif ".wet" in name:
        packed(path, b"".join(page(row["id"], row["text"].encode()) for row in rows))
    else:
        table = pa.Table.from_pylist(rows)
        if name.endswith(".parquet"):
            pq.write_table(table, path)
        else:
            make = pa.ipc.new_file if name.endswith(".arrow") else pa.ipc.new_stream
            with make(path, table.schema) as writer:
                writer.write_table(table)


def delimited(rows: list[dict[str, Any]], delimiter: str = ",") -> bytes:
    """Rows as CSV."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def page(name: str, body: bytes, kind: str = "conversion") -> bytes:
    """A record of a WARC file."""
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:{name}>\r\nWARC-Target-URI: https://example.org/{name}\r\n"
    rest = f"WARC-Date: 2026-01-01T00:00:00Z\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
    return (head + rest).encode() + body + b"\r\n\r\n"


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The records of an output file."""
    name = path.name
    if name.endswith(".parquet"):
        return list(pq.read_table(path).to_pylist())
    if name.endswith((".arrow", ".arrows")):
        open_ = pa.ipc.open_file if name.endswith(".arrow") else pa.ipc.open_stream
        with open_(path) as reader:
            return list(reader.read_all().to_pylist())
    data = unpacked(path).decode()
    if ".csv" in name or ".tsv" in name:
        return list(csv.DictReader(io.StringIO(data, newline=""), delimiter="\t" if ".tsv" in name else ","))
    return [json.loads(line) for line in data.split("\n") if line]


def manifest(out: str = "out") -> dict[str, Any]:
    value: dict[str, Any] = json.loads(Path(out, "manifest.json").read_text())
    return value
