from __future__ import annotations

import pytest

from qcheck import Rule
from qcheck.errors import SelectionError
from qcheck.finding import Status
from qcheck.rules.selection import check_words, find_rule, matching_rules, names, select_rules
from rulekit import make_rule


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rule, ...]:
    folder = tmp_path_factory.mktemp("rules")
    made = [
        make_rule(folder, code=code, name=name)
        for code, name in [("MT101", "stray"), ("MT102", "stub"), ("MT201", "period"), ("OCR101", "digit")]
    ]
    preview = make_rule(folder, code="MT301", name="new")
    old = make_rule(folder, code="OCR201", name="old")
    for rule, status in ((preview, Status.PREVIEW), (old, Status.DEPRECATED)):
        object.__setattr__(rule, "status", status)
    return (*made, preview, old)


@pytest.mark.parametrize(
    ("select", "ignore", "extend", "chosen"),
    [
        pytest.param(None, None, None, "MT101 MT102 MT201 OCR101", id="all stable rules by default"),
        pytest.param(["ALL"], None, None, "MT101 MT102 MT201 OCR101", id="ALL are the stable ones"),
        pytest.param([], None, None, "", id="nothing"),
        pytest.param(["MT"], None, None, "MT101 MT102 MT201", id="prefix of letters"),
        pytest.param(["MT1"], None, None, "MT101 MT102", id="prefix with digits"),
        pytest.param(["translation"], None, None, "MT101 MT102 MT201", id="family"),
        pytest.param(["stub", "OCR101"], None, None, "MT102 OCR101", id="name and code"),
        pytest.param(None, ["MT1"], None, "MT201 OCR101", id="ignore beats ALL"),
        pytest.param(["MT"], ["MT1"], None, "MT201", id="the longer prefix wins: ignored"),
        pytest.param(["MT101"], ["MT"], None, "MT101", id="the code wins: selected"),
        pytest.param(["MT1"], ["MT"], None, "MT101 MT102", id="the longer prefix wins: selected"),
        pytest.param(["MT"], ["translation"], None, "MT101 MT102 MT201", id="a prefix is more than a family"),
        pytest.param(["MT101"], ["stray"], None, "", id="equals: ignored"),
        pytest.param(["MT1"], ["MT1"], None, "", id="equal prefixes: ignored"),
        pytest.param(["OCR"], None, ["MT201"], "MT201 OCR101", id="extend"),
        pytest.param(None, ["translation"], ["MT102"], "MT102 OCR101", id="extend beats a broader ignore"),
        pytest.param(["ALL"], ["ALL"], None, "", id="ignore ALL"),
        pytest.param(["new"], None, None, "MT301", id="a preview rule by its name"),
        pytest.param(["OCR201"], None, None, "OCR201", id="a deprecated rule by its code"),
        pytest.param(["MT3"], None, None, "", id="a preview rule is not meant by a prefix"),
    ],
)
def test_selection(
    rules: tuple[Rule, ...],
    select: list[str] | None,
    ignore: list[str] | None,
    extend: list[str] | None,
    chosen: str,
) -> None:
    assert " ".join(rule.code for rule in select_rules(rules, select, ignore, extend)) == chosen


def test_preview_adds_preview_rules_and_no_deprecated_ones(rules: tuple[Rule, ...]) -> None:
    chosen = select_rules(rules, preview=True)

    assert [rule.code for rule in chosen] == ["MT101", "MT102", "MT201", "OCR101", "MT301"]


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("MT109", "did you mean MT10"),
        ("OCRR", "did you mean OCR"),
        ("mt101", "did you mean MT101"),
        ("Translation", "did you mean translation"),
        ("perod", "did you mean period?"),
        ("xyzzy", "'qcheck rule --all' lists them"),
    ],
)
def test_a_word_that_names_nothing_gets_a_hint(rules: tuple[Rule, ...], word: str, hint: str) -> None:
    for chosen in (lambda: select_rules(rules, [word]), lambda: select_rules(rules, None, [word])):
        with pytest.raises(SelectionError, match=f"no rule, prefix or family is called '{word}'; .*{hint}"):
            chosen()


def test_a_family_without_rules_may_be_named(rules: tuple[Rule, ...]) -> None:
    assert select_rules(rules, ["language"]) == ()
    check_words(["language", "ALL", "MT1", "stub"], rules)


def test_find_rule_by_code_or_name(rules: tuple[Rule, ...]) -> None:
    assert find_rule(rules, "MT102") is find_rule(rules, "stub") is rules[1]
    with pytest.raises(SelectionError, match="MT10"):
        find_rule(rules, "MT10")


def test_matching_rules_are_those_of_any_word_whatever_their_status(rules: tuple[Rule, ...]) -> None:
    assert [rule.code for rule in matching_rules(rules, ["MT3", "old", "stray"])] == ["MT101", "MT301", "OCR201"]
    with pytest.raises(SelectionError, match="nosuch"):
        matching_rules(rules, ["MT", "nosuch"])


def test_a_prefix_of_letters_is_a_whole_prefix(rules: tuple[Rule, ...]) -> None:
    assert names("M", rules[0]) == 0
    assert names("MT", rules[0]) < names("MT1", rules[0]) < names("MT10", rules[0]) < names("MT101", rules[0])
    assert 0 < names("ALL", rules[0]) < names("translation", rules[0]) < names("MT", rules[0])
