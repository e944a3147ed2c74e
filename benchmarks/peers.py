"""qcheck beside its peers, on the same text in one run: ratios travel, figures do not.

    python benchmarks/peers.py [TEXTS...] [--envs FOLDER] [--seconds N] [--offline]

Installs each peer in an environment of its own below FOLDER (default ``build/peers``; what is there already is taken),
and prints one table of all contenders, one by document size and one by workers. TEXTS are as for ``speed.py``. What
cannot be installed or measured stands below the first table, with the reason.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tabulate import tabulate

import qcheck
from qcheck.finding import Family
from speed import made_up_news, read_texts

ROOT = Path(__file__).resolve().parent.parent
# What pip is asked for, call by call. dolma 1.2.1 pins an s3fs of 2023, and pip goes back through years of releases of
# boto3 for one that suits it, for longer than anybody waits: so dolma and what it pins come without their dependencies,
# and what its taggers import by name.
PEERS = {
    "datatrove": (("datatrove[processing]", "spacy"),),
    "dolma": (
        ("--no-deps", "dolma==1.2.1", "blingfire==0.1.8", "fasttext-wheel==0.9.2", "tokenizers==0.19.1", "jq"),
        tuple(
            "numpy<2 anyascii boto3 charset-normalizer fsspec jsonpath-ng msgspec necessary nltk omegaconf "
            "platformdirs python-dotenv pyyaml requests rich smart-open==7.0.5 tqdm uniseg zstandard".split()
        ),
    ),
    "ftfy": (("ftfy",),),
    "codespell": (("codespell",),),
    "typos": (("typos",),),
}
OTHERS = (
    "datatrove: Gopher, C4 and FineWeb filters",
    "dolma: gopher_v1",
    "dolma: c4_v2",
    "ftfy: fix_text",
    "codespell: command",
    "typos: command",
)
SIZES = (200, 1_000, 5_000, 50_000, 3_000_000)
_INSTALL_SECONDS = 600


def install(envs: Path, missing: list[str], *, offline: bool) -> dict[str, Path]:
    """The interpreter of each contender; those that do not install in ten minutes are left out, and said so."""
    pythons = {"qcheck": Path(sys.executable)}
    for name, calls in PEERS.items():
        python = envs / name / "bin" / "python"
        if not (envs / name / "installed").exists():
            if why := "is not installed, and nothing is with --offline" if offline else _install(python, calls):
                missing.append(f"{name} {why}")
                continue
            (envs / name / "installed").touch()
        pythons[name] = python
    return pythons


def _install(python: Path, calls: tuple[tuple[str, ...], ...]) -> str:
    """Why it cannot be installed; empty if it was."""
    subprocess.run([sys.executable, "-m", "venv", str(python.parent.parent)], check=True)
    for requirements in calls:
        pip = [str(python), "-m", "pip", "install", "-q", *requirements]
        try:
            subprocess.run(pip, check=True, capture_output=True, text=True, timeout=_INSTALL_SECONDS)
        except subprocess.TimeoutExpired:
            return f"was not installed after {_INSTALL_SECONDS} seconds"
        except subprocess.CalledProcessError as error:
            return f"does not install: {(error.stderr.strip().splitlines() or ['pip failed'])[-1]}"
    return ""


def measure(
    contender: str, pythons: dict[str, Path], texts: list[str], seconds: float, missing: list[str] | None = None
) -> dict[str, float] | None:
    """One contender on the texts, in a process of its own; what goes wrong is added to ``missing``."""
    python = pythons.get(contender.partition(":")[0])
    if python is None:
        return None
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.write("\n".join(map(json.dumps, texts)))
        file.flush()
        command = [str(python), str(ROOT / "benchmarks/contender.py"), contender, file.name, str(seconds)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        if missing is not None:
            missing.append(f"{contender} fails: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}")
        return None
    row: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return row


def contenders_table(pythons: dict[str, Path], texts: list[str], seconds: float, missing: list[str]) -> str:
    """Every contender; the ratio is that of qcheck with all rules to the contender, each on its second pass."""
    families = [family for family in Family if any(rule.family is family for rule in qcheck.Checker().rules)]
    names = ["qcheck: all rules", *(f"qcheck: {family}" for family in families), "qcheck: patterns alone", *OTHERS]
    rows = [(name, row) for name in names if (row := measure(name, pythons, texts, seconds, missing))]
    whole = rows[0][1]["again"]
    keys = ("first", "again", "documents", "start", "peak")
    table = [(name, *(row[key] for key in keys), whole / row["again"]) for name, row in rows]
    headers = ("contender", "MB/s, first pass", "MB/s", "documents/s", "start-up, s", "peak, MB", "qcheck is x times")
    return tabulate(table, headers=headers, floatfmt=("", ".2f", ".2f", ".0f", ".2f", ".0f", ".1f"))


def sizes_table(pythons: dict[str, Path], texts: list[str], seconds: float) -> str:
    """MB/s of the second pass over the same text cut to documents of a size."""
    names = ("qcheck: all rules", OTHERS[0], "ftfy: fix_text")
    rows = []
    for size in SIZES:
        pieces = cut(texts, size)
        made = [measure(name, pythons, pieces, seconds) for name in names]
        rows.append((f"{size:,} B", *(row["again"] if row else None for row in made)))
    return tabulate(rows, headers=("documents of", *names), floatfmt=".2f")


def cut(texts: list[str], size: int) -> list[str]:
    """The texts as documents of about a size, cut at blanks; no text stands twice."""
    whole, pieces, at = "\n\n".join(texts), [], 0
    while at < len(whole):
        end = whole.find(" ", at + size)
        end = end if end >= 0 else len(whole)
        pieces.append(whole[at:end])
        at = end
    return pieces


def workers_table(texts: list[str]) -> str:
    """MB/s of ``check_many`` by wall clock, on texts enough for a start of processes to matter little."""
    checker, rows = qcheck.Checker(), []
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts) / 1e6
    turns = max(1, round(20 / size))
    for workers in sorted({1, 2, os.cpu_count() or 1}):
        start = time.perf_counter()
        for _ in checker.check_many((text for _ in range(turns) for text in texts), workers=workers):
            pass
        rows.append((workers, turns * size / (time.perf_counter() - start)))
    return tabulate(
        [(n, rate, rate / rows[0][1]) for n, rate in rows], headers=("workers", "MB/s", "x"), floatfmt=".2f"
    )


def main() -> None:
    """Install, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="*", type=Path)
    parser.add_argument("--envs", type=Path, default=ROOT / "build/peers")
    parser.add_argument("--seconds", type=float, default=10.0, help="CPU seconds that a pass of one contender may take")
    parser.add_argument("--offline", action="store_true", help="install nothing: measure the peers that are there")
    args = parser.parse_args()
    texts = list(read_texts(args.texts)) or made_up_news(1500)
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts) / 1e6
    print(
        f"{len(texts)} documents, {size:.1f} MB; {platform.machine()}, {os.cpu_count()} cores, {_processor()}, ", end=""
    )
    print(f"Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}\n")
    missing = list[str]()
    pythons = install(args.envs, missing, offline=args.offline)
    print(contenders_table(pythons, texts, args.seconds, missing))
    print("".join(f"not measured: {why}\n" for why in missing))
    print(sizes_table(pythons, texts, args.seconds) + "\n")
    print(workers_table(texts))


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.processor())


if __name__ == "__main__":
    main()
