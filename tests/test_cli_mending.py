import os
import stat
import subprocess
from pathlib import Path

import pytest

from command import qcheck, write_project, write_rule
from qcheck.cli import main

BAD = "Here is teh first, no dout.\n\nShare this page\n\nAnd teh end.\n"
SAFE = "Here is the first, no dout.\n\nAnd the end.\n"
UNSAFE = "Here is the first, no doubt.\n\nAnd the end.\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.txt").write_text(BAD)
    return tmp_path


class TestFix:
    def test_applies_safe_fixes_and_reports_what_is_left(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["bad.txt", "--fix", "--output-format", "concise"]) == 0
        assert (here / "bad.txt").read_text() == SAFE
        shown = capsys.readouterr()
        assert shown.out == "bad.txt:1:23: TST103 dout should not be here\n"
        assert shown.err.splitlines() == [
            "Fixed 3 findings in 1 document:",
            "     2  TST101 test-typo",
            "     1  TST102 test-furniture",
        ]

    def test_applies_unsafe_fixes_when_asked(self, here: Path) -> None:
        assert main(["bad.txt", "--fix", "--unsafe-fixes"]) == 0
        assert (here / "bad.txt").read_text() == UNSAFE

    @pytest.mark.parametrize("signature", [b"", b"\xef\xbb\xbf"])
    def test_keeps_line_ends_signature_and_mode(self, here: Path, signature: bytes) -> None:
        path = here / "bad.txt"
        path.write_bytes(signature + BAD.replace("\n", "\r\n").encode())
        path.chmod(0o640)
        main(["bad.txt", "--fix"])

        assert path.read_bytes() == signature + SAFE.replace("\n", "\r\n").encode()
        assert stat.S_IMODE(path.stat().st_mode) == 0o640

    def test_writes_through_links(self, here: Path) -> None:
        (here / "link.txt").symlink_to("bad.txt")
        main(["link.txt", "--fix"])

        assert (here / "link.txt").is_symlink()
        assert (here / "bad.txt").read_text() == SAFE

    def test_leaves_sound_files_untouched(self, here: Path) -> None:
        path = here / "bad.txt"
        path.write_text(SAFE)
        before = path.stat()
        main(["bad.txt", "--fix"])

        assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)

    def test_is_done_once(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        main(["bad.txt", "--fix"])
        capsys.readouterr()
        main(["bad.txt", "--fix"])

        assert capsys.readouterr().err == ""

    def test_standard_input_goes_mended_to_standard_output(self, here: Path) -> None:
        signed = b"\xef\xbb\xbf" + BAD.encode()
        done = qcheck("-", "--fix", "--output-format", "concise", cwd=here, stdin=signed)

        assert done.stdout == b"\xef\xbb\xbf" + SAFE.encode()
        assert b"<stdin>:1:23: TST103" in done.stderr
        assert done.returncode == 0

    def test_sound_standard_input_comes_out_as_it_is(self, here: Path) -> None:
        assert qcheck("-", "--fix", cwd=here, stdin=b"Sound.\r\n").stdout == b"Sound.\r\n"

    def test_what_does_not_settle_is_left_alone(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        grow = '[rule.fix]\nsafety = "safe"\nreplace = "z{all}"'
        write_rule(here / ".rules", "ocr", "TST107", "test-endless", "(?P<all>zz+)", fix=grow, bad="A ⟦zz⟧.")
        (here / "loop.txt").write_text("A zz.\n")
        main(["loop.txt", "bad.txt", "--fix"])

        assert (here / "loop.txt").read_text() == "A zz.\n"
        assert (here / "bad.txt").read_text() == SAFE
        assert "loop.txt is left as it is: the fixes of TST107" in capsys.readouterr().err

    def test_a_file_that_cannot_be_written_stops_nothing(self, here: Path) -> None:
        """Files are limited to 100 bytes, as on a disk that fills up; root may write anywhere else."""
        (here / "a.txt").write_text(BAD * 10)
        (here / "b.txt").write_text("teh\n")
        (here / "qcheck.toml").rename(here / ".rules/qcheck.toml")
        (here / ".rules/qcheck.toml").write_text('select = ["TST"]\nextend-rules = ["."]\n')
        limited = "ulimit -f 0; trap '' XFSZ; exec " if os.name == "posix" else ""
        done = subprocess.run(
            ["bash", "-c", limited + f"{_python()} -m qcheck a.txt gone.txt b.txt --fix --config .rules/qcheck.toml"],
            cwd=here,
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
        )

        assert done.returncode == 2
        assert "a.txt cannot be written: File too large; it is as it was" in done.stderr
        assert "b.txt cannot be written" in done.stderr
        assert (here / "a.txt").read_text() == BAD * 10
        assert sorted(path.name for path in here.iterdir()) == [".rules", "a.txt", "b.txt", "bad.txt"]


def _python() -> str:
    import sys

    return sys.executable


def _environment() -> dict[str, str]:
    from command import environment

    return environment()


class TestDiff:
    def test_shows_and_writes_nothing(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["bad.txt", "--diff"]) == 1
        assert (here / "bad.txt").read_text() == BAD
        shown = capsys.readouterr().out.splitlines()
        assert shown[:2] == ["--- a/bad.txt", "+++ b/bad.txt"]
        assert "-Here is teh first, no dout." in shown
        assert "+Here is the first, no dout." in shown

    def test_is_0_where_there_is_nothing_to_mend(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (here / "bad.txt").write_text(SAFE)

        assert main(["bad.txt", "--diff"]) == 0
        assert capsys.readouterr().out == ""
        assert main(["bad.txt", "--diff", "--unsafe-fixes"]) == 1

    @pytest.mark.parametrize("text", [BAD, BAD.rstrip(), BAD.replace("\n", "\r\n"), "\ufeff" + BAD, f"a\u2028b\n{BAD}"])
    def test_patch_makes_of_it_what_fix_makes(self, here: Path, text: str) -> None:
        path = here / "bad.txt"
        path.write_bytes(text.encode())
        diff = qcheck("bad.txt", "--diff", cwd=here).stdout
        subprocess.run(["git", "apply", "-"], cwd=here, input=diff, check=True)
        patched = path.read_bytes()
        path.write_bytes(text.encode())
        qcheck("bad.txt", "--fix", cwd=here)

        assert patched == path.read_bytes() != text.encode()

    def test_unreadable_documents_are_told(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["gone.txt", "bad.txt", "--diff"]) == 2
        shown = capsys.readouterr()
        assert "qcheck: gone.txt: cannot be read: No such file or directory" in shown.err
        assert "+++ b/bad.txt" in shown.out
