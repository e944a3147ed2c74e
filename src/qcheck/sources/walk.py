"""Files below the paths of a run: .gitignore respected, order fixed, nothing left out in silence."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from pathspec import GitIgnoreSpec

from qcheck.files import matchable
from qcheck.settings import Settings
from qcheck.sources import STDIN, File, Options, Record, Unreadable
from qcheck.sources.paths import expanded
from qcheck.sources.reading import read

LINKED_FOLDER = "linked folder"
SPECIAL_FILE = "special file"
NO_SUFFIX = "no suffix"


class _Ignored:
    """Patterns of one .gitignore (or of the settings) and the folder they count from."""

    def __init__(self, folder: Path, lines: Iterable[str]) -> None:
        self._head = os.path.join(os.path.abspath(folder), "")
        self._spec = GitIgnoreSpec.from_lines(lines)

    def verdict(self, path: str, *, is_folder: bool) -> bool | None:
        """Whether the patterns leave an absolute path out; ``None`` if they do not speak of it."""
        if not path.startswith(self._head):
            return None
        return self._spec.check_file(matchable(path.removeprefix(self._head)) + "/" * is_folder).include


class Walk:
    """The documents of the paths of one run, in the order of the paths and, inside folders, of the names.

    Args:
        paths: Files, folders, and whatever else ``paths.expanded`` knows. A file named outright is taken whatever its
            name.
        settings: What a walk takes from folders, and what it leaves out.
        outputs: Files that the run itself writes; a walk does not see them, so that a second run reads the same.
        options: How records become texts.

    Attributes:
        skipped: Files below the folders that are of other kinds than ``include`` names, counted by suffix, and
            what a walk does not enter, by what it is. Complete when all documents have been read.
    """

    def __init__(
        self, paths: Iterable[str], settings: Settings, outputs: Iterable[Path] = (), options: Options | None = None
    ) -> None:
        self._paths, self._options = list(paths), options or Options()
        self._include = [pattern.lower() for pattern in settings.include]
        folder = settings.path.parent if settings.path else Path()
        self._exclude = _Ignored(folder, settings.exclude)
        self._outputs = frozenset(map(os.path.abspath, outputs))
        # One folder or file cannot name anything twice; a list or a glob can.
        self._seen: set[str] | None = None if len(self._paths) == 1 and os.path.exists(self._paths[0]) else set()
        self.skipped: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Record]:
        for found in self.files():
            yield from (found,) if isinstance(found, Unreadable) else read(found, self._options)

    def files(self) -> Iterator[File | Unreadable]:
        """The files of the walk, each once, and what should be one and is not."""
        for found in self._found():
            if isinstance(found, Unreadable) or self._is_new(found):
                yield found

    def _is_new(self, file: File) -> bool:
        """Whether a file has not come up before: paths may overlap, and no document counts twice."""
        if self._seen is None:
            return True
        known, place = self._seen, os.path.abspath(file.path) if file.path else file.url or STDIN
        new = place not in known
        known.add(place)
        return new

    def _found(self) -> Iterator[File | Unreadable]:
        for given in expanded(self._paths):
            if isinstance(given, Path):
                yield from self._below(given, _ignored_above(given))
            else:
                yield given

    def _below(self, folder: Path, ignored: tuple[_Ignored, ...]) -> Iterator[File | Unreadable]:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            file = File(folder.as_posix(), folder)
            yield Unreadable(file.name, f"the folder cannot be read: {error.strerror or error}", file)
            return
        ignored = (*_gitignore(folder), *ignored)
        for entry in entries:
            path, is_folder = folder / entry.name, os.path.isdir(entry.path)
            if self._is_left_out(path, ignored, is_folder=is_folder):
                continue
            if not is_folder:
                yield from self._wanted(path, entry)
            elif entry.is_symlink():
                self.skipped[LINKED_FOLDER] += 1
            else:
                yield from self._below(path, ignored)

    def _is_left_out(self, path: Path, ignored: tuple[_Ignored, ...], *, is_folder: bool) -> bool:
        place = os.path.abspath(path)
        if path.name == ".git" or place in self._outputs:
            return True
        verdicts = (patterns.verdict(place, is_folder=is_folder) for patterns in (self._exclude, *ignored))
        return next((verdict for verdict in verdicts if verdict is not None), False)

    def _wanted(self, path: Path, entry: os.DirEntry[str]) -> Iterator[File]:
        name = path.name.lower()
        if not any(fnmatchcase(name, pattern) for pattern in self._include):
            self.skipped[path.suffix.lower() or NO_SUFFIX] += 1
        elif os.path.isfile(path) or not os.path.exists(path):
            yield File(path.as_posix(), path)  # a dangling link too: its document is missing, and that must be said
        else:
            self.skipped[SPECIAL_FILE] += 1


def _gitignore(folder: Path) -> tuple[_Ignored, ...]:
    try:
        lines = (folder / ".gitignore").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    return (_Ignored(folder, lines),)


def _ignored_above(folder: Path) -> tuple[_Ignored, ...]:
    """The .gitignore files from the folder above up to the top of its repository, the nearest first.

    None if they leave out the folder itself: who names it wants it, and corpora often stand in ignored folders.
    """
    place = Path(os.path.abspath(folder))
    top = next((above for above in (place, *place.parents) if os.path.exists(above / ".git")), place)
    above = [parent for parent in place.parents if parent == top or top in parent.parents]
    ignored = tuple(patterns for parent in above for patterns in _gitignore(parent))
    verdicts = (patterns.verdict(str(place), is_folder=True) for patterns in ignored)
    return () if next((verdict for verdict in verdicts if verdict is not None), False) else ignored
