import json
import subprocess
import sys
from pathlib import Path

import pytest

import qcheck as package
from command import BAD, documents, enter_three_texts, environment, qcheck, write_project, write_rule
from qcheck.cli import main
from qcheck.reports import FORMATS
from qcheck.sources import opening


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return enter_three_texts(tmp_path, monkeypatch)


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


class TestCommands:
    def test_a_command_of_other_tools_is_not_taken_for_a_file(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as stopped:
            main(["explain", "TST101"])
        Path("rules").mkdir()

        assert stopped.value.code == 2
        assert "no file 'explain'; did you mean 'qcheck rule CODE'?" in capsys.readouterr().err
        assert main(["rules"]) == 0  # there is such a folder

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
