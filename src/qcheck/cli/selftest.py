"""``qcheck selftest``: every rule proved on its own examples."""

from __future__ import annotations

from argparse import Namespace

from qcheck.checker import Checker
from qcheck.cli.effective import settings_file
from qcheck.cli.terminal import with_progress
from qcheck.reports.cells import visible
from qcheck.reports.closing import counted
from qcheck.rules import known_rules
from qcheck.rules.proving import prove
from qcheck.rules.selection import matching_rules


def selftest(arguments: Namespace) -> int:
    """Run ``qcheck selftest``; the exit code."""
    rules = known_rules(settings_file(arguments).extend_rules)
    chosen = matching_rules(rules, arguments.rules or ["ALL"])
    together, failing = Checker.of_rules(rules), 0
    for rule in with_progress(chosen, "rules", wanted=not arguments.no_progress):
        problems = prove(rule, rules, together)
        failing += bool(problems)
        for problem in problems:
            print(f"{rule.path}: {rule.code} {visible(problem)}")
    print(f"{counted(len(chosen), 'rule')} proved, {failing} failing")
    return int(failing > 0)
