"""The checked-in example: what `qcheck seeds/` writes here is what stands in reports/."""

import shutil
from pathlib import Path

import pytest

from command import ROOT, qcheck

REPORTS = ("seeds.md", "seeds.json")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of seeds and settings, after a run."""
    folder = tmp_path_factory.mktemp("fresh")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    shutil.copy(ROOT / "pyproject.toml", folder)
    done = qcheck("seeds/", cwd=folder)

    assert done.returncode == 1, done.stderr.decode()
    return folder / "reports"


@pytest.mark.parametrize("name", REPORTS)
def test_a_fresh_run_gives_what_is_checked_in(fresh: Path, name: str) -> None:
    kept = (ROOT / "reports" / name).read_bytes()

    assert (fresh / name).read_bytes() == kept, "run `qcheck seeds/` in the repository's folder and look at the change"


def test_nothing_else_is_written(fresh: Path) -> None:
    assert sorted(path.name for path in fresh.iterdir()) == sorted(REPORTS)


@pytest.mark.parametrize("name", REPORTS)
def test_reports_are_the_same_anywhere(fresh: Path, name: str) -> None:
    assert str(fresh.parent) not in (fresh / name).read_text(encoding="utf-8")
