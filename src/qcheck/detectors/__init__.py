"""Detectors: what a pattern cannot say.

One module a detector; the module's name is the detector's name in rule files. It holds

    def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]

``candidates`` are the places the rule's own RE2 patterns matched, in order; a rule without candidates has its detector
called on every document. A rule that builds on families gets their findings as candidates as well, and is not called
without any. A detector reads the document's index, keeps no state, and runs in linear time.

A detector that is called on every document may hold besides

    def is_quiet(document: Document) -> bool

which says at little cost that none of its rules can find anything, whatever their parameters: most documents hold
nothing, and several rules that each find that out took a tenth of the time of a short one.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qcheck.document import Document, Span
    from qcheck.scan.hit import Hit

    Detector = Callable[[Document, Sequence[Span], Mapping[str, object]], Iterator[Hit]]
    Glance = Callable[[Document], bool]

DETECTORS = frozenset(module.name for module in pkgutil.iter_modules(__path__))


def load(name: str) -> Detector:
    """The ``find`` function of a detector; its module is imported when a checker first needs it."""
    find: Detector = import_module(f"{__name__}.{name}").find
    return find


def glance(name: str) -> Glance | None:
    """The ``is_quiet`` function of a detector, or ``None`` if it has none."""
    is_quiet: Glance | None = getattr(import_module(f"{__name__}.{name}"), "is_quiet", None)
    return is_quiet
