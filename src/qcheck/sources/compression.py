"""Compressed streams: told by their first bytes, decompressed in bounded steps, never cut short in silence.

All decompressors hand out at most what is asked for, so a bomb costs time and not memory; go on over frames and members
(readers that stop after the first lose the rest); and say when a stream ends before its end.
"""

from __future__ import annotations

import bz2
import lzma
import re
import sys
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO, Protocol

from qcheck.sources.extras import MissingExtraError, extra

CODECS = ("gz", "zst", "bz2", "xz")
_MAGIC = {b"\x1f\x8b": "gz", b"\x28\xb5\x2f\xfd": "zst", b"BZh": "bz2", b"\xfd7zXZ\x00": "xz"}
_MAGIC_LENGTH = 6  # of the longest
_SKIPPABLE = b"\x2a\x4d\x18"  # frames of pzstd and of seekable archives begin with 0x50 to 0x5F and this
_READ = 1 << 17
_PLAIN_READ = 1 << 20
_STEP = 1 << 16  # what is decompressed at once, and so what damage can cost
_CRAWL = 1
# Where a frame may begin; tighter than the magic numbers, without flags that gzip and sizes that bzip2 do not have.
_BEGINNING = {
    "gz": re.compile(rb"\x1f\x8b\x08[\x00-\x1f]"),
    "zst": re.compile(rb"\x28\xb5\x2f\xfd"),
    "bz2": re.compile(rb"BZh[1-9]1AY&SY"),
    "xz": re.compile(rb"\xfd7zXZ\x00"),
}
_LONGEST_BEGINNING = 10
# Of a damaged frame, so much is looked through for the next: a cut-off one is noticed only in what follows it.
_KEPT = 1 << 20
# Above what xz -9 (64 MiB) and zstd --long=27 (128 MiB) need; a stream that wants more memory is refused.
_MEMORY_LIMIT = 256 << 20
_MAX_WINDOW_LOG = 27


class DamagedError(ValueError):
    """A stream that cannot be read on; the message says why.

    Attributes:
        doubtful: Whether the bytes before belong to what is damaged, so that nothing has vouched for them.
    """

    doubtful = True


class Decompressor(Protocol):
    """One frame or member; what bz2, lzma and Python's zstd share."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Gzip:
    """A gzip member with the manners of the other decompressors."""

    def __init__(self) -> None:
        self._inner, self._rest = zlib.decompressobj(wbits=31), b""
        self._error: zlib.error | None = None

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._rest

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        if self._error:
            raise self._error
        data, before = self._rest + data, self._inner.copy()
        try:
            made = self._inner.decompress(data, max(0, max_length))
        except zlib.error as error:
            self._inner, self._error = before, error
            return self._before_damage(data)
        self._rest = self._inner.unconsumed_tail
        return made

    def _before_damage(self, data: bytes) -> bytes:
        """What can be had up to the damage: zlib keeps the whole step back, though a wrong checksum comes last."""
        pieces = list[bytes]()
        with suppress(zlib.error):
            while piece := self._inner.decompress(data, _CRAWL):
                pieces.append(piece)
                data = self._inner.unconsumed_tail
        self._rest = b"."  # so that nobody reads on before the error is told
        return b"".join(pieces)


class Readable(Protocol):
    """All that the readers want of a stream."""

    def read(self, size: int, /) -> bytes: ...
    def resume(self) -> int | None: ...


class Plain:
    """A stream that is not compressed, after the bytes that were looked at."""

    def __init__(self, head: bytes, raw: BinaryIO) -> None:
        self._head, self._raw = head, raw

    def read(self, size: int, /) -> bytes:
        """So many bytes; fewer only at the end."""
        pieces, missing = [self._head[:size]], size - len(self._head[:size])
        self._head = self._head[size:]
        # Python sets aside as much as is asked for: a quarter of a gigabyte for each text file took most of its time
        while missing and (piece := self._raw.read(min(missing, _PLAIN_READ))):
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)

    @staticmethod
    def resume() -> None:
        """There is nothing to go on with behind damage."""


class Decompressed:
    """The contents of a compressed stream; damage is told after all that stands before it was handed out."""

    def __init__(self, head: bytes, raw: BinaryIO, codec: str) -> None:
        self._pending, self._raw, self._codec = head, raw, codec
        self._frame: Decompressor | None = _decompressor(codec)
        self._error: DamagedError | None = None
        self._seen = bytearray()  # the last of what the frame was given
        self._taken, self._made = len(head), 0

    def read(self, size: int, /) -> bytes:
        """So many bytes; fewer only at the end or before damage.

        Raises:
            DamagedError: The stream is cut off or corrupt here.
        """
        pieces, missing = list[bytes](), size
        while missing and self._frame and not self._error:
            try:
                piece = self._step(missing)
            except DamagedError as error:
                self._error = error
                error.doubtful = self._made > 0
                break
            pieces.append(piece)
            missing -= len(piece)
        if self._error and not any(pieces):
            raise self._error
        return b"".join(pieces)

    def _step(self, size: int) -> bytes:
        assert self._frame is not None
        ended = False
        if self._frame.needs_input and not self._pending:
            ended = not self._more()
        data, self._pending = self._pending, b""
        self._seen += data
        if len(self._seen) > 2 * _KEPT:
            del self._seen[:-_KEPT]
        try:
            piece = self._frame.decompress(data, min(size, _STEP))
        except _errors() as error:
            raise DamagedError(f"the {self._codec} stream is corrupt: {error}") from None
        self._made += len(piece)  # by this frame
        if self._frame.eof:
            self._next_frame(self._frame.unused_data)
        elif ended and not piece:
            raise DamagedError(f"the {self._codec} stream ends before its end: the file is cut off")
        return piece

    def _more(self) -> bool:
        """Read on; whether anything was left."""
        data = self._raw.read(_READ)
        self._taken += len(data)
        self._pending += data
        return bool(data)

    def _next_frame(self, unused: bytes) -> None:
        """Go on with what follows a frame; zeros, which tapes and xz pad with, are nothing."""
        self._seen.clear()
        self._made = 0
        self._pending = unused.lstrip(b"\0")
        while len(self._pending) < _MAGIC_LENGTH and self._more():
            self._pending = self._pending.lstrip(b"\0")
        if not self._pending:
            self._frame = None
        elif codec_of(self._pending) != self._codec:
            self._error = DamagedError(f"{self._codec} data is followed by bytes that are none")
            self._error.doubtful = False
        else:
            self._frame = _decompressor(self._codec)

    def resume(self) -> int | None:
        """Go on behind damage, at the next frame.

        Returns:
            Where it begins, in bytes of the compressed stream; ``None`` if no other begins.
        """
        self._made = 0
        self._pending = bytes(self._seen[1:]) + self._pending  # not again at the head of the frame that is damaged
        self._seen.clear()
        while True:
            for found in _BEGINNING[self._codec].finditer(self._pending):
                if _decodes(self._pending[found.start() : found.start() + _READ], self._codec):
                    self._pending = self._pending[found.start() :]
                    self._frame, self._error = _decompressor(self._codec), None
                    return self._taken - len(self._pending)
            self._pending = self._pending[-_LONGEST_BEGINNING:]
            if not self._more():
                return None


def _decodes(data: bytes, codec: str) -> bool:
    """Whether bytes are the beginning of a frame, as far as they go."""
    try:
        (zlib.decompressobj(wbits=31) if codec == "gz" else _decompressor(codec)).decompress(data, _STEP)
    except _errors():
        return False
    return True


def codec_of(head: bytes) -> str:
    """The compression of a stream by its first bytes; empty for none."""
    if head[1:4] == _SKIPPABLE and 0x50 <= head[0] <= 0x5F:
        return "zst"
    return next((codec for magic, codec in _MAGIC.items() if head.startswith(magic)), "")


def decompressed(raw: BinaryIO) -> tuple[Readable, str]:
    """The contents of a stream, and how it is compressed."""
    head = Plain(b"", raw).read(_READ)
    codec = codec_of(head)
    return (Decompressed(head, raw, codec) if codec else Plain(head, raw)), codec


def compressor(codec: str) -> Any:
    """An object with ``compress`` and ``flush``; the same input gives the same bytes. For gzip see ``run/gzipping``.

    One frame or member per file: not all readers go on to the next.
    """
    makers: dict[str, Callable[[], Any]] = {
        "zst": lambda: _zstd().ZstdCompressor(level=3),
        "bz2": bz2.BZ2Compressor,
        "xz": lambda: lzma.LZMACompressor(preset=3),
    }
    return makers[codec]()


def _decompressor(codec: str) -> Decompressor:
    if codec == "gz":
        return _Gzip()
    if codec == "bz2":
        return bz2.BZ2Decompressor()
    if codec == "xz":
        return lzma.LZMADecompressor(memlimit=_MEMORY_LIMIT)
    zstd = _zstd()
    made: Decompressor = zstd.ZstdDecompressor(
        options={zstd.DecompressionParameter.window_log_max: _MAX_WINDOW_LOG},
    )
    return made


def _zstd() -> Any:
    """Python's own zstd from 3.14 on; before, its backport, which is the same code."""
    return extra("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd", "zstd")


def zstd_or_none() -> Any:
    """The same where it is installed."""
    try:
        return _zstd()
    except MissingExtraError:
        return None


def _errors() -> tuple[type[Exception], ...]:
    """What decompressors raise on damage."""
    module = sys.modules.get("compression.zstd") or sys.modules.get("backports.zstd")
    return (OSError, EOFError, zlib.error, lzma.LZMAError, MemoryError, module.ZstdError if module else DamagedError)
