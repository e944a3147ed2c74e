"""One contender of ``peers.py`` on one set of texts, in the environment it is installed in; prints one line of JSON.

    python benchmarks/contender.py NAME TEXTS.jsonl SECONDS

Only the standard library and the contender itself are imported here.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[[str], object]


def qcheck(what: str) -> Run:
    """All rules, one family, or patterns alone, without detectors and scores."""
    from qcheck import Checker
    from qcheck.rules.model import PythonMatch

    if what == "patterns alone":
        rules = [rule for rule in Checker().rules if not isinstance(rule.match, PythonMatch)]
        return Checker.of_rules(rules).check
    checker = Checker() if what == "all rules" else Checker(select=[what])
    return lambda text: checker.check(text).score.verdict


def datatrove(what: str) -> Run:
    """Gopher's two filters, C4's and FineWeb's, each on its own copy of the document, or all four."""
    from datatrove.data import Document
    from datatrove.pipeline.filters import (
        C4QualityFilter,
        FineWebQualityFilter,
        GopherQualityFilter,
        GopherRepetitionFilter,
    )

    filters: list[Any] = [GopherRepetitionFilter(), GopherQualityFilter(), FineWebQualityFilter(), C4QualityFilter()]
    return lambda text: [step.filter(Document(text=text, id="0")) for step in filters]


def dolma(what: str) -> Run:
    """One tagger."""
    from dolma.core.data_types import Document
    from dolma.core.registry import TaggerRegistry

    tagger = TaggerRegistry.get(what)()
    return lambda text: tagger.predict(Document(source="", version="", id="0", text=text))


def ftfy(what: str) -> Run:
    """Everything that ftfy mends."""
    import ftfy

    return ftfy.fix_text


def command(*arguments: str) -> Callable[[list[str]], float]:
    """Seconds of a command over the texts as files, less those of one empty file."""

    def run(texts: list[str]) -> float:
        program = shutil.which(arguments[0], path=str(Path(sys.executable).parent))
        assert program, f"{arguments[0]} is not installed beside {sys.executable}"
        with tempfile.TemporaryDirectory() as folder:
            for number, text in enumerate(texts):
                (Path(folder) / f"{number:06}.txt").write_text(text, encoding="utf-8")
            start = time.perf_counter()
            subprocess.run([program, *arguments[1:], folder], capture_output=True, check=False)
            return time.perf_counter() - start

    return run


LIBRARIES: dict[str, Callable[[str], Run]] = {"qcheck": qcheck, "datatrove": datatrove, "dolma": dolma, "ftfy": ftfy}
COMMANDS = {"codespell": command("codespell"), "typos": command("typos", "--threads", "1", "--format", "silent")}


def measured(name: str, what: str, texts: list[str], seconds: float) -> dict[str, float]:
    """Speed of the first pass and of the next, documents a second, start-up and peak memory."""
    if name in COMMANDS:
        start_up = min(COMMANDS[name]([""]) for _ in range(3))
        first = COMMANDS[name](texts) - start_up
        return _row(texts, first, first, start_up, resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    run = LIBRARIES[name](what)
    run(texts[0][:200])
    start_up = time.perf_counter() - start
    done, first = _pass(run, texts, seconds)
    _, again = _pass(run, texts[:done], seconds * 10)
    return _row(texts[:done], first, again, start_up, resource.RUSAGE_SELF)


def _pass(run: Run, texts: list[str], seconds: float) -> tuple[int, float]:
    """Over the texts until the time is up: how many were done, and in how much CPU time."""
    start = time.process_time()
    for number, text in enumerate(texts, 1):
        run(text)
        if time.process_time() - start > seconds:
            return number, time.process_time() - start
    return len(texts), time.process_time() - start


def _row(texts: list[str], first: float, again: float, start_up: float, who: int) -> dict[str, float]:
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts) / 1e6
    peak = resource.getrusage(who).ru_maxrss / 1024
    return {
        "first": size / first,
        "again": size / again,
        "documents": len(texts) / again,
        "start": start_up,
        "peak": peak,
    }


if __name__ == "__main__":
    contender, _, part = sys.argv[1].partition(": ")
    lines = Path(sys.argv[2]).read_text(encoding="utf-8").split("\n")
    print(json.dumps(measured(contender, part, [json.loads(line) for line in lines if line], float(sys.argv[3]))))
