from __future__ import annotations

import pytest
from datasets import Dataset

from adapters.rows import ERRORS, RULES, SOUND, VERDICTS, many
from qcheck.adapters import options
from qcheck.adapters.huggingface import BatchChecker, check_dataset

pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("default")]


@pytest.mark.parametrize("num_proc", [None, 2])
def test_a_dataset(num_proc: int | None) -> None:
    numbers, texts = many(500)
    made = check_dataset(Dataset.from_dict({"n": numbers, "text": texts}), num_proc=num_proc, **RULES)

    assert made["n"][:] == numbers
    assert made["qcheck_verdict"][:] == VERDICTS * 500
    assert made["qcheck_error"][:] == ERRORS * 500


def test_a_first_batch_without_findings_does_not_decide_the_type() -> None:
    texts = [SOUND] * 1000 + ["The talks will go on in May, officials said. .."]
    made = check_dataset(Dataset.from_dict({"text": texts}))

    assert made["qcheck_findings"][-1][0]["text"] == ". .."


def test_a_stream() -> None:
    numbers, texts = many(300)
    stream = Dataset.from_dict({"n": numbers, "text": texts}).to_iterable_dataset()
    made = list(stream.map(BatchChecker(options(columns=["verdict"], **RULES)), batched=True))

    assert [row["qcheck_verdict"] for row in made] == VERDICTS * 300
