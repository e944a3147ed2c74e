"""Inputs that break readers: no crash, no lost record, and a word about each."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from backports import zstd

import qcheck
from command import environment, write_project, write_rule
from qcheck.cli import main
from qcheck.sources import File, Options, Text, Unreadable
from qcheck.sources.reading import read
from torture import GOOD, TEXTS, Case, cases

CASES = {f"{case.name}: {case.title}": case for case in cases()}
NASTY = [
    "",
    "\0",
    "\x01\x85\x9f",
    "\ud800",
    "a\udfffb\ud83d",
    "\ufeff",
    "a\r\nb\rc\u2028d\u0085",
    "\ufffe\uffff",
    "İ" * 9,
]
NASTY += [
    "🙂" * 50,
    "a\u0301" * 500,
    " " * 10_000,
    "\n" * 10_000,
    "x" * 100_000,
    "(" * 5_000,
    "&amp;" * 2_000,
    "Ã©" * 500,
]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_project(tmp_path)
    return tmp_path


def counts(out: str = "out") -> dict[str, Any]:
    value: dict[str, Any] = json.loads(Path(out, "manifest.json").read_text())["counts"]
    return value


def sidecar(out: str = "out") -> list[dict[str, Any]]:
    found = sorted(Path(out, "quarantine").rglob("*.jsonl"))
    return [json.loads(line) for path in found for line in path.read_text().splitlines()]


@pytest.mark.parametrize("name", CASES)
def test_readers(here: Path, name: str) -> None:
    case: Case = CASES[name]
    Path(case.name).write_bytes(case.data)

    code = main(["run", case.name, "--out", "out"])
    found = counts()
    assert found["read"] == found["checked"] + found["quarantined"]
    assert found["quarantined"] == case.quarantined
    assert found["checked"] == case.checked if case.checked >= 0 else 0 < found["checked"] <= GOOD
    assert code == (2 if case.quarantined else 0)
    for one in sidecar() if case.quarantined else ():
        assert case.reason in one["reason"]
        assert one["file"] == case.name


@pytest.mark.parametrize("name", CASES)
def test_readers_in_check(here: Path, name: str) -> None:
    case: Case = CASES[name]
    Path(case.name).write_bytes(case.data)

    main(["check", case.name, "--json", "out.json", "--output-file", "out.txt"])
    summary = json.loads(Path("out.json").read_text())["summary"]
    assert summary["unreadable"] == case.quarantined
    assert summary["checked"] == case.checked or case.checked < 0


def test_the_sidecar_keeps_the_bytes(here: Path) -> None:
    bad = [b'{"text": null}', b'{"text": "caf\xe9"}', b"\x00\x01\xff", b"x" * 100]
    Path("a.jsonl").write_bytes(b'{"text": "ok"}\n' + b"\n".join(bad))
    assert main(["run", "a.jsonl", "--out", "out"]) == 2

    found = sidecar()
    kept = [one["raw"].encode() if one["raw_form"] == "text" else base64.b64decode(one["raw"]) for one in found]
    assert kept == bad
    data = Path("a.jsonl").read_bytes()
    assert [data[one["offset"] :].startswith(raw) for one, raw in zip(found, bad, strict=True)] == [True] * 4
    assert [one["record"] for one in found] == [2, 3, 4, 5]


@pytest.mark.parametrize("text", NASTY, ids=[ascii(text[:8]) for text in NASTY])
def test_the_api_takes_any_text(text: str) -> None:
    report = qcheck.check(text)
    json.dumps(report.to_dict())
    assert 0 <= report.score.value <= 100
    assert isinstance(report.fixed(unsafe=True), str)
    for finding in report.findings:
        assert 0 <= finding.start <= finding.end <= len(text)


@pytest.mark.parametrize(
    "unit", ["3", "3.", "3-", "3'", "½", "a-", "a.", ".,", "_", "I", "l1", "'\"", "!-", "a'", "rn"]
)
def test_hostile_tokens_of_a_scan(unit: str) -> None:
    """Found by the fuzzer: a row of digits before a letter took twice as long with every digit."""
    scan, row = "tbe council 1s aud tbe of the tbe tmie, " * 5, unit * 200
    for text in (f"{scan}{row}x {scan}", f"{scan}a{row}b {scan}", f"{scan}3{row}</p> {scan}"):
        assert qcheck.check(text).score.value < 100


class TestFiles:
    def test_one_that_vanishes(self, here: Path) -> None:
        records = read(File("gone.jsonl", Path("gone.jsonl")), Options())
        assert [type(record) for record in records] == [Unreadable]
        Path("a.jsonl").write_text('{"text": "ok"}\n')
        assert main(["run", "a.jsonl", "gone.jsonl", "--out", "out"]) == 2
        assert (counts()["checked"], counts()["quarantined"]) == (1, 1)

    def test_one_that_vanishes_while_it_waits(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from qcheck.cli import run

        for name in ("a.jsonl", "b.jsonl", "c.txt", "d.txt"):
            Path(name).write_text('{"text": "ok"}\n')
        make = run.RunFolder
        monkeypatch.setattr(
            run, "RunFolder", lambda *a, **k: [Path(n).unlink() for n in ("b.jsonl", "d.txt")] and make(*a, **k)
        )
        assert main(["run", ".", "--out", "out"]) == 2
        assert {one["file"] for one in sidecar()} == {"b.jsonl", "d.txt"}
        assert counts()["checked"] == 2

    @pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may read everything")
    def test_what_may_not_be_read(self, here: Path) -> None:
        Path("in/folder").mkdir(parents=True)
        for name in ("in/a.jsonl", "in/b.jsonl", "in/folder/c.jsonl"):
            Path(name).write_text('{"text": "ok"}\n')
        for name in ("in/a.jsonl", "in/folder"):
            Path(name).chmod(0)
        rights = "-dac_override,-dac_read_search"  # with which root reads what nobody may
        before = ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}"] if os.geteuid() == 0 else []
        command = [*before, sys.executable, "-m", "qcheck", "run", "in", "--out", "out"]
        done = subprocess.run(command, env=environment(None), check=False, capture_output=True)
        Path("in/folder").chmod(0o700)  # so that it can be removed
        assert done.returncode == 2, done.stderr
        assert [one["file"] for one in sidecar()] == ["in/a.jsonl", "in/folder"]
        assert all("Permission denied" in one["reason"] for one in sidecar())
        assert counts()["checked"] == 1

    @pytest.mark.parametrize("name", ["loop.jsonl", "loop.parquet", "loop.csv", "loop.txt"])
    def test_a_link_to_itself(self, here: Path, name: str) -> None:
        Path(name).symlink_to(name)
        assert main(["run", name, "--out", "out"]) == 2
        assert "cannot be read" in sidecar()[0]["reason"]

    def test_folders_that_link_to_each_other(self, here: Path) -> None:
        Path("in/sub").mkdir(parents=True)
        Path("in/sub/up").symlink_to("..")
        Path("in/a.jsonl").write_text('{"text": "ok"}\n')
        assert main(["run", "in", "--out", "out"]) == 0
        assert counts()["read"] == 1

    @pytest.mark.parametrize("name", ["two\nlines.jsonl", "\udcff.jsonl", "日本 x.csv", "-x.jsonl", "new\nline.txt"])
    def test_any_name(self, here: Path, name: str) -> None:
        Path("in").mkdir()
        Path("in", name).write_text("text\nok\n" if name.endswith("csv") else '{"text": "ok"}\n{"text": 1}\n')
        code = main(["run", "in", "--out", "out", "--findings", "--attributes", "--workers", "2"])
        assert code == (2 if name.endswith("jsonl") else 0)
        assert counts()["checked"] == 1
        assert not name.endswith(".jsonl") or Path("out/documents", name).exists()

    def test_a_folder_in_the_place_of_a_file(self, here: Path) -> None:
        Path("a.jsonl").mkdir()
        assert main(["run", "a.jsonl", "--out", "out"]) == 2  # a folder without files: nothing to do


class TestBombs:
    """What gets large when it is opened must not get into memory."""

    LIMIT = 700 << 20

    def _run(self, *more: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "qcheck", "run", *more, "--out", "out"]
        limit = (self.LIMIT, self.LIMIT)
        return subprocess.run(
            command,
            env=environment(None),
            capture_output=True,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, limit),
        )

    @pytest.mark.parametrize("codec", ["gz", "zst"])
    def test_a_line_of_two_gigabytes(self, here: Path, codec: str) -> None:
        pack = gzip.compress if codec == "gz" else zstd.compress
        block = pack(b"x" * (64 << 20))
        Path(f"a.jsonl.{codec}").write_bytes(pack(b'{"text": "ok"}\n') + block * 32 + pack(b'\n{"text": "ok"}\n'))
        done = self._run(f"a.jsonl.{codec}", "--max-record", "16")
        assert done.returncode == 2, done.stderr
        assert (counts()["checked"], counts()["quarantined"]) == (2, 1)
        assert "more than 16.0 (--max-record)" in sidecar()[0]["reason"]

    def test_a_text_file(self, here: Path) -> None:
        Path("a.txt.gz").write_bytes(gzip.compress(b"x" * (64 << 20)) * 16)
        assert self._run("a.txt.gz", "--max-record", "16").returncode == 2
        assert counts()["quarantined"] == 1

    def test_a_zstd_that_wants_a_window_of_two_gigabytes(self, here: Path) -> None:
        packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 31})
        Path("a.jsonl.zst").write_bytes(packer.compress(b'{"text": "ok"}\n' * 9) + packer.flush())
        assert self._run("a.jsonl.zst").returncode == 2
        assert "is corrupt" in sidecar()[0]["reason"]


def test_a_parquet_whose_footer_has_any_byte_changed(tmp_path: Path) -> None:
    """A codec that does not exist once ended the process: pyarrow's ``compression`` raises what nobody can catch."""
    path, sink = tmp_path / "a.parquet", io.BytesIO()
    pq.write_table(pa.table({"text": ["One.", "Two."]}), sink, compression="snappy")
    whole, reasons = sink.getvalue(), set[str]()
    for place in range(len(whole) - 8 - int.from_bytes(whole[-8:-4], "little"), len(whole) - 8):
        path.write_bytes(whole[:place] + b"\x22" + whole[place + 1 :])
        records = list(read(File("a.parquet", path), Options()))
        reasons |= {record.error for record in records if isinstance(record, Unreadable)}
    assert any("codec value: 17" in reason for reason in reasons)


@pytest.mark.slow
def test_a_line_of_a_hundred_megabytes(here: Path) -> None:
    text = ("The council met the mayor. " * 4_000_000)[: 100 << 20] + " teh"
    Path("a.jsonl").write_text(json.dumps({"text": text}) + '\n{"text": "ok"}\n')
    assert main(["run", "a.jsonl", "--out", "out", "--records", "none"]) == 0
    assert counts()["checked"] == 2


def test_rule_files_cannot_bring_code(tmp_path: Path) -> None:
    """A rule of kind python names a detector that ships with qcheck; no path, no dotted name, no module of its own."""
    mark = tmp_path / "ran"
    (tmp_path / "evil.py").write_text(f"open({str(mark)!r}, 'w')\ndef find(*_): return ()\n")
    for detector in ("evil", "os", "..evil", "qcheck.cli", "../evil", str(tmp_path / "evil.py"), "evil:find"):
        folder = tmp_path / "rules"
        write_rule(folder, "ocr", "TST101", "test-typo", "x")
        path = folder / "ocr" / "test-typo.toml"
        text = path.read_text().replace('kind = "regex"', f'kind = "python"\ndetector = "{detector}"')
        path.write_text("\n".join(line for line in text.splitlines() if not line.startswith("pattern")))
        with pytest.raises(qcheck.QcheckError):
            qcheck.Checker(rules=[folder])
    assert not mark.exists()


def test_what_is_checked_is_what_was_written(here: Path) -> None:
    """The good documents of a file come out as they went in, whatever stands among them."""
    for name, case in CASES.items():
        if case.name == "a.jsonl" and case.checked >= GOOD and "CRLF" not in name:
            Path("a.jsonl").write_bytes(case.data)
            found = [
                record.text for record in read(File("a.jsonl", Path("a.jsonl")), Options()) if isinstance(record, Text)
            ]
            assert [text for text in found if text in TEXTS] == TEXTS
