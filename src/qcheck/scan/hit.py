"""What a matcher or a detector yields: a place, before it becomes a finding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from qcheck.document import Span
from qcheck.finding import Edit

if TYPE_CHECKING:
    from qcheck.rules.model import Rule


class Hit(NamedTuple):
    """A place where a rule fires; all offsets are code points.

    Attributes:
        span: What to underline.
        fields: Named pieces of text for the message and the replacement, beside ``{text}``.
        target: What ``replace`` is written over; ``None`` is the span.
        edits: Edits that the detector worked out itself; they take the place of the rule's own.
        candidates: Several replacements, best first, none of them sure.
    """

    span: Span
    fields: Mapping[str, str] = {}
    target: Span | None = None
    edits: tuple[Edit, ...] = ()
    candidates: tuple[str, ...] = ()


class Mark(Span):
    """A candidate that another rule has marked already: a span, and whose.

    Attributes:
        rule: The rule that fires there.
    """

    rule: Rule

    @classmethod
    def of(cls, span: Span, rule: Rule) -> Mark:
        """The mark of a rule at a span."""
        mark = cls(*span)
        mark.rule = rule
        return mark
