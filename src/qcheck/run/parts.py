"""Part files: the result of one batch, complete or absent, found again by the contents of the batch."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qcheck.sources import Batch
from qcheck.sources.compression import zstd_or_none


@dataclass(slots=True)
class Part:
    """The result of one batch.

    Attributes:
        sections: Bytes for each output, by the name of its folder.
        counts: Figures; those of all parts add up to those of the run.
        header: What a text output of this shard begins with.
        kind: How sections of records are put together: ``lines``, ``parquet`` or ``arrow``.
        complaints: Place and reason of the first records that were quarantined.
    """

    sections: dict[str, bytes] = field(default_factory=dict)
    counts: dict[str, Any] = field(default_factory=dict)
    header: bytes = b""
    kind: str = "lines"
    complaints: list[tuple[str, str]] = field(default_factory=list)


def digest(run: str, batch: Batch) -> str:
    """The name of a batch's contents under the settings of a run."""
    name = f"{run}\0{batch.format}\0{batch.file.name}\0{batch.first}\0"
    seen = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16)
    for piece in (batch.header, *batch.items):
        seen.update(len(piece).to_bytes(8, "little"))
        seen.update(piece)
    return seen.hexdigest()


def save(part: Part, path: Path) -> None:
    """Write a part file beside its place and rename it there; a checksum tells one that a power cut tore.

    Raises:
        OSError: It cannot be written.
    """
    body = b"".join(part.sections.values())
    about = {
        "sections": {name: len(data) for name, data in part.sections.items()},
        "counts": part.counts,
        "header": part.header.decode("latin-1"),
        "kind": part.kind,
        "complaints": part.complaints,
    }
    packed = _packed(json.dumps(about).encode() + b"\n" + body)
    beside = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        beside.write_bytes(hashlib.blake2b(packed, digest_size=16).digest() + packed)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def load(path: Path) -> Part | None:
    """The part in a file; ``None`` if there is none or it is torn."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    packed = data[16:]
    if hashlib.blake2b(packed, digest_size=16).digest() != data[:16]:
        return None
    head, _, body = _unpacked(packed).partition(b"\n")
    about: Mapping[str, Any] = json.loads(head)
    sections, at = dict[str, bytes](), 0
    for name, length in about["sections"].items():
        sections[name] = body[at : at + length]
        at += length
    complaints = [(place, reason) for place, reason in about["complaints"]]
    return Part(sections, about["counts"], about["header"].encode("latin-1"), about["kind"], complaints)


def _packed(data: bytes) -> bytes:
    """Compressed where that is nearly free; zlib would cost a tenth of the run."""
    zstd = zstd_or_none()
    return b"z" + bytes(zstd.compress(data, 1)) if zstd else b"-" + data


def _unpacked(data: bytes) -> bytes:
    zstd = zstd_or_none()
    return bytes(zstd.decompress(data[1:])) if data[:1] == b"z" and zstd else data[1:]
