"""What the reader of an import form sees before and instead of a change."""

from datetime import date

import pandas as pd

from models.rules.errors import Problem
from services.imports.plan import Plan
from ui import import_form
from ui.i18n import translator

ZH, EN = translator("zh_CN"), translator("en")
NEXT = date(2026, 12, 7)
ROWS = [
    (2, "new", "992121100203", "新村", {"since": NEXT}, {}),
    (3, "changed", "992121100201", "青山村", {"until": NEXT}, {"until": None}),
    (4, "same", "x", "柳河村", {}, {}),
]


def _plan(rows):
    frame = pd.DataFrame(rows, columns=["line", "state", "subject", "name", "values", "old"])
    counts = [int((frame["state"] == state).sum()) for state in ("new", "changed", "same")]
    return Plan(*counts, frame)


def test_a_preview_counts_all_lines_and_lists_those_that_change():
    html = import_form.preview(ZH, _plan(ROWS))
    assert "新增 1 行，改动 1 行，不变 1 行" in html
    assert "新村" in html
    assert "止：— → 2026年12月7日" in html
    assert "柳河村" not in html


def test_a_long_preview_says_how_much_it_leaves_out(monkeypatch):
    monkeypatch.setattr(import_form, "MOST_ROWS", 1)
    html = import_form.preview(ZH, _plan(ROWS))
    assert "另有 1 行也会改" in html
    assert "青山村" not in html


def test_a_file_that_is_here_already_changes_nothing():
    assert "文件里的 1 行都已经在系统里" in import_form.preview(ZH, _plan(ROWS[2:]))


def test_problems_stand_with_their_lines():
    html = import_form.problems(EN, [Problem(0, "file_gbk"), Problem(7, "village_unknown", "<12>")])
    assert "whole file" in html
    assert ">7<" in html
    assert "<12>" not in html


def test_facts_that_matter_get_a_column_of_their_own_in_words():
    values = {"role": "task_force", "area_code": "992121000000"}
    html = import_form.preview(
        EN,
        _plan([(2, "new", "wang.wu", "王五", values, {})]),
        ("role", "area_code"),
        {"992121000000": ("示例县", "Example County")},
    )
    for told in (">role<", ">County task force<", ">area<", ">Example County<"):
        assert told in html
    assert "What changes" not in html  # nothing does in a file of new ones


def test_a_role_in_a_problem_is_told_in_words():
    assert "县减负专班" in import_form.problems(ZH, [Problem(2, "role_level", "task_force")])
