"""Fixes into files, or into a diff."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from difflib import unified_diff

from qcheck.checker import Checker
from qcheck.cli.terminal import warn
from qcheck.files import Replacement
from qcheck.report import Report
from qcheck.reports.cells import visible
from qcheck.reports.closing import counted
from qcheck.rules.selection import find_rule
from qcheck.sources import Text


class Mender:
    """Mends the documents of a run, and keeps count.

    Args:
        checker: Checks what was mended.
        unsafe: Apply unsafe fixes too.

    Attributes:
        failed: Whether a mended document could not be written.
        differs: Whether a diff was shown.
    """

    def __init__(self, checker: Checker, *, unsafe: bool) -> None:
        self._checker, self._unsafe = checker, unsafe
        self._applied: Counter[str] = Counter()
        self._documents = 0
        self.failed = self.differs = False

    def fix(self, source: Text, report: Report) -> Report:
        """Write the mended text where the text came from; the report of what is left."""
        mended, applied = self._mended(source, report)
        changed = mended != source.text
        if source.number is not None:
            return self._refused(report, changed=changed)
        if (changed or source.file.path is None) and not self._written(source, mended):
            return report
        if not changed:
            return report
        self._documents += 1
        self._applied.update(applied)
        return self._checker.check(mended, source.id)

    def show(self, source: Text, report: Report) -> None:
        """Print what fixing would change."""
        mended, _ = self._mended(source, report)
        if mended != source.text:
            self.differs = True
            sys.stdout.writelines(_diff(source, mended))

    def summary(self) -> Iterator[str]:
        """What was fixed, by rule."""
        if not self._documents:
            return
        fixed = counted(self._applied.total(), "finding")
        yield f"Fixed {fixed} in {counted(self._documents, 'document')}:"
        for code, count in sorted(self._applied.items(), key=lambda row: (-row[1], row[0])):
            yield f"{count:>6,}  {code} {find_rule(self._checker.rules, code).name}"

    def _mended(self, source: Text, report: Report) -> tuple[str, Counter[str]]:
        mended = report.mend(unsafe=self._unsafe)
        if mended.unsettled:
            rules = ", ".join(mended.unsettled)
            warn(f"{visible(source.id)} is left as it is: the fixes of {rules} call for each other without end")
        return mended.text, Counter(mended.applied)

    def _refused(self, report: Report, *, changed: bool) -> Report:
        """A record is one of many in its file, or compressed; ``qcheck run`` writes those anew."""
        if changed and not self.failed:
            self.failed = True
            warn("--fix mends text files; for files of records use 'qcheck run SOURCES --out DIR --records mend'")
        return report

    def _written(self, source: Text, text: str) -> bool:
        data = text.encode(source.encoding)
        if source.file.path is None:
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            return True
        try:
            with Replacement(source.file.path) as stream:
                stream.write(data)
        except OSError as error:
            self.failed = True
            warn(f"{visible(source.id)} cannot be written: {error.strerror or error}; it is as it was")
            return False
        return True


def _diff(source: Text, mended: str) -> Iterator[str]:
    """A unified diff that patch can apply; lines end at line feeds only, as they do for patch."""
    signature = "\ufeff" if source.encoding == "utf-8-sig" else ""
    old, new = (_lines(signature + text) for text in (source.text, mended))
    name = visible(source.id)
    for line in unified_diff(old, new, f"a/{name}", f"b/{name}"):
        yield line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    lines = [line + "\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines
