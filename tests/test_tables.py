from __future__ import annotations

from pathlib import Path

import pytest

from qcheck.errors import FileError
from qcheck.tables import Table, read_text, read_toml


def table_of(tmp_path: Path, source: str) -> Table:
    path = tmp_path / "a.toml"
    path.write_text(source, encoding="utf-8")
    return read_toml(path)


SOURCE = """\
top = 1                         # 1
text = '''
top = 2
[fake]
\"\"\" three quotes
'''                             # 6
quotes = 'a \"\"\" b'           # 7
"docs/*.md" = ["X"]             # 8
many = [
  '''key = "value"''',
  "[rows]",
]
[one]                           # 13
key = 1
[one.two]                       # 15
key = 2                         # 16
[[rows]]                        # 17
key = 3
[[rows]]                        # 19
other = "x = 1"
key = 4                         # 21
[deep.er.still]                 # 22
"""


@pytest.mark.parametrize(
    ("path", "key", "line"),
    [
        ((), "top", 1),
        ((), "quotes", 7),
        ((), "docs/*.md", 8),
        ((), "absent", 1),
        ((), "one", 13),
        (("one",), "key", 14),
        (("one",), None, 13),
        (("one",), "two", 15),
        (("one", "two"), "key", 16),
        (("one", "two"), "absent", 15),
        (("rows", 0), "key", 18),
        (("rows", 1), "key", 21),
        (("rows", 1), None, 19),
        ((), "deep", 22),
    ],
)
def test_an_error_names_the_line_of_its_key(
    tmp_path: Path, path: tuple[str | int, ...], key: str | None, line: int
) -> None:
    table = table_of(tmp_path, SOURCE)
    for part, number in zip(path, [*path, None][1:], strict=True):
        if isinstance(part, str):
            below = table.tables(part)[number] if isinstance(number, int) else table.table(part)
            assert below is not None
            table = below

    error = table.error(key, "wrong")

    assert (error.line, str(error)) == (line, f"{tmp_path / 'a.toml'}:{line}: wrong")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("a = 'x'", "'a' must be a whole number, not 'x'"),
        ("a = true", "'a' must be a whole number, not True"),
        ("a = 1.5", "'a' must be a whole number, not 1.5"),
        ("", "the file needs the key 'a'"),
    ],
)
def test_a_value_must_be_of_its_kind(tmp_path: Path, source: str, message: str) -> None:
    with pytest.raises(FileError) as caught:
        table_of(tmp_path, source).take("a", int, required=True)

    assert caught.value.message == message


def test_take_gives_values_once_and_defaults(tmp_path: Path) -> None:
    table = table_of(tmp_path, "whole = 2\nother = 1")

    assert table.take("whole", float) == 2.0
    assert isinstance(table.take("other", float), float)
    assert table.take("whole", float, 7.0) == 7.0
    assert "whole" not in table
    table.finish()


def test_booleans_are_no_numbers(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="'a' must be a number, not True"):
        table_of(tmp_path, "a = true").take("a", float)


def test_strings_takes_one_or_many(tmp_path: Path) -> None:
    table = table_of(tmp_path, "one = 'x'\nmany = ['y', 'z']\nmixed = ['y', 1]")

    assert table.strings("one") == ("x",)
    assert table.strings("many") == ("y", "z")
    assert table.strings("none") == ()
    with pytest.raises(FileError, match=r":3: 'mixed' must be a list of strings"):
        table.strings("mixed")


def test_choice(tmp_path: Path) -> None:
    table = table_of(tmp_path, "a = 'x'\nb = 'y'")

    assert table.choice("a", ("x", "z")) == "x"
    assert table.choice("none", ("x", "z"), "z") == "z"
    with pytest.raises(FileError, match=r":2: 'b' must be one of x, z, not 'y'"):
        table.choice("b", ("x", "z"))


def test_tables_must_be_tables(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r":1: 'rows' must be written as \[\[rows\]\] tables"):
        table_of(tmp_path, "rows = [1]").tables("rows")


def test_what_nobody_took_is_unknown(tmp_path: Path) -> None:
    table = table_of(tmp_path, "[one]\nkey = 1\ntypo = 2")
    below = table.table("one", required=True)
    below.take("key", int)

    table.finish()
    with pytest.raises(FileError, match=r":3: unknown key 'typo' in \[one\]"):
        below.finish()
    assert table.table("absent") is None


def test_rest_takes_everything_left(tmp_path: Path) -> None:
    table = table_of(tmp_path, "a = 1\nb = [2]")

    assert table.keys() == ["a", "b"]
    assert table.rest() == {"a": 1, "b": [2]}
    table.finish()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a = 1\nb = = 2\n", r":2: is not TOML: "),
        (b"a = 1\n\xff\n", r":1: is not UTF-8 at byte 6"),
        (b"a = " + b"[" * 100_000, r":1: is not TOML that can be read: its brackets are nested too deeply"),
    ],
)
def test_an_unreadable_file_says_why(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(data)

    with pytest.raises(FileError, match=message):
        read_toml(path)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"a\.toml:1: cannot be read: No such file or directory"):
        read_text(tmp_path / "a.toml")
