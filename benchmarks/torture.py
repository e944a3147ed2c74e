"""Files that break readers, and what qcheck and its peers do with them.

    python benchmarks/torture.py [--datatrove PYTHON] [--dolma FOLDER_OF_BIN] > docs/torture.md

Every file holds 20 good documents and something wrong. PYTHON is an interpreter that has ``datatrove[io]``, orjson and
warcio, FOLDER_OF_BIN is where the ``dolma`` command stands (peers.py installs it). The tests go over the same files
(tests/test_torture.py).
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

GOOD = 20
TEXTS = [f"The council met on day {number} and spoke of the bridge." for number in range(GOOD)]


@dataclass(frozen=True)
class Case:
    """One file and what must come of it.

    Attributes:
        title: What is wrong with it.
        name: Its name.
        data: Its bytes.
        checked: Documents that are checked.
        quarantined: Documents that are not.
        reason: A part of the reason in the sidecar.
    """

    title: str
    name: str
    data: bytes
    checked: int
    quarantined: int
    reason: str = ""


def line(text: object) -> bytes:
    """A good line of JSON."""
    return json.dumps({"id": "x", "source": "test", "text": text}, ensure_ascii=False).encode() + b"\n"


def among(*bad: bytes) -> bytes:
    """JSON Lines with something in the middle of the good ones."""
    lines = [line(text) for text in TEXTS]
    return b"".join([*lines[:10], *bad, *lines[10:]])


def rows(*bad: bytes) -> bytes:
    """The same as CSV."""
    lines = [f'x,"{text}"\n'.encode() for text in TEXTS]
    return b"".join([b"id,text\n", *lines[:10], *bad, *lines[10:]])


def pages(*bad: bytes) -> bytes:
    """The same as WET."""
    made = [page(text.encode()) for text in TEXTS]
    return b"".join([*made[:10], *bad, *made[10:]])


def page(body: bytes, length: int | None = None) -> bytes:
    """A record of a WET file."""
    size = len(body) if length is None else length
    head = "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <urn:x>\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
    head += "WARC-Target-URI: https://example.org/\r\nWARC-Identified-Payload-Type: text/plain\r\n"
    return (head + f"Content-Type: text/plain\r\nContent-Length: {size}\r\n\r\n").encode() + body + b"\r\n\r\n"


def table(*bad: object, kind: str = "parquet") -> bytes:
    """The same as Parquet or Arrow IPC."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = [
        text if text is None else bytes(str(text), "utf-8", "surrogatepass")
        for text in (*TEXTS[:10], *bad, *TEXTS[10:])
    ]
    column = pa.array(texts, pa.binary())
    # A string column whose bytes nobody has looked at: what careless writers leave
    column = pa.Array.from_buffers(pa.string(), len(column), column.buffers(), column.null_count)
    data, sink = pa.table({"text": column}), io.BytesIO()
    if kind == "parquet":
        pq.write_table(data, sink)
    else:
        with pa.ipc.new_file(sink, data.schema) as writer:
            writer.write_table(data)
    return sink.getvalue()


def zstd(data: bytes) -> bytes:
    """A frame that holds its blocks apart, as streams of writers do."""
    from qcheck.sources.compression import compressor

    packer = compressor("zst")
    pieces = [packer.compress(data[at : at + 200]) + packer.flush(1) for at in range(0, len(data), 200)]
    return b"".join(pieces) + packer.flush()


def cases() -> Iterator[Case]:
    """All files, format by format."""
    yield from _jsonl()
    yield from _archives()
    yield from _csv()
    yield from _columns()
    yield from _wet()
    yield from _text()


def _jsonl() -> Iterator[Case]:
    name = "a.jsonl"
    whole = among()
    yield Case("a line that is no JSON", name, among(b'{"text": "cut\n'), GOOD, 1, "is not JSON")
    yield Case("`null` as record", name, among(b"null\n"), GOOD, 1, "the record is null")
    yield Case("a list as record", name, among(b"[1]\n"), GOOD, 1, "the record is a list")
    yield Case("`null` as text", name, among(line(None)), GOOD, 1, "is null, not a text")
    yield Case("a number as text", name, among(line(7)), GOOD, 1, "is a number, not a text")
    yield Case("no text field", name, among(b'{"body": "x"}\n'), GOOD, 1, "has no field 'text'")
    yield Case("a byte that is not UTF-8", name, among(b'{"text": "caf\xe9"}\n'), GOOD, 1, "byte 0xe9 at offset 13")
    yield Case(
        "NUL, as an escape and raw", name, among(line("a\0b"), b'{"text": "\0"}\n'), GOOD + 1, 1, "control character"
    )
    yield Case("control characters as escapes", name, among(line("\x01\x85\x9f\x1b[31m")), GOOD + 1, 0)
    yield Case("a lone surrogate", name, among(b'{"text": "\\ud83d broken"}\n'), GOOD + 1, 0)
    yield Case("an empty text", name, among(line("")), GOOD + 1, 0)
    yield Case("CRLF", name, whole.replace(b"\n", b"\r\n"), GOOD, 0)
    yield Case("U+2028 and U+0085 in a text", name, among(line("a\u2028b\u0085c")), GOOD + 1, 0)
    yield Case(
        "NaN and a huge number beside the text", name, among(b'{"text": "x", "a": NaN, "b": 1e999}\n'), GOOD + 1, 0
    )
    yield Case("nested 100,000 deep", name, among(b'{"text": ' + b"[" * 100_000 + b"\n"), GOOD, 1, "is not JSON")
    yield Case("a byte order mark", name, b"\xef\xbb\xbf" + whole, GOOD, 0)
    yield Case("UTF-16 with a byte order mark", name, whole.decode().encode("utf-16"), 0, 1, "is UTF-16")
    yield Case("UTF-16 without", name, whole.decode().encode("utf-16-le"), 0, 1, "looks like UTF-16")
    yield Case("no line end at the end", name, whole[:-1], GOOD, 0)
    yield Case("an empty file", name, b"", 0, 0)


def _archives() -> Iterator[Case]:
    whole = among()
    gz, zst = gzip.compress(whole, mtime=0), zstd(whole)
    half = whole.index(b"day 10")
    parts = gzip.compress(whole[:half], mtime=0) + gzip.compress(whole[half:], mtime=0)[:-30]
    yield Case("a gzip that is cut off", "a.jsonl.gz", parts, -1, 1, "the file is cut off")
    yield Case("a zstd that is cut off", "a.jsonl.zst", zst[: len(zst) // 2], -1, 1, "the file is cut off")
    yield Case("a gzip with a byte changed", "a.jsonl.gz", gz[:-6] + b"\xff" + gz[-5:], -1, 1, "is corrupt")
    yield Case(
        "a gzip of two members", "a.jsonl.gz", gzip.compress(whole[:half]) + gzip.compress(whole[half:]), GOOD, 0
    )
    yield Case("a zstd of two frames", "a.jsonl.zst", zstd(whole[:half]) + zstd(whole[half:]), GOOD, 0)
    yield Case("a gzip with other bytes behind it", "a.jsonl.gz", gz + b"what is this", GOOD, 1, "followed by bytes")
    yield Case("an empty file called .gz", "a.jsonl.gz", b"", 0, 1, "is empty")
    yield Case("a plain file called .gz", "a.jsonl.gz", whole, GOOD, 0)


def _csv() -> Iterator[Case]:
    name = "a.csv"
    yield Case("a row with too many fields", name, rows(b"1,2,3\n"), GOOD, 1, "has 3 fields")
    yield Case("a byte that is not UTF-8", name, rows(b"x,caf\xe9\n"), GOOD, 1, "byte 0xe9 at offset 5")
    yield Case("NUL", name, rows(b"x,a\0b\n"), GOOD + 1, 0)
    yield Case("a lone surrogate as three bytes", name, rows(b"x,\xed\xa0\x80\n"), GOOD, 1, "is not UTF-8")
    yield Case("an empty text", name, rows(b"x,\n"), GOOD + 1, 0)
    yield Case("CRLF", name, rows().replace(b"\n", b"\r\n"), GOOD, 0)
    yield Case("U+2028 in a text", name, rows("x,a\u2028b\n".encode()), GOOD + 1, 0)
    yield Case("no such column", name, b"id,body\n1,2\n", 0, 1, "has no column 'text'")
    yield Case("UTF-16 with a byte order mark", name, rows().decode().encode("utf-16"), 0, 1, "is UTF-16")
    yield Case("UTF-16 without", name, rows().decode().encode("utf-16-le"), 0, 1, "looks like UTF-16")
    yield Case("an empty file", name, b"", 0, 0)


def _columns() -> Iterator[Case]:
    for kind in ("parquet", "arrow"):
        name, whole = f"a.{kind}", table(kind=kind)
        yield Case("`null` as text", name, table(None, kind=kind), GOOD, 1, "is null, not a text")
        yield Case("a lone surrogate as three bytes", name, table("\ud800", kind=kind), GOOD, 1, "is not UTF-8")
        yield Case("NUL, an empty text, U+2028", name, table("a\0b", "", "a\u2028b", kind=kind), GOOD + 3, 0)
        yield Case("cut off", name, whole[: len(whole) // 2], 0, 1, f"cannot be read as {kind}")
        yield Case("other bytes", name, b"what is this" * 9, 0, 1, f"cannot be read as {kind}")
        yield Case("an empty file", name, b"", 0, 1, f"cannot be read as {kind}")


def _wet() -> Iterator[Case]:
    name = "a.warc.wet"
    yield Case("a byte that is not UTF-8", name, pages(page(b"caf\xe9")), GOOD, 1, "byte 0xe9 at offset 3")
    yield Case("NUL, an empty page", name, pages(page(b"a\0b"), page(b"")), GOOD + 2, 0)
    yield Case("cut off", name, pages()[:-60], GOOD - 1, 1, "cut off")
    yield Case("cut off, in a gzip", f"{name}.gz", gzip.compress(pages(), mtime=0)[:-30], -1, 1, "cut off")
    yield Case("a length beyond the end", name, pages() + page(b"short", 9_999), GOOD, 1, "cut off")
    yield Case("other bytes between the records", name, pages(b"what is this\r\n"), GOOD, 1, "are no WARC record")
    yield Case("a length that is too large", name, pages(page(b"short", 500)), GOOD, 1, "says that it has 500")
    yield Case("a length that is no number", name, pages(page(b"x").replace(b": 1\r", b": x\r")), GOOD, 1, "length is")
    yield Case("a head with a byte changed", name, pages(page(b"x").replace(b"WARC/", b"WXRC/")), GOOD, 1, "no WARC")
    yield from _members(f"{name}.gz")
    yield Case("other bytes", name, b"what is this" * 9, 0, 1, "are no WARC record")


def _members(name: str) -> Iterator[Case]:
    """A gzip member for each record, as Common Crawl writes them."""
    members = [gzip.compress(page(text.encode()), mtime=0) for text in TEXTS]
    front, back, bad = members[:10], members[10:], bytearray(gzip.compress(page(b"x" * 99), mtime=0))
    yield Case("members, other bytes between", name, b"".join([*front, b"what is this", *back]), GOOD, 1, "are none")
    yield Case("members, one cut off", name, b"".join([*front, bad[:-20], *back]), GOOD, 1, "reading goes on")
    bad[len(bad) // 2] ^= 0xFF
    yield Case("members, one with a byte changed", name, b"".join([*front, bad, *back]), GOOD, 1, "reading goes on")


def _text() -> Iterator[Case]:
    yield Case("a byte that is not UTF-8", "a.txt", b"caf\xe9", 0, 1, "byte 0xe9 at offset 3")
    yield Case("NUL and control characters", "a.txt", b"a\0b\x01\x1b[31m", 1, 0)
    yield Case("a lone surrogate as three bytes", "a.txt", b"\xed\xa0\x80", 0, 1, "is not UTF-8")
    yield Case("an empty file", "a.txt", b"", 1, 0)
    yield Case("CRLF, U+2028, a byte order mark", "a.txt", "\ufeffa\r\nb\u2028c".encode(), 1, 0)
    yield Case("UTF-16 with a byte order mark", "a.txt", "Plain.".encode("utf-16"), 0, 1, "is UTF-16")
    yield Case("UTF-16 without", "a.txt", "Plain text.".encode("utf-16-le"), 0, 1, "looks like UTF-16")
    yield Case("a gzip that is cut off", "a.txt.gz", gzip.compress(b"Plain text.", mtime=0)[:-3], 0, 1, "cut off")


def by_qcheck(path: Path, out: Path) -> str:
    """What ``qcheck run`` makes of a file."""
    command = (sys.executable, "-m", "qcheck", "run", str(path), "--out", str(out), "--select", "TYP")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    counts = json.loads((out / "manifest.json").read_text())["counts"]
    words = f"{counts['checked']} checked"
    if counts["quarantined"]:
        (sidecar,) = (out / "quarantine").iterdir()
        reason = json.loads(sidecar.read_text().splitlines()[0])["reason"].split(";")[0]
        words += f", {counts['quarantined']} quarantined: {reason[:90]}"
    return f"{words} (exit {done.returncode})"


_DATATROVE = """
import sys
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import CSVReader, IpcReader, JsonlReader, ParquetReader, WarcReader
from datatrove.pipeline.writers import JsonlWriter
folder, name, out = sys.argv[1:]
readers = {"parquet": ParquetReader, "csv": CSVReader, "arrow": IpcReader, "wet": WarcReader, "jsonl": JsonlReader}
make = next(reader for kind, reader in readers.items() if kind in name)
reader = make(folder, glob_pattern=name)
LocalPipelineExecutor([reader, JsonlWriter(out, compression=None)], logging_dir=out + "/logs", tasks=1).run()
"""


def by_datatrove(python: str, path: Path, out: Path) -> str:
    """What a pipeline of a datatrove reader and writer makes of a file."""
    if ".txt" in path.name:
        return "no reader for it"
    command = (python, "-c", _DATATROVE, str(path.parent), path.name, str(out))
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    written = sum(made.read_bytes().count(b"\n") for made in out.glob("*.jsonl"))
    warned = [row for row in done.stderr.splitlines() if "WARNING" in row]
    finished = (out / "logs" / "completions").exists() and any((out / "logs" / "completions").iterdir())
    said = f"task {'counts as done' if finished else 'fails'}, {len(warned)} warning{'s' * (len(warned) != 1)}"
    return f"{written} written; {said} (exit {done.returncode})"


def by_dolma(folder: str, path: Path, out: Path) -> str:
    """What ``dolma tag`` makes of a file of JSON Lines, which it wants compressed."""
    if ".jsonl" not in path.name:
        return "no reader for it"
    place = out / "documents" / (path.name if path.suffix in (".gz", ".zst") else path.name + ".gz")
    place.parent.mkdir(parents=True)
    place.write_bytes(path.read_bytes() if place.name == path.name else gzip.compress(path.read_bytes()))
    options = ("tag", "--documents", f"{out}/documents/*", "--experiment", "x", "--taggers", "whitespace_tokenizer_v1")
    done = subprocess.run(
        (str(Path(folder) / "dolma"), *options, "--processes", "1"),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    written = 0
    for made in (out / "attributes").rglob("*.*"):
        if made.is_file():
            written += _lines_of(made)
    said = "run counts as done" if not done.returncode else "run fails"
    return f"{written} written; {said} (exit {done.returncode})"


def _lines_of(path: Path) -> int:
    from qcheck.sources.compression import DamagedError, decompressed

    with path.open("rb") as raw:
        try:
            return decompressed(raw)[0].read(1 << 24).count(b"\n")
        except DamagedError:
            return 0


def report(peers: dict[str, Callable[[Path, Path], str]]) -> Iterator[str]:
    """The table, as Markdown."""
    tools: dict[str, Callable[[Path, Path], str]] = {"qcheck run": by_qcheck, **peers}
    yield f"| file | what is wrong | {' | '.join(tools)} |"
    yield "|---|---|" + "---|" * len(tools)
    for case in cases():
        cells = []
        for tool in tools.values():
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder, "in", case.name)
                path.parent.mkdir()
                path.write_bytes(case.data)
                try:
                    cells.append(tool(path, Path(folder, "out")).replace("|", "\\|"))
                except subprocess.TimeoutExpired:
                    cells.append("hangs for two minutes")
        yield f"| {case.name} | {case.title} | {' | '.join(cells)} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--datatrove", metavar="PYTHON")
    parser.add_argument("--dolma", metavar="FOLDER")
    arguments = parser.parse_args()
    peers: dict[str, Callable[[Path, Path], str]] = {}
    if arguments.datatrove:
        peers["datatrove"] = lambda path, out: by_datatrove(arguments.datatrove, path, out)
    if arguments.dolma:
        peers["dolma"] = lambda path, out: by_dolma(arguments.dolma, path, out)
    for row in report(peers):
        print(row, flush=True)


if __name__ == "__main__":
    main()
