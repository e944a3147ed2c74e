"""Fit the weights of WEB901 (furniture-block) and write them into its rule file.

    python benchmarks/fit_blocks.py LABELLED.jsonl... [--rule FILE] [--check LABELLED.jsonl...]

Labelled records are ``{"site": ..., "lines": [{"text": ..., "label": ...}]}`` with the labels content, boilerplate and
ignore. Fit only on data whose licence allows it; files under ``--check`` are judged and nothing more. Needs
scikit-learn, which qcheck does not. Two logistic regressions, each a table of weights: one over the features of a line
by itself, one over those of a line among its neighbours, where every neighbour counts by what the first says of it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from qcheck import Checker, furniture
from qcheck.detectors.furniture_blocks import Page, logits_of, read_page
from qcheck.document import Document
from qcheck.rules import default_rules
from qcheck.rules.loading import load_rule

RULE = Path(__file__).resolve().parent.parent / "rules/boilerplate/furniture-block.toml"
MARK = "# Fitted by benchmarks/fit_blocks.py; what follows is written by it."
# Inverse strengths of regularisation: of 0.1 to 3 these did best in five folds by site, by a little.
C_OWN, C_AMONG = 0.3, 0.5
TEXT = -5.0  # what a line of text counts for its neighbours
FLOOR = -0.5  # a line that counts less by itself is not looked at further
NEVER = -99.0
FOLDS = 5
_SMALLEST_WEIGHT = 0.03
BARS = [(head, foot, inside) for head in (0.5, 1.5) for foot in (1.0, 1.6) for inside in (3.5, 4.0)]


class Labelled(NamedTuple):
    """A page, its site, and the label of each line.

    In fitting, headlines above the text count as content.
    """

    page: Page
    site: str
    labels: list[str]
    learned: list[str]


class Model(NamedTuple):
    """Weights of a line's own features and of those among its neighbours."""

    own: dict[str, float]
    among: dict[str, float]


def read(paths: Iterable[Path], weak: Sequence[str]) -> list[Labelled]:
    """Labelled pages, with what the other rules of the family find on them."""
    rules = [rule for rule in default_rules() if rule.family == "boilerplate" and rule.code != "WEB901"]
    checker = Checker.of_rules(rules)
    pages = []
    for path in paths:
        for row in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(row)
            lines = [line for line in record["lines"] if line["text"].strip()]
            document = Document("\n".join(line["text"] for line in lines))
            spans = [(f.start, f.end) for f in checker.check(document.text).findings]
            page = read_page(document, spans, frozenset(weak))
            labels = [line["label"] for line in lines]
            pages.append(Labelled(page, record["site"], labels, _learned(page, labels)))
    return pages


def _learned(page: Page, labels: list[str]) -> list[str]:
    """Annotators leave headlines out; a model that never sees one calls it furniture."""
    first = labels.index("content") if "content" in labels else len(labels)
    return [
        "content" if label == "ignore" and at < first and len(page.lines[at].text.split()) >= 3 else label
        for at, label in enumerate(labels)
    ]


def fit(pages: Sequence[Labelled]) -> Model:
    """Both tables of weights."""
    rows = [
        (line.features, label)
        for page in pages
        for line, label in zip(page.page.lines, page.learned, strict=True)
        if line.features is not None and label != "ignore"
    ]
    own = _regress(rows, C_OWN)
    rows = []
    for page in pages:
        logits = logits_of(page.page, own, TEXT)
        rows += [
            (page.page.features_among(at, logits), label)
            for at, label in enumerate(page.learned)
            if page.page.lines[at].features is not None and label != "ignore"
        ]
    return Model(own, _regress(rows, C_AMONG))


def _regress(rows: Sequence[tuple[tuple[str, ...], str]], strength: float) -> dict[str, float]:
    vectors = DictVectorizer()
    matrix = vectors.fit_transform([dict.fromkeys(features, 1.0) for features, _ in rows])
    model = LogisticRegression(C=strength, max_iter=500).fit(matrix, [label == "boilerplate" for _, label in rows])
    weights = dict(zip(vectors.get_feature_names_out(), model.coef_[0], strict=True)) | {"bias": model.intercept_[0]}
    return {name: round(float(w), 2) for name, w in sorted(weights.items()) if abs(w) >= _SMALLEST_WEIGHT}


def score(pages: Sequence[Labelled], model: Model) -> list[tuple[float, str, str, bool]]:
    """Score, zone, label and whether the rules know it, for every labelled line."""
    rows = []
    for page in pages:
        logits, known = logits_of(page.page, model.own, TEXT), set(page.page.known)
        for at, label in enumerate(page.labels):
            zone = page.page.zone(at)
            own = page.page.lines[at].features
            if own is None or not page.page.calls_for_a_look or page.page.may_be_text(at):
                value = NEVER
            else:
                value = furniture.weigh(page.page.features_among(at, logits), model.among)
            if label != "ignore":
                rows.append((value if logits[at] >= FLOOR else NEVER, zone, label, at in known))
    return rows


def report(name: str, rows: Sequence[tuple[float, str, str, bool]]) -> None:
    """Precision, recall and content flagged by bars; the first line is what the other rules reach alone."""
    boiler = np.array([label == "boilerplate" for _, _, label, _ in rows])
    known = np.array([is_known for *_, is_known in rows])
    scores, zones = np.array([row[0] for row in rows]), [zone for _, zone, _, _ in rows]
    print(name)
    for bars in (None, *BARS):
        limit = np.array([dict(zip(("head", "foot", "inside"), bars or (99.0,) * 3, strict=True))[z] for z in zones])
        flagged = known | (scores >= limit)
        hits, false = int((flagged & boiler).sum()), int((flagged & ~boiler).sum())
        print(
            f"  {bars}: precision {hits / max(hits + false, 1):.3f} recall {hits / max(boiler.sum(), 1):.3f} "
            f"content flagged {false / max((~boiler).sum(), 1):.4f}"
        )


def cross_validated(pages: Sequence[Labelled]) -> list[tuple[float, str, str, bool]]:
    """Scores of every line by a model that has not seen its site."""
    rows = []
    sites = [page.site for page in pages]
    for train, test in GroupKFold(FOLDS).split(pages, groups=sites):
        rows += score([pages[at] for at in test], fit([pages[at] for at in train]))
    return rows


def write(rule: Path, model: Model) -> None:
    """Put the weights into the rule file, below the mark."""
    head, _, _ = rule.read_text(encoding="utf-8").partition(MARK)
    tables = [
        f"[rule.match.params.{name}]\n" + "\n".join(f'"{key}" = {value}' for key, value in weights.items())
        for name, weights in (("own", model.own), ("among", model.among))
    ]
    rule.write_text(head + MARK + "\n" + "\n\n".join(tables) + "\n", encoding="utf-8")


def main() -> None:
    """Fit, judge, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", nargs="+", type=Path)
    parser.add_argument("--rule", type=Path, default=RULE)
    parser.add_argument("--check", nargs="*", type=Path, default=[])
    options = parser.parse_args()
    weak = load_rule(options.rule).match.params["weak"]
    pages = read(options.labelled, weak)
    report("five folds by site", cross_validated(pages))
    model = fit(pages)
    for path in options.check:
        report(path.stem, score(read([path], weak), model))
    write(options.rule, model)


if __name__ == "__main__":
    main()
