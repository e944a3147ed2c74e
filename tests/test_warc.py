"""WARC framing: the same pages as warcio where all is well, and reading on behind whatever is not."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import tracemalloc
from pathlib import Path

import pytest
from backports import zstd

from qcheck.sources import File, Options, Record, Text, Unreadable
from qcheck.sources.reading import read
from records import page

PAGES = [f"Page {number} of the file speaks of the bridge.\n" * 40 for number in range(20)]
RAW = [page(f"p{number}", text.encode()) for number, text in enumerate(PAGES)]
PACK = {"gz": gzip.compress, "zst": zstd.compress, "bz2": bz2.compress, "xz": lzma.compress}
NAMES = {"gz": "a.warc.wet.gz", "zst": "a.warc.wet.zst", "bz2": "a.warc.wet.bz2", "xz": "a.warc.wet.xz"}


def read_bytes(folder: Path, data: bytes, name: str = "a.warc.wet", options: Options | None = None) -> list[Record]:
    (folder / name).write_bytes(data)
    return list(read(File(name, folder / name), options or Options()))


def texts(records: list[Record]) -> list[str]:
    return [record.text for record in records if isinstance(record, Text)]


def broken(records: list[Record]) -> list[Unreadable]:
    return [record for record in records if isinstance(record, Unreadable)]


def among(*bad: bytes) -> bytes:
    return b"".join([*RAW[:10], *bad, *RAW[10:]])


class TestForeignBytes:
    @pytest.mark.parametrize(
        "foreign",
        [
            b"what is this\r\n",
            b"what is this",
            b"WARC/1.0 is a format\n\n",
            b"WARC/9.9\r\nWARC-Type: conversion\r\n\r\n",
            bytes(300_000),
            bytes(range(256)) * 2000,
        ],
    )
    def test_between_records_cost_nothing_else(self, tmp_path: Path, foreign: bytes) -> None:
        records = read_bytes(tmp_path, among(foreign))
        assert texts(records) == PAGES
        (one,) = broken(records)
        assert one.offset == sum(map(len, RAW[:10])) + len(foreign) - len(foreign.lstrip(b"\r\n"))
        assert one.raw == foreign[: 1 << 16]
        assert one.raw_form == ("bytes" if len(foreign) <= 1 << 16 else "head")
        assert [record.number for record in records if isinstance(record, Text)][9:11] == [10, 12]

    @pytest.mark.parametrize("packed", [True, False])
    def test_before_and_behind_all_records(self, tmp_path: Path, packed: bool) -> None:
        data = b"front\r\n" + b"".join(RAW) + b"back"
        records = read_bytes(tmp_path, gzip.compress(data) if packed else data)
        assert texts(records) == PAGES
        assert [one.raw for one in broken(records)] == [b"front\r\n", b"back"]

    def test_a_file_of_nothing_else_in_bounded_memory(self, tmp_path: Path) -> None:
        data = gzip.compress(bytes(64 << 20))
        tracemalloc.start()
        (one,) = read_bytes(tmp_path, data, options=Options(input_format="wet"))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert isinstance(one, Unreadable)
        assert one.error == "here are 67,108,864 bytes that are no WARC record"
        assert peak < 4 << 20


class TestBrokenHeads:
    @pytest.mark.parametrize(
        ("old", "new", "error"),
        [
            (b"WARC/1.0", b"WXRC/1.0", "that are no WARC record"),
            (b"conversion", b"conversioN!", "of the unknown type 'conversioN!'"),
            (b"WARC-Type:", b"WARC-Type-", "without a type"),
            (b"Content-Length: ", b"Content-Length: x", "whose length is 'x"),
            (b"Content-Length: ", b"Content-Length: -", "whose length is '-"),
            (b"Content-Length: ", "Content-Length: \u0663".encode(), "whose length is '\u0663"),
            (b"Content-Length:", b"Content-Length", "without a length"),
            (b"Content-Length: ", b"Content-Length: 9", "says that it has 9"),
            (b"Content-Length: ", b"Content-Length: 999999999999", "says that it has 9,999,999,999,99"),
            (b"Content-Length: ", b"Content-Length: " + b"9" * 5000, "whose length is '99"),
            (b"Content-Length: ", b"Content-Length: 9" + b" " * 70_000, "the head of a record is cut off"),
        ],
    )
    def test_the_others_are_read(self, tmp_path: Path, old: bytes, new: bytes, error: str) -> None:
        records = read_bytes(tmp_path, among(RAW[0].replace(old, new, 1)))
        assert texts(records) == PAGES
        (one,) = broken(records)
        assert error in one.error
        assert one.offset == sum(map(len, RAW[:10]))

    def test_a_wrong_length_of_a_record_that_is_no_page(self, tmp_path: Path) -> None:
        info = page("info", b"software: x", "warcinfo").replace(b"Length: 11", b"Length: 5000")
        records = read_bytes(tmp_path, info + b"".join(RAW))
        assert texts(records) == PAGES
        assert "a record of 15 bytes says that it has 5,000" in broken(records)[0].error

    def test_a_length_that_is_too_small(self, tmp_path: Path) -> None:
        records = read_bytes(tmp_path, among(page("x", b"Short. And more.").replace(b"Length: 16", b"Length: 6")))
        assert texts(records) == [*PAGES[:10], "Short.", *PAGES[10:]]
        assert broken(records)[0].raw == b" And more.\r\n\r\n"

    def test_a_page_that_is_too_large(self, tmp_path: Path) -> None:
        records = read_bytes(tmp_path, among(page("x", b"x " * 100_000)), options=Options(max_record=100_000))
        assert texts(records) == PAGES
        assert "the page has 0.2 MiB, more than 0.1 (--max-record)" in broken(records)[0].error
        assert broken(records)[0].raw_form == "head"

    def test_a_large_record_that_is_no_page_is_passed_over(self, tmp_path: Path) -> None:
        data = among(page("x", b"x " * 100_000, "response"))
        assert texts(read_bytes(tmp_path, data, options=Options(max_record=100_000))) == PAGES
        assert broken(read_bytes(tmp_path, data, options=Options(max_record=100_000))) == []

    def test_a_page_that_quotes_a_head(self, tmp_path: Path) -> None:
        quote = (
            b"A record begins:\n\nWARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 4\r\n\r\nabcd\r\n\r\nSo it ends."
        )
        assert texts(read_bytes(tmp_path, among(page("x", quote))))[10] == quote.decode()


@pytest.mark.parametrize("codec", list(PACK))
class TestMembers:
    """A file of a member for each record, as Common Crawl writes them."""

    def test_one_that_is_damaged_costs_its_page_alone(self, tmp_path: Path, codec: str) -> None:
        members = [PACK[codec](raw) for raw in RAW]
        for place in (0, len(members[10]) // 2, len(members[10]) - 6):
            data = bytearray(members[10])
            data[place] ^= 0xFF
            records = read_bytes(tmp_path, b"".join([*members[:10], data, *members[11:]]), NAMES[codec])
            found = texts(records)
            # A zstd frame has no checksum unless it was asked for
            assert [text for text in found if text in PAGES] in ([*PAGES[:10], *PAGES[11:]], PAGES)
            assert broken(records) or codec == "zst"

    def test_one_that_is_cut_off(self, tmp_path: Path, codec: str) -> None:
        members = [PACK[codec](raw) for raw in RAW]
        for kept in (20, len(members[10]) // 2, len(members[10]) - 1):
            data = b"".join([*members[:10], members[10][:kept], *members[11:]])
            records = read_bytes(tmp_path, data, NAMES[codec])
            assert texts(records) == [*PAGES[:10], *PAGES[11:]]
            at = len(data) - sum(map(len, members[11:]))
            assert f"reading goes on at byte {at:,} of the compressed file" in broken(records)[0].error

    @pytest.mark.parametrize("foreign", [b"what is this", b"\0\0\0", bytes(range(256)) * 5000])
    def test_other_bytes_between_them(self, tmp_path: Path, codec: str, foreign: bytes) -> None:
        members = [PACK[codec](raw) for raw in RAW]
        records = read_bytes(tmp_path, b"".join([*members[:10], foreign, *members[10:]]), NAMES[codec])
        assert texts(records) == PAGES
        assert len(broken(records)) == (foreign != b"\0\0\0")

    def test_the_last_is_cut_off(self, tmp_path: Path, codec: str) -> None:
        members = [PACK[codec](raw) for raw in RAW]
        records = read_bytes(tmp_path, b"".join(members)[:-20], NAMES[codec])
        assert texts(records) == PAGES[:-1]
        assert "cut off" in broken(records)[0].error


@pytest.mark.filterwarnings("ignore")  # warcio leaves its temporary files open
@pytest.mark.parametrize("gzipped", [True, False])
def test_the_same_pages_as_warcio(tmp_path: Path, gzipped: bool) -> None:
    warcio = pytest.importorskip("warcio")
    rng, out = random.Random(3), io.BytesIO()
    writer = warcio.warcwriter.WARCWriter(out, gzip=gzipped)
    writer.write_record(writer.create_warcinfo_record("a", {"software": "x"}))
    for number in range(200):
        kind = rng.choice(("conversion", "conversion", "metadata", "resource"))
        body = rng.choice(
            ("", "\r\n", "Text.\n\n", "naïve 日本 🙂\r\n\r\nWARC/1.0", "x" * rng.randint(1, 99_999))
        ).encode()
        uri = f"https://example.org/{number}?q=ü"
        writer.write_record(writer.create_warc_record(uri, kind, payload=io.BytesIO(body)))
    data = out.getvalue()
    pages = [
        (record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read().decode())
        for record in warcio.ArchiveIterator(io.BytesIO(data), no_record_parse=True)
        if record.rec_type == "conversion"
    ]
    records = read_bytes(tmp_path, data)
    assert [(record.fields["url"], record.text) for record in records if isinstance(record, Text)] == pages
    assert not broken(records)


@pytest.mark.parametrize("seed", range(40))
def test_one_wound_costs_no_more_than_its_neighbourhood(tmp_path: Path, seed: int) -> None:
    """Whatever is cut out of a file or put into it, the pages that it does not touch are read."""
    rng = random.Random(seed)
    members = [gzip.compress(raw, mtime=0) for raw in RAW]
    data = b"".join(members)
    at = rng.randrange(len(data))
    cut = rng.choice([0, rng.randint(1, 300)])
    wounded = data[:at] + rng.randbytes(rng.choice([0, 1, 200])) + data[at + cut :]
    touched, start = set[int](), 0
    for number, member in enumerate(members):
        if start <= at + cut and at <= start + len(member):
            touched.add(number)
        start += len(member)
    found = texts(read_bytes(tmp_path, wounded, "a.warc.wet.gz"))
    assert [text for number, text in enumerate(PAGES) if number not in touched] == [
        text for text in found if text in PAGES and PAGES.index(text) not in touched
    ]
