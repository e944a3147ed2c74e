"""``qcheck run``: what goes in comes out, and counts add up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from command import environment, write_project
from qcheck.cli import main
from qcheck.run.work import Worker
from records import EVERY, ROWS, manifest, packed, read_rows, unpacked, write_records

MENDED = [row["text"].replace("teh", "the") for row in ROWS]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_project(tmp_path)
    return tmp_path


def output_of(name: str, folder: str = "documents") -> Path:
    """Where the records of an input go; pages become JSON Lines."""
    return Path("out", folder, name.replace(".warc.wet", ".warc.wet.jsonl"))


@pytest.mark.parametrize("suffix", EVERY)
class TestEveryFormat:
    def test_columns_are_added(self, here: Path, suffix: str) -> None:
        write_records(here / f"a{suffix}", ROWS)
        assert main(["run", f"a{suffix}", "--out", "out"]) == 0

        rows = read_rows(output_of(f"a{suffix}"))
        assert [row["text"] for row in rows] == [row["text"] for row in ROWS]
        assert {row["qcheck_verdict"] for row in rows} <= {"keep", "fix", "drop"}
        findings = rows[0]["qcheck_findings"]
        findings = json.loads(findings) if isinstance(findings, str) else findings
        assert [(f["rule"], f["text"], f["replacement"]) for f in findings] == [
            ("TST101", "teh", "the"),
            ("TST103", "dout", "doubt"),
        ]

    def test_texts_are_mended(self, here: Path, suffix: str) -> None:
        write_records(here / f"a{suffix}", ROWS)
        assert main(["run", f"a{suffix}", "--out", "out", "--records", "mend"]) == 0

        rows = read_rows(output_of(f"a{suffix}"))
        assert [row["text"] for row in rows] == MENDED
        assert not any(key.startswith("qcheck_") for row in rows for key in row)
        assert manifest()["counts"]["mended"] == 7

    def test_records_are_split_by_verdict(self, here: Path, suffix: str) -> None:
        rows = [*ROWS[:2], {"id": "good", "text": "Nothing is wrong here."}, *ROWS[2:]]
        write_records(here / f"a{suffix}", rows)
        assert main(["run", f"a{suffix}", "--out", "out", "--split"]) == 0

        found = [
            r["text"]
            for v in ("keep", "fix", "drop")
            if output_of(f"a{suffix}", v).exists()
            for r in read_rows(output_of(f"a{suffix}", v))
        ]
        assert sorted(found) == sorted(row["text"] for row in rows)
        assert [row["text"] for row in read_rows(output_of(f"a{suffix}", "keep"))] == ["Nothing is wrong here."]

    def test_annotating_again_replaces_the_columns(self, here: Path, suffix: str) -> None:
        write_records(here / f"a{suffix}", ROWS)
        assert main(["run", f"a{suffix}", "--out", "out"]) == 0
        first = output_of(f"a{suffix}")
        if ".wet" in suffix:
            return
        assert main(["run", str(first), "--out", "again"]) == 0
        assert read_rows(Path("again/documents", first.name)) == read_rows(first)


class TestRecords:
    def test_a_line_keeps_its_bytes(self, here: Path) -> None:
        lines = [
            '{"n": 123456789012345678901234567890, "x": 1.10, "text": "Fine.", "text2": "\\u00e9"}',
            '{"text":"a" }  ',
        ]
        Path("a.jsonl").write_text("\r\n".join(lines))
        assert main(["run", "a.jsonl", "--out", "out"]) == 0

        out = Path("out/documents/a.jsonl").read_text().split("\n")
        assert out[0].startswith(lines[0][:-1] + ',"qcheck_score":100.0')
        assert json.loads(out[1])["text"] == "a"

    def test_mending_keeps_large_numbers(self, here: Path) -> None:
        Path("a.jsonl").write_text('{"n": 123456789012345678901234567890, "text": "teh"}\n')
        assert main(["run", "a.jsonl", "--out", "out", "--records", "mend"]) == 0
        assert json.loads(Path("out/documents/a.jsonl").read_text()) == {
            "n": 123456789012345678901234567890,
            "text": "the",
        }

    def test_parquet_keeps_its_types_and_compression(self, here: Path) -> None:
        struct = pa.array([{"body": "teh", "n": 1}, {"body": "ok", "n": 2}])
        days = pa.array([1, 2], pa.int32()).cast(pa.date32())
        table = pa.table({"doc": struct, "day": days, "kind": pa.array(["a", "b"]).dictionary_encode()})
        pq.write_table(table, "a.parquet", compression="gzip")
        assert main(["run", "a.parquet", "--out", "out", "--records", "mend", "--text-field", "doc.body"]) == 0

        made = pq.read_table("out/documents/a.parquet")
        assert made.schema.equals(pq.read_table("a.parquet").schema)
        assert made.column("doc").to_pylist() == [{"body": "the", "n": 1}, {"body": "ok", "n": 2}]
        assert pq.ParquetFile("out/documents/a.parquet").metadata.row_group(0).column(0).compression == "GZIP"

    @pytest.mark.parametrize("codec", ["none", "gz", "zst", "bz2", "xz"])
    def test_compression_can_be_told(self, here: Path, codec: str) -> None:
        write_records(here / "a.jsonl.gz", ROWS)
        assert main(["run", "a.jsonl.gz", "--out", "out", "--compression", codec]) == 0

        name = "a.jsonl" + (f".{codec}" if codec != "none" else "")
        assert len(unpacked(Path("out/documents", name)).split(b"\n")) == 8

    def test_a_gzip_is_one_member_of_pieces(self, here: Path) -> None:
        write_records(here / "a.jsonl.gz", ROWS * 200)
        assert main(["run", "a.jsonl.gz", "--out", "out", "--batch-size", "16", "--attributes"]) == 0

        for name in ("documents", "attributes/qcheck"):
            data = Path("out", name, "a.jsonl.gz").read_bytes()
            member = zlib.decompressobj(wbits=31)
            lines = member.decompress(data).split(b"\n")
            assert (member.eof, member.unused_data, len(lines)) == (True, b"", 1401)
            assert subprocess.run(["gzip", "-t", Path("out", name, "a.jsonl.gz")], check=False).returncode == 0

    def test_text_files_become_records(self, here: Path) -> None:
        Path("b.txt").write_text("teh")
        Path("sub").mkdir()
        Path("sub/a.md").write_text("Fine.")
        assert main(["run", ".", "--out", "out", "--records", "mend"]) == 0

        assert read_rows(Path("out/documents/texts.jsonl")) == [
            {"id": "b.txt", "text": "the"},
            {"id": "sub/a.md", "text": "Fine."},
        ]

    def test_what_a_folder_holds_beside_is_said(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        Path("in/sub").mkdir(parents=True)
        Path("in/sub/up").symlink_to("..")
        Path("in/loop").symlink_to("loop")
        Path("in/a.pdf").write_bytes(b"%PDF")
        packed(Path("in/a.txt.gz"), b"Compressed texts are taken.")
        assert main(["run", "in", "--out", "out"]) == 0

        assert "3 files of other kinds not checked (.pdf 1, linked folder 1, no suffix 1)" in capsys.readouterr().out
        assert manifest()["skipped"] == {".pdf": 1, "linked folder": 1, "no suffix": 1}
        assert manifest()["counts"]["read"] == 1

    def test_standard_input(self, here: Path) -> None:
        command = [sys.executable, "-m", "qcheck", "run", "-", "--input-format", "jsonl", "--out", "out"]
        done = subprocess.run(command, input=b'{"text": "teh"}\n', env=environment(None), check=False)
        assert done.returncode == 0
        assert len(read_rows(Path("out/documents/stdin.jsonl"))) == 1

    def test_nothing_to_do(self, here: Path) -> None:
        assert main(["run", ".", "--out", "out"]) == 2

    def test_an_empty_file_gives_an_empty_file(self, here: Path) -> None:
        Path("a.jsonl").write_bytes(b"")
        assert main(["run", "a.jsonl", "--out", "out"]) == 0
        assert Path("out/documents/a.jsonl").read_bytes() == b""

    def test_folders_are_mirrored(self, here: Path) -> None:
        for name in ("in/x/a.jsonl", "in/y/a.jsonl", "in/a.jsonl", "in/a.jsonl.gz"):
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            write_records(Path(name), ROWS)
        assert main(["run", "in", "--out", "out"]) == 0
        found = sorted(path.relative_to("out/documents").as_posix() for path in Path("out/documents").rglob("*.*"))
        assert found == ["a.gz.jsonl.gz", "a.jsonl", "x/a.jsonl", "y/a.jsonl"]


class TestBeside:
    def test_a_table_of_findings(self, here: Path) -> None:
        write_records(here / "a.jsonl", ROWS)
        assert main(["run", "a.jsonl", "--out", "out", "--findings", "--records", "none"]) == 0

        rows = pq.read_table("out/findings/a.jsonl.parquet").to_pylist()
        assert len(rows) == 14
        assert (rows[0]["file"], rows[0]["record"], rows[0]["id"]) == ("a.jsonl", 1, "r0")
        assert ROWS[0]["text"][rows[0]["start"] : rows[0]["end"]] == rows[0]["text"] == "teh"
        assert not Path("out/documents").exists()

    def test_dolma_attributes(self, here: Path) -> None:
        write_records(here / "a.jsonl.gz", ROWS)
        assert main(["run", "a.jsonl.gz", "--out", "out", "--attributes"]) == 0

        rows = read_rows(Path("out/attributes/qcheck/a.jsonl.gz"))
        assert [row["id"] for row in rows] == [row["id"] for row in ROWS]
        spans = rows[0]["attributes"]
        ((start, end, _),) = spans["qcheck__rules__TST101"]
        assert ROWS[0]["text"][start:end] == "teh"
        assert spans["qcheck__document__score"][0][:2] == [0, len(ROWS[0]["text"])]

    def test_the_manifest_says_how_it_was_made(self, here: Path) -> None:
        write_records(here / "a.jsonl", ROWS)
        main(["run", "a.jsonl", "--out", "out"])

        found = manifest()
        assert found["counts"]["read"] == found["counts"]["checked"] == 7
        assert found["counts"]["findings"] == {"TST101": 7, "TST103": 7}
        assert found["settings"]["rules"]["count"] == 4
        assert found["shards"][0]["outputs"][0]["path"] == "documents/a.jsonl"

    def test_a_record_on_which_the_checker_fails(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write_records(here / "a.jsonl", ROWS)
        from qcheck.checker import Checker

        check = Checker.check

        def fail(self: Checker, text: str, id: str | None = None) -> object:
            if "Text 3" in text:
                raise MemoryError("too much")
            return check(self, text, id)

        monkeypatch.setattr(Checker, "check", fail)
        assert main(["run", "a.jsonl", "--out", "out"]) == 2
        assert len(read_rows(Path("out/documents/a.jsonl"))) == 6
        (one,) = read_rows(Path("out/quarantine/a.jsonl"))
        assert one["reason"] == "the check failed: MemoryError: too much"
        assert json.loads(one["raw"]) == ROWS[3]

    def test_a_worker_that_dies(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("a", "b", "c"):
            write_records(here / f"{name}.jsonl", ROWS)
        part = Worker.part

        def die(self: Worker, batch: Any, codec: str) -> object:
            if batch.file.name == "b.jsonl":
                os._exit(9)
            return part(self, batch, codec)

        monkeypatch.setattr(Worker, "part", die)
        assert main(["run", "a.jsonl", "b.jsonl", "c.jsonl", "--out", "out", "--workers", "2"]) == 2
        counts = manifest()["counts"]
        assert (counts["read"], counts["checked"], counts["quarantined"]) == (21, 14, 7)
        assert [json.loads(one["raw"]) for one in read_rows(Path("out/quarantine/b.jsonl"))] == ROWS
