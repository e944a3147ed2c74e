"""Fit the weights of WEB901 (furniture-block) and write them into its rule file.

    python benchmarks/fit_blocks.py LABELLED.jsonl... [--rule FILE] [--check LABELLED.jsonl...]

Each set is first judged by a model of the others: sets differ more than sites, and folds by site hide it (lists of
dates, contacts and programmes below the text cost 2 % of one set's content there, and nothing in the folds).

Labelled records are ``{"site": ..., "lines": [{"text": ..., "label": ...}]}`` with the labels content, boilerplate and
ignore. Fit only on data whose licence allows it; files under ``--check`` are judged and nothing more. Needs
scikit-learn, which qcheck does not. Two logistic regressions, each a table of weights: one over the features of a line
by itself, one over those of a line among its neighbours, where every neighbour counts by what the first says of it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from qcheck import Checker, furniture
from qcheck.detectors.furniture_blocks import Page, logits_of, read_page
from qcheck.document import Document
from qcheck.furniture_company import features_among
from qcheck.rules import default_rules
from qcheck.rules.loading import load_rule

RULE = Path(__file__).resolve().parent.parent / "rules/boilerplate/furniture-block.toml"
MARK = "# Fitted by benchmarks/fit_blocks.py; what follows is written by it."
# Inverse strengths of regularisation: of 0.1 to 3 none did better by more than a hundredth.
C_OWN, C_AMONG = 0.3, 0.5
TEXT = -5.0  # what a line of text counts for its neighbours
FLOOR = -1.5  # a line that counts less by itself is not looked at further
NEVER = -99.0
_SMALLEST_WEIGHT = 0.03
BARS = (-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0)


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


class Judged(NamedTuple):
    """A labelled line: its score, where it stands, and whether it is furniture, and known to the rules."""

    score: float
    place: str
    furniture: bool
    known: bool


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
            (tuple(features_among(at, logits, page.page.company)), label)
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


def score(pages: Sequence[Labelled], model: Model) -> list[Judged]:
    """Every labelled line that the rules do not know."""
    rows = []
    for page in pages:
        company = page.page.company
        logits, known = logits_of(page.page, model.own, TEXT), set(company.known)
        for at, label in enumerate(page.labels):
            if label == "ignore":
                continue
            left_alone = page.page.lines[at].features is None or logits[at] < FLOOR or page.page.may_be_text(at)
            value = NEVER
            if page.page.calls_for_a_look and not left_alone:
                value = furniture.weigh(features_among(at, logits, company), model.among)
            rows.append(Judged(value, company.place(at), label == "boilerplate", at in known))
    return rows


def report(name: str, rows: Sequence[Judged], bars: Mapping[str, float]) -> None:
    """What the other rules reach alone, what the bars of the rule add, and what each bar would."""
    total, content = sum(row.furniture for row in rows), sum(not row.furniture for row in rows)
    known = [row for row in rows if row.known]
    blocks = [row for row in rows if not row.known and row.score >= bars[row.place]]
    for which, flagged in (("rules alone", known), ("and blocks", known + blocks)):
        hits = sum(row.furniture for row in flagged)
        print(
            f"{name}, {which}: precision {hits / max(len(flagged), 1):.3f} recall {hits / max(total, 1):.3f} "
            f"content flagged {(len(flagged) - hits) / max(content, 1):.4f}"
        )
    for place in bars:
        here = [row for row in rows if row.place == place and not row.known]
        found = [(bar, [row.furniture for row in here if row.score >= bar]) for bar in BARS]
        print(f"  {place}: " + "  ".join(f"{bar}: {sum(hits)}/{len(hits) - sum(hits)}" for bar, hits in found))


def left_out(sets: Sequence[Sequence[Labelled]]) -> list[Judged]:
    """Every set judged by a model that was fitted on the others."""
    rows = []
    for at, pages in enumerate(sets):
        rows += score(pages, fit([page for other in (*sets[:at], *sets[at + 1 :]) for page in other]))
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
    params = load_rule(options.rule).match.params
    weak, bars = params["weak"], params["bars"]
    sets = [read([path], weak) for path in options.labelled]
    if len(sets) > 1:
        report("each set by the others", left_out(sets), bars)
    model = fit([page for pages in sets for page in pages])
    for path in options.check:
        report(path.stem, score(read([path], weak), model), bars)
    write(options.rule, model)


if __name__ == "__main__":
    main()
