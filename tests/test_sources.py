import os
import subprocess
from pathlib import Path

import pytest

from qcheck.settings import Settings
from qcheck.sources import File, Text, Unreadable
from qcheck.sources.text import read_text
from qcheck.sources.walk import LINKED_FOLDER, SPECIAL_FILE, Walk


def tree(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"The text of {name}.\n", encoding="utf-8")


def ids(*paths: str, settings: Settings | None = None) -> list[str]:
    return [record.id for record in Walk(paths, settings or Settings())]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def only(path: Path) -> Text | Unreadable:
    (record,) = read_text(File(path.name, path))
    return record


class TestText:
    @pytest.mark.parametrize("text", ["", "one\r\ntwo\rthree\n", "a\u2028b\x00\x1b", "😀\n", "x" * 100_000])
    def test_text_is_what_the_bytes_say(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes(text.encode())
        record = only(path)

        assert isinstance(record, Text)
        assert record.text == text
        assert record.text.encode(record.encoding) == path.read_bytes()

    def test_a_byte_order_mark_is_kept_for_writing_and_no_part_of_the_text(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes(b"\xef\xbb\xbfone\r\n")
        record = only(path)

        assert isinstance(record, Text)
        assert record.text == "one\r\n"
        assert record.text.encode(record.encoding) == path.read_bytes()

    @pytest.mark.parametrize(
        ("data", "place"),
        [
            (b"abc\xe9", "byte 0xe9 at offset 3 (line 1)"),
            (b"one\ntwo\n\xff\n", "byte 0xff at offset 8 (line 3)"),
            (b"\xef\xbb\xbfa\xe9b", "byte 0xe9 at offset 4 (line 1)"),
            ("cut short é".encode()[:-1], "byte 0xc3 at offset 10 (line 1)"),
            (b"\xed\xa0\x80", "byte 0xed at offset 0 (line 1)"),
        ],
    )
    def test_other_encodings_are_refused_with_the_place(self, tmp_path: Path, data: bytes, place: str) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes(data)
        record = only(path)

        assert isinstance(record, Unreadable)
        assert f"is not UTF-8: {place}; convert it" in record.error

    def test_a_binary_file_is_called_one(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xfe")

        record = only(path)

        assert isinstance(record, Unreadable)
        assert record.error.startswith("is not text but binary: byte 0x89 at offset 0 (line 1)")

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
    def test_utf_16_is_called_by_its_name(self, tmp_path: Path, encoding: str) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes("\ufeffone".encode(encoding))
        record = only(path)

        assert isinstance(record, Unreadable)
        assert "is UTF-16" in record.error

    @pytest.mark.parametrize("make", [lambda path: None, Path.mkdir, lambda path: path.symlink_to(path)])
    def test_what_cannot_be_opened_says_why(self, tmp_path: Path, make) -> None:
        make(tmp_path / "a.txt")
        record = only(tmp_path / "a.txt")

        assert isinstance(record, Unreadable)
        assert record.error.startswith("cannot be read: ")


class TestWalk:
    def test_order_is_that_of_paths_and_names(self, here: Path) -> None:
        tree(here, "b/z.txt", "b/a/y.txt", "b/a.txt", "c.txt", "a.txt")

        assert ids("c.txt", "b", "a.txt") == ["c.txt", "b/a/y.txt", "b/a.txt", "b/z.txt", "a.txt"]

    @pytest.mark.parametrize(("given", "id"), [("d", "d/a.txt"), ("./d/", "d/a.txt"), (".", "d/a.txt")])
    def test_ids_are_paths_as_given(self, here: Path, given: str, id: str) -> None:
        tree(here, "d/a.txt")

        assert ids(given) == [id]
        assert ids(str(here / "d")) == [f"{here.as_posix()}/d/a.txt"]

    def test_a_file_named_outright_is_taken_whatever_its_name(self, here: Path) -> None:
        tree(here, "a.xyz")
        (here / ".gitignore").write_text("*.xyz\n")

        assert ids("a.xyz") == ["a.xyz"]
        assert ids(".") == []

    def test_other_kinds_are_counted(self, here: Path) -> None:
        tree(here, "d/a.txt", "d/b.PDF", "d/c.pdf", "d/README", "d/B.TXT")
        os.mkfifo(here / "d/pipe.txt")
        (here / "d/up").symlink_to(here)
        walk = Walk(["d"], Settings())

        assert [record.id for record in walk] == ["d/B.TXT", "d/a.txt"]
        assert walk.skipped == {".pdf": 2, "no suffix": 1, SPECIAL_FILE: 1, LINKED_FOLDER: 1}

    def test_links_to_folders_are_not_followed_unless_named(self, here: Path) -> None:
        tree(here, "d/a.txt")
        (here / "d/loop").symlink_to(here / "d")
        (here / "link").symlink_to(here / "d")

        assert ids(".") == ["d/a.txt"]
        assert ids("link") == ["link/a.txt"]

    def test_no_document_is_lost_behind_a_dangling_link(self, here: Path) -> None:
        (here / "a.txt").symlink_to(here / "gone.txt")
        (record,) = Walk(["."], Settings())

        assert isinstance(record, Unreadable)

    def test_overlapping_paths_count_a_document_once(self, here: Path) -> None:
        tree(here, "d/a.txt", "d/b.txt")

        assert ids("d/b.txt", "d", "./d/a.txt") == ["d/b.txt", "d/a.txt"]

    def test_a_missing_path_is_a_record(self, here: Path) -> None:
        (record,) = Walk(["gone"], Settings())

        assert isinstance(record, Unreadable)
        assert record.error == "cannot be read: No such file or directory"

    def test_include_and_exclude_count_from_the_settings_file(self, here: Path) -> None:
        tree(here, "d/a.txt", "d/a.log", "d/out/b.log", "d/keep/out/c.log")
        settings = Settings(include=("*.log",), exclude=("d/out/",), path=here / "qcheck.toml")

        assert ids("d", settings=settings) == ["d/a.log", "d/keep/out/c.log"]


class TestGitignore:
    def test_nested_files_and_the_last_word(self, here: Path) -> None:
        tree(here, "r/a.txt", "r/b.txt", "r/s/b.txt", "r/s/c.txt", "r/build/d.txt", "r/.git/e.txt")
        (here / "r/.gitignore").write_text("b.txt\nbuild/\n/s/c.txt\n")
        (here / "r/s/.gitignore").write_text("!b.txt\n")

        assert ids("r") == ["r/a.txt", "r/s/b.txt"]

    def test_files_above_count_up_to_the_top_of_the_repository(self, here: Path) -> None:
        tree(here, "r/d/e/a.txt", "r/d/e/b.txt", "r/d/e/c.txt")
        (here / ".gitignore").write_text("a.txt\n")
        (here / "r/.git").mkdir()
        (here / "r/.gitignore").write_text("d/e/b.txt\n")
        (here / "r/d/.gitignore").write_text("/e/c.txt\n")

        assert ids("r/d/e") == ["r/d/e/a.txt"]

    def test_an_ignored_folder_named_outright_is_walked(self, here: Path) -> None:
        tree(here, "data/sub/a.txt")
        (here / ".git").mkdir()
        (here / ".gitignore").write_text("data/\n")

        assert ids(".") == []
        assert ids("data") == ["data/sub/a.txt"]
        assert ids("data/sub") == ["data/sub/a.txt"]

    def test_agrees_with_git(self, here: Path) -> None:
        names = ("a.txt", "b.txt", "s/a.txt", "s/t/a.txt", "s/t/b.txt", "x/y/z.txt", "x/keep.txt", "a blank.txt")
        tree(here, *names)
        (here / ".gitignore").write_text("/a.txt\nx/*\n!x/keep.txt\n# no comment\na\\ blank*\n")
        (here / "s/.gitignore").write_text("t/*.txt\n!t/b.txt\n")
        subprocess.run(["git", "init", "-q"], cwd=here, check=True)
        command = ["git", "ls-files", "--others", "--exclude-standard", "*.txt"]
        listed = subprocess.run(command, cwd=here, check=True, capture_output=True, text=True).stdout.splitlines()

        assert sorted(ids(".")) == sorted(listed)
