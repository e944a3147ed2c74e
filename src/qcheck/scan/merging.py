"""One remark for one mark: what a rule, or two rules of a family, would say twice about the same place."""

from __future__ import annotations

from collections.abc import Iterable

from qcheck.finding import Confidence, Finding, Safety

_CONFIDENCE = {Confidence.HIGH: 0, Confidence.MEDIUM: 1, Confidence.LOW: 2}
_SAFETY = {Safety.SAFE: 0, Safety.UNSAFE: 1, Safety.DISPLAY: 2, None: 3}


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings sorted by (start, end, code), without repetition.

    Of several findings of one family at the very same span the gravest stays, at equal weight the surest and the one
    that mends most safely. A finding inside another of the same rule goes. Everything else that overlaps stays: two
    families, or a narrow and a wide mark, are two things to know.
    """
    kept: list[Finding] = []
    spans: set[tuple[object, int, int]] = set()
    reach: dict[str, int] = {}
    for finding in sorted(findings, key=_weight):
        # Remarks on the whole document share an empty span and are about different things.
        speaker = finding.rule.family if finding.start < finding.end else finding.rule.code
        place = (speaker, finding.start, finding.end)
        inside = finding.start < finding.end <= reach.get(finding.rule.code, -1)
        if place not in spans and not inside:
            spans.add(place)
            kept.append(finding)
            reach[finding.rule.code] = max(finding.end, reach.get(finding.rule.code, -1))
    return tuple(sorted(kept, key=lambda finding: (finding.start, finding.end, finding.rule.code)))


def _weight(finding: Finding) -> tuple[int, int, int, int, int, str]:
    safety = finding.fix.safety if finding.fix else None
    grave = -finding.severity.rank
    return finding.start, -finding.end, grave, _CONFIDENCE[finding.confidence], _SAFETY[safety], finding.rule.code
