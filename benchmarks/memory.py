"""Peak memory of ``qcheck run`` with ten thousand records and with a million: it must not grow with their number.

    python benchmarks/memory.py [--few 10000] [--many 1000000] [--workers 1] [--all]

Records are of two short sentences, some with marks; ``--all`` writes findings and attributes too. Peaks are those of
the kernel (VmHWM), summed over the processes of a run. The exit code is 1 if the two differ by more than 50 MB.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from qcheck.sources.compression import compressor

LIMIT = 50  # MB
TEXTS = (
    "The council met in May. It spoke of the bridge.",
    "The mayor opened the market on Monday,, they said.",
    "A new school is to be built by the river. Work begins in June.",
    "The report was late. . Nobody was surprised by that.",
)


def make(path: Path, records: int) -> None:
    """JSON Lines in zstd; every text has its number, so that no two are the same."""
    packer = compressor("zst")
    with path.open("wb") as stream:
        for first in range(0, records, 10_000):
            numbers = range(first, min(records, first + 10_000))
            rows = [{"id": str(n), "text": f"{TEXTS[n % len(TEXTS)]} This is number {n}."} for n in numbers]
            stream.write(packer.compress(b"".join(json.dumps(row).encode() + b"\n" for row in rows)))
        stream.write(packer.flush())


def peak_of(command: list[str]) -> tuple[float, float]:
    """Peak memory in MB of a command and of the processes it starts, and its seconds."""
    start, peaks, times = time.perf_counter(), dict[str, int](), Counter[str]()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    while process.poll() is None:
        for pid in _group(process.pid):
            with contextlib.suppress(OSError, StopIteration):
                status = Path("/proc", pid, "status").read_text().splitlines()
                peaks[pid] = int(next(row for row in status if row.startswith("VmHWM")).split()[1])
                times[pid] += 1
        time.sleep(0.02)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    # What lives for a moment is a program called by a library, which until it begins is counted as a copy of its parent
    return sum(peak for pid, peak in peaks.items() if times[pid] >= 10) / 1024, time.perf_counter() - start


def _group(leader: int) -> list[str]:
    found = []
    for pid in (path.name for path in Path("/proc").iterdir() if path.name.isdecimal()):
        with contextlib.suppress(OSError):
            if os.getpgid(int(pid)) == leader:
                found.append(pid)
    return found


def main() -> int:
    """Measure both; 1 if memory grows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=10_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--all", action="store_true", help="write findings and attributes too")
    arguments = parser.parse_args()
    peaks = []
    with tempfile.TemporaryDirectory() as folder:
        for records in (arguments.few, arguments.many):
            source = Path(folder, f"{records}.jsonl.zst")
            make(source, records)
            more = ["--findings", "--attributes"] if arguments.all else []
            command = [sys.executable, "-m", "qcheck", "run", str(source), "--out", f"{folder}/out-{records}"]
            peak, seconds = peak_of([*command, "--workers", str(arguments.workers), *more])
            peaks.append(peak)
            print(f"{records:>9,} records, {arguments.workers} workers: {peak:.0f} MB, {seconds:.0f} s", flush=True)
    grown = peaks[1] - peaks[0]
    print(f"grown by {grown:.0f} MB; {'within' if grown <= LIMIT else 'more than'} {LIMIT} MB")
    return int(grown > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
