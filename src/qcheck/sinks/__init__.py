"""Checked records back into files: with qcheck's columns, mended, or split by verdict; and what goes beside them.

Sinks turn a batch's results into bytes in the process that checked it; ``qcheck.run`` puts the bytes of all batches
together. One module writes one kind of output.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qcheck.sources import Text

# Annotated records have these beside their own fields; those of an earlier run are replaced.
COLUMNS = ("qcheck_score", "qcheck_verdict", "qcheck_findings", "qcheck_error")


@dataclass(frozen=True, slots=True)
class Checked:
    """A record with what was found in it.

    Attributes:
        text: The record.
        score: 0 to 100, to one decimal.
        verdict: ``keep``, ``fix`` or ``drop``.
        findings: What ``findings.row`` makes of them.
        error: Rules that could not finish on it, and why.
        mended: Its text after fixing, where records are to be mended.
    """

    text: Text
    score: float
    verdict: str
    findings: list[dict[str, Any]]
    error: str | None = None
    mended: str | None = None

    def columns(self) -> dict[str, Any]:
        """The columns of an annotated record."""
        return dict(zip(COLUMNS, (self.score, self.verdict, self.findings, self.error), strict=True))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run writes.

    Attributes:
        records: ``annotate`` adds columns, ``mend`` puts the mended text in place, ``none`` writes no records.
        unsafe: Mend with unsafe fixes too.
        split: Records go to folders named after their verdict.
        findings: Write a Parquet table of all findings.
        attributes: Write dolma's attribute files.
        compression: How text outputs are compressed; ``same`` is as their input.
    """

    records: str = "annotate"
    unsafe: bool = False
    split: bool = False
    findings: bool = False
    attributes: bool = False
    compression: str = "same"
