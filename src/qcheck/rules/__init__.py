"""The rule language: model, loading, selecting, and proving a rule on its own examples."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from qcheck.rules.loading import load_rules
from qcheck.rules.model import Rule


@cache
def rules_folder() -> Path:
    """Where the rules that ship with qcheck stand: in the wheel, or at the top of a source tree."""
    package = Path(__file__).resolve().parent.parent
    shipped = package / "_rules"
    return shipped if shipped.is_dir() else package.parent.parent / "rules"


@cache
def default_rules() -> tuple[Rule, ...]:
    """Every rule that ships with qcheck, sorted by code."""
    return load_rules([rules_folder()], proved=True)


def known_rules(extend: Sequence[Path] = ()) -> tuple[Rule, ...]:
    """The rules that ship with qcheck and those of further folders, sorted by code.

    Raises:
        RuleErrors: With every error of every file.
    """
    return load_rules(extend, default_rules()) if extend else default_rules()
