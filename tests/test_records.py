"""Readers of files of records, and where they find their files."""

from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from backports import zstd

from command import documents, qcheck, write_project
from qcheck.cli import main
from qcheck.sources import File, Options, Record, Text, Unreadable, extras, formats
from qcheck.sources.paths import expanded
from qcheck.sources.reading import read
from records import EVERY, PACK, packed, page, write_records

ROWS = [{"id": f"r{number}", "text": f"Text {number}: naïve 日本 🙂\nteh end."} for number in range(5)]


def read_all(path: Path, options: Options | None = None) -> list[Record]:
    return list(read(File(path.name, path), options or Options()))


def texts(records: list[Record]) -> list[str]:
    return [record.text for record in records if isinstance(record, Text)]


@pytest.mark.parametrize("suffix", EVERY)
def test_every_format_gives_back_its_texts(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    write_records(path, ROWS)

    records = read_all(path)
    assert texts(records) == [row["text"] for row in ROWS]
    assert [record.id for record in records] == [f"a{suffix}:{number}" for number in range(1, 6)]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet", ".arrow"])
def test_id_field_names_the_records(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    write_records(path, [{"id": "x", "text": "A."}, {"id": "", "text": "B."}])

    assert [record.id for record in read_all(path, Options(id_field="id"))] == [f"a{suffix}:x", f"a{suffix}:"]


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet", ".arrow"])
def test_nested_fields(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    write_records(path, [{"doc": {"body": {"raw": "Deep."}}, "meta": {"key": 7}}])

    (record,) = read_all(path, Options("doc.body.raw", "meta.key"))
    assert isinstance(record, Text)
    assert (record.text, record.id) == ("Deep.", f"a{suffix}:7")


def test_a_field_with_a_dot_in_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"a.b": "Dot.", "a": {"b": "Nested."}}\n')
    assert texts(read_all(tmp_path / "a.jsonl", Options("a.b"))) == ["Dot."]


@pytest.mark.parametrize("kind", ["dictionary", "large_string", "binary", "string_view"])
def test_arrow_types_of_text(tmp_path: Path, kind: str) -> None:
    column = pa.array(["One.", "Two."])
    types = {"dictionary": column.dictionary_encode, "large_string": lambda: column.cast(pa.large_string())}
    types |= {"binary": lambda: column.cast(pa.binary()), "string_view": lambda: column.cast(pa.string_view())}
    table = pa.table({"text": types[kind]()})
    with pa.ipc.new_file(tmp_path / "a.arrow", table.schema) as writer:
        writer.write_table(table)

    assert texts(read_all(tmp_path / "a.arrow")) == ["One.", "Two."]


@pytest.mark.parametrize("block", [1, 7, 64, 1 << 20])
def test_lines_are_the_same_whatever_the_block(tmp_path: Path, block: int) -> None:
    data = b'{"text": "One."}\r\n\n{"text": "Two\xe2\x80\xa8three."}\n  \n{"text": "Last."}'
    (tmp_path / "a.jsonl").write_bytes(data)

    records = read_all(tmp_path / "a.jsonl", Options(batch_bytes=block))
    assert texts(records) == ["One.", "Two\u2028three.", "Last."]
    assert [record.number for record in records if isinstance(record, Text)] == [1, 3, 5]


@pytest.mark.parametrize("join", [gzip.compress, zstd.compress])
def test_frames_and_members_are_one_file(tmp_path: Path, join) -> None:
    lines = [json.dumps({"text": f"Text {number}."}).encode() + b"\n" for number in range(4)]
    suffix = ".gz" if join is gzip.compress else ".zst"
    (tmp_path / f"a.jsonl{suffix}").write_bytes(b"".join(map(join, lines)))

    assert len(texts(read_all(tmp_path / f"a.jsonl{suffix}"))) == 4


def test_a_skippable_zstd_frame_first(tmp_path: Path) -> None:
    frame = b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc"
    (tmp_path / "a.jsonl.zst").write_bytes(frame + zstd.compress(b'{"text": "One."}\n'))

    assert texts(read_all(tmp_path / "a.jsonl.zst")) == ["One."]


def test_compression_is_told_by_the_bytes_not_the_name(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(b'{"text": "Not zipped."}\n')
    (tmp_path / "b.jsonl").write_bytes(gzip.compress(b'{"text": "Zipped."}\n'))

    assert texts(read_all(tmp_path / "a.jsonl.gz") + read_all(tmp_path / "b.jsonl")) == ["Not zipped.", "Zipped."]


@pytest.mark.parametrize("codec", ["gz", "zst", "bz2", "xz"])
def test_json_lines_are_read_on_behind_a_damaged_frame(tmp_path: Path, codec: str) -> None:
    pack, path = PACK[f".{codec}"], tmp_path / f"a.jsonl.{codec}"
    frames = [pack(b"".join(b'{"text": "%d-%d"}\n' % (n, k) for k in range(50))) for n in range(6)]
    flipped = bytearray(frames[2])
    flipped[len(flipped) // 2] ^= 0xFF
    path.write_bytes(b"".join([*frames[:2], flipped, frames[3], frames[4][:-20], frames[5]]))

    records = read_all(path)
    found = {text for text in texts(records) if "-" in text}
    assert {f"{n}-{k}" for n in (0, 1, 3, 5) for k in range(50)} <= found
    said = [record.error for record in records if isinstance(record, Unreadable) if "goes on at byte" in record.error]
    at = [sum(map(len, frames[:3])), sum(map(len, frames[:5])) - 20]
    assert [error.rpartition(" at ")[2] for error in said] == [f"byte {place:,} of the compressed file" for place in at]
    assert read_all(path) == records


def test_wet_keeps_to_conversion_records(tmp_path: Path) -> None:
    data = page("info", b"software: x", "warcinfo") + page("a", b"Page.") + page("b", b"<p>", "response")
    packed(tmp_path / "a.warc.wet.gz", data)

    (record,) = read_all(tmp_path / "a.warc.wet.gz")
    assert isinstance(record, Text)
    assert (record.text, record.fields["url"]) == ("Page.", "https://example.org/a")


def test_wet_with_a_member_for_each_record(tmp_path: Path) -> None:
    members = [gzip.compress(page(name, name.encode())) for name in ("a", "b", "c")]
    (tmp_path / "a.warc.wet.gz").write_bytes(b"".join(members))

    assert texts(read_all(tmp_path / "a.warc.wet.gz")) == ["a", "b", "c"]


def test_csv_fields_hold_line_ends_and_blank_lines_are_none(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b'\xef\xbb\xbfid,text\r\n\r\n1,"one\r\ntwo ""q"""\r\n\r\n2,bare\r\n')

    records = read_all(tmp_path / "a.csv")
    assert texts(records) == ['one\r\ntwo "q"', "bare"]


def test_large_csv_fields(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text\n" + "x" * 300_000 + "\n")
    assert len(texts(read_all(tmp_path / "a.csv"))[0]) == 300_000


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".arrow"])
def test_a_missing_column_is_told_once(tmp_path: Path, suffix: str) -> None:
    write_records(tmp_path / f"a{suffix}", ROWS)

    (record,) = read_all(tmp_path / f"a{suffix}", Options("body"))
    assert isinstance(record, Unreadable)
    assert "has no column 'body' (columns: id, text)" in record.error


def test_a_column_that_is_no_text(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": [1, 2]}), tmp_path / "a.parquet")
    (record,) = read_all(tmp_path / "a.parquet")
    assert isinstance(record, Unreadable)
    assert "column 'text' is int64, not text" in record.error


class TestPlaces:
    def test_globs_lists_and_folders(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        for name in ("b.jsonl", "a.jsonl", "sub/c.jsonl"):
            Path(name).parent.mkdir(exist_ok=True)
            Path(name).write_text("")
        Path("list").write_text("b.jsonl\r\n\nsub/*.jsonl\n")
        Path("zeros").write_bytes(b"b.jsonl\0a.jsonl\0")

        names = {given: [getattr(f, "name", str(f)) for f in expanded([given])] for given in ("*.jsonl", "**/*.jsonl")}
        assert names == {"*.jsonl": ["a.jsonl", "b.jsonl"], "**/*.jsonl": ["a.jsonl", "b.jsonl", "sub/c.jsonl"]}
        assert [getattr(f, "name", f) for f in expanded(["@list"])] == ["b.jsonl", "sub/c.jsonl"]
        assert [getattr(f, "name", f) for f in expanded(["@zeros"])] == ["b.jsonl", "a.jsonl"]
        assert list(expanded(["sub"])) == [Path("sub")]

    def test_a_file_that_is_called_like_a_glob(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        Path("a[1].jsonl").write_text("")
        assert [getattr(f, "name", f) for f in expanded(["a[1].jsonl"])] == ["a[1].jsonl"]

    @pytest.mark.parametrize("given", ["nothing*.jsonl", "@nothing", "nosuch://a/b.jsonl", "memory://qcheck-none/*.x"])
    def test_what_leads_nowhere_is_told(self, given: str) -> None:
        (found,) = expanded([given])
        assert isinstance(found, Unreadable)

    def test_remote_files_through_fsspec(self) -> None:
        import fsspec

        system = fsspec.filesystem("memory")
        system.pipe("/qcheck-test/in/a.jsonl.gz", gzip.compress(b'{"text": "Far."}\n'))
        sink = io.BytesIO()
        pq.write_table(pa.table({"text": ["Away."]}), sink)
        system.pipe("/qcheck-test/in/b.parquet", sink.getvalue())

        for given in ("memory://qcheck-test/in", "memory://qcheck-test/in/*"):
            files = [file for file in expanded([given]) if isinstance(file, File)]
            assert [file.name for file in files] == [
                f"memory://qcheck-test/in/{n}" for n in ("a.jsonl.gz", "b.parquet")
            ]
            records = [record for file in files for record in read(file, Options())]
            assert texts(records) == ["Far.", "Away."]

    def test_a_remote_file_that_is_not_there(self) -> None:
        (record,) = read(File("memory://qcheck-no.jsonl", None, "memory://qcheck-no.jsonl"), Options())
        assert isinstance(record, Unreadable)


class TestMissingExtras:
    @pytest.mark.parametrize(
        ("suffix", "module", "name"),
        [
            (".jsonl.zst", "backports.zstd", "zstd"),
            (".parquet", "pyarrow", "parquet"),
            (".arrow", "pyarrow", "parquet"),
        ],
    )
    def test_the_message_says_what_to_install(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, module: str, name: str
    ) -> None:
        write_records(tmp_path / f"a{suffix}", ROWS)
        if module == "backports.zstd" and sys.version_info >= (3, 14):
            module = "compression.zstd"
        import_module = extras.import_module

        def without(wanted: str) -> object:
            if wanted == module:
                raise ImportError(wanted)
            return import_module(wanted)

        monkeypatch.setattr(extras, "import_module", without)
        (record,) = read_all(tmp_path / f"a{suffix}")
        assert isinstance(record, Unreadable)
        assert f"pip install 'qcheck-text[{name}]'" in record.error

    def test_json_lines_do_without_orjson(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write_records(tmp_path / "a.jsonl", ROWS)
        monkeypatch.setitem(sys.modules, "orjson", None)
        assert texts(read_all(tmp_path / "a.jsonl")) == [row["text"] for row in ROWS]


class TestCheck:
    def test_records_are_reported_by_path_and_number(self, tmp_path: Path) -> None:
        write_project(tmp_path)
        write_records(tmp_path / "a.jsonl", ROWS)

        found = documents(qcheck("a.jsonl", "--output-format", "jsonl", cwd=tmp_path))
        assert [one["id"] for one in found] == [f"a.jsonl:{number}" for number in range(1, 6)]
        assert all(one["findings"][0]["rule"] == "TST101" for one in found)

    def test_folders_give_records_when_a_field_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        write_project(tmp_path)
        write_records(tmp_path / "a.parquet", ROWS)

        assert main([".", "--json", "out.json"]) == 0
        assert main([".", "--json", "out.json", "--text-field", "text"]) == 1
        assert json.loads(Path("out.json").read_text())["summary"]["checked"] == 5

    def test_records_on_standard_input(self, tmp_path: Path) -> None:
        write_project(tmp_path)
        stdin = gzip.compress(b'{"body": "teh"}\n')
        options = ("-", "--input-format", "jsonl", "--text-field", "body", "--output-format", "jsonl")
        (one,) = documents(qcheck(*options, cwd=tmp_path, stdin=stdin))
        assert one["id"] == "<stdin>:1"

    def test_fix_leaves_files_of_records_alone(self, tmp_path: Path) -> None:
        write_project(tmp_path)
        write_records(tmp_path / "a.jsonl", ROWS)
        before = (tmp_path / "a.jsonl").read_bytes()

        done = qcheck("a.jsonl", "--fix", cwd=tmp_path)
        assert (done.returncode, (tmp_path / "a.jsonl").read_bytes()) == (2, before)
        assert b"qcheck run" in done.stderr


def test_every_suffix_has_a_format() -> None:
    assert {formats.format_of(File(f"a{suffix}", None), Options()) for suffix in EVERY} == set(formats.NAMES) - {"text"}
