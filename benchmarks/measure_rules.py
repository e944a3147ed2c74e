"""Count what every rule hits on clean text and write rules/measured.json.

    python benchmarks/measure_rules.py SET.jsonl...

Each SET is a JSONL file with a "text" field, text that an editor has passed, one register a file; its stem names it in
the results. Preview rules are measured too. The file is written by this command, never by hand.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections import Counter, defaultdict
from pathlib import Path

import qcheck
from qcheck.rules import rules_folder
from qcheck.rules.measured import FILE


def measure(paths: list[Path]) -> dict[str, object]:
    """The contents of measured.json."""
    checker = qcheck.Checker(preview=True)
    hits: dict[str, Counter[str]] = defaultdict(Counter)
    sets: dict[str, dict[str, object]] = {}
    for path in paths:
        content = path.read_bytes()
        words = 0
        for line in filter(bytes.strip, content.split(b"\n")):
            report = checker.check(json.loads(line)["text"])
            words += report.document.words
            for finding in report.findings:
                hits[finding.rule.code][path.stem] += 1
        sets[path.stem] = {"words": words, "sha256": hashlib.sha256(content).hexdigest()}
    rules = {rule.code: dict(sorted(hits[rule.code].items())) for rule in checker.rules}
    return {"date": time.strftime("%Y-%m-%d"), "version": qcheck.__version__, "sets": sets, "rules": rules}


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path)
    made = json.dumps(measure(parser.parse_args().sets), indent=1) + "\n"
    (rules_folder() / FILE).write_text(made, encoding="utf-8")
    print(f"wrote {rules_folder() / FILE}")


if __name__ == "__main__":
    main()
