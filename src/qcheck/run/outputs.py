"""Parts put together into whole files, written beside and renamed when the last part is in."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from qcheck.errors import QcheckError
from qcheck.run.gzipping import Member, Sum, piece
from qcheck.run.parts import RECORDS, Part
from qcheck.sources.columnar import from_ipc
from qcheck.sources.compression import CODECS, compressor
from qcheck.sources.extras import extra

_SUFFIX = {"": "", "none": ""}
# Rows gathered for a row group: fewer make files that are slow to read, more cost memory.
_GROUP_BYTES = 4 << 20


class Assembler(Protocol):
    """Puts the bytes of one section together; ``contents`` comes with what is a piece of a gzip member."""

    def add(self, data: bytes | memoryview, contents: Sum | None = None) -> None: ...
    def finish(self) -> None: ...


class _Hashed:
    """A file being written, and the hash of what was written so far."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._stream, self._seen, self.size = path.open("wb"), hashlib.sha256(), 0
        self.closed = False

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        self._stream.write(view)
        self._seen.update(view)
        self.size += len(view)
        return len(view)

    def tell(self) -> int:
        return self.size

    def flush(self) -> None:
        self._stream.flush()

    def close(self) -> None:
        self._stream.close()

    def finish(self) -> str:
        """Bring it to the disk; the hash."""
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        return self._seen.hexdigest()

    @staticmethod
    def writable() -> bool:
        return True

    @staticmethod
    def readable() -> bool:
        return False

    @staticmethod
    def seekable() -> bool:
        return False


class _Lines:
    """Text, compressed as one frame."""

    def __init__(self, out: _Hashed, codec: str, header: bytes) -> None:
        self._out = out
        self._packer = compressor(codec) if codec else None
        if header:
            self.add(header)

    def add(self, data: bytes | memoryview, contents: Sum | None = None) -> None:
        self._out.write(self._packer.compress(data) if self._packer else data)

    def finish(self) -> None:
        if self._packer:
            self._out.write(self._packer.flush())


class _Gzip:
    """Text in one gzip member, of pieces that workers compressed."""

    def __init__(self, out: _Hashed, header: bytes) -> None:
        self._member = Member(out.write)
        if header:
            self.add(header)

    def add(self, data: bytes | memoryview, contents: Sum | None = None) -> None:
        self._member.add(*((data, contents) if contents else piece(bytes(data))))

    def finish(self) -> None:
        self._member.finish()


class _Columns:
    """Parquet or Arrow, in row groups of a size that is good to read."""

    def __init__(self, out: _Hashed, open_writer: Callable[[_Hashed, Any], Any]) -> None:
        self._out, self._open, self._writer = out, open_writer, None
        self._waiting: list[Any] = []
        self._size = 0

    def add(self, data: bytes | memoryview, contents: Sum | None = None) -> None:
        rows = from_ipc(data)
        self._writer = self._writer or self._open(self._out, rows.schema)
        self._waiting.append(rows)
        self._size += rows.nbytes
        if self._size >= _GROUP_BYTES:
            self._write()

    def _write(self) -> None:
        if self._writer is not None and self._waiting:
            table = extra("pyarrow", "parquet").Table.from_batches(self._waiting).combine_chunks()
            self._writer.write_table(table)
        self._waiting, self._size = [], 0

    def finish(self) -> None:
        self._write()
        if self._writer is not None:
            self._writer.close()


def _parquet_writer(compression: str) -> Callable[[_Hashed, Any], Any]:
    pq = extra("pyarrow.parquet", "parquet")
    return lambda out, schema: pq.ParquetWriter(out, schema, compression=compression)


def _arrow_writer(form: str, compression: str | None) -> Callable[[_Hashed, Any], Any]:
    ipc = extra("pyarrow.ipc", "parquet")
    options = ipc.IpcWriteOptions(compression=compression)
    make = ipc.new_file if form == "file" else ipc.new_stream
    return lambda out, schema: make(out, schema, options=options)


class ShardOutputs:
    """All files that one shard comes to.

    Args:
        out: The folder of the run.
        work: Where files stand until they are whole; on the same disk.
        name: The shard's name.
        codec: How its input is compressed.
        compression: How outputs are to be: ``same``, ``none`` or a codec.
    """

    def __init__(self, out: Path, work: Path, name: str, codec: str, compression: str) -> None:
        self._out, self._work, self._name = out, work, name
        self._codec, self._wanted = codec, compression
        self._open: dict[str, tuple[_Hashed, Assembler, Path]] = {}

    def add(self, part: Part) -> None:
        """Take the next part."""
        for section, data in part.sections.items():
            if section not in self._open:
                self._open[section] = self._start(section, part)
            self._open[section][1].add(data, part.sums.get(section))

    def _start(self, section: str, part: Part) -> tuple[_Hashed, Assembler, Path]:
        kind = part.kind if section in RECORDS else "parquet" if section == "findings" else "lines"
        suffix, make = self._maker(section, kind, part.header if section in RECORDS else b"")
        stem = self._name
        if section == "findings":
            stem += ".parquet"
        elif section in ("attributes", "quarantine") and not stem.endswith(".jsonl"):
            stem += ".jsonl"
        folder = "attributes/qcheck" if section == "attributes" else section
        out = _Hashed(self._work / f"{section}.tmp")
        return out, make(out), self._out / folder / (stem + suffix)

    def _maker(self, section: str, kind: str, header: bytes) -> tuple[str, Callable[[_Hashed], Assembler]]:
        if kind == "parquet":
            codec = "zstd" if section == "findings" else _inside(self._wanted, self._codec)
            return "", lambda out: _Columns(out, _parquet_writer(codec))
        if kind == "arrow":
            inside = None if self._wanted in ("same", "none") else _inside(self._wanted, "")
            return "", lambda out: _Columns(out, _arrow_writer(self._codec, inside))
        codec = "" if section == "quarantine" else text_codec(self._wanted, self._codec)
        if codec == "gz":
            return ".gz", lambda out: _Gzip(out, header)
        return f".{codec}" if codec else "", lambda out: _Lines(out, codec, header)

    def finish(self) -> list[dict[str, Any]]:
        """Rename every file into its place; what and where they are, in the order of their names."""
        made = []
        for section, (stream, assembler, place) in sorted(self._open.items()):
            assembler.finish()
            sha256, size = stream.finish(), stream.size
            place.parent.mkdir(parents=True, exist_ok=True)
            (self._work / f"{section}.tmp").replace(place)
            made.append({"path": place.relative_to(self._out).as_posix(), "bytes": size, "sha256": sha256})
        self._open = {}
        return made

    def discard(self) -> None:
        """Close what is open; the folder of the work is cleared by the next run."""
        for stream, _, _ in self._open.values():
            stream.close()
        self._open = {}


def text_codec(wanted: str, same: str) -> str:
    """How text outputs of an input are compressed; empty for not at all."""
    if wanted != "same":
        return "" if wanted == "none" else wanted
    return same if same in CODECS else ""


def _inside(wanted: str, same: str) -> str:
    """The compression inside Parquet or Arrow."""
    names = {"same": same, "none": "none", "zst": "zstd", "gz": "gzip"}
    if wanted not in names:
        raise QcheckError(f"Parquet and Arrow have no compression '{wanted}': there are none, zst, and gz for Parquet")
    name = names[wanted]
    return "none" if name in ("", "uncompressed") else name
