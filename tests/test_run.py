"""``qcheck run``: what goes in comes out, counts add up, and whatever stops a run, the next one ends the same."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
import zlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from command import environment, write_project
from kill_resume import make_corpus, outlived, problem, start, state
from qcheck.cli import main
from qcheck.run.work import Worker
from records import EVERY, packed, read_rows, unpacked, write_records

ROWS = [{"id": f"r{number}", "text": f"Text {number} has teh mark and dout 🙂."} for number in range(7)]
MENDED = [row["text"].replace("teh", "the") for row in ROWS]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_project(tmp_path)
    return tmp_path


def manifest(out: str = "out") -> dict[str, Any]:
    value: dict[str, Any] = json.loads(Path(out, "manifest.json").read_text())
    return value


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


class TestResuming:
    def test_workers_and_batches_change_no_byte(self, here: Path) -> None:
        make_corpus(here / "in", 120)
        states = []
        for number, workers in enumerate(("1", "2", "3")):
            assert main(["run", "in", "--out", f"out{number}", "--workers", workers, "--batch-size", "4"]) == 2
            states.append(state(here / f"out{number}"))
        assert states[0] == states[1] == states[2]

    @pytest.mark.parametrize("seed", range(3))
    def test_killed_and_resumed(self, here: Path, seed: int) -> None:
        make_corpus(here / "in", 120)
        begin = time.perf_counter()
        start(here / "in", here / "whole", 1).wait()
        seconds, want, rng = time.perf_counter() - begin, state(here / "whole"), random.Random(seed)
        for _ in range(2):
            process = start(here / "in", here / "out", 2)
            time.sleep(rng.uniform(0.3, 1) * seconds)
            process.send_signal(signal.SIGKILL)
            process.wait()
            assert not outlived(process)
            assert problem(here / "out", want, whole=False) is None
        start(here / "in", here / "out", 2).wait()
        assert problem(here / "out", want, whole=True) is None

    def test_parts_of_an_interrupted_run_are_not_done_again(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write_records(here / "a.jsonl", ROWS * 20)
        part, done = Worker.part, list[int]()

        def stop(self: Worker, batch: Any, codec: str) -> object:
            if len(done) == 5:
                raise KeyboardInterrupt
            done.append(batch.first)
            return part(self, batch, codec)

        monkeypatch.setattr(Worker, "part", stop)
        command = ["run", "a.jsonl", "--out", "out", "--batch-size", "1"]
        assert main(command) == 130
        assert not Path("out/documents").exists()
        done.clear()
        monkeypatch.setattr(
            Worker, "part", lambda self, batch, codec: done.append(batch.first) or part(self, batch, codec)
        )
        assert main(command) == 0
        assert done
        assert done[0] > 1
        assert main(["run", "a.jsonl", "--out", "whole", "--batch-size", "1"]) == 0
        assert state(here / "out") == state(here / "whole")

    def test_a_finished_run_is_not_done_again(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write_records(here / "a.jsonl", ROWS)
        assert main(["run", "a.jsonl", "--out", "out"]) == 0
        before = state(here / "out")
        monkeypatch.setattr(Worker, "part", lambda *_: pytest.fail("it was done"))
        assert main(["run", "a.jsonl", "--out", "out"]) == 0
        assert state(here / "out") == before

    def test_a_changed_input_is_done_again_whatever_its_name(self, here: Path) -> None:
        Path("a.jsonl").write_text('{"text": "teh"}\n{"text": 1}\n')
        assert main(["run", "a.jsonl", "--out", "out"]) == 2
        Path("a.jsonl").write_text('{"text": "teh"}\n{"text": "2"}\n')
        assert main(["run", "a.jsonl", "--out", "out"]) == 0
        assert len(read_rows(Path("out/documents/a.jsonl"))) == 2
        assert not Path("out/quarantine/a.jsonl").exists()

    def test_an_output_that_is_gone_is_made_again(self, here: Path) -> None:
        write_records(here / "a.jsonl", ROWS)
        main(["run", "a.jsonl", "--out", "out"])
        Path("out/documents/a.jsonl").unlink()
        assert main(["run", "a.jsonl", "--out", "out"]) == 0
        assert len(read_rows(Path("out/documents/a.jsonl"))) == 7

    def test_a_torn_part_is_done_again(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write_records(here / "a.jsonl", ROWS * 20)
        from qcheck.run.outputs import ShardOutputs

        finish = ShardOutputs.finish
        monkeypatch.setattr(ShardOutputs, "finish", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        command = ["run", "a.jsonl", "--out", "out", "--batch-size", "1"]
        assert main(command) == 130
        for index, path in enumerate(sorted(Path("out/.qcheck/parts/0").glob("*.part"))):
            path.write_bytes(path.read_bytes()[: -1 - index] if index % 2 else b"")
        monkeypatch.setattr(ShardOutputs, "finish", finish)
        assert main(command) == 0
        assert len(read_rows(Path("out/documents/a.jsonl"))) == 140

    def test_other_settings_are_refused_and_overwrite_removes(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        write_records(here / "a.jsonl", ROWS)
        main(["run", "a.jsonl", "--out", "out", "--findings"])
        assert main(["run", "a.jsonl", "--out", "out"]) == 2
        assert "other settings" in capsys.readouterr().err
        assert main(["run", "a.jsonl", "--out", "out", "--overwrite"]) == 0
        assert not Path("out/findings").exists()

    def test_a_folder_of_something_else_is_refused(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write_records(here / "a.jsonl", ROWS)
        Path("out").mkdir()
        Path("out/mine.txt").write_text("mine")
        for more in ([], ["--overwrite"]):
            assert main(["run", "a.jsonl", "--out", "out", *more]) == 2
            assert "choose another folder\n" in capsys.readouterr().err
        assert [path.name for path in Path("out").iterdir()] == ["mine.txt"]

    def test_two_runs_in_one_folder(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        import fcntl

        write_records(here / "a.jsonl", ROWS)
        Path("out/.qcheck").mkdir(parents=True)
        with Path("out/.qcheck/lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            assert main(["run", "a.jsonl", "--out", "out"]) == 2
        assert "another run is at work" in capsys.readouterr().err


class TestStopping:
    def test_sigint_stops_cleanly_and_the_same_command_goes_on(self, here: Path) -> None:
        make_corpus(here / "in", 200)
        command = [sys.executable, "-m", "qcheck", "run", "in", "--out", "out", "--workers", "2", "--batch-size", "1"]
        process = subprocess.Popen(command, env=environment(None), stderr=subprocess.PIPE, start_new_session=True)
        while process.poll() is None and not list(Path("out").glob(".qcheck/parts/0/*.part")):
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        _, stderr = process.communicate(timeout=30)
        assert process.returncode == 130
        assert b"interrupted; the same command goes on" in stderr
        assert b"Traceback" not in stderr
        assert not outlived(process)

        assert subprocess.run(command, env=environment(None), check=False, capture_output=True).returncode == 2
        assert main(["run", "in", "--out", "whole", "--batch-size", "1"]) == 2
        assert state(here / "out") == state(here / "whole")

    @pytest.mark.parametrize("workers", ["1", "2"])
    @pytest.mark.parametrize("limit", [1_000, 12_000])
    def test_a_full_disk(self, here: Path, workers: str, limit: int) -> None:
        write_records(here / "a.jsonl", ROWS * 100)
        command = [
            sys.executable,
            "-m",
            "qcheck",
            "run",
            "a.jsonl",
            "--out",
            "out",
            "--batch-size",
            "4",
            "--workers",
            workers,
        ]
        full = subprocess.run(
            command,
            env=environment(None),
            check=False,
            capture_output=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        )
        assert full.returncode == 2
        assert b"cannot write to out" in full.stderr
        assert b"Traceback" not in full.stderr
        assert not list(Path("out").glob("documents/*"))

        assert main(command[3:]) == 0
        assert len(read_rows(Path("out/documents/a.jsonl"))) == 700


def test_progress_on_a_terminal(here: Path) -> None:
    import pty

    write_records(here / "a.jsonl", ROWS * 3000)
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "qcheck", "run", "a.jsonl", "--out", "out", "--batch-size", "8"]
    process = subprocess.Popen(command, env=environment({"TERM": "xterm"}), stdout=subprocess.DEVNULL, stderr=child)
    os.close(child)
    shown = b""
    try:
        while data := os.read(parent, 4096):
            shown += data
    except OSError:  # what Linux says when the other side has gone
        pass
    os.close(parent)
    assert process.wait() == 0
    assert not shown or b"read, 0 quarantined" in shown  # a fast machine has done it before the bar shows
