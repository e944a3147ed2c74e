"""What a worker does with a batch: parse, check, and encode for every output that is wanted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Literal

from qcheck.checker import Checker
from qcheck.run.gzipping import piece
from qcheck.run.parts import RECORDS, Part
from qcheck.sinks import Checked, Wanted, beside, columnar, findings, lines
from qcheck.sources import Batch, Options, Text, Unreadable, formats

_COMPLAINTS = 20  # a part; of all of them a run shows as many
_COLUMNAR: dict[str, Literal["parquet", "arrow"]] = {"parquet": "parquet", "arrow": "arrow"}


class Worker:
    """Everything a process needs to turn batches into parts.

    Args:
        checker: Checks the texts.
        options: How records become texts.
        wanted: What to write.
    """

    def __init__(self, checker: Checker, options: Options, wanted: Wanted) -> None:
        self.checker, self.options, self.wanted = checker, options, wanted

    def part(self, batch: Batch, codec: str = "") -> Part:
        """The result of a batch, for text outputs that are compressed like this."""
        checked, refused = list[Checked](), list[Unreadable]()
        for record in formats.parse(batch, self.options):
            result = self._checked(record) if isinstance(record, Text) else record
            (checked if isinstance(result, Checked) else refused).append(result)  # type: ignore[arg-type]
        part = self.refused(refused)
        part.kind = _COLUMNAR.get(batch.format, "lines")
        part.counts |= _counts(checked, refused)
        self._add_records(part, batch, checked)
        if self.wanted.findings:
            part.sections["findings"] = findings.table(checked)
        if self.wanted.attributes:
            part.sections["attributes"] = _joined(beside.attributes(c) for c in checked)
        if codec == "gz":
            _zip(part)
        return part

    def refused(self, records: Iterable[Unreadable]) -> Part:
        """The part of records that cannot be checked."""
        refused = list(records)
        part = Part(counts=_counts([], refused))
        if refused:
            part.sections["quarantine"] = _joined(map(beside.quarantined, refused))
            part.complaints = [(record.id, record.error) for record in refused[:_COMPLAINTS]]
        return part

    def _checked(self, record: Text) -> Checked | Unreadable:
        try:
            report = self.checker.check(record.text, record.file.name)
            mended = report.fixed(unsafe=self.wanted.unsafe) if self.wanted.records == "mend" else None
            rows = [findings.row(finding) for finding in report.findings]
            score, error = report.score, "; ".join(report.errors) or None
            return Checked(record, round(score.value, 1), str(score.verdict), rows, error, mended)
        except Exception as error:  # whatever it is, it must cost one record and no more
            why = f"the check failed: {type(error).__name__}: {error}"
            raw = record.raw or record.text.encode("utf-8", "surrogatepass")
            return Unreadable(record.id, why, record.file, record.number, None, raw)

    def _add_records(self, part: Part, batch: Batch, checked: list[Checked]) -> None:
        if self.wanted.records == "none":
            return
        annotate = self.wanted.records == "annotate"
        encode = self._encoder(batch, annotate=annotate)
        if batch.format in ("csv", "tsv"):
            part.header = lines.delimited_header(batch, annotate=annotate)
        if not self.wanted.split:
            part.sections["documents"] = encode(checked)
            return
        for verdict in ("keep", "fix", "drop"):
            if chosen := [c for c in checked if c.verdict == verdict]:
                part.sections[verdict] = encode(chosen)

    def _encoder(self, batch: Batch, *, annotate: bool) -> Callable[[list[Checked]], bytes]:
        options = self.options
        if batch.format in _COLUMNAR:
            return lambda checked: columnar.encoded(batch, checked, options, annotate=annotate)
        if batch.format == "jsonl":
            return lambda checked: _joined(lines.jsonl(c, options, annotate=annotate) for c in checked)
        if batch.format in ("csv", "tsv"):
            return lambda checked: _joined(lines.delimited(c, batch, options, annotate=annotate) for c in checked)
        return lambda checked: _joined(lines.made(c, annotate=annotate) for c in checked)


def _zip(part: Part) -> None:
    """Turn the sections that go into text outputs into pieces of gzip members."""
    for name, data in part.sections.items():
        if name == "attributes" or (name in RECORDS and part.kind == "lines"):
            part.sections[name], part.sums[name] = piece(bytes(data))


def _joined(rows: Iterable[bytes]) -> bytes:
    return b"".join(row + b"\n" for row in rows)


def _counts(checked: list[Checked], refused: list[Unreadable]) -> dict[str, Any]:
    rules = Counter(finding["rule"] for c in checked for finding in c.findings)
    return {
        "read": len(checked) + len(refused),
        "checked": len(checked),
        "quarantined": len(refused),
        "incomplete": sum(c.error is not None for c in checked),
        "characters": sum(len(c.text.text) for c in checked),
        "mended": sum(c.mended not in (None, c.text.text) for c in checked),
        "score_sum": round(sum(c.score for c in checked), 1),
        "verdicts": dict(Counter(c.verdict for c in checked)),
        "findings": dict(sorted(rules.items())),
    }
