"""Files opened as streams of bytes: local ones, standard input, and through fsspec remote ones."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from qcheck.sources import File
from qcheck.sources.compression import Readable, decompressed
from qcheck.sources.extras import extra


class Opened:
    """An open file.

    Attributes:
        file: The file.
        raw: The stream as it stands, from its beginning.
        stream: The same decompressed; once it is asked for, ``raw`` is at no particular place.
        codec: How the file is compressed; known when ``stream`` has been asked for. Formats that compress inside, as
            Parquet does, put their own word there.
    """

    def __init__(self, file: File, raw: BinaryIO) -> None:
        self.file, self.raw, self.codec = file, raw, ""
        self._stream: Readable | None = None

    @property
    def stream(self) -> Readable:
        """The decompressed contents."""
        if self._stream is None:
            self._stream, self.codec = decompressed(self.raw)
        return self._stream

    def position(self) -> int:
        """Bytes of the file that have been read; 0 where the stream cannot tell."""
        try:
            return self.raw.tell()
        except (OSError, ValueError):
            return 0


@contextmanager
def opened(file: File) -> Iterator[Opened]:
    """Open a file.

    Raises:
        OSError: It cannot be opened; remote errors are turned into this.
        MissingExtraError: A remote file needs a library that is not installed.
    """
    if file.path is None and file.url is None:
        yield Opened(file, sys.stdin.buffer)
        return
    with _open(file) as raw:
        yield Opened(file, raw)


def _open(file: File) -> BinaryIO:
    if file.path is not None:
        return file.path.open("rb")
    return cast(BinaryIO, remote(file.url or "", lambda fs, path: fs.open(path, "rb")))


def size_of(file: File) -> int:
    """The size of a file in bytes; 0 where that is not known."""
    try:
        if file.path is not None:
            return file.path.stat().st_size
        return int(remote(file.url, lambda fs, path: fs.size(path)) or 0) if file.url else 0
    except OSError:
        return 0


def remote(url: str, do: Callable[[Any, str], Any]) -> Any:
    """Ask the file system of a URL; every error of any file system comes as an OSError.

    Raises:
        OSError: It cannot be done.
        MissingExtraError: The library for this kind of URL is not installed.
    """
    fsspec = extra("fsspec", "remote")
    try:
        system, path = fsspec.core.url_to_fs(url)
    except ImportError as error:
        raise OSError(f"{error}") from None
    except ValueError as error:
        raise OSError(f"not a place that can be read: {error}") from None
    try:
        return do(system, path)
    except OSError:
        raise
    except Exception as error:  # every file system has errors of its own
        raise OSError(f"{type(error).__name__}: {error}") from error
