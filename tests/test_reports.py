import json
from io import StringIO
from pathlib import Path

import pytest

from command import write_project
from qcheck.checker import Checker
from qcheck.reports import FORMATS, Look, Outcome, open_report
from qcheck.reports.cells import columns, cut, cut_head, cut_middle, found, visible, what_to_do
from qcheck.reports.summary import Summary

ERRORS = "Here is teh first.\n\nShare this page\n\nAnd teh second, no dout.\n\nWell, hmm.\n"
HOSTILE = "A \x1b[31mred\x1b[0m teh \u202e\ud800\u200b|pipe| <b>`\t\n\n\u2028teh 日本語teh teh\r\n"


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Checker:
    folder = tmp_path_factory.mktemp("project")
    write_project(folder)
    return Checker(config=folder / "qcheck.toml")


def read(id: str, text: str, checker: Checker) -> Outcome:
    return Outcome(id, id, checker.check(text, id), None)


def unread(id: str) -> Outcome:
    return Outcome(id, id, None, "is not UTF-8: byte 0xe9 at offset 3 (line 1)")


def made(name: str, outcomes: list[Outcome], look: Look | None = None) -> str:
    out, summary = StringIO(), Summary()
    writer = open_report(name, out, look or Look())
    for outcome in outcomes:
        summary.add(outcome)
        writer.add(outcome)
    writer.finish(summary)
    return out.getvalue()


class TestCells:
    @pytest.mark.parametrize("width", range(1, 30))
    @pytest.mark.parametrize(
        "text", ["a plain text of some length", "日本語のテキスト、日本語", "👩‍👩‍👧 family 👍🏽 emoji", ""]
    )
    def test_cutting_keeps_to_the_width(self, text: str, width: int) -> None:
        text = visible(text)

        assert columns(cut(text, width)) <= width
        assert columns(cut_middle(text, width)) <= width
        assert columns(cut_head(text, width)) <= width

    @pytest.mark.parametrize("char", ["\x00", "\x1b", "\x9b", "\u200b", "\u202e", "\u2028", "\xad", "\ud800", "\ufeff"])
    def test_what_does_not_show_is_shown(self, char: str) -> None:
        assert visible(f"a{char}b") == f"a<U+{ord(char):04X}>b"

    @pytest.mark.parametrize("width", [20, 30, 60])
    def test_a_short_span_stands_among_its_words(self, checker: Checker, width: int) -> None:
        text = "One line.\n" + "word " * 30 + "teh" + " next" * 30
        (finding,) = checker.check(text).findings
        cell = found(finding, width)

        assert "⟦teh⟧" in cell
        assert cell.startswith("…")
        assert cell.endswith("…")
        assert columns(cell) <= width

    @pytest.mark.parametrize(
        ("text", "advice"),
        [
            ("teh", "→ the"),
            ("One.\n\nShare this page\n\nTwo.", "delete the line"),
            ("One.\n\nShare this page", "delete the line"),
            ("Well, hmm.", "say what you mean"),
        ],
    )
    def test_the_fix_in_words(self, checker: Checker, text: str, advice: str) -> None:
        (finding,) = checker.check(text).findings

        assert what_to_do(finding) == advice


@pytest.mark.parametrize("name", FORMATS)
class TestEveryFormat:
    def test_no_text_or_name_breaks_it(self, checker: Checker, name: str) -> None:
        outcomes = [read("a\n\x1b[31m\udcff.txt", HOSTILE, checker), read("empty.txt", "", checker), unread("u\n.txt")]
        for look in (Look(), Look(20, colour=True)):
            written = made(name, outcomes, look).encode("utf-8", "backslashreplace").decode()

            assert "\x1b[31mred" not in written
            assert "\u202e" not in written or name in ("json", "jsonl")

    def test_lists_every_finding(self, checker: Checker, name: str) -> None:
        written = made(name, [read("a.txt", ERRORS, checker)])

        assert [code for code in ("TST101", "TST102", "TST103", "TST104") if code not in written] == []

    def test_names_the_unreadable(self, checker: Checker, name: str) -> None:
        written = made(name, [unread("bad.txt"), read("a.txt", ERRORS, checker)])

        assert "bad.txt" in written
        assert "byte 0xe9 at offset 3" in written

    def test_no_document_is_no_problem(self, name: str) -> None:
        made(name, [])


class TestTable:
    @pytest.mark.parametrize("width", [60, 80, 100, 140])
    @pytest.mark.parametrize("name", ["table", "full"])
    def test_fits_the_width(self, checker: Checker, name: str, width: int) -> None:
        outcomes = [
            read("a/very/long/path/to/a/folder/of/news/2021/03/document-000000001.txt", ERRORS * 3, checker),
            read("wide.txt", "日本語" * 40 + " teh " + "日本語" * 40, checker),
            unread("bad.txt"),
        ]
        lines = made(name, outcomes, Look(width)).splitlines()
        cut_lines = [line for line in lines if "-->" not in line and not line.startswith(("TST", "bad.txt:"))]

        assert max(map(columns, cut_lines)) <= width

    def test_worst_first(self, checker: Checker) -> None:
        outcomes = [read("good.txt", "Fine.", checker), read("some.txt", ERRORS, checker)]
        outcomes += [unread("bad.txt"), read("worst.txt", "teh teh", checker)]
        lines = made("table", outcomes).splitlines()
        order = [line.split()[0] for line in lines if ".txt" in line]

        assert order == ["bad.txt", "worst.txt", "some.txt", "good.txt"]

    def test_findings_stand_worst_first_with_place_and_fix(self, checker: Checker) -> None:
        rows = [line.split()[:4] for line in made("table", [read("a.txt", ERRORS, checker)]).splitlines()[2:7]]

        assert rows == [
            ["1:9", "E", "TST101", "test-typo"],
            ["5:5", "E", "TST101", "test-typo"],
            ["3:1", "W", "TST102", "test-furniture"],
            ["5:20", "W", "TST103", "test-doubt"],
            ["7:7", "I", "TST104", "test-note"],
        ]

    def test_repeated_findings_are_folded(self, checker: Checker) -> None:
        written = made("table", [read("a.txt", "teh\n" * 12, checker)])

        assert written.count("TST101") == 3
        assert "…and 9 more" in written
        assert "on lines 4, 5, 6" in written

    def test_clean_documents_do_not_bury_the_others(self, checker: Checker) -> None:
        clean = [read(f"clean-{n}.txt", "Fine.", checker) for n in range(40)]
        written = made("table", [*clean, read("bad.txt", "teh", checker)])

        assert "clean-" not in written
        assert "…and 40 documents without findings" in written

    def test_a_corpus_shows_its_worst(self, checker: Checker) -> None:
        outcomes = [read(f"{n:04}.txt", "word " * n + "teh", checker) for n in range(600)]
        written = made("table", outcomes)

        assert written.count(".txt") == 200
        assert "0199.txt" in written
        assert "…and 400 documents; --output-format concise lists all" in written

    def test_colours_only_when_asked(self, checker: Checker) -> None:
        outcomes = [read("a.txt", ERRORS, checker)]
        plain, coloured = (made("table", outcomes, Look(colour=on)) for on in (False, True))

        assert "\x1b[" not in plain
        assert "\x1b[31mE TST101" in coloured


class TestJson:
    def test_has_the_shape_of_the_contract(self, checker: Checker) -> None:
        report = json.loads(made("json", [read("a.txt", ERRORS, checker), unread("bad.txt")]))
        document, bad = report["documents"]

        assert list(report) == ["version", "qcheck", "documents", "summary"]
        assert report["version"] == 1
        assert set(document) == set(bad)
        assert document["error"] is None
        assert (bad["score"], bad["findings"]) == (None, [])
        assert bad["error"].startswith("is not UTF-8")
        for finding in document["findings"]:
            assert ERRORS[finding["start"] : finding["end"]] == finding["text"]
            assert ERRORS.encode()[finding["byte_start"] : finding["byte_end"]].decode() == finding["text"]

    def test_byte_offsets_hold_in_long_texts(self, checker: Checker) -> None:
        text = "naïve 日本 😀 \ud800 teh\n" * 2_000
        data = text.encode("utf-8", "surrogatepass")
        findings = json.loads(made("json", [read("a.txt", text, checker)]))["documents"][0]["findings"]

        assert len(findings) == 2_000
        assert {data[finding["byte_start"] : finding["byte_end"]] for finding in findings} == {b"teh"}

    def test_the_figures_add_up(self, checker: Checker) -> None:
        outcomes = [read("a.txt", ERRORS, checker), read("b.txt", "teh", checker), unread("c.txt")]
        report = json.loads(made("json", outcomes))
        summary, findings = report["summary"], report["summary"]["findings"]

        assert summary["documents"] == len(report["documents"]) == summary["checked"] + summary["unreadable"]
        assert sum(summary["verdicts"].values()) == summary["checked"]
        assert findings["total"] == sum(len(document["findings"]) for document in report["documents"])
        for part in ("severity", "family", "rule"):
            assert sum(findings[part].values()) == findings["total"]
        assert summary["fixable"] == {"safe": 4, "unsafe": 1}
        scores = [document["score"] for document in report["documents"] if document["score"] is not None]
        assert summary["mean_score"] == pytest.approx(sum(scores) / len(scores), abs=0.1)

    def test_lines_are_the_same_documents(self, checker: Checker) -> None:
        outcomes = [read("a.txt", ERRORS, checker), read("h.txt", HOSTILE, checker), unread("c.txt")]
        lines = made("jsonl", outcomes).encode("utf-8", "backslashreplace").decode().split("\n")
        whole = made("json", outcomes).encode("utf-8", "backslashreplace").decode()

        assert not any(separator in line for line in lines for separator in "\u2028\u2029\x85")
        assert [json.loads(line) for line in lines if line] == json.loads(whole)["documents"]


class TestMarkdown:
    def test_cells_hold_no_markup_of_the_text(self, checker: Checker) -> None:
        written = made("markdown", [read("a|b_c.txt", "x | teh | *y* <b>", checker)])
        row = next(line for line in written.splitlines() if "TST101 test-typo" in line)

        assert "x \\| ⟦teh⟧ \\| \\*y\\* \\<b\\>" in row
        assert "## a\\|b\\_c.txt" in written


def test_concise_is_one_line_a_finding(checker: Checker) -> None:
    written = made("concise", [read("a.txt", ERRORS, checker)])

    assert written.splitlines()[0] == "a.txt:1:9: TST101 teh should not be here"
    assert len(written.splitlines()) == 5


def test_full_underlines_and_explains_once(checker: Checker) -> None:
    lines = made("full", [read("a.txt", ERRORS, checker)]).splitlines()

    assert lines[:5] == [
        "TST101 test-typo [*] teh should not be here",
        " --> a.txt:1:9",
        "  |",
        "1 | Here is teh first.",
        "  |         ^^^",
    ]
    assert sum("why: It stands" in line for line in lines) == 4


def test_a_new_format_is_one_module() -> None:
    folder = Path(__file__).parent.parent / "src/qcheck/reports"

    assert [name for name in FORMATS if not (folder / f"{name}.py").is_file()] == []
