"""What is known of one document after a check."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from qcheck import metrics
from qcheck.document import Document
from qcheck.finding import Finding, Fix
from qcheck.fix import Mended, mend
from qcheck.score import Score, score

if TYPE_CHECKING:
    from qcheck.checker import Checker


class Report:
    """The findings and the score of one document.

    Attributes:
        document: The document.
        findings: Findings sorted by (start, end, code).
        errors: Rules that could not finish on this document, and why; empty as a rule.
    """

    def __init__(
        self, document: Document, findings: tuple[Finding, ...], errors: tuple[str, ...], checker: Checker
    ) -> None:
        self.document, self.findings, self.errors = document, findings, errors
        self._checker = checker

    def __repr__(self) -> str:
        return f"Report(id={self.id!r}, score={self.score.value:.1f}, findings={len(self.findings)})"

    @property
    def id(self) -> str | None:
        """The id of the document."""
        return self.document.id

    @cached_property
    def score(self) -> Score:
        """The score, its verdict, and what each family took away."""
        return score(self.document, self.findings, self._checker.weights)

    @property
    def language(self) -> str:
        """ISO 639-1 code of the main language; ``und`` where the text does not tell."""
        return self.document.language

    @cached_property
    def readability(self) -> dict[str, float]:
        """School grades by textstat, which is imported on first use."""
        return metrics.readability(self.document)

    def fixed(self, unsafe: bool = False) -> str:
        """The mended text.

        Args:
            unsafe: Apply fixes too that are likely right but that a person should look at.

        >>> import qcheck
        >>> qcheck.check("The talks will go on in May, officials said. ..").fixed()
        'The talks will go on in May, officials said.'
        """
        return self.mend(unsafe=unsafe).text

    def mend(self, *, unsafe: bool = False) -> Mended:
        """The mended text with a count of the fixes that made it."""
        checker, id_ = self._checker, self.id
        return mend(self.document.text, self.findings, lambda text: checker.check(text, id_).findings, unsafe=unsafe)

    def to_dict(self) -> dict[str, Any]:
        """The report as the documented JSON object; scores and metrics to one decimal."""
        offsets = {offset for finding in self.findings for offset in (finding.start, finding.end)}
        in_bytes = self.document.bytes_at(sorted(offsets))
        return {
            "id": self.id,
            "path": self.id,
            "score": round(self.score.value, 1),
            "verdict": str(self.score.verdict),
            "language": self.language,
            "words": self.document.words,
            "families": {family: round(part, 1) for family, part in self.score.families.items()},
            "metrics": {
                "sentences": len(self.document.sentences),
                **self.readability,
                **metrics.recognition(self.document),
            },
            "findings": [_finding_dict(finding, in_bytes) for finding in self.findings],
            "error": "; ".join(self.errors) or None,
        }


def _finding_dict(finding: Finding, in_bytes: Mapping[int, int]) -> dict[str, Any]:
    return {
        "rule": finding.rule.code,
        "name": finding.rule.name,
        "family": str(finding.rule.family),
        "severity": str(finding.severity),
        "confidence": str(finding.confidence),
        "start": finding.start,
        "end": finding.end,
        "line": finding.line,
        "column": finding.column,
        "byte_start": in_bytes[finding.start],
        "byte_end": in_bytes[finding.end],
        "text": finding.text,
        "message": finding.message,
        "fix": _fix_dict(finding.fix) if finding.fix else None,
    }


def _fix_dict(fix: Fix) -> dict[str, Any]:
    edits = [{"start": edit.start, "end": edit.end, "replacement": edit.replacement} for edit in fix.edits]
    made: dict[str, Any] = {"safety": str(fix.safety), "edits": edits, "candidates": list(fix.candidates)}
    if fix.advice:
        made["advice"] = fix.advice
    return made
