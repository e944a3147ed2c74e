"""What stands on the command line, as files and folders: globs, lists of files, and places that fsspec reaches."""

from __future__ import annotations

import glob
import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from qcheck.sources import STDIN, STDIN_NAME, File, Unreadable
from qcheck.sources.extras import MissingExtraError
from qcheck.sources.opening import remote

_URL = re.compile(r"[a-z][a-z0-9+.-]*(?:::[a-z][a-z0-9+.-]*)*://", re.IGNORECASE)
_LIST = "@"


def expanded(given: Iterable[str]) -> Iterator[File | Path | Unreadable]:
    """Files, folders to walk (as paths), and what leads nowhere.

    ``-`` is standard input; ``@FILE`` names a file of paths, one a line (or, as of ``find -print0``, ended by NULs),
    ``@-`` reads them from standard input; a name with ``* ? [`` is a glob unless a file is called that, ``**`` goes
    into folders; a name with ``://`` is for fsspec.
    """
    for name in given:
        if name == STDIN:
            yield File(STDIN_NAME, None)
        elif _URL.match(name):
            yield from _remote(name)
        elif os.path.lexists(name):
            yield _local(name)
        elif name.startswith(_LIST):
            yield from _listed(name)
        elif glob.has_magic(name):
            yield from _globbed(name)
        else:
            yield _local(name)


def _local(name: str) -> File | Path:
    path = Path(name)
    return path if os.path.isdir(path) else File(path.as_posix(), path)


def _globbed(pattern: str) -> Iterator[File | Path | Unreadable]:
    found = sorted(glob.iglob(pattern, recursive=True))
    if not found:
        yield Unreadable(pattern, "no file is called like this", File(pattern, Path(pattern)))
    for name in found:
        if "**" not in pattern or not os.path.isdir(name):
            yield _local(name)


def _listed(name: str) -> Iterator[File | Path | Unreadable]:
    path = name.removeprefix(_LIST)
    try:
        data = sys.stdin.buffer.read() if path == STDIN else Path(path).read_bytes()
    except OSError as error:
        yield Unreadable(name, f"the list of files cannot be read: {error.strerror or error}", File(name, Path(path)))
        return
    end = b"\0" if b"\0" in data else b"\n"
    names = [os.fsdecode(line.removesuffix(b"\r") if end == b"\n" else line) for line in data.split(end)]
    yield from expanded(line for line in names if line and not line.startswith(_LIST))


def _remote(url: str) -> Iterator[File | Unreadable]:
    scheme = url.partition("://")[0]
    try:
        found: list[str] = remote(url, _found)
    except (OSError, MissingExtraError) as error:
        yield Unreadable(url, f"cannot be reached: {error}", File(url, None, url))
        return
    if not found:
        yield Unreadable(url, "no file is there", File(url, None, url))
    for place in found:
        name = url if len(found) == 1 and place in url else f"{scheme}://{place.lstrip('/')}"
        yield File(name, None, name)


def _found(system: object, path: str) -> list[str]:
    """The files at a path of an fsspec file system: a glob's, a folder's, or the one."""
    if glob.has_magic(path):
        return sorted(system.glob(path))  # type: ignore[attr-defined]
    if system.isdir(path):  # type: ignore[attr-defined]
        return sorted(system.find(path))  # type: ignore[attr-defined]
    return [path]
