"""``qcheck run`` from JSON Lines in zstd to the same: how fast the pipe is alone, with one worker and with more.

    python benchmarks/pipeline.py [TEXTS...] [--megabytes 200] [--workers 1 2] [--times 3]

TEXTS are as for ``speed.py``. MB are of uncompressed JSON Lines, rates by wall clock and best of some runs. Start-up
(about a second) and the warming up of every worker (another) are included: give enough megabytes. The pipe alone is
everything but ``check()``: reading, decompressing, parsing, encoding, compressing, writing, in this process and by its
CPU time, without a start-up.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

from tabulate import tabulate

import qcheck
from qcheck.cli import main as command
from qcheck.report import Report
from qcheck.sources.compression import compressor
from speed import made_up_news, read_texts


def make(path: Path, texts: list[str], megabytes: float) -> float:
    """Records with the texts, over and over until there are enough; their size in MB."""
    packer, size, numbers = compressor("zst"), 0, count()
    with path.open("wb") as stream:
        while size < megabytes * 1e6:
            rows = [{"id": f"d{(n := next(numbers))}", "url": f"https://example.org/{n}", "text": t} for t in texts]
            data = b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
            size += len(data)
            stream.write(packer.compress(data))
        stream.write(packer.flush())
    return size / 1e6


def run(source: Path, workers: int) -> float:
    """Seconds of the command by the clock."""
    with tempfile.TemporaryDirectory(dir=source.parent) as out:
        arguments = ("run", str(source), "--out", f"{out}/out", "--workers", str(workers))
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "qcheck", *arguments], stdout=subprocess.DEVNULL, check=True)
        return time.perf_counter() - start


def pipe_alone(source: Path, times: int) -> float:
    """Seconds of CPU for all that is not checking; the first run, which imports, does not count."""
    checker = qcheck.Checker(select=["DOC"])
    nothing = Report(qcheck.check("Fine.").document, (), (), checker)
    before, qcheck.Checker.check = qcheck.Checker.check, lambda *_: nothing  # type: ignore[method-assign]
    spent = []
    try:
        for number in range(times + 1):
            with tempfile.TemporaryDirectory(dir=source.parent) as out, contextlib.redirect_stdout(io.StringIO()):
                start = time.process_time()
                command(["run", str(source), "--out", f"{out}/{number}", "--select", "DOC"])
                spent.append(time.process_time() - start)
    finally:
        qcheck.Checker.check = before  # type: ignore[method-assign]
    return min(spent[1:])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="*", type=Path)
    parser.add_argument("--megabytes", type=float, default=200)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--times", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "in.jsonl.zst")
        size = make(source, list(read_texts(arguments.texts)) or made_up_news(1500), arguments.megabytes)
        print(
            f"{size:.0f} MB of JSON Lines; {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
        )
        spent = {"pipe alone (CPU)": pipe_alone(source, arguments.times)}
        for workers in arguments.workers:
            spent[f"workers: {workers}"] = min(run(source, workers) for _ in range(arguments.times))
    first = spent[f"workers: {arguments.workers[0]}"]
    rows = [(name, seconds, size / seconds, first / seconds) for name, seconds in spent.items()]
    headers = ("qcheck run", "seconds", "MB/s", f"x {arguments.workers[0]} worker")
    print(tabulate(rows, headers=headers, floatfmt=("", ".1f", ".1f", ".2f")))


if __name__ == "__main__":
    main()
