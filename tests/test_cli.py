import fcntl
import json
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

import qcheck as package
from command import documents, environment, qcheck, write_project, write_rule
from qcheck.cli import main
from qcheck.reports import FORMATS
from qcheck.sources import opening

BAD = "Here is teh first.\n"
DOUBT = "There is no dout.\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "bad.txt").write_text(BAD)
    (tmp_path / "doubt.txt").write_text(DOUBT)
    (tmp_path / "good.txt").write_text("All is well.\n")
    return tmp_path


class TestExitCodes:
    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            (["good.txt"], 0),
            (["doubt.txt"], 0),
            (["bad.txt"], 1),
            (["."], 1),
            (["check", "bad.txt"], 1),
            (["bad.txt", "--exit-zero"], 0),
            (["doubt.txt", "--min-severity", "warning"], 1),
            (["bad.txt", "--ignore", "TST101"], 0),
            (["bad.txt", "--ignore", "test-furniture,test-typo"], 0),
            (["bad.txt", "--select", "TST102", "--select", "ocr"], 1),
            (["bad.txt", "--select", "TST102", "--extend-select", "test-typo"], 1),
            (["doubt.txt", "--fail-under", "99"], 1),
            (["good.txt", "--fail-under", "99"], 0),
            (["gone.txt"], 2),
            (["gone.txt", "--exit-zero"], 2),
            (["rule", "TST101"], 0),
            (["rule", "--all"], 0),
        ],
    )
    def test_say_how_a_run_ended(self, here: Path, arguments: list[str], code: int) -> None:
        assert main(arguments) == code

    @pytest.mark.parametrize(
        "arguments",
        [
            ["--no-such-option"],
            ["--output-format", "xls"],
            ["--min-severity", "fatal"],
            ["--fail-under", "101"],
            ["--fail-under", "much"],
            ["--workers", "0"],
            ["--select", ","],
            ["--fix", "--diff"],
            ["--unsafe-fixes"],
            ["--diff", "--output-format", "json"],
            ["--statistics", "--output-format", "json"],
            ["rule"],
            ["rule", "TST101", "--all"],
        ],
    )
    def test_bad_usage_is_2(self, here: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as stopped:
            main(arguments)

        assert stopped.value.code == 2
        assert "usage: qcheck" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("arguments", "hint"),
        [
            (["--select", "test-tpyo"], "did you mean test-typo or"),
            (["--ignore", "NOPE"], "no rule, prefix or family is called 'NOPE'"),
            (["rule", "TST10"], "did you mean"),
            (["selftest", "nothing-like-it"], "'qcheck rule --all' lists them"),
            (["--config", "gone.toml"], "gone.toml:1: cannot be read"),
            (["--json", "bad.txt/report.json"], "report.json cannot be written"),
            (["--json", "r.out", "--markdown", "r.out"], "cannot be a json report and a markdown report at once"),
        ],
    )
    def test_what_cannot_be_done_is_2_with_a_hint(
        self, here: Path, arguments: list[str], hint: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(arguments) == 2
        assert hint in capsys.readouterr().err

    def test_a_broken_rule_names_file_and_line(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write_rule(here / ".rules", "ocr", "TST109", "test-broken", "(unclosed")

        assert main(["good.txt"]) == 2
        assert ".rules/ocr/test-broken.toml:13: " in capsys.readouterr().err

    def test_a_rule_that_cannot_finish_is_2(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("qcheck.scan.engine.Scanner.scan", lambda self, document: ((), ("TST101: gave up",)))
        monkeypatch.setattr("qcheck.checker.Scanner.scan", lambda self, document: _Unfinished)

        assert main(["good.txt"]) == 2


class _Unfinished:
    findings = ()
    errors = ("TST101: gave up",)


class TestInput:
    def test_standard_input(self, here: Path) -> None:
        done = qcheck("-", "--output-format", "concise", cwd=here, stdin=BAD.encode())

        assert done.stdout == b"<stdin>:1:9: TST101 teh should not be here\n"
        assert done.returncode == 1

    def test_an_unreadable_document_stops_nothing(self, here: Path) -> None:
        (here / "a.txt").write_bytes(b"one\ntwo \xe9 three\n")
        (here / "b.txt").mkdir()
        done = qcheck("a.txt", "gone.txt", "bad.txt", "--output-format", "jsonl", cwd=here)
        first, second, third = documents(done)

        assert done.returncode == 2
        assert "is not UTF-8: byte 0xe9 at offset 8 (line 2)" in str(first["error"])
        assert second["error"] == "cannot be read: No such file or directory"
        assert third["findings"]
        assert b"2 documents could not be read" in done.stderr

    def test_a_document_that_vanishes_is_counted(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        opened = opening._open
        monkeypatch.setattr(opening, "_open", lambda file: file.path.unlink() or opened(file))

        assert main([".", "--json", "out.json"]) == 2
        summary = json.loads((here / "out.json").read_text())["summary"]
        assert (summary["documents"], summary["checked"], summary["unreadable"]) == (3, 0, 3)

    @pytest.mark.parametrize("name", ["two\nlines.txt", "naïve 日本.txt", "-dash.txt", "\udcff.txt", "\x1b[31m.txt"])
    @pytest.mark.parametrize("form", FORMATS)
    def test_any_name_will_do(self, tmp_path: Path, name: str, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
        write_project(tmp_path)
        (tmp_path / name).write_text(BAD)
        monkeypatch.chdir(tmp_path)

        assert main([".", "--output-format", form, "--output-file", "report"]) == 1
        assert b"\x1b" not in (tmp_path / "report").read_bytes()

    def test_json_gives_back_any_name(self, tmp_path: Path) -> None:
        write_project(tmp_path)
        names = ["\udcff\n.txt", "naïve 日本.txt"]
        for name in names:
            (tmp_path / name).write_text(BAD)

        assert {str(one["id"]) for one in documents(qcheck("--output-format", "jsonl", cwd=tmp_path))} == set(names)

    def test_link_loops_end(self, here: Path) -> None:
        (here / "loop").symlink_to(here)
        (here / "self.txt").symlink_to("self.txt")
        done = qcheck("--output-format", "json", cwd=here)
        report = json.loads(done.stdout)

        assert done.returncode == 2
        assert [one["id"] for one in report["documents"]] == ["bad.txt", "doubt.txt", "good.txt", "self.txt"]
        assert report["summary"]["skipped"] == {".toml": 1, "linked folder": 1}

    def test_skipped_files_are_told(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (here / "photo.jpg").write_bytes(b"\xff")
        main(["."])

        assert "2 files of other kinds not checked (.jpg 1, .toml 1)" in capsys.readouterr().out

    def test_workers_change_nothing(self, here: Path) -> None:
        for n in range(150):
            (here / f"{n:03}.txt").write_text(f"{BAD}And teh number is {n}.\n")
        (here / "075.txt").write_bytes(b"\xff")
        alone, together = (qcheck("--output-format", "json", "--workers", n, cwd=here) for n in ("1", "3"))

        assert alone.returncode == together.returncode == 2
        assert alone.stdout == together.stdout
        assert json.loads(alone.stdout)["summary"]["documents"] == 153


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


class TestSettings:
    def test_show_settings(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["--show-settings", "--ignore", "TST102", "--fail-under", "50"]) == 0
        shown = capsys.readouterr().out

        assert f"# from {here / 'qcheck.toml'}" in shown
        assert 'ignore = ["TST102"]' in shown
        assert "fail-under = 50.0" in shown
        assert "# rules that run: TST101, TST103, TST104" in shown

    def test_the_command_line_overrides(self, here: Path) -> None:
        write_project(here, 'ignore = ["TST101"]\nmin-severity = "warning"\n')

        assert main(["bad.txt"]) == 0
        assert main(["bad.txt", "--select", "TST101"]) == 1
        assert main(["doubt.txt"]) == 1
        assert main(["doubt.txt", "--min-severity", "error"]) == 0

    def test_config_names_the_file(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (here / "sub").mkdir()
        write_project(here / "sub", 'ignore = ["TST101"]\n')

        assert main(["bad.txt", "--config", "sub/qcheck.toml"]) == 0

    def test_preview_rules_wait_to_be_asked(self, here: Path) -> None:
        write_rule(here / ".rules", "ocr", "TST105", "test-preview", "well", status="preview", bad="All ⟦well⟧.")

        assert main(["good.txt"]) == 0
        assert main(["good.txt", "--preview"]) == 1

    def test_per_file_ignores(self, here: Path) -> None:
        write_project(here, '[per-file-ignores]\n"bad*" = ["TST101"]\n')

        assert main(["bad.txt"]) == 0


class TestSavedReports:
    REPORTS = '[[reports]]\npaths = ["texts"]\nmarkdown = "out/texts.md"\njson = "out/texts.json"\n'

    @pytest.fixture
    def texts(self, here: Path) -> Path:
        write_project(here, self.REPORTS)
        (here / "texts").mkdir()
        (here / "bad.txt").rename(here / "texts/bad.txt")
        return here

    @pytest.mark.parametrize("arguments", [["texts"], ["./texts/"], ["texts", "--statistics"], ["check", "texts"]])
    def test_go_with_the_run_over_their_paths(self, texts: Path, arguments: list[str]) -> None:
        main(arguments)

        assert "TST101" in (texts / "out/texts.md").read_text()
        assert json.loads((texts / "out/texts.json").read_text())["documents"][0]["id"] == "texts/bad.txt"

    @pytest.mark.parametrize(
        "arguments",
        [
            ["."],
            ["texts", "good.txt"],
            ["texts/bad.txt"],
            ["texts", "--select", "TST101"],
            ["texts", "--ignore", "TST102"],
            ["texts", "--preview"],
            ["texts", "--diff"],
            ["texts", "--show-settings"],
        ],
    )
    def test_stay_out_of_other_runs(self, texts: Path, arguments: list[str]) -> None:
        main(arguments)

        assert not (texts / "out").exists()

    def test_stay_out_of_runs_whose_ids_would_differ(self, texts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        main([str(texts / "texts")])
        monkeypatch.chdir(texts / "texts")
        main(["../texts"])

        assert not (texts / "out").exists()

    def test_an_unknown_format_is_told(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write_project(here, '[[reports]]\npaths = ["."]\nxls = "a.xls"\n')

        assert main(["good.txt"]) == 2
        assert "reports has no format 'xls'" in capsys.readouterr().err


class TestCommands:
    def test_version(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as stopped:
            main(["--version"])

        assert stopped.value.code == 0
        assert capsys.readouterr().out == f"qcheck {package.__version__}\n"

    def test_help_starts_fast_and_light(self, here: Path) -> None:
        code = "import sys\nfrom qcheck.cli import main\ntry: main(['--help'])\nexcept SystemExit: print(*sys.modules)"
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
        )
        loaded = set(done.stdout.split())

        assert not loaded & {"textstat", "langdetect", "ftfy", "tabulate", "wcwidth", "tqdm", "concurrent.futures"}

    def test_rule_explains(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        main(["rule", "test-furniture"])
        shown = capsys.readouterr().out

        assert shown.startswith("TST102 test-furniture\n")
        assert "It stands in for a real rule." in shown
        assert "⟦Share this page⟧" in shown
        assert "safe, applied by --fix" in shown

    def test_rule_lists(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        main(["rule", "--all"])
        shown = capsys.readouterr().out

        assert [code for code in ("TST101", "TST102", "MT201") if code not in shown] == []
        assert max(map(len, shown.splitlines())) <= 100

    def test_selftest_proves_what_is_named(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["selftest", "TST104", "test-typo"]) == 0
        assert capsys.readouterr().out == "2 rules proved, 0 failing\n"

    def test_selftest_fails_on_a_rule_that_does_not_hold(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write_rule(here / ".rules", "ocr", "TST106", "test-wrong", "to see", bad="Nothing ⟦to⟧ see.")

        assert main(["selftest", "TST106"]) == 1
        shown = capsys.readouterr().out
        assert "test-wrong.toml: TST106 bad example 'Nothing ⟦to⟧ see.': marked [(8, 10)], found [(8, 14)]" in shown
        assert "1 rule proved, 1 failing" in shown
