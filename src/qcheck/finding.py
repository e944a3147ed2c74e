"""What the scan says: findings, their fixes, and the words that grade them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qcheck.document import Document
    from qcheck.rules.model import Rule


class Severity(StrEnum):
    """How much a finding matters; ``error`` fails a run by default."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for ``info`` up to 2 for ``error``."""
        return _SEVERITY_RANK[self]


_SEVERITY_RANK = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}


class Confidence(StrEnum):
    """How often a finding of the rule is right."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Status(StrEnum):
    """Where a rule stands in its life; ``preview`` rules run only when asked for."""

    PREVIEW = "preview"
    STABLE = "stable"
    DEPRECATED = "deprecated"


class Safety(StrEnum):
    """Whether a fix may be applied: ``display`` fixes never are."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY = "display"


class Family(StrEnum):
    """The stage that caused a mark."""

    ENCODING = "encoding"
    OCR = "ocr"
    TRANSLATION = "translation"
    BOILERPLATE = "boilerplate"
    REPETITION = "repetition"
    TYPOGRAPHY = "typography"
    LANGUAGE = "language"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace ``text[start:end]`` (code points) by ``replacement``."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Fix:
    """What to write instead.

    Attributes:
        safety: Whether the edits may be applied, and on whose word.
        edits: The changes, sorted and not overlapping; empty for mere advice.
        candidates: Several possible replacements, best first; shown, never applied.
        advice: What to do, in words, where no edit says it.
    """

    safety: Safety
    edits: tuple[Edit, ...] = ()
    candidates: tuple[str, ...] = ()
    advice: str = ""

    @property
    def replacement(self) -> str | None:
        """The text of the only edit, or ``None`` if there is no edit or more than one."""
        return self.edits[0].replacement if len(self.edits) == 1 else None


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule at a span of a document.

    Attributes:
        rule: The rule that fired.
        start: First code point of the span, 0-based.
        end: One past its last code point.
        message: What is wrong at this place.
        fix: What to write instead, where that is known.
        document: The text that the offsets count in.
    """

    rule: Rule
    start: int
    end: int
    message: str
    fix: Fix | None
    document: Document = field(repr=False, compare=False)

    @property
    def severity(self) -> Severity:
        """The severity of the rule."""
        return self.rule.severity

    @property
    def confidence(self) -> Confidence:
        """The confidence of the rule."""
        return self.rule.confidence

    @property
    def line(self) -> int:
        """Line of the first code point, 1-based; a line ends at a line feed."""
        return self.document.position(self.start)[0]

    @property
    def column(self) -> int:
        """Column of the first code point, 1-based, in code points."""
        return self.document.position(self.start)[1]

    @property
    def text(self) -> str:
        """The text of the span."""
        return self.document.text[self.start : self.end]
