"""Figures of rules on clean text."""

from __future__ import annotations

import json
from pathlib import Path

from qcheck.rules.measured import FILE, figures


def test_figures_add_up_over_the_sets(tmp_path: Path) -> None:
    made = {
        "date": "2026-01-02",
        "sets": {"news": {"words": 1_000_000}, "novels": {"words": 3_000_000}},
        "rules": {"MT901": {"news": 6, "novels": 2}, "MT902": {}},
    }
    (tmp_path / FILE).write_text(json.dumps(made), encoding="utf-8")

    found = figures(tmp_path, "MT901")

    assert found is not None
    assert (found.hits, found.words, found.per_million_words) == (8, 4_000_000, 2.0)
    assert (found.worst_set, found.worst_per_million_words, found.date) == ("news", 6.0, "2026-01-02")
    silent = figures(tmp_path, "MT902")
    assert silent is not None
    assert (silent.hits, silent.worst_set) == (0, "")


def test_a_rule_that_was_not_measured_has_no_figures(tmp_path: Path) -> None:
    assert figures(tmp_path, "MT901") is None
