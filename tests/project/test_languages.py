"""Both languages say everything, with the same blanks; the code asks for nothing else, and nothing stands there unread."""

import ast
import re
from enum import StrEnum

import pytest

from models.rules.measure import CalledAs, Demand, Kind, Measure
from models.rules.period import PeriodKind
from services.access import Role
from tests.project.source import Module, modules
from tests.project.words import KEY, Asked, asked, catalogue, composed, files, messages, pattern_of, placeholders, texts
from ui.shell import PAGES

ZH, EN = catalogue("zh_CN"), catalogue("en")
NOUNS = {key.split(".")[0] for key in ZH}
NAMED: dict[str, type[StrEnum]] = {"measure": Measure, "kind": Kind, "called_as": CalledAs, "demand": Demand, "role": Role}
ERRORS = {"AppError", "PermissionDenied", "SignedOut", "NotFound", "InvalidInput", "NotAllowedNow", "Conflict"}
NOT_FILLED = {"field", "problems"}  # where an error is shown, not what it says
CJK = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def test_both_languages_have_the_same_files_and_keys():
    assert [path.name for path in files("zh_CN")] == [path.name for path in files("en")]
    for zh, en in zip(files("zh_CN"), files("en"), strict=True):
        assert list(messages(zh)) == list(messages(en)), zh.name


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_no_key_stands_in_two_files(language):
    keys = [key for path in files(language) for key in messages(path)]
    assert sorted(keys) == sorted(set(keys))


def test_both_languages_fill_the_same_blanks():
    assert {key: placeholders(ZH[key]) for key in ZH} == {key: placeholders(EN[key]) for key in EN}


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_sentence_is_there_in_every_form(language):
    forms = {"zh_CN": 1, "en": 2}[language]
    for key, message in catalogue(language).items():
        assert message, key
        if isinstance(message, tuple):
            assert len(message) == forms, key
            assert all(message), key


def test_no_english_sentence_is_still_chinese():
    chinese = [key for key, message in EN.items() if CJK.search("".join(message))]
    assert [key for key in chinese if not key.startswith("language.")] == []  # a language is called by its own name


def test_every_key_that_a_screen_asks_for_is_in_the_catalogue():
    assert [one for module in modules() for one in asked(module) if not _answers(one)] == []


def _answers(one: Asked) -> list[str]:
    return [key for key in ZH if re.fullmatch(one.pattern, key)]


def test_every_sentence_that_a_screen_asks_for_gets_all_its_blanks():
    for one in (one for module in modules() for one in asked(module) if one.literal and one.params is not None):
        for key in _answers(one):
            assert placeholders(ZH[key]) - (one.params or set()) == set(), f"{one.where}: {key}"


def test_text_that_looks_like_a_key_is_one():
    """Keys kept in tables and conditions, where no t(…) stands around them."""
    import tests.project.examples  # noqa: F401 - registers every use-case
    from services.usecase import USE_CASES

    looks = {text for module in modules() if module.path.startswith(("ui/", "pages/")) for text in _texts(module)}
    assert sorted(text for text in looks if text.split(".")[0] in NOUNS and text not in ZH and text not in USE_CASES) == []


def _texts(module: Module) -> set[str]:
    parts = {part for node in ast.walk(module.tree) if isinstance(node, ast.JoinedStr | ast.BinOp) for part in ast.walk(node)}
    alone = (node for node in ast.walk(module.tree) if isinstance(node, ast.Constant) and node not in parts)
    return {node.value for node in alone if isinstance(node.value, str) and KEY.fullmatch(node.value)}


@pytest.mark.parametrize("prefix", NAMED)
def test_every_member_of_an_enumeration_has_its_word(prefix):
    assert [f"{prefix}.{member.value}" for member in NAMED[prefix] if f"{prefix}.{member.value}" not in ZH] == []


def test_every_page_has_a_title():
    assert [stem for stem in PAGES if f"page.{stem}" not in ZH] == []


def test_every_period_has_its_word():
    assert len(PeriodKind) == 4


def raised(module: Module) -> list[tuple[str, int, set[str] | None]]:
    """Error codes that a module makes, with the names that fill their sentences."""
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS and node.args:
            code = node.args[0]
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                unknown = any(keyword.arg is None for keyword in node.keywords)
                names = {str(keyword.arg) for keyword in node.keywords} - NOT_FILLED
                found.append((code.value, node.lineno, None if unknown else names))
    return found


def raised_patterns(module: Module) -> list[str]:
    """Error codes put together from parts."""
    calls = (node for node in ast.walk(module.tree) if isinstance(node, ast.Call) and node.args)
    codes = (call.args[0] for call in calls if getattr(call.func, "id", "") in ERRORS)
    return [pattern_of(code) or "" for code in codes if isinstance(code, ast.JoinedStr)]


def test_every_error_put_together_from_parts_has_a_sentence():
    patterns = [pattern for module in modules() for pattern in raised_patterns(module)]
    assert [pattern for pattern in patterns if not any(re.fullmatch(rf"error\.{pattern}", key) for key in ZH)] == []


def test_every_error_has_its_sentence_and_fills_it():
    for module in modules():
        for code, line, names in raised(module):
            where = f"{module.path}:{line} {code}"
            assert f"error.{code}" in ZH, where
            assert names is None or placeholders(ZH[f"error.{code}"]) <= names, where


def test_every_problem_of_a_file_has_its_sentence():
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("problems.add"):
                for code in (one for one in ast.walk(node.args[1]) if isinstance(one, ast.Constant)):
                    assert f"problem.{code.value}" in ZH, f"{module.path}:{node.lineno}"


def unread() -> list[str]:
    """Keys that no code can ask for: neither whole, nor put together from words that stand somewhere."""
    words = texts() | {member.value for kind in (*NAMED.values(), PeriodKind) for member in kind} | set(PAGES)
    patterns = {one.pattern for module in modules() for one in asked(module) if not one.literal}
    patterns |= {pattern for module in modules() for pattern in composed(module, NOUNS)}
    patterns |= {rf"error\.{pattern}" for module in modules() for pattern in raised_patterns(module)}
    whole = words | {f"error.{code}" for module in modules() for code, _, _ in raised(module)}

    def is_composed(key: str) -> bool:
        matches = (re.fullmatch(pattern, key) for pattern in patterns)
        return any(match and all(group in words for group in match.groups()) for match in matches)

    return [key for key in ZH if key not in whole and not is_composed(key)]


def test_no_sentence_stands_there_unread():
    assert unread() == []


SAMPLE = """
def f(t, x):
    t("a.b", n=1)
    page.t(f"c.{x}_d")
    t("e.f" if x else "g.h")
    t("i." + x)
    other("no.key")
"""


def test_the_reader_of_keys_reads_all_their_forms():
    found = {(one.pattern, one.literal) for one in asked(Module("ui/x.py", SAMPLE))}
    assert found == {(r"a\.b", True), (r"c\.(.+)_d", False), (r"e\.f", True), (r"g\.h", True), (r"i\.(.+)", False)}
    codes = raised(Module("services/x.py", 'raise NotFound("x", field="y", z=1)\nraise Conflict("w", **more)'))
    assert codes == [("x", 1, {"z"}), ("w", 2, None)]
