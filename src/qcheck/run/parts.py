"""Part files: the result of one batch, complete or absent, found again by the contents of the batch."""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qcheck.run.gzipping import Sum
from qcheck.sources import Batch

RECORDS = ("documents", "keep", "fix", "drop")  # sections
_CHECKSUM = 4  # bytes


@dataclass(slots=True)
class Part:
    """The result of one batch.

    Attributes:
        sections: Bytes for each output, by the name of its folder.
        counts: Figures; those of all parts add up to those of the run.
        header: What a text output of this shard begins with.
        kind: How sections of records are put together: ``lines``, ``parquet`` or ``arrow``.
        complaints: Place and reason of the first records that were quarantined.
        sums: Of sections that are pieces of a gzip member, what they hold.
    """

    sections: dict[str, bytes | memoryview] = field(default_factory=dict)
    counts: dict[str, Any] = field(default_factory=dict)
    header: bytes = b""
    kind: str = "lines"
    complaints: list[tuple[str, str]] = field(default_factory=list)
    sums: dict[str, Sum] = field(default_factory=dict)


def digest(run: str, batch: Batch, codec: str) -> str:
    """The name of a batch's contents under the settings of a run, for outputs that are compressed like this."""
    name = f"{run}\0{codec}\0{batch.format}\0{batch.file.name}\0{batch.first}\0"
    seen = hashlib.sha256(name.encode("utf-8", "surrogatepass"))  # three times as fast as BLAKE2 where the CPU helps
    for piece in (batch.header, *batch.items):
        seen.update(len(piece).to_bytes(8, "little"))
        seen.update(piece)
    return seen.hexdigest()[:32]


def save(part: Part, path: Path) -> None:
    """Write a part file beside its place and rename it there; a checksum tells one that a power cut tore.

    Plain, as it is read once and soon: to compress it took a fifth of the time of everything that is not checking.

    Raises:
        OSError: It cannot be written.
    """
    about = {
        "sections": {name: len(data) for name, data in part.sections.items()},
        "counts": part.counts,
        "header": part.header.decode("latin-1"),
        "kind": part.kind,
        "complaints": part.complaints,
        "sums": part.sums,
    }
    pieces = (json.dumps(about).encode() + b"\n", *part.sections.values())
    beside = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        with beside.open("wb") as stream:
            stream.write(_checksum(pieces))
            stream.writelines(pieces)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def load(path: Path) -> Part | None:
    """The part in a file; ``None`` if there is none or it is torn."""
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    data = memoryview(raw)
    if _checksum([data[_CHECKSUM:]]) != data[:_CHECKSUM]:
        return None
    at = raw.index(b"\n", _CHECKSUM) + 1
    about: Mapping[str, Any] = json.loads(raw[_CHECKSUM:at])
    sections = dict[str, bytes | memoryview]()
    for name, length in about["sections"].items():
        sections[name] = data[at : at + length]
        at += length
    complaints = [(place, reason) for place, reason in about["complaints"]]
    sums = {name: (crc, size) for name, (crc, size) in about["sums"].items()}
    return Part(sections, about["counts"], about["header"].encode("latin-1"), about["kind"], complaints, sums)


def _checksum(pieces: Iterable[bytes | memoryview]) -> bytes:
    value = 1  # not 0, which is what a file of zeros would say
    for piece in pieces:
        value = zlib.crc32(piece, value)
    return value.to_bytes(_CHECKSUM, "little")
