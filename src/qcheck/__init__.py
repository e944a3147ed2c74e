"""qcheck: a linter for text that machines have touched.

>>> import qcheck
>>> report = qcheck.check("The river rose again on Sunday, the council said.")
>>> report.score.value, report.findings
(100.0, ())
"""

from qcheck._version import __version__
from qcheck.checker import Checker, check
from qcheck.document import Document
from qcheck.errors import QcheckError
from qcheck.finding import Confidence, Edit, Family, Finding, Fix, Safety, Severity, Status
from qcheck.report import Report
from qcheck.rules.model import Rule
from qcheck.score import Score, Verdict
from qcheck.settings import Settings

__all__ = [
    "Checker",
    "Confidence",
    "Document",
    "Edit",
    "Family",
    "Finding",
    "Fix",
    "QcheckError",
    "Report",
    "Rule",
    "Safety",
    "Score",
    "Settings",
    "Severity",
    "Status",
    "Verdict",
    "__version__",
    "check",
]
