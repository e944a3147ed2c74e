from __future__ import annotations

import pickle

import pyarrow as pa
import pytest

import qcheck
from adapters.rows import ERRORS, RULES, SPOILT, TEXTS, VERDICTS
from qcheck.adapters import checker_of, options
from qcheck.adapters.arrow import added_to, check_batch, check_table

NO_UTF8 = pa.StringArray.from_buffers(2, pa.array([0, 1, 2], pa.int32()).buffers()[1], pa.py_buffer(b"\xff\xfe"))
pytestmark = pytest.mark.engine


def _batch(texts: list[object], type_: pa.DataType | None = None) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({"n": list(range(len(texts))), "text": pa.array(texts, type_)})


@pytest.mark.parametrize(
    "type_", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]
)
def test_every_type_of_string(type_: pa.DataType) -> None:
    made = check_batch(_batch(TEXTS, type_), **RULES)

    assert made.schema.names == ["n", "text", "qcheck_score", "qcheck_verdict", "qcheck_findings", "qcheck_error"]
    assert made.column("n").to_pylist() == list(range(6))
    assert made.column("text").to_pylist() == TEXTS
    assert made.column("qcheck_verdict").to_pylist() == VERDICTS
    assert made.column("qcheck_error").to_pylist() == ERRORS


def test_findings_are_those_of_the_checker() -> None:
    made = check_batch(_batch([SPOILT]), columns=["findings", "fixed", "families", "language"])
    report = qcheck.check(SPOILT)
    row = made.to_pylist()[0]

    assert [(f["rule"], f["start"], f["end"], f["text"]) for f in row["qcheck_findings"]] == [
        (f.rule.code, f.start, f.end, f.text) for f in report.findings
    ]
    assert row["qcheck_fixed"] == report.fixed()
    assert sum(row["qcheck_families"].values()) == pytest.approx(100 - report.score.value, abs=0.5)
    assert row["qcheck_language"] == report.language


@pytest.mark.parametrize(
    ("column", "error"),
    [
        (pa.array([1, 2]), "the text is int, not a string"),
        (pa.array([b"a", b"b"]), "the text is bytes, not a string"),
        (pa.array([None, None]), "the text is null, not a string"),
        (NO_UTF8, "the text is bytes, not a string"),
    ],
    ids=["numbers", "bytes", "nulls", "invalid UTF-8"],
)
def test_what_is_no_text_keeps_its_row(column: pa.Array, error: str) -> None:
    made = check_batch(pa.RecordBatch.from_arrays([column], ["text"]))

    assert made.column("qcheck_error").to_pylist() == [error, error]
    assert made.column("qcheck_score").to_pylist() == [None, None]


def test_a_check_that_fails_costs_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    checker = checker_of(options())
    monkeypatch.setattr(checker, "check", lambda text, id_: 1 / 0 if text == "b" else qcheck.check(text, id_))

    made = check_batch(_batch(["a", "b", "c"]))

    assert made.column("qcheck_error").to_pylist() == [
        None,
        "the check failed: ZeroDivisionError: division by zero",
        None,
    ]


def test_columns_of_an_earlier_run_are_replaced() -> None:
    once = check_batch(_batch(TEXTS), **RULES)

    assert check_batch(once, **RULES) == once


def test_an_empty_table_has_the_columns() -> None:
    table = pa.table({"text": pa.array([], pa.string())})
    made = check_table(table)

    assert made.num_rows == 0
    assert made.schema == added_to(table.schema, options())


def test_a_checker_is_built_once_for_the_same_arguments() -> None:
    first, again = (options(select=["encoding"], ignore=["ENC101"]) for _ in range(2))

    assert checker_of(first) is checker_of(pickle.loads(pickle.dumps(again)))
    assert checker_of(first) is not checker_of(options(select=["encoding"]))


def test_an_unknown_column_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown column 'scores'; known: score, "):
        options(columns=["scores"])
