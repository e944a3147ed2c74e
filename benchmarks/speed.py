"""Speed of the library and of the command, as ratios measured side by side in one run.

    python benchmarks/speed.py [TEXTS...] [--seconds N]

TEXTS are text files, folders of them, or JSONL files with a "text" field; without any, a clean text is made up. It
prints MB/s of ``Checker.check`` in this process for all rules, for each family, and for a plain loop over the same
RE2 patterns, then the start-up times of the command. Nothing here is a test: machines differ, ratios travel.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tabulate import tabulate

import qcheck
from qcheck.finding import Family
from qcheck.scan.patterns import Re2Matcher, matcher_for

ROOT = Path(__file__).resolve().parent.parent
_NOUNS = "council river bridge company minister report school harvest market village museum contract".split()
_VERBS = "approved closed praised repaired visited described measured delayed opened supported".split()
_TAILS = ("after a long debate", "in the spring", "despite the rain", "for the third time", "as planned")


def made_up_news(documents: int, seed: int = 7) -> list[str]:
    """Plain sentences in paragraphs of about the length of news: the same for the same seed."""
    rng = random.Random(seed)

    def sentence() -> str:
        first, second = rng.sample(_NOUNS, 2)
        return f"The {first} {rng.choice(_VERBS)} the {second} {rng.choice(_TAILS)}, “officials” said on Monday."

    return [
        "\n\n".join(" ".join(sentence() for _ in range(rng.randint(2, 5))) for _ in range(rng.randint(6, 14)))
        for _ in range(documents)
    ]


def read_texts(paths: list[Path]) -> Iterator[str]:
    """Texts of files, folders and JSONL files."""
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            content = file.read_text(encoding="utf-8")
            if file.suffix == ".jsonl":
                yield from (json.loads(line)["text"] for line in content.split("\n") if line.strip())
            else:
                yield content


def megabytes_per_second(run: Callable[[str], object], texts: list[str], seconds: float) -> float:
    """Median over passes of at least ``seconds`` in all; the first pass warms up and does not count."""
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts) / 1e6
    rates: list[float] = []
    spent = 0.0
    for number in range(50):
        start = time.perf_counter()
        for text in texts:
            run(text)
        passed = time.perf_counter() - start
        if number:
            rates.append(size / passed)
            spent += passed
        if rates and spent >= seconds:
            break
    return statistics.median(rates)


def plain_loop(checker: qcheck.Checker) -> Callable[[str], object]:
    """What one would write without an engine: every RE2 pattern over every text, one after another."""
    from qcheck.scan.compiling import compile_pattern

    matchers = [matcher for rule in checker.rules if isinstance(matcher := matcher_for(rule), Re2Matcher)]
    patterns = [compile_pattern(g, m.scope, ignorecase=m.ignorecase) for m in matchers for g in m.gates]

    def run(text: str) -> object:
        data = text.encode()
        return [match.span() for pattern in patterns for match in pattern.finditer(data)]

    return run


def library_rows(texts: list[str], seconds: float) -> list[tuple[str, int, float, float]]:
    """Name, number of rules, MB/s, and the ratio to all rules."""
    whole = qcheck.Checker()
    rows = [("all rules", len(whole.rules), megabytes_per_second(whole.check, texts, seconds))]
    for family in Family:
        if any(rule.family is family for rule in whole.rules):
            checker = qcheck.Checker(select=[family])
            rows.append((family, len(checker.rules), megabytes_per_second(checker.check, texts, seconds)))
    rows.append(("plain RE2 loop", len(whole.rules), megabytes_per_second(plain_loop(whole), texts[:200], seconds)))
    return [(str(name), count, rate, rate / rows[0][2]) for name, count, rate in rows]


def start_up(*arguments: str, times: int = 5) -> float:
    """The best wall time of some runs of the command, in seconds."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "qcheck", *arguments], cwd=ROOT, capture_output=True, check=False)
        best = min(best, time.perf_counter() - start)
    return best


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="*", type=Path)
    parser.add_argument("--seconds", type=float, default=2.0, help="measure each row at least so long")
    args = parser.parse_args()
    texts = list(read_texts(args.texts)) or made_up_news(1500)
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
    print(f"{len(texts)} documents, {size / 1e6:.1f} MB, mean {size / len(texts):.0f} bytes")
    print(f"{platform.machine()}, Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}\n")
    headers = ("check()", "rules", "MB/s", "of all rules")
    print(tabulate(library_rows(texts, args.seconds), headers=headers, floatfmt=("", "", ".1f", ".2f")))
    commands = (("--version",), ("--help",), ("seeds",))
    rows = [("qcheck " + " ".join(command), start_up(*command)) for command in commands]
    print("\n" + tabulate(rows, headers=("command", "best of 5, s"), floatfmt=("", ".2f")))


if __name__ == "__main__":
    main()
