"""``qcheck run``: whatever stops it, the next one ends the same."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from command import environment, write_project
from kill_resume import make_corpus, outlived, problem, start, state
from qcheck.cli import main
from qcheck.run.work import Worker
from records import ROWS, read_rows, write_records


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_project(tmp_path)
    return tmp_path


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
