"""Files written whole or not at all: beside the target, then renamed over it; and names made fit for patterns."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

_FRESH_MODE = 0o666  # what open() asks for; the umask takes its part


def matchable(path: str) -> str:
    r"""A path with question marks for bytes that are not UTF-8: pathspec's RE2 backend raises on these.

    >>> matchable("a\udcff.txt")
    'a?.txt'
    """
    return path.encode("utf-8", "replace").decode("utf-8")


class Replacement:
    """A file being written that takes the place of another on ``commit`` and leaves no trace on ``discard``.

    A link stays a link: what it points to is replaced. The old file's mode is kept, and its owner where that is
    allowed. What is no regular file (/dev/stdout, a pipe) is written to directly. As a context manager it commits if
    the block ends well.

    Args:
        path: The file to replace; it need not exist, its folder must.

    Attributes:
        stream: Where to write.
    """

    def __init__(self, path: Path) -> None:
        self._target = Path(os.path.realpath(path))
        self._old = self._target.stat() if self._target.exists() else None
        self._beside: Path | None = None
        self.stream: BinaryIO
        if self._old and not stat.S_ISREG(self._old.st_mode):
            self.stream = self._target.open("wb")
            return
        import tempfile  # 4 ms

        handle, name = tempfile.mkstemp(prefix=".qcheck-", suffix=".tmp", dir=self._target.parent)
        self.stream, self._beside = os.fdopen(handle, "wb"), Path(name)

    def commit(self) -> None:
        """Put what was written in the place of the file."""
        try:
            self.stream.flush()
            if self._beside:
                self._take_after_old(self.stream.fileno())
            self.stream.close()
            if self._beside:
                self._beside.replace(self._target)
        except BaseException:
            self.discard()
            raise

    def discard(self) -> None:
        """Leave the file as it was."""
        with suppress(OSError):  # a full disk refuses what is still in the buffer; it goes anyway
            self.stream.close()
        if self._beside:
            self._beside.unlink(missing_ok=True)

    def _take_after_old(self, descriptor: int) -> None:
        if not hasattr(os, "fchmod"):  # Windows: rights come from the folder
            return
        if self._old is None:
            umask = os.umask(0)
            os.umask(umask)
            os.fchmod(descriptor, _FRESH_MODE & ~umask)
            return
        with suppress(PermissionError):
            os.fchown(descriptor, self._old.st_uid, self._old.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(self._old.st_mode))

    def __enter__(self) -> BinaryIO:
        return self.stream

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if kind is None:
            self.commit()
        else:
            self.discard()
