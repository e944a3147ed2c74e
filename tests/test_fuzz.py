"""Any text, any bytes: properties with hypothesis, and a bounded run of the fuzzer."""

from __future__ import annotations

import bz2
import gzip
import lzma
import subprocess
import sys
from pathlib import Path

import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

import qcheck
from qcheck.run.gzipping import Member, piece
from qcheck.sources import File, Options, Text, Unreadable
from qcheck.sources.compression import DamagedError, decompressed
from qcheck.sources.reading import read
from records import EVERY, write_records

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
ANY_TEXT = st.text(st.characters(), max_size=200)  # lone surrogates included
PIECES = st.sampled_from(
    [" ,,", "  ", "Ã©", "â€™", "&amp;", "\u200b", " . ..", "\n\n", "\r\n", "The end", "rn", "1l", "\ud800", "🙂"]
)
MARKED_TEXT = st.lists(PIECES | st.text(max_size=8), max_size=25).map("".join)
CHECKER = qcheck.Checker()
ARCHIVES = {"gz": gzip.compress, "zst": zstd.compress, "bz2": bz2.compress, "xz": lzma.compress}


@given(ANY_TEXT | MARKED_TEXT)
def test_the_api_on_any_text(text: str) -> None:
    report = CHECKER.check(text)
    assert 0 <= report.score.value <= 100
    assert list(report.findings) == sorted(report.findings, key=lambda f: (f.start, f.end, f.rule.code))
    assert all(f.text == text[f.start : f.end] and 0 <= f.start <= f.end <= len(text) for f in report.findings)


@given(ANY_TEXT | MARKED_TEXT)
def test_the_fixer_on_any_text(text: str) -> None:
    fixed = CHECKER.check(text).fixed(unsafe=True)
    assert CHECKER.check(fixed).fixed(unsafe=True) == fixed


class _Stream:
    """Bytes that come in pieces of any size, as from a pipe."""

    def __init__(self, data: bytes, step: int) -> None:
        self._data, self._step = data, step

    def read(self, size: int = -1) -> bytes:
        size = min(self._step, size if size >= 0 else self._step)
        piece, self._data = self._data[:size], self._data[size:]
        return piece


@given(st.binary(max_size=3000), st.sampled_from(list(ARCHIVES)), st.integers(1, 5000), st.integers(1, 700))
def test_archives_give_back_what_went_in(data: bytes, codec: str, step: int, block: int) -> None:
    half = len(data) // 2
    packed = ARCHIVES[codec](data[:half]) + ARCHIVES[codec](data[half:])
    stream, found = decompressed(_Stream(packed, step))  # type: ignore[arg-type]
    pieces = list(iter(lambda: stream.read(block), b""))
    assert (found, b"".join(pieces)) == (codec, data)
    assert all(len(piece) == block for piece in pieces[:-1])


@given(st.binary(min_size=1, max_size=3000), st.sampled_from(list(ARCHIVES)), st.data())
def test_archives_that_are_cut_off_say_so(data: bytes, codec: str, draw: st.DataObject) -> None:
    packed = ARCHIVES[codec](data)
    cut = draw.draw(st.integers(8, len(packed) - 1))
    stream, _ = decompressed(_Stream(packed[:cut], 100))  # type: ignore[arg-type]
    got: list[bytes] = []
    with pytest.raises(DamagedError):
        got.extend(iter(lambda: stream.read(64), b""))
    assert data.startswith(b"".join(got))


@pytest.mark.parametrize("suffix", EVERY)
@given(
    damage=st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), min_size=1, max_size=4),
    cut=st.integers(0, 60),
)
def test_readers_on_damaged_files(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, damage: list[tuple[int, int]], cut: int
) -> None:
    path = tmp_path_factory.getbasetemp() / f"damaged{suffix}"
    write_records(path, [{"id": f"r{n}", "text": f"Text {n} of a file."} for n in range(20)])
    data = bytearray(path.read_bytes())
    for place, value in damage:
        data[place % len(data)] = value
    path.write_bytes(data[: len(data) - cut % len(data)])

    options = Options(batch_bytes=300)
    records = list(read(File("f" + suffix, path), options))
    assert all(isinstance(record, Text | Unreadable) for record in records)
    assert records == list(read(File("f" + suffix, path), options))


@pytest.mark.parametrize("target", ["check", "fix", "jsonl", "csv", "wet", "gz", "zst", "parquet", "arrow"])
def test_a_bounded_run_of_the_fuzzer(target: str, tmp_path: Path) -> None:
    pytest.importorskip("atheris")
    command = [sys.executable, BENCHMARKS / "fuzz.py", target, "--seconds", "4"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    assert not list(tmp_path.glob("crash-*"))


@given(st.lists(st.binary(max_size=300), max_size=8))
def test_a_gzip_member_of_pieces(contents: list[bytes]) -> None:
    written = bytearray()
    member = Member(written.extend)
    for data in contents:
        member.add(*piece(data))
    member.finish()
    assert gzip.decompress(written) == b"".join(contents)
