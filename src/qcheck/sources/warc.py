"""Records of a WARC file one after another, and what breaks them: reading goes on at the next head, with its position.

Its own framing, since the libraries for WARC end a file at the first bytes that are no record, or take them for ARC.
Memory holds one record of at most the size allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from qcheck.sources import MIB
from qcheck.sources.compression import DamagedError, Readable

HEAD = 1 << 16  # of bytes that are no record, and of a record too large to keep
_HEAD_LIMIT = 1 << 16  # real heads have about 500 bytes
_BLOCK = 1 << 17
_START = re.compile(rb"WARC/[01]\.[0-9]{1,2}\r?\n[A-Za-z]")
_START_LENGTH = len(b"WARC/1.10\r\nW")
_INSIDE = re.compile(rb"\n(WARC/[01]\.[0-9]{1,2}\r?\n[A-Za-z])")
_BLANK = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(r"\r?\n[ \t]+")
_LINE_ENDS = re.compile(rb"[\r\n]*")
_DIGITS = 18  # of a length; int() refuses to read thousands
_TYPES = frozenset("warcinfo response resource request metadata revisit conversion continuation".split())


@dataclass(frozen=True, slots=True)
class Record:
    """A record.

    Attributes:
        offset: Where its head begins, in bytes of the decompressed file.
        headers: Its named fields, names in lower case.
        body: Its block.
    """

    offset: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """Bytes that are no record that can be read.

    Attributes:
        offset: Where they begin, in bytes of the decompressed file.
        error: What is wrong, and where reading goes on.
        data: The bytes, or their head.
        size: How many there are.
    """

    offset: int
    error: str
    data: bytes
    size: int


def records(stream: Readable, longest: int) -> Iterator[Record | Broken]:
    """The records of a stream, and what breaks it.

    Args:
        stream: The decompressed file.
        longest: Bytes from which on a record is refused if it is a page, and passed over if it is not.
    """
    tape = _Tape(stream)
    while True:
        if tape.skip_blanks():
            if (found := _next(tape, longest)) is not None:
                yield found
        elif tape.damage:
            yield Broken(tape.offset, tape.resumed(), b"", 0)
        else:
            return


def _next(tape: _Tape, longest: int) -> Record | Broken | None:
    head = tape.head()
    if not head:
        return tape.skipped(
            "here are {size} bytes that are no WARC record" if head is None else "the head of a record is cut off"
        )
    headers = _headers(head)
    kind, length = headers.get("warc-type", ""), headers.get("content-length", "")
    if kind.lower() not in _TYPES:
        return tape.skipped(f"a record of the unknown type '{kind[:40]}'" if kind else "a record without a type")
    if not (length.isascii() and length.isdecimal() and len(length) <= _DIGITS):
        return tape.skipped(f"a record whose length is '{length[:40]}'" if length else "a record without a length")
    if int(length) > longest:
        return _too_large(tape, len(head), kind, int(length), longest)
    return _whole(tape, len(head), headers, int(length))


def _whole(tape: _Tape, start: int, headers: dict[str, str], length: int) -> Record | Broken:
    """The record that stands here if its length is right: if the next begins behind it, or nothing stands there."""
    offset, end = tape.offset, start + length
    have = tape.filled(end)
    if have == end and tape.ends_record(end):
        if tape.doubtful and tape.is_empty_after(end):
            return tape.broken(end, "{damage}")
        return Record(offset, headers, tape.take(start, length))
    if (inside := tape.find_inside(start, have)) is not None:
        return tape.broken(inside, f"a record of {inside - start:,} bytes says that it has {length:,}")
    if have < end:
        return tape.broken(have, f"a record ends after {have - start:,} of {length:,} bytes: {{damage}}")
    return Record(offset, headers, tape.take(start, length))  # what follows will be told as bytes of no record


def _too_large(tape: _Tape, start: int, kind: str, length: int, longest: int) -> Broken | None:
    """Pass over a record too large to keep, not by its length, which may be wrong, but to the next head."""
    passed = tape.skipped("", start)
    if passed.size >= start + length:
        why = f"the page has {length / MIB:,.1f} MiB, more than {longest / MIB:,.1f} (--max-record)"
        return replace(passed, error=why) if kind == "conversion" else None
    why = f"a record of {passed.size - start:,} bytes says that it has {length:,}"
    return replace(passed, error="; ".join(filter(None, (why, passed.error))))


def _headers(head: bytes) -> dict[str, str]:
    lines = _FOLD.sub(" ", head.decode("utf-8", "replace")).splitlines()[1:]
    pairs = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


class _Tape:
    """A stream with a look ahead, to its end or to where it is damaged.

    Attributes:
        offset: Where the look ahead begins, in bytes of the decompressed stream.
        damage: What is wrong with the stream behind the bytes at hand; empty if it just ends or goes on.
        doubtful: Whether the bytes before the damage belong to what is damaged.
    """

    def __init__(self, stream: Readable) -> None:
        self._stream, self._data, self._at = stream, bytearray(), 0
        self.offset, self.damage, self.doubtful = 0, "", False
        self._ended = False

    def filled(self, size: int) -> int:
        """Read until so many bytes are at hand; how many of them there are."""
        while len(self._data) - self._at < size and not self._ended:
            try:
                data = self._stream.read(max(_BLOCK, min(size, MIB)))
            except DamagedError as error:
                self.damage, self.doubtful, data = str(error), error.doubtful, b""
            self._ended = not data
            del self._data[: self._at]
            self._at = 0
            self._data += data
        return min(size, len(self._data) - self._at)

    def _drop(self, size: int) -> None:
        self._at += size
        self.offset += size

    def take(self, start: int, size: int) -> bytes:
        """So many bytes from ``start`` on, which are at hand; reading goes on behind them."""
        data = bytes(self._data[self._at + start : self._at + start + size])
        self._drop(start + size)
        return data

    def skip_blanks(self) -> bool:
        """Skip line ends; whether anything is left before the end or the damage."""
        while self.filled(1):
            found = _LINE_ENDS.match(self._data, self._at)
            self._drop(found.end() - self._at if found else 0)
            if self._at < len(self._data):
                return True
        return False

    def head(self) -> bytes | None:
        """The head of the record that begins here; empty if it does not end, ``None`` if none begins."""
        for size in (1 << 11, _HEAD_LIMIT):
            have = self.filled(size)
            if not _START.match(self._data, self._at):
                return None
            if found := _BLANK.search(self._data, self._at, self._at + have):
                return bytes(self._data[self._at : found.end()])
        return b""

    def ends_record(self, at: int) -> bool:
        """Whether line ends and another record follow, or nothing does."""
        have = self.filled(at + 64)
        rest = bytes(self._data[self._at + at : self._at + have]).lstrip(b"\r\n")
        return not rest or rest.startswith(b"WARC/"[: len(rest)])

    def is_empty_after(self, at: int) -> bool:
        """Whether nothing but line ends stands before the end of what can be read."""
        return not bytes(self._data[self._at + at : self._at + at + 64]).strip(b"\r\n")

    def find_inside(self, start: int, end: int) -> int | None:
        """Where another record begins in bytes that are at hand."""
        found = _INSIDE.search(self._data, self._at + start, min(self._at + end + _START_LENGTH, len(self._data)))
        return found.start(1) - self._at if found else None

    def broken(self, size: int, why: str) -> Broken:
        """Give up so many bytes that are at hand; ``{damage}`` in the reason is what ends the stream here."""
        offset, data = self.offset, self.take(0, size)
        if "{damage}" in why:
            why = why.replace("{damage}", self.resumed() if self.damage else "the file is cut off")
        return Broken(offset, why, data, size)

    def skipped(self, why: str, start: int = 1) -> Broken:
        """Give up all bytes up to the next head, which is looked for from ``start`` on; the first of them are kept."""
        offset, kept = self.offset, bytearray()
        while True:
            have = self.filled(max(_BLOCK, start + _START_LENGTH))
            found = _START.search(self._data, self._at + start)
            end = have if self._ended else max(start, have - _START_LENGTH)
            end = found.start() - self._at if found else end
            kept += self._data[self._at : self._at + min(end, HEAD - len(kept))]
            self._drop(end)
            if found or (self._ended and not self.filled(1)):
                break
            start = 0
        size = self.offset - offset
        words = (why.replace("{size}", f"{size:,}"), self.resumed() if self.damage and not found else "")
        return Broken(offset, "; ".join(filter(None, words)), bytes(kept), size)

    def resumed(self) -> str:
        """Go on behind the damage where another frame begins; what to say of both."""
        damage, self.damage, self.doubtful = self.damage, "", False
        if (place := self._stream.resume()) is None:
            return damage
        self._ended = False
        return f"{damage}; reading goes on at byte {place:,} of the compressed file"
