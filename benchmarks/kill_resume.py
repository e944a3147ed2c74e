"""Kill a run at random moments, resume it, and compare every byte with a run that was left alone.

    python benchmarks/kill_resume.py [--times 100] [--workers 2] [--seed 1]

Each trial starts ``qcheck run`` over a corpus of all kinds of files, sends SIGKILL after a random part of the time that
a whole run takes, once to three times, and lets the last start finish. It fails if an output differs, if a file that is
not whole ever stands among the outputs, or if a worker outlives its run.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

WORDS = "council river bridge company minister report school harvest market village museum contract".split()
LINKS = "of and was in to with that for on".split()  # so that the language is told without langdetect
MARKS = (" ,, ", "  ", " Ã© ", " . ..", " ")


def texts(count: int, seed: int) -> list[str]:
    """Plain texts, some of them with marks."""
    rng = random.Random(seed)

    def sentence() -> str:
        nouns = [f"the {rng.choice(WORDS)} {rng.choice(LINKS)}" for _ in range(rng.randint(2, 6))]
        return " ".join(nouns).capitalize() + rng.choice(MARKS) + rng.choice(WORDS) + "."

    return [" ".join(sentence() for _ in range(rng.randint(3, 30))) for _ in range(count)]


def make_corpus(folder: Path, records: int = 400) -> None:
    """Files of every kind, with some records that cannot be read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(parents=True)
    rows = [{"id": f"r{number}", "text": text, "n": number} for number, text in enumerate(texts(records, 1))]
    lines = [json.dumps(row) for row in rows]
    lines[7::50] = ['{"id": 1, "text": null}'] * len(lines[7::50])
    lines[11::97] = ['{"text": "cut off'] * len(lines[11::97])
    data = "\n".join(lines).encode() + b"\n"
    (folder / "plain.jsonl").write_bytes(data)
    (folder / "zipped.jsonl.gz").write_bytes(gzip.compress(data, mtime=0))
    (folder / "damaged.jsonl.gz").write_bytes(gzip.compress(data, mtime=0)[:-3000])
    pq.write_table(pa.Table.from_pylist(rows), folder / "table.parquet", row_group_size=100)
    with (folder / "rows.csv").open("w", encoding="utf-8") as stream:
        stream.write("id,text\n" + "".join(f'{row["id"]},"{row["text"]}"\n' for row in rows[:100]))
    for number, text in enumerate(texts(40, 2)):
        (folder / f"page-{number}.txt").write_text(text, encoding="utf-8")


def start(corpus: Path, out: Path, workers: int, *more: str) -> subprocess.Popen[bytes]:
    """Start a run in a process group of its own, so that what it leaves behind can be told."""
    command = (sys.executable, "-m", "qcheck", "run", str(corpus), "--out", str(out), "--findings", "--attributes")
    options = ("--workers", str(workers), "--batch-size", "16", *more)
    return subprocess.Popen(
        [*command, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def state(out: Path) -> dict[str, str]:
    """Hashes of all outputs; of the manifest, what does not depend on the clock."""
    found = {}
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if path.is_file() and not name.startswith(".qcheck/"):
            found[name] = hashlib.sha256(_stable(path)).hexdigest()
    return found


def _stable(path: Path) -> bytes:
    if path.name != "manifest.json":
        return path.read_bytes()
    manifest: dict[str, Any] = json.loads(path.read_text())
    return json.dumps({key: value for key, value in manifest.items() if key != "timings"}).encode()


def problem(out: Path, want: dict[str, str], *, whole: bool) -> str | None:
    """What is wrong with the outputs; a killed run may lack some, but those that are there must be right."""
    have = state(out) if out.exists() else {}
    wrong = [name for name, value in have.items() if want.get(name) != value]
    if wrong:
        return f"differs: {', '.join(wrong[:5])}"
    if whole and (missing := want.keys() - have.keys()):
        return f"missing: {', '.join(sorted(missing)[:5])}"
    if whole and (out / ".qcheck").exists():
        return "the folder of the work was left behind"
    return None


def outlived(process: subprocess.Popen[bytes]) -> bool:
    """Whether something of a killed run's process group is alive after a grace of some seconds."""
    for _ in range(100):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.1)
    return True


def trial(corpus: Path, out: Path, want: dict[str, str], pauses: list[float], workers: int) -> str | None:
    """One run, killed after each of the pauses, in seconds; what went wrong."""
    shutil.rmtree(out, ignore_errors=True)
    for pause in pauses:
        process = start(corpus, out, workers)
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if outlived(process):
            return "a worker outlived its run"
        if wrong := problem(out, want, whole=False):
            return f"after the kill: {wrong}"
    start(corpus, out, workers).wait()
    return problem(out, want, whole=True)


def main() -> int:
    """Run the trials; 0 if all are well."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--records", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    rng, failed = random.Random(arguments.seed), 0
    with tempfile.TemporaryDirectory() as temporary:
        corpus, whole, out = (Path(temporary) / name for name in ("corpus", "whole", "out"))
        make_corpus(corpus, arguments.records)
        begin = time.perf_counter()
        start(corpus, whole, 1).wait()
        want = state(whole)
        seconds = time.perf_counter() - begin
        print(f"an uninterrupted run: {seconds:.1f} s, {len(want)} files", flush=True)
        for number in range(1, arguments.times + 1):
            pauses = [rng.uniform(0.0, seconds) for _ in range(rng.randint(1, 3))]
            if wrong := trial(corpus, out, want, pauses, arguments.workers):
                failed += 1
                print(f"trial {number}: {wrong}", flush=True)
    print(f"{arguments.times - failed} of {arguments.times} resumed runs gave the same bytes", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
