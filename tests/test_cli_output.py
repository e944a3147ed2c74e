"""What `qcheck check` writes where: files, pipes, devices, terminals."""

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from pathlib import Path

import pytest

from command import BAD, DOUBT, enter_three_texts, environment, qcheck
from qcheck.cli import main
from qcheck.reports import FORMATS


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return enter_three_texts(tmp_path, monkeypatch)


class TestOutput:
    def test_reports_go_to_their_files(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        arguments = [word for name in FORMATS for word in (f"--{name}", f"out/{name}")]
        main([".", "--output-format", "concise", *arguments])

        assert (here / "out/concise").read_text() == capsys.readouterr().out
        assert sorted(path.name for path in (here / "out").iterdir()) == sorted(FORMATS)

    def test_a_main_report_to_a_file_leaves_standard_output_alone(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        main(["bad.txt", "--output-file", "report.txt"])

        assert capsys.readouterr().out == ""
        assert "TST101" in (here / "report.txt").read_text()

    def test_files_do_not_depend_on_the_terminal(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        made = []
        for width, colour in (("60", "1"), ("200", "0")):
            monkeypatch.setenv("COLUMNS", width)
            monkeypatch.setenv("FORCE_COLOR", colour)
            main([".", "--table", "t", "--full", "f"])
            made.append(((here / "t").read_bytes(), (here / "f").read_bytes()))

        assert made[0] == made[1]

    def test_devices_are_written_to_not_replaced(self, here: Path) -> None:
        assert main(["bad.txt", "--output-file", "/dev/null"]) == 1
        assert Path("/dev/null").is_char_device()

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
    def test_a_full_disk_costs_one_report_not_the_others(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main([".", "--json", "/dev/full", "--concise", "c.txt"]) == 2
        assert "/dev/full cannot be written: No space left on device" in capsys.readouterr().err
        assert "TST101" in (here / "c.txt").read_text()

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
    def test_a_full_disk_under_standard_output(self, here: Path) -> None:
        with Path("/dev/full").open("wb") as full:
            command = [sys.executable, "-m", "qcheck", "."]
            done = subprocess.run(
                command, cwd=here, env=environment(), stdout=full, stderr=subprocess.PIPE, check=False
            )

        assert done.returncode == 2
        assert done.stderr == b"qcheck: cannot write the output: No space left on device\n"

    def test_a_reader_that_leaves_is_no_error(self, here: Path) -> None:
        (here / "long.txt").write_text("teh\n" * 100_000)
        command = [sys.executable, "-m", "qcheck", "long.txt", "--output-format", "concise"]
        with subprocess.Popen(
            command, cwd=here, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as run:
            assert run.stdout
            assert run.stderr
            run.stdout.readline()
            run.stdout.close()

            assert run.stderr.read() == b""
            assert run.wait() == 141

    @pytest.mark.parametrize("workers", ["1", "2"])
    def test_an_interrupt_leaves_nothing_half_done(self, here: Path, workers: str) -> None:
        os.mkfifo(here / "pipe")
        command = [sys.executable, "-m", "qcheck", "bad.txt", "pipe", "--json", "out.json", "--workers", workers]
        with subprocess.Popen(
            command, cwd=here, env=environment(), stderr=subprocess.PIPE, start_new_session=True
        ) as run:
            assert run.stderr
            deadline = time.monotonic() + 20
            while not list(here.glob(".qcheck-*")) and time.monotonic() < deadline:
                time.sleep(0.02)
            time.sleep(0.2)
            os.killpg(run.pid, signal.SIGINT)

            assert run.stderr.read() == b"qcheck: interrupted; reports to files are not written\n"
            assert run.wait() == 130
        assert not (here / "out.json").exists()
        assert not list(here.glob(".qcheck-*"))

    def test_statistics_count_by_rule(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (here / "bad.txt").write_text("teh teh teh\n")
        main([".", "--statistics"])
        rows = [line.split()[:4] for line in capsys.readouterr().out.splitlines()[1:3]]

        assert rows == [["3", "1", "TST101", "test-typo"], ["1", "1", "TST103", "test-doubt"]]


class TestTerminal:
    def run_on_terminal(self, here: Path, *arguments: str, **env: str) -> str:
        main_end, its_end = pty.openpty()
        fcntl.ioctl(its_end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
        command = [sys.executable, "-m", "qcheck", *arguments]
        environ = environment({"TERM": "xterm", **env})
        with subprocess.Popen(command, cwd=here, env=environ, stdout=its_end, stderr=its_end, stdin=its_end) as run:
            os.close(its_end)
            shown = b""
            while True:
                try:
                    piece = os.read(main_end, 65536)
                except OSError:  # what Linux says when the other end is closed
                    break
                if not piece:
                    break
                shown += piece
            run.wait()
        os.close(main_end)
        return shown.decode()

    def test_colours_on_a_terminal(self, here: Path) -> None:
        assert "\x1b[31mE TST101" in self.run_on_terminal(here, "bad.txt")

    @pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}])
    def test_no_colours_where_they_are_not_wanted(self, here: Path, env: dict[str, str]) -> None:
        assert "\x1b[" not in self.run_on_terminal(here, "bad.txt", **env)

    def test_colours_can_be_forced_into_a_pipe(self, here: Path) -> None:
        assert b"\x1b[" not in qcheck("bad.txt", cwd=here).stdout
        assert b"\x1b[31m" in qcheck("bad.txt", cwd=here, env={"FORCE_COLOR": "1"}).stdout

    @pytest.mark.parametrize("width", [60, 80, 100])
    def test_lines_fit(self, here: Path, width: int) -> None:
        (here / "a-rather-long-name-of-a-document-that-stands-in-a-corpus.txt").write_text(f"{BAD}{DOUBT}" * 20)
        shown = qcheck(cwd=here, env={"COLUMNS": str(width)}).stdout.decode()

        assert max(map(len, shown.splitlines())) <= width

    @pytest.mark.parametrize(("arguments", "shown"), [([], True), (["--no-progress"], False)])
    def test_long_runs_show_progress(self, here: Path, arguments: list[str], shown: bool) -> None:
        os.mkfifo(here / "slow")

        def write_late() -> None:
            with (here / "slow").open("w") as pipe:  # waits until qcheck reads
                time.sleep(1.5)
                pipe.write("At last.\n")

        late = threading.Thread(target=write_late)
        late.start()
        seen = self.run_on_terminal(here, "slow", "good.txt", *arguments)
        late.join()

        assert ("documents [00:0" in seen) == shown
        assert "2 documents, 5 words" in seen

    def test_no_progress_where_there_is_no_terminal(self, here: Path) -> None:
        for n in range(300):
            (here / f"{n}.txt").write_text(BAD * 40)

        assert qcheck(cwd=here).stderr == b""
