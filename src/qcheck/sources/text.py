"""Plain text: one file or stream is one document."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterator

from qcheck.sources import File, Record, Text, Unreadable

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_text(file: File) -> Iterator[Record]:
    """The document of a text file; bytes are decoded strictly and line ends stay as they are."""
    try:
        data = file.path.read_bytes() if file.path else sys.stdin.buffer.read()
    except OSError as error:
        yield Unreadable(file.name, f"cannot be read: {error.strerror or error}", file)
        return
    encoding = "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8"
    try:
        yield Text(file.name, data.decode(encoding), file, encoding)
    except UnicodeDecodeError:
        yield Unreadable(file.name, _not_utf8(data), file)


def _not_utf8(data: bytes) -> str:
    """Where and why bytes are not UTF-8; positions count in the whole file, a byte order mark included."""
    if data.startswith(_UTF16):
        return "is UTF-16, not UTF-8; convert it with 'iconv -f UTF-16 -t UTF-8'"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        place = f"byte 0x{data[error.start]:02x} at offset {error.start} (line {line})"
        return f"is not UTF-8: {place}; convert it, for instance with 'iconv -f WINDOWS-1252 -t UTF-8'"
    raise AssertionError("bytes that are UTF-8 after all")
