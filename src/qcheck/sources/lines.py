"""A stream cut into lines at line feeds and nowhere else, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from qcheck.sources.compression import DamagedError, Readable

HEAD = 1 << 16  # of a line that is too long to keep
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Piece(NamedTuple):
    """Whole lines, the last perhaps without its line end; or the head of a line that is longer than allowed.

    Attributes:
        data: The bytes.
        offset: Where they begin.
        lines: Line ends in them; of a line that is too long, 1.
        too_long: Bytes of the whole line if it is too long to keep, else 0.
    """

    data: bytes
    offset: int
    lines: int
    too_long: int = 0


def pieces(stream: Readable, block: int, longest: int, offset: int = 0) -> Iterator[Piece]:
    """Cut a stream into pieces of about ``block`` bytes that end at line ends; it stands at ``offset`` now.

    Raises:
        BrokenLineError: The stream cannot be read on.
    """
    rest = bytearray()  # grows in place: a line of 100 MB comes in a hundred blocks
    while True:
        try:
            data = stream.read(block)
        except DamagedError as error:
            raise BrokenLineError(str(error), bytes(rest), offset) from None
        if not data:
            break
        end = data.rfind(b"\n") + 1
        if end:
            whole = bytes(rest) + data[:end]
            yield Piece(whole, offset, whole.count(b"\n"))
            rest, offset = bytearray(data[end:]), offset + len(whole)
        else:
            rest += data
        if len(rest) > longest:
            skipped, after = _skipped(stream, block, offset + len(rest))
            yield Piece(bytes(rest[:HEAD]), offset, 1, skipped - offset)
            rest, offset = bytearray(after), skipped
    if rest:
        yield Piece(bytes(rest), offset, 0)


class BrokenLineError(DamagedError):
    """Damage in a stream, with what was read of the line it stands in."""

    def __init__(self, message: str, rest: bytes, offset: int) -> None:
        super().__init__(message)
        self.rest, self.offset = rest, offset


def _skipped(stream: Readable, block: int, at: int) -> tuple[int, bytes]:
    """Where the line that is being read ends, and what was read beyond."""
    while True:
        try:
            data = stream.read(block)
        except DamagedError:
            return at, b""  # told again at the next reading
        if not data:
            return at, b""
        if end := data.find(b"\n") + 1:
            return at + end, data[end:]
        at += len(data)


def utf16(head: bytes) -> str | None:
    """What to say if bytes at the beginning of a file look like UTF-16 (or UTF-32); ``None`` if they do not."""
    if head.startswith(_UTF16):
        return "is UTF-16, not UTF-8; convert it with 'iconv -f UTF-16 -t UTF-8'"
    sample = head[:200]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(sample) >= 8 and min(even, odd) == 0 and (even + odd) * 5 >= len(sample) * 2:
        return "looks like UTF-16 without a byte order mark; convert it with 'iconv -f UTF-16LE -t UTF-8'"
    return None
