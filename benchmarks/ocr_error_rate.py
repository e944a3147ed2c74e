"""Estimated against true word error rate of scans: figures, and a plot.

    python benchmarks/ocr_error_rate.py SCANS.jsonl [--part 0|1] [--plot docs/ocr-error-rate.svg]

SCANS are records ``{text, errors: [{start, end, kind}], ignore}``. ``--part`` takes every second record, from this one
on: tables fitted with ``--part 0`` are judged with ``--part 1``.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from qcheck.document import Document

SIZE, EDGE = 420, 46
FEWEST_WORDS = 50
MOST_IGNORED = 0.3


def main() -> None:
    """Measure, print, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scans", type=Path)
    parser.add_argument("--part", type=int, choices=(0, 1))
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    records = [json.loads(line) for line in options.scans.read_text(encoding="utf-8").splitlines() if line.strip()]
    if options.part is not None:
        records = records[options.part :: 2]
    points = [point for point in map(rates, records) if point]
    true, estimated = [p[0] for p in points], [p[1] for p in points]
    error = sum(abs(a - b) for a, b in zip(true, estimated, strict=True)) / len(points)
    near = sum(abs(a - b) <= 2 * d for a, b, d in points) / len(points)
    print(f"{len(points)} texts, mean true rate {sum(true) / len(true):.3f}")
    print(f"rank correlation {correlation(ranks(true), ranks(estimated)):.3f}, mean error {error:.3f}")
    print(f"within two standard deviations: {near:.2f}")
    if options.plot:
        options.plot.write_text(drawn(points), encoding="utf-8")


def rates(record: dict) -> tuple[float, float, float] | None:
    """True rate, estimated rate and its deviation; ``None`` for texts too short or too little transcribed."""
    document = Document(record["text"])
    ignored = sum(len(record["text"][a:b].split()) for a, b in record["ignore"])
    if document.words < FEWEST_WORDS or ignored > MOST_IGNORED * document.words:
        return None
    errors = sum(error["kind"] == "ocr" for error in record["errors"])
    found = document.recognition
    return min(1.0, errors / (document.words - ignored)), found.error_rate, found.deviation


def ranks(values: list[float]) -> list[float]:
    """Ranks, the same for equal values."""
    order = sorted(values)
    first = {value: order.index(value) for value in set(values)}
    return [first[value] + (order.count(value) - 1) / 2 for value in values]


def correlation(one: list[float], two: list[float]) -> float:
    """Pearson's correlation; of ranks it is Spearman's."""
    mean_one, mean_two = sum(one) / len(one), sum(two) / len(two)
    both = sum((a - mean_one) * (b - mean_two) for a, b in zip(one, two, strict=True))
    spread = sum((a - mean_one) ** 2 for a in one) * sum((b - mean_two) ** 2 for b in two)
    return both / spread**0.5


def drawn(points: list[tuple[float, float, float]]) -> str:
    """The plot as SVG: one dot a text, its deviation as a whisker, the diagonal where estimates would be perfect."""
    top = 0.8

    def x(rate: float) -> float:
        return EDGE + min(rate, top) / top * (SIZE - 2 * EDGE)

    def y(rate: float) -> float:
        return SIZE - x(rate)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" font-family="sans-serif" font-size="11">',
        f'<rect width="{SIZE}" height="{SIZE}" fill="white"/>',
        f'<line x1="{x(0)}" y1="{y(0)}" x2="{x(top)}" y2="{y(top)}" stroke="#bbb"/>',
    ]
    for tick in (0.0, 0.2, 0.4, 0.6, 0.8):
        parts.append(f'<text x="{x(tick)}" y="{SIZE - EDGE + 16}" text-anchor="middle">{tick:.0%}</text>')
        parts.append(f'<text x="{EDGE - 8}" y="{y(tick) + 4}" text-anchor="end">{tick:.0%}</text>')
    for true, estimated, deviation in points:
        low, high = y(max(0.0, estimated - deviation)), y(estimated + deviation)
        parts.append(f'<line x1="{x(true):.1f}" y1="{low:.1f}" x2="{x(true):.1f}" y2="{high:.1f}" stroke="#9cf"/>')
        parts.append(f'<circle cx="{x(true):.1f}" cy="{y(estimated):.1f}" r="2.5" fill="#0366d6"/>')
    parts.append(f'<text x="{SIZE / 2}" y="{SIZE - 10}" text-anchor="middle">true share of wrong words</text>')
    parts.append(
        f'<text transform="translate(12 {SIZE / 2}) rotate(-90)" text-anchor="middle">estimated share</text></svg>'
    )
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    main()
