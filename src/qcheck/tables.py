"""Reading TOML with errors that name the line: tomllib gives values, this finds where they stand."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Literal, TypeVar, overload

from qcheck.errors import FileError

T = TypeVar("T")
_HEADER = re.compile(r"\[\[?\s*([\w.\-]+)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""(?:"([^"]*)"|'([^']*)'|([\w\-]+))\s*=""")
_STRING_OR_COMMENT = re.compile(
    r"""\'{3}.*?\'{3}|"{3}(?:\\.|[^\\])*?"{3}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|\#[^\n]*""", re.DOTALL
)
_KINDS = {
    str: "a string",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "a table",
}


def read_text(path: Path) -> str:
    """Read a UTF-8 file.

    Raises:
        FileError: It cannot be read, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise FileError(path, 1, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise FileError(path, 1, f"is not UTF-8 at byte {error.start}") from None


def read_toml(path: Path) -> Table:
    """Read a TOML file.

    Raises:
        FileError: It cannot be read, is not UTF-8, or is not TOML.
    """
    text = read_text(path)
    try:
        return Table(path, text, (), tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise FileError(path, int(line[1]) if line else 1, f"is not TOML: {error}") from None
    except RecursionError:
        raise FileError(path, 1, "is not TOML that can be read: its brackets are nested too deeply") from None


class Table:
    """One TOML table whose keys are taken one by one; whatever is left over is unknown."""

    def __init__(self, path: Path, source: str, where: tuple[str | int, ...], values: dict[str, Any]) -> None:
        self.path, self._source, self._where, self._left = path, source, where, dict(values)

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def keys(self) -> list[str]:
        """Keys not taken yet."""
        return list(self._left)

    def take(self, key: str, kind: type[T], default: T | None = None, *, required: bool = False) -> Any:
        """The value of ``key``, or ``default``; an error if it is of another kind, or required and missing."""
        if key not in self._left:
            if required:
                raise self.error(None, f"{self._name()} needs the key '{key}'")
            return default
        value = self._left.pop(key)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.error(key, f"'{key}' must be {_KINDS[kind]}, not {value!r}")
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        """A list of strings; a lone string counts as a list of one."""
        if isinstance(self._left.get(key), str):
            return (self._left.pop(key),)
        values = self.take(key, list, [])
        if not all(isinstance(value, str) for value in values):
            raise self.error(key, f"'{key}' must be a list of strings")
        return tuple(values)

    def choice(self, key: str, choices: tuple[str, ...], default: str | None = None) -> Any:
        """A string out of ``choices``."""
        value = self.take(key, str, default, required=default is None)
        if value not in choices:
            raise self.error(key, f"'{key}' must be one of {', '.join(choices)}, not {value!r}")
        return value

    @overload
    def table(self, key: str, *, required: Literal[True]) -> Table: ...

    @overload
    def table(self, key: str) -> Table | None: ...

    def table(self, key: str, *, required: bool = False) -> Table | None:
        """A table below this one."""
        if key not in self._left and not required:
            return None
        return Table(self.path, self._source, (*self._where, key), self.take(key, dict, required=True))

    def tables(self, key: str) -> list[Table]:
        """An array of tables below this one."""
        rows = self.take(key, list, [])
        if not all(isinstance(row, dict) for row in rows):
            raise self.error(key, f"'{key}' must be written as [[{key}]] tables")
        return [Table(self.path, self._source, (*self._where, key, n), row) for n, row in enumerate(rows)]

    def rest(self) -> dict[str, Any]:
        """Everything not taken yet."""
        rest, self._left = self._left, {}
        return rest

    def finish(self) -> None:
        """Refuse what nobody took."""
        for key in self._left:
            raise self.error(key, f"unknown key '{key}' in {self._name()}")

    def error(self, key: str | None, message: str) -> FileError:
        """An error at the line of ``key``, or at the head of this table."""
        return FileError(self.path, self._line(key), message)

    def _name(self) -> str:
        return (
            "[" + ".".join(str(part) for part in self._where if isinstance(part, str)) + "]"
            if self._where
            else "the file"
        )

    def _line(self, key: str | None) -> int:
        """Line of a key, or of the head of the table below that it names; the head of this table if it is not there."""
        wanted = tuple(part for part in self._where if isinstance(part, str))
        nth = next((part for part in reversed(self._where) if isinstance(part, int)), 0)
        at: tuple[str, ...] = ()
        seen, head = -1, 1
        for number, line in enumerate(_one_line_a_string(self._source).split("\n"), 1):
            stripped = line.strip()
            if header := _HEADER.match(stripped):
                at = tuple(header[1].split("."))
                seen += at == wanted
                head = number if at == wanted and seen == nth else head
                if key and at[: len(wanted) + 1] == (*wanted, key):
                    return number
            found = _KEY.match(stripped)
            if found and key and key in found.groups() and at == wanted and (not wanted or seen == nth):
                return number
        return head


def _one_line_a_string(source: str) -> str:
    """The source with the insides of strings over several lines emptied, so that no line of text passes for a key."""
    return _STRING_OR_COMMENT.sub(lambda m: "\n" * m[0].count("\n") if "\n" in m[0] else m[0], source)
