"""Settings of files and of the command line, and the reports that they ask for."""

import json
from pathlib import Path

import pytest

from command import enter_three_texts, write_project, write_rule
from qcheck.cli import main


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return enter_three_texts(tmp_path, monkeypatch)


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
