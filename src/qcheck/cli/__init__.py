"""The command line. ``main`` finds the command, and turns every way a run can end into an exit code."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from qcheck.cli.options import parse
from qcheck.errors import QcheckError

__all__ = ["main"]

FAILED = 2
INTERRUPTED = 130
_PIPE_CLOSED = 141  # what a shell reports of a program that SIGPIPE ended


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: The arguments; default: those of the process.

    Returns:
        0 if nothing fails the run, 1 if a finding or a score does, 2 if qcheck could not do all of its work.
    """
    for stream in (sys.stdout, sys.stderr):
        _write_anything(stream)
    try:
        code = _run(argv)
        sys.stdout.flush()
    except QcheckError as error:
        print(f"qcheck: {error}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        _silence(sys.stdout)
        return _PIPE_CLOSED
    except KeyboardInterrupt:
        print("qcheck: interrupted; reports to files are not written", file=sys.stderr)
        return INTERRUPTED
    except OSError as error:
        _silence(sys.stdout)
        print(f"qcheck: cannot write the output: {error.strerror or error}", file=sys.stderr)
        return FAILED
    return code


def _run(argv: Sequence[str] | None) -> int:
    arguments = parse(sys.argv[1:] if argv is None else argv)
    if arguments.command == "rule":
        from qcheck.cli.explain import explain

        return explain(arguments)
    if arguments.command == "selftest":
        from qcheck.cli.selftest import selftest

        return selftest(arguments)
    if arguments.command == "run":
        from qcheck.cli.run import run

        return run(arguments)
    from qcheck.cli.check import check

    return check(arguments)


def _write_anything(stream: object) -> None:
    """Let no character stop a run: lone surrogates and what a terminal's encoding lacks are written as escapes."""
    if isinstance(stream, io.TextIOWrapper):
        encoding = None if stream.isatty() else "utf-8"
        stream.reconfigure(encoding=encoding, errors="backslashreplace")


def _silence(stream: object) -> None:
    """Keep Python from failing once more when it flushes the stream at exit."""
    if isinstance(stream, io.TextIOWrapper):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
