"""The figures of a whole run, counted as the documents go by."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from qcheck.finding import Family, Finding, Safety, Severity
from qcheck.reports import Outcome
from qcheck.rules.model import Rule
from qcheck.score import Verdict


@dataclass(slots=True)
class Summary:
    """Counts over all documents of a run; ``documents = checked + unreadable`` and every sum of findings is the same.

    Attributes:
        unreadable: Documents that could not be read.
        incomplete: Documents on which a rule could not finish.
        rules: Findings by rule.
        affected: Documents by rule that fired in them.
        fixes: Findings by the safety of their fix, where edits are known.
        skipped: What the walk left out, by kind.
    """

    unreadable: int = 0
    incomplete: int = 0
    words: int = 0
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    rules: Counter[Rule] = field(default_factory=Counter)
    affected: Counter[Rule] = field(default_factory=Counter)
    fixes: Counter[Safety] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    _scores: float = 0.0

    @property
    def checked(self) -> int:
        """Documents that were read and checked."""
        return self.verdicts.total()

    @property
    def documents(self) -> int:
        """All documents of the run."""
        return self.checked + self.unreadable

    @property
    def findings(self) -> int:
        """All findings of the run."""
        return self.rules.total()

    @property
    def mean_score(self) -> float | None:
        """The mean of the scores of what was checked; ``None`` if nothing was."""
        return self._scores / self.checked if self.checked else None

    @property
    def severities(self) -> Counter[Severity]:
        """Findings by severity, the worst first."""
        counts = _grouped(self.rules, "severity")
        return Counter({severity: counts[severity] for severity in Severity if counts[severity]})

    @property
    def families(self) -> Counter[Family]:
        """Findings by family, in the order of the families."""
        counts = _grouped(self.rules, "family")
        return Counter({family: counts[family] for family in Family if counts[family]})

    def add(self, outcome: Outcome) -> None:
        """Count one document."""
        report = outcome.report
        if report is None:
            self.unreadable += 1
            return
        self.incomplete += outcome.error is not None
        self.words += report.document.words
        self.verdicts[report.score.verdict] += 1
        self._scores += report.score.value
        rules = Counter(finding.rule for finding in report.findings)
        self.rules.update(rules)
        self.affected.update(rules.keys())
        self.fixes.update(safety for finding in report.findings if (safety := edits_safety(finding)))

    def to_dict(self) -> dict[str, Any]:
        """The figures as the ``summary`` of the JSON report."""
        return {
            "documents": self.documents,
            "checked": self.checked,
            "unreadable": self.unreadable,
            "incomplete": self.incomplete,
            "skipped": dict(sorted(self.skipped.items())),
            "words": self.words,
            "mean_score": None if self.mean_score is None else round(self.mean_score, 1),
            "verdicts": {str(verdict): self.verdicts[verdict] for verdict in Verdict},
            "findings": {
                "total": self.findings,
                "severity": {str(severity): self.severities[severity] for severity in Severity},
                "family": {str(family): self.families[family] for family in Family},
                "rule": {rule.code: count for rule, count in sorted(self.rules.items(), key=lambda row: row[0].code)},
            },
            "fixable": {str(safety): self.fixes[safety] for safety in (Safety.SAFE, Safety.UNSAFE)},
        }


def edits_safety(finding: Finding) -> Safety | None:
    """The safety of the edits that would mend a finding; ``None`` if there are none to apply."""
    fix = finding.fix
    return fix.safety if fix and fix.edits and fix.safety is not Safety.DISPLAY else None


def _grouped(rules: Counter[Rule], attribute: str) -> Counter[Any]:
    counts: Counter[Any] = Counter()
    for rule, count in rules.items():
        counts[getattr(rule, attribute)] += count
    return counts
