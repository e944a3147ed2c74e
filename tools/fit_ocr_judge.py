"""Fit the judge's weights, rules/ocr/en/judge.tsv, to scans with transcripts and to noise made upon transcripts.

    python tools/fit_ocr_judge.py --scans SCANS.jsonl [--part 0|1] [--passes N]

Run ``tools/fit_ocr.py`` first. A token is an error where a marked error meets it. Beside the scans the judge sees every
transcript as it is (nothing in it is an error), and with noise made by the table of confusions: at rates from 0.5 % to
20 % of words, with split words and the long s, so that it learns places and kinds of noise that newspapers lack.
The same is done with Python's own language reference (``pydoc_data``), for words and signs of our time.
Logistic regression, AdaGrad, a fixed seed: the same input gives the same table.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from pydoc_data.topics import topics
from typing import Any, NamedTuple

from qcheck.recognition.page import load_page_reader

FOLDER = Path(__file__).resolve().parent.parent / "rules" / "ocr" / "en"
RATES = (0.005, 0.01, 0.03, 0.06, 0.12, 0.2)
FEWEST = 4  # a feature seen less often than this teaches chance
STEP, SHRINK = 0.25, 1e-5


class Sample(NamedTuple):
    """A token's features, and whether it is an error."""

    features: list[str]
    is_error: bool


def main() -> None:
    """Gather samples, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scans", type=Path, required=True)
    parser.add_argument("--part", type=int, choices=(0, 1))
    parser.add_argument("--passes", type=int, default=6)
    options = parser.parse_args()
    scans = [json.loads(line) for line in options.scans.read_text(encoding="utf-8").splitlines() if line.strip()]
    if options.part is not None:
        scans = scans[options.part :: 2]
    samples = [*gathered(scans, random.Random(5)), *modern(random.Random(7), options.part)]
    weights = fitted(samples, options.passes, random.Random(6))
    lines = [f"{feature}\t{weight:.2f}" for feature, weight in sorted(weights.items()) if abs(weight) >= 0.05]
    (FOLDER / "judge.tsv").write_text("\n".join(["# Written by tools/fit_ocr_judge.py.", *lines, ""]), encoding="utf-8")
    print(f"{len(samples)} samples, {sum(s.is_error for s in samples)} errors, {len(lines)} weights")


def gathered(scans: list[dict[str, Any]], rng: random.Random) -> Iterator[Sample]:
    """Samples of scans, of transcripts, and of transcripts with noise."""
    noise = Noise(FOLDER, rng)
    for scan in scans:
        wrong = sorted((e["start"], e["end"]) for e in scan["errors"] if e["kind"] == "ocr")
        neutral = sorted(
            [*map(tuple, scan["ignore"]), *((e["start"], e["end"]) for e in scan["errors"] if e["kind"] != "ocr")]
        )
        yield from samples_of(scan["text"], wrong, neutral)
        clean = scan["gold"].replace("#", "")
        yield from samples_of(clean, [], [])
        flat = clean if rng.random() < 0.4 else re.sub(r"\s+", " ", re.sub(r"(\w)-\n(?=\w)", r"\1", clean))
        text, spans = noise.spoil(flat, rng.choice(RATES), long_s=rng.random() < 0.15)
        yield from samples_of(text, spans, [])


def modern(rng: random.Random, part: int | None) -> Iterator[Sample]:
    """Samples of technical prose without errors and with few, a paragraph a document."""
    noise = Noise(FOLDER, rng)
    for topic in sorted(topics)[part or 0 :: 1 if part is None else 2]:
        for paragraph in topics[topic].split("\n\n"):
            text = " ".join(paragraph.split())
            if len(text) < 120 or "::=" in text or "*" * 4 in text:
                continue
            text = with_traps(text, rng)
            yield from samples_of(text, [], [])
            if rng.random() < 0.5:
                spoilt, spans = noise.spoil(text, rng.choice(RATES), long_s=False)
                yield from samples_of(spoilt, spans, [])


def with_traps(text: str, rng: random.Random) -> str:
    """The text with what sound texts have and old newspapers lack: initials, formulas, foreign names, units."""
    made = []
    for word in text.split(" "):
        made.append(word)
        if rng.random() < TRAPS:
            made.append(rng.choice(TRAP_MAKERS)(rng))
    return " ".join(made)


def _initials(rng: random.Random) -> str:
    made = "".join(rng.choices("ABCDEFGHIJKLMNOPRSTUVWX", k=rng.randint(2, 5)))
    return rng.choice(["{}", "{}", "({})", "{}s", "{}-based", "{}1", "{},", "{}/NLP"]).format(made)


def _formula(rng: random.Random) -> str:
    a, b = rng.choices("abcefhijklmnpqrstuvwxyzRSTNVX", k=2)
    shape = rng.choice(
        [
            "{0}({1})",
            "{0}_{1}",
            "{0}1",
            "{0}2,",
            "n-{0}",
            "{0}",
            "{0}{1}",
            "({0})",
            "[12]",
            "[3]",
            "p<0.05",
            "{0}=1",
            "<{0}>",
        ]
    )
    return shape.format(a, b)


def _foreign_name(rng: random.Random) -> str:
    parts = [
        rng.choice("b d f g k l m n p r s t v z ch sh kr st".split()) + rng.choice("aeiouáéíóúöüäñøå")
        for _ in range(rng.randint(2, 4))
    ]
    name = "".join(parts) + rng.choice(["", "n", "r", "s", "k", "c", "č", "ć"])
    return name if rng.random() < 0.15 else name.capitalize()


def _unit(rng: random.Random) -> str:
    return rng.choice(UNITS)


UNITS = """km kg mm cm mph Rs MPs TV iPad eBay Wi-Fi 12MP 64GB 3D H1 p53 m3 α γ °C & + / % … et al. de la mi f. n.
    v. s.""".split()
TRAP_MAKERS = (_initials, _initials, _formula, _formula, _foreign_name, _foreign_name, _unit)
TRAPS = 0.03


def samples_of(text: str, wrong: list[tuple[int, int]], neutral: list[tuple[int, int]]) -> Iterator[Sample]:
    """The judged tokens of a text with their labels."""
    extractor = load_page_reader(FOLDER).extractor
    tokens = extractor.tokens(text)
    for evidence in extractor.evidence(text, tokens):
        token = tokens[evidence.at]
        is_error = meets(token.start, token.end, wrong)
        if is_error or not meets(token.start, token.end, neutral):
            yield Sample(evidence.features, is_error)


def meets(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    """Whether [start, end) meets any of the sorted spans."""
    at = bisect_left(spans, (end, -1))
    return any(a < end and b > start for a, b in spans[max(0, at - 3) : at])


def fitted(samples: list[Sample], passes: int, rng: random.Random) -> dict[str, float]:
    """Weights of the features by logistic regression."""
    seen = Counter(feature for sample in samples for feature in set(sample.features))
    rows = [([f for f in s.features if seen[f] >= FEWEST] + ["bias"], float(s.is_error)) for s in samples]
    weights: dict[str, float] = defaultdict(float)
    squares: dict[str, float] = defaultdict(lambda: 1e-2)
    for _ in range(passes):
        rng.shuffle(rows)
        for features, label in rows:
            total = sum(weights[f] for f in features)
            error = label - 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
            for f in features:
                gradient = error - SHRINK * weights[f]
                squares[f] += gradient * gradient
                weights[f] += STEP * gradient / math.sqrt(squares[f])
    return weights


class Noise:
    """Makes recognition errors in sound text, with the confusions that were learned."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self._rng = rng
        self._misreadings: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for line in (folder / "confusions.tsv").read_text(encoding="utf-8").split("\n"):
            if line and not line.startswith("# "):
                seen, meant, cost = line.split("\t")
                if meant:
                    self._misreadings[meant].append((seen, math.exp(-float(cost))))

    def spoil(self, text: str, rate: float, *, long_s: bool) -> tuple[str, list[tuple[int, int]]]:
        """The text with about so many words spoilt, and their spans."""
        made: list[str] = []
        spans: list[tuple[int, int]] = []
        at = 0
        for piece in re.split(r"(\s+)", text):
            spoilt = self._with_long_s(piece) if long_s else piece
            if piece.strip() and self._rng.random() < rate:
                spoilt = self._misread(spoilt)
            if spoilt != piece:
                spans.append((at, at + max(1, len(spoilt))))
            made.append(spoilt)
            at += len(spoilt)
        return "".join(made), spans

    def _with_long_s(self, word: str) -> str:
        return re.sub(r"s(?=[a-z])", "f", word) if self._rng.random() < 0.7 else word

    def _misread(self, word: str) -> str:
        if len(word) > 5 and word.isalpha() and self._rng.random() < 0.12:
            cut = self._rng.randint(2, len(word) - 2)
            return f"{word[:cut]} {word[cut:]}"
        if self._rng.random() < 0.06:
            return (
                self._rng.choice("'.,;^~*-\"") + word if self._rng.random() < 0.5 else word + self._rng.choice("'^~*-_")
            )
        for _ in range(1 if self._rng.random() < 0.75 else 2):
            choices = [
                (at, len(meant), seen, chance)
                for at in range(len(word))
                for size in (1, 2, 3)
                for meant in (word[at : at + size],)
                if len(meant) == size
                for seen, chance in self._misreadings.get(meant, ())
            ]
            if choices:
                at, size, seen, _ = self._rng.choices(choices, [c[3] for c in choices])[0]
                word = word[:at] + seen + word[at + size :]
        return word


if __name__ == "__main__":
    main()
