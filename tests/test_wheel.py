"""The built wheel, installed elsewhere: what users get, without this source tree."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from qcheck.rules import rules_folder

ROOT = Path(__file__).parent.parent
TEXT = "The talks will go on in May, officials said. ..\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    # Not isolated: the build backend is among the dev dependencies, and a test must not need the network.
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts folder of a fresh environment with the wheel; the dependencies are those of this environment."""
    folder = tmp_path_factory.mktemp("env")
    venv.create(folder, with_pip=False)
    (packages,) = folder.glob("lib/python*/site-packages")
    dependencies = [path for path in sys.path if path.endswith("-packages") and Path(path).is_dir()]
    (packages / "dependencies.pth").write_text("\n".join(dependencies), "utf-8")
    command = [sys.executable, "-m", "pip", "--python", str(folder), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(command, capture_output=True, check=True)
    return folder / "bin"


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, cwd=folder, env={})


def test_the_wheel_holds_the_rules_and_the_type_marker_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    rules = {f"qcheck/_rules/{path.relative_to(rules_folder()).as_posix()}" for path in rules_folder().rglob("*.*")}

    assert {name for name in names if name.startswith("qcheck/_rules/")} == rules
    assert {"qcheck/_rules/score.toml", "qcheck/_rules/translation/detached-period.toml", "qcheck/py.typed"} <= names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"qcheck", "qcheck_text"}
    assert any(name.endswith("licenses/LICENSE") for name in names)


@pytest.mark.skipif(sysconfig.get_platform().startswith("win"), reason="scripts stand elsewhere on Windows")
def test_the_installed_library_checks_a_text_from_anywhere(installed: Path, tmp_path: Path) -> None:
    program = (
        "import qcheck; print(qcheck.__file__, [f.rule.code for f in qcheck.check(__import__('sys').argv[1]).findings])"
    )

    done = run([str(installed / "python"), "-c", program, TEXT], tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    place, codes = done.stdout.split(" ", 1)
    assert Path(place).is_relative_to(installed.parent)
    assert codes.strip() == "['MT201']"


@pytest.mark.skipif(sysconfig.get_platform().startswith("win"), reason="scripts stand elsewhere on Windows")
def test_the_installed_command_checks_a_file_from_anywhere(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")

    done = run([str(installed / "qcheck"), "check", "--output-format", "json", "a.txt"], tmp_path)

    assert (done.returncode, done.stderr) == (1, "")
    (document,) = json.loads(done.stdout)["documents"]
    assert [finding["rule"] for finding in document["findings"]] == ["MT201"]
