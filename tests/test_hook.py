"""The hooks of .pre-commit-hooks.yaml, tried with the real pre-commit; its environment comes from PyPI."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command import ROOT

CONFIG = """\
repos:
- repo: {repo}
  rev: {rev}
  hooks:
  - id: {hook}
"""
MARKED = (
    "The talks go on in May, the ministers said at noon. ..\r\nThe harbour stays open until the end of the year.\r\n"
)
MENDED = MARKED.replace(" ..", "")
SETTINGS = 'select = ["detached-period"]\n'


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="module")
def offered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that holds the working tree's files, as users would get them."""
    folder = tmp_path_factory.mktemp("offered")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    git(folder, "init", "-q")
    git(folder, "add", "-A", "-f")
    git(folder, "commit", "-q", "-m", "offered")
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """pre-commit's cache, so that both hooks share one environment."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "story.txt").write_bytes(MARKED.encode())
    (tmp_path / "sound.md").write_text("All is well.\n")
    (tmp_path / "qcheck.toml").write_text(SETTINGS)
    git(tmp_path, "init", "-q")
    return tmp_path


def run_hook(hook: str, corpus: Path, offered: Path, home: Path) -> tuple[int, str]:
    """Run one hook over all files of the corpus: exit code and what pre-commit prints."""
    config = CONFIG.format(repo=offered, rev=git(offered, "rev-parse", "HEAD"), hook=hook)
    (corpus / ".pre-commit-config.yaml").write_text(config)
    git(corpus, "add", "-A")
    # A git hook that runs these tests exports GIT_DIR and the like, which would point at the wrong repository.
    env = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHON"))}
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--all-files"],
        cwd=corpus,
        env={**env, "PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=300,
    )
    return done.returncode, done.stdout


def test_qcheck_reports_and_changes_nothing(corpus: Path, offered: Path, home: Path) -> None:
    code, shown = run_hook("qcheck", corpus, offered, home)

    assert code == 1, shown
    assert "story.txt:1:51: MT201" in shown
    assert (corpus / "story.txt").read_bytes() == MARKED.encode()


def test_qcheck_fix_mends_fails_once_and_passes(corpus: Path, offered: Path, home: Path) -> None:
    code, shown = run_hook("qcheck-fix", corpus, offered, home)

    assert code == 1, shown
    assert "files were modified by this hook" in shown
    assert "1  MT201 detached-period" in shown
    assert (corpus / "story.txt").read_bytes() == MENDED.encode()

    code, shown = run_hook("qcheck-fix", corpus, offered, home)

    assert code == 0, shown
