"""Coverage-guided fuzzing of the API, the readers and the fixer, with atheris.

    python benchmarks/fuzz.py TARGET [--seconds N] [--seed N] [--corpus FOLDER]

TARGET is ``check`` (any text: offsets, score, fixes that settle), ``fix`` (text that is thick with marks: fixes that
settle), or a format (``jsonl``, ``csv``, ``wet``, ``gz``, ``zst``, ``parquet``,
``arrow``): any bytes as a file. A crash is left as a file ``crash-*`` here and ends the run with a code other than 0.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["qcheck.sources", "qcheck.fix", "qcheck.document", "qcheck.segment"]):
    import qcheck
    from qcheck.report import Report
    from qcheck.sources import File, Options, Text, Unreadable
    from qcheck.sources.reading import read

FORMATS = {
    "jsonl": "jsonl",
    "csv": "csv",
    "wet": "wet",
    "gz": "jsonl",
    "zst": "jsonl",
    "parquet": "parquet",
    "arrow": "arrow",
}
# Bytes from 0x80 on stand for these in ``fix``: what rules look for, and what stands around it.
_PIECES = (
    " ,, |  | Ã© |â€™|&amp;|&#8217;|\u200b| . ..|\n\n|\r\n|\n|- |-\n|rn|1l|tbe |the the |\ufeff|\u00ad|\\n|<p>|</p>|"
    "Share this article\n|Read more: |Continue reading\n|Page 3\n|\ud800|🙂|“|”|,” he said|( |  )| ,|.. |?? |"
    "The council met. |the council of the town |http://example.org/a |`code` |    x = 1\n|* item\n|1. |é|ﬁ|ö|"
    "In other words, |It is important to note that |Facebook Twitter\n|© 2020\n|der die das |und |. . .|A|I"
).split("|")
_HEADS = {
    "gz": b"\x1f\x8b\x08\x00",
    "zst": b"\x28\xb5\x2f\xfd",
    "parquet": b"PAR1",
    "arrow": b"ARROW1\0\0",
    "csv": b"text,a\n",
}


def check_text(checker: qcheck.Checker, data: bytes) -> None:
    """What must hold of any text."""
    text = (
        data.decode("utf-8", "surrogatepass" if data[:1] == b"\xed" else "replace")
        if _decodes(data)
        else data.decode("latin-1")
    )
    report = checker.check(text)
    assert 0 <= report.score.value <= 100
    assert all(0 <= f.start <= f.end <= len(text) and f.text == text[f.start : f.end] for f in report.findings)
    settles(checker, report, unsafe=True)


def fix_text(checker: qcheck.Checker, data: bytes) -> None:
    """What must hold of the fixer: it settles, with safe fixes and with all."""
    text = "".join(_PIECES[(byte - 0x80) % len(_PIECES)] if byte >= 0x80 else chr(byte) for byte in data)
    report = checker.check(text)
    for unsafe in (False, True):
        settles(checker, report, unsafe=unsafe)


def settles(checker: qcheck.Checker, report: Report, *, unsafe: bool) -> None:
    """Fixing twice changes nothing more, but for rules that were left out as they would not settle, and are named."""
    fixed = report.mend(unsafe=unsafe)
    again = checker.check(fixed.text).fixed(unsafe=unsafe)
    assert again == fixed.text or fixed.unsettled, "fixing twice changes more"


def _decodes(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass" if data[:1] == b"\xed" else "replace")
    except UnicodeDecodeError:
        return False
    return True


def read_bytes(path: Path, form: str, data: bytes) -> None:
    """What must hold of any file: records or reasons, never an exception, and the same at every reading."""
    path.write_bytes(data)
    options = Options(input_format=form, max_record=1 << 16, batch_bytes=512)
    records = list(read(File("f", path), options))
    assert all(isinstance(record, Text | Unreadable) for record in records)
    assert records == list(read(File("f", path), options))


def target(name: str, folder: Path) -> Callable[[bytes], None]:
    """The function to fuzz."""
    if name in ("check", "fix"):
        checker, hold = qcheck.Checker(), check_text if name == "check" else fix_text
        return lambda data: hold(checker, data)
    head, path = _HEADS.get(name, b""), folder / "f"
    return lambda data: read_bytes(path, FORMATS[name], head + data)


def main() -> None:
    """Fuzz one target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=["check", "fix", *FORMATS])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, help="a folder of inputs to start from, and to add to")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        options = [
            f"-max_total_time={arguments.seconds}",
            f"-seed={arguments.seed}",
            "-max_len=4096",
            "-rss_limit_mb=4096",
        ]
        folders = [str(arguments.corpus)] if arguments.corpus else []
        atheris.Setup([sys.argv[0], *options, *folders], target(arguments.target, Path(temporary)))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
