"""Real local pipelines: JSONL in, two tasks, JSONL out."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

from adapters.rows import RULES, SOUND, SPOILT
from qcheck.adapters.datatrove import QcheckAnnotator, QcheckFilter

pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("default")]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for shard in range(2):
        rows = [{"id": f"{shard}-{n}", "text": SPOILT if n % 3 == 0 else SOUND} for n in range(30)]
        (folder / f"{shard}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def _run(folder: Path, corpus: Path, *steps: Any) -> None:
    pipeline = [JsonlReader(str(corpus)), *steps, JsonlWriter(str(folder / "out"))]
    LocalPipelineExecutor(pipeline, tasks=2, workers=2, logging_dir=str(folder / "logs")).run()


def _rows(folder: Path) -> dict[str, dict[str, Any]]:
    files = sorted(folder.glob("*.jsonl.gz"))
    return {row["id"]: row for file in files for row in map(json.loads, gzip.open(file, "rt"))}


def test_annotator(tmp_path: Path, corpus: Path) -> None:
    _run(tmp_path, corpus, QcheckAnnotator(**RULES))
    rows = _rows(tmp_path / "out")

    assert len(rows) == 60
    assert rows["1-0"]["metadata"]["qcheck_verdict"] == "drop"
    assert rows["1-0"]["metadata"]["qcheck_findings"][0]["text"] == ". .."
    assert rows["1-1"]["metadata"]["qcheck_score"] == 100.0


def test_filter(tmp_path: Path, corpus: Path) -> None:
    _run(tmp_path, corpus, QcheckFilter(exclusion_writer=JsonlWriter(str(tmp_path / "dropped")), **RULES))
    kept, dropped = _rows(tmp_path / "out"), _rows(tmp_path / "dropped")

    assert len(kept) == 40
    assert len(dropped) == 20
    assert {row["metadata"]["filter_reason"] for row in dropped.values()} == {"qcheck_drop"}
