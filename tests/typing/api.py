"""What users write against the public API; mypy reads this file, nothing runs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, assert_type

import qcheck

assert_type(qcheck.__version__, str)
assert_type(qcheck.check("text"), qcheck.Report)
assert_type(qcheck.check("text", id="a"), qcheck.Report)

qcheck.Checker("MT", "OCR", "my/rules", "qcheck.toml")
qcheck.Checker(["MT"], ("OCR",), [Path("my/rules"), "more"], Path("qcheck.toml"), preview=True)
checker = qcheck.Checker(select=None, ignore=None, rules=None, config=qcheck.Settings(preview=True))
assert_type(checker.rules, tuple[qcheck.Rule, ...])
assert_type(checker.check("text", id=None), qcheck.Report)
assert_type(checker.check_many(["text"]), Iterator[qcheck.Report])
checker.check_many([("id", "text"), (None, "text")], workers=2)
checker.check_many((qcheck.Document("text", "id") for _ in range(2)), workers=None)

report = checker.check("text")
assert_type(report.id, str | None)
assert_type(report.score, qcheck.Score)
assert_type(report.score.value, float)
assert_type(report.score.verdict, qcheck.Verdict)
assert_type(report.score.families, Mapping[str, float])
assert_type(report.findings, tuple[qcheck.Finding, ...])
assert_type(report.errors, tuple[str, ...])
assert_type(report.fixed(), str)
assert_type(report.fixed(unsafe=True), str)
assert_type(report.to_dict(), dict[str, Any])
assert_type(report.language, str)

for finding in report.findings:
    assert_type(finding.rule, qcheck.Rule)
    assert_type((finding.rule.code, finding.rule.name), tuple[str, str])
    assert_type(finding.rule.family, qcheck.Family)
    assert_type(finding.rule.status, qcheck.Status)
    assert_type(finding.severity, qcheck.Severity)
    assert_type(finding.confidence, qcheck.Confidence)
    assert_type((finding.start, finding.end, finding.line, finding.column), tuple[int, int, int, int])
    assert_type((finding.text, finding.message), tuple[str, str])
    if finding.fix:
        assert_type(finding.fix, qcheck.Fix)
        assert_type(finding.fix.safety, qcheck.Safety)
        assert_type(finding.fix.edits, tuple[qcheck.Edit, ...])
        assert_type(finding.fix.replacement, str | None)
        assert_type(finding.fix.candidates, tuple[str, ...])

try:
    qcheck.Checker(select=["nosuch"])
except qcheck.QcheckError as error:
    assert_type(error, qcheck.QcheckError)

# Each of these must be refused: an unused ignore is an error too.
qcheck.check(b"bytes")  # type: ignore[arg-type]
qcheck.Checker(select=1)  # type: ignore[arg-type]
report.score.value = 3.0  # type: ignore[misc]
report.fixed(safe=True)  # type: ignore[call-arg]
