"""Colours of the terminal; without them every function gives back what it got."""

from __future__ import annotations

from qcheck.finding import Severity
from qcheck.score import Verdict

_RED, _GREEN, _YELLOW, _BLUE, _BOLD, _DIM = "31", "32", "33", "34", "1", "2"
_VERDICTS = {Verdict.KEEP: _GREEN, Verdict.FIX: _YELLOW, Verdict.DROP: _RED, None: _RED}
_SEVERITIES = {Severity.ERROR: _RED, Severity.WARNING: _YELLOW, Severity.INFO: _BLUE}


class Palette:
    r"""Paints text, or leaves it alone.

    >>> Palette(on=False).bold("a"), Palette(on=True).bold("a")
    ('a', '\x1b[1ma\x1b[0m')
    """

    def __init__(self, *, on: bool) -> None:
        self._on = on

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._on and text else text

    def bold(self, text: str) -> str:
        """What the eye should find first."""
        return self._paint(text, _BOLD)

    def dim(self, text: str) -> str:
        """What can wait."""
        return self._paint(text, _DIM)

    def verdict(self, text: str, verdict: Verdict | None) -> str:
        """In the colour of a verdict; ``None`` is a document without one."""
        return self._paint(text, _VERDICTS[verdict])

    def severity(self, text: str, severity: Severity) -> str:
        """In the colour of a severity."""
        return self._paint(text, _SEVERITIES[severity])
