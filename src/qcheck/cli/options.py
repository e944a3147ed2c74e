"""Arguments and options, and nothing that takes long to import: ``qcheck --help`` answers at once."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter, _ArgumentGroup
from collections.abc import Sequence
from pathlib import Path

from qcheck import __version__
from qcheck.finding import Severity
from qcheck.reports import FORMATS
from qcheck.sources.compression import CODECS
from qcheck.sources.formats import NAMES

_COMMANDS = ("check", "run", "rule", "selftest")
# What other tools call theirs, and who types it does not mean a file of that name.
_ELSEWHERE = {
    "explain": "qcheck rule CODE",
    "rules": "qcheck rule --all",
    "lint": "qcheck check PATHS",
    "fix": "qcheck check --fix PATHS",
    "help": "qcheck --help",
    "version": "qcheck --version",
}
_DESCRIPTION = """\
Finds, explains, scores and mends what scrapers, scanners, translators and broken encodings leave in text.

  qcheck PATHS...            the same as qcheck check PATHS
  qcheck check PATHS...      check files and folders; '-' is standard input
  qcheck run PATHS --out DIR a whole corpus: records with scores, mended, or split by verdict; resumable
  qcheck rule CODE|NAME      explain a rule; --all lists them
  qcheck selftest            prove every rule on its own examples
"""
_RULES = "RULES are codes, names, families, code prefixes or ALL, by commas"
_RUN_CODES = "exit codes: 0 done, 2 done but for what was quarantined, or not done, 130 interrupted."
_EXIT_CODES = """\
exit codes: 0 nothing at or above the failing severity, 1 findings, 2 qcheck could not do all of its work (bad usage,
settings or rules; a document that cannot be read or written).
"""


def parse(argv: Sequence[str]) -> Namespace:
    """The arguments of a run; ``command`` says which. Bad usage ends the program with exit code 2."""
    top = not argv or argv[0] in (*_COMMANDS, "-h", "--help", "-V", "--version")
    parser = _parser()
    if argv and argv[0] in _ELSEWHERE and not Path(argv[0]).exists():
        parser.error(f"there is no command and no file {argv[0]!r}; did you mean '{_ELSEWHERE[argv[0]]}'?")
    arguments = parser.parse_args(["check", *argv] if not argv or not top else argv)
    if arguments.command == "check":
        _refuse_contradictions(arguments)
    if arguments.command == "run" and arguments.unsafe_fixes and arguments.records != "mend":
        arguments.parser.error("--unsafe-fixes says which fixes to apply: add --records mend")
    return arguments


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        "qcheck", description=_DESCRIPTION, epilog=_EXIT_CODES, formatter_class=RawDescriptionHelpFormatter
    )
    parser.add_argument("-V", "--version", action="version", version=f"qcheck {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="check files and folders", epilog=_EXIT_CODES, allow_abbrev=False)
    check.set_defaults(parser=check)
    for add in (_add_paths, _add_records, _add_outputs, _add_rules, _add_mending):
        add(check)
    _add_run(commands.add_parser("run", help="take a whole corpus through", epilog=_RUN_CODES, allow_abbrev=False))
    _add_explain(commands.add_parser("rule", help="explain a rule", allow_abbrev=False))
    _add_selftest(commands.add_parser("selftest", help="prove rules on their own examples", allow_abbrev=False))
    return parser


def _add_run(run: ArgumentParser) -> None:
    run.set_defaults(parser=run, min_severity=None, fail_under=None)
    for add in (_add_paths, _add_records, _add_sinks):
        add(run)
    run.add_argument("--max-record", type=_amount, default=256, metavar="MIB", help="refuse larger ones (default: 256)")
    run.add_argument("--batch-size", type=_amount, metavar="KIB", help="what a worker gets at once (default: 1024)")
    _add_selection(run.add_argument_group("rules", _RULES))


def _add_sinks(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("outputs")
    group.add_argument("--out", required=True, metavar="DIR", help="folder for all outputs; made if it is not there")
    group.add_argument("--overwrite", action="store_true", help="remove what a run with other settings left there")
    group.add_argument(
        "--records",
        choices=("annotate", "mend", "none"),
        default="annotate",
        help="write the records with qcheck's columns, with the mended text, or not at all (default: annotate)",
    )
    group.add_argument("--unsafe-fixes", action="store_true", help="with --records mend: fixes to look at, too")
    group.add_argument("--split", action="store_true", help="records go to the folders keep, fix and drop")
    group.add_argument("--findings", action="store_true", help="write a Parquet table of all findings")
    group.add_argument("--attributes", action="store_true", help="write dolma's attribute files")
    group.add_argument(
        "--compression",
        choices=("same", "none", *CODECS),
        default="same",
        help="of the outputs (default: as their input)",
    )


def _add_paths(parser: ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        nargs="*",
        default=["."],
        metavar="PATHS",
        help="files, folders, globs, @lists, URLs, or - (default: .)",
    )
    parser.add_argument("--workers", type=_positive, default=1, metavar="N", help="processes to check with")
    parser.add_argument("--no-progress", action="store_true", help="no progress on a terminal's standard error")
    _add_config(parser)


def _add_config(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--config", metavar="FILE", help="settings (default: qcheck.toml or pyproject.toml, here or above)"
    )


def _add_records(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("files of records", "JSON Lines, CSV, TSV, Parquet, Arrow, WET; also compressed")
    group.add_argument("--text-field", metavar="NAME", help="field that holds the text; a.b is nested (default: text)")
    group.add_argument("--id-field", metavar="NAME", help="field that names the record (default: its number)")
    group.add_argument("--input-format", choices=NAMES, metavar="FORMAT", help=f"whatever the name: {', '.join(NAMES)}")


def _add_outputs(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("reports")
    group.add_argument("--output-format", choices=FORMATS, metavar="FORMAT", help=f"{', '.join(FORMATS)}")
    group.add_argument("--output-file", metavar="FILE", help="write the report there, not to standard output")
    for name in FORMATS:
        group.add_argument(f"--{name}", dest=f"{name}_file", metavar="FILE", help=f"a {name} report beside the others")
    group.add_argument("--statistics", action="store_true", help="count findings by rule instead of listing them")
    group.add_argument("--show-settings", action="store_true", help="print the settings of this run and stop")


def _add_rules(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("rules", _RULES)
    _add_selection(group)
    severities = [str(severity) for severity in Severity]
    group.add_argument(
        "--min-severity",
        choices=severities,
        help="what fails a run, from here up (default: error)",
    )
    group.add_argument("--fail-under", type=_score, metavar="SCORE", help="a document with a lower score fails the run")
    group.add_argument("--exit-zero", action="store_true", help="exit 0 whatever is found")


def _add_selection(group: _ArgumentGroup) -> None:
    group.add_argument("--select", action="extend", type=_words, metavar="RULES", help="run these, not the settings'")
    group.add_argument("--ignore", action="extend", type=_words, metavar="RULES", help="do not run these either")
    group.add_argument("--extend-select", action="extend", type=_words, metavar="RULES", help="run these too")
    group.add_argument("--preview", action="store_true", help="run preview rules too")


def _add_mending(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("mending")
    either = group.add_mutually_exclusive_group()
    either.add_argument("--fix", action="store_true", help="apply safe fixes, then report what is left")
    either.add_argument("--diff", action="store_true", help="show what --fix would change, write nothing")
    group.add_argument("--unsafe-fixes", action="store_true", help="with --fix or --diff: fixes to look at, too")


def _add_explain(parser: ArgumentParser) -> None:
    parser.add_argument("rules", nargs="*", metavar="CODE|NAME", help="the rules to explain")
    parser.add_argument("--all", action="store_true", help="list all rules")
    _add_config(parser)
    parser.set_defaults(parser=parser)


def _add_selftest(parser: ArgumentParser) -> None:
    parser.add_argument("rules", nargs="*", metavar="RULES", help="codes, names, families or prefixes (default: all)")
    parser.add_argument("--no-progress", action="store_true", help="no progress on a terminal's standard error")
    _add_config(parser)


def _refuse_contradictions(arguments: Namespace) -> None:
    error = arguments.parser.error
    if arguments.unsafe_fixes and not (arguments.fix or arguments.diff):
        error("--unsafe-fixes says which fixes to apply: add --fix or --diff")
    if arguments.diff and (arguments.output_format or arguments.output_file or arguments.statistics):
        error("--diff prints the changes instead of a report: leave out --output-format, --output-file, --statistics")
    if arguments.statistics and arguments.output_format:
        error("--statistics is a format of its own: leave out --output-format (json has the counts in its summary)")


def _words(text: str) -> list[str]:
    words = [word.strip() for word in text.split(",") if word.strip()]
    if not words:
        raise ArgumentTypeError("names no rule")
    return words


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError(f"must be a whole number from 1 up, not {text!r}")
    return int(text)


def _amount(text: str) -> float:
    try:
        amount = float(text)
    except ValueError:
        amount = 0
    if not 0 < amount < 1 << 20:
        raise ArgumentTypeError(f"must be a number above 0, not {text!r}")
    return amount


def _score(text: str) -> float:
    try:
        score = float(text)
    except ValueError:
        score = -1
    if not 0 <= score <= 100:
        raise ArgumentTypeError(f"must be a score from 0 to 100, not {text!r}")
    return score
