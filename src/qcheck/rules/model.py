"""What a rule is, once its file has been read and found sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qcheck.finding import Confidence, Family, Safety, Severity, Status


_STRAIGHT_QUOTES = str.maketrans("‘’“”", "''\"\"")
MATCH = "match"  # the target of a fix that is no group but the whole match


class Scope(StrEnum):
    """How far one match may reach; a paragraph ends with the blank line after it."""

    LINE = "line"
    PARAGRAPH = "paragraph"
    SENTENCE = "sentence"
    DOCUMENT = "document"


def phrase_key(text: str) -> str:
    """What two spellings of one phrase have in common: case, blanks and quotation marks folded."""
    return " ".join(text.translate(_STRAIGHT_QUOTES).casefold().split())


@dataclass(frozen=True, slots=True)
class Phrase:
    """One row of a phrase table: what to look for and, where known, what to write instead."""

    text: str
    replacement: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What keeps a match from being a finding.

    Attributes:
        unless: Patterns searched in the match itself.
        unless_before: Patterns searched in the line's text before the match.
        unless_after: Patterns searched in the line's text after the match.
        code: Whether the rule also speaks inside code and markup (fences, indented code, inline literals).
    """

    unless: tuple[str, ...] = ()
    unless_before: tuple[str, ...] = ()
    unless_after: tuple[str, ...] = ()
    code: bool = False


@dataclass(frozen=True, slots=True)
class RegexMatch:
    """Patterns in RE2's syntax, or in that of ``regex`` behind an RE2 gate."""

    patterns: tuple[str, ...]
    scope: Scope
    whole: bool
    report: str | None
    engine: str
    gate: tuple[str, ...]
    reason: str
    ignorecase: bool
    context: Context


@dataclass(frozen=True)
class PhrasesMatch:
    """A table of phrases, compiled to one RE2 pattern."""

    phrases: tuple[Phrase, ...]
    scope: Scope
    whole: bool
    ignorecase: bool
    context: Context

    @cached_property
    def replacements(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Replacements by phrase as written, and by what its spellings have in common; of doubles the first."""
        rows = [(row.text, row.replacement) for row in reversed(self.phrases) if row.replacement is not None]
        return dict(rows), {phrase_key(text): replacement for text, replacement in rows}


@dataclass(frozen=True, slots=True)
class CharsMatch:
    """Code points, as inclusive ranges; a run of them is one finding."""

    ranges: tuple[tuple[int, int], ...]
    context: Context

    @property
    def scope(self) -> Scope:
        """A line, unless a line feed is among them."""
        return Scope.DOCUMENT if any(first <= ord("\n") <= last for first, last in self.ranges) else Scope.LINE


@dataclass(frozen=True, slots=True)
class MetricMatch:
    """A number of the whole document that must lie inside bounds."""

    metric: str
    below: float | None
    above: float | None


@dataclass(frozen=True, slots=True)
class PythonMatch:
    """A detector by name, the RE2 patterns that find its candidates, and its parameters.

    Attributes:
        builds_on: Families whose findings are candidates too; the detector runs after all others.
    """

    detector: str
    candidates: tuple[str, ...]
    scope: Scope
    params: Mapping[str, object]
    context: Context
    builds_on: frozenset[str] = frozenset()


Match = RegexMatch | PhrasesMatch | CharsMatch | MetricMatch | PythonMatch


@dataclass(frozen=True, slots=True)
class FixSpec:
    """How a finding is mended.

    Attributes:
        safety: See :class:`qcheck.finding.Safety`.
        replace: Template for the match, with named groups in braces; ``None`` if the fix is another.
        target: ``match`` or the group that ``replace`` is written over.
        delete: ``span`` (with the blank before it) or ``line`` (with its line end and the blank line it leaves).
        advice: What to do, in words.
    """

    safety: Safety
    replace: str | None = None
    target: str = MATCH
    delete: str | None = None
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Docs:
    """Why the rule is there and where it errs."""

    why: str
    false_positives: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A text with ⟦marked⟧ spans; ``fixed`` is what the rule's fix yields, safe or not."""

    text: str
    fixed: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Examples:
    """The proof that a rule carries."""

    bad: tuple[Example, ...]
    good: tuple[Example, ...]
    known_failures: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One kind of mark. ``code`` and ``name`` are both unique and both name it anywhere; the code is its identity."""

    code: str
    name: str
    family: Family
    summary: str
    message: str
    severity: Severity
    confidence: Confidence
    status: Status
    since: str
    languages: frozenset[str]
    tags: tuple[str, ...]
    match: Match = field(repr=False)
    fix: FixSpec | None = field(repr=False)
    docs: Docs = field(repr=False)
    examples: Examples = field(repr=False)
    path: Path = field(repr=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rule) and self.code == other.code

    def __hash__(self) -> int:
        return hash(self.code)
