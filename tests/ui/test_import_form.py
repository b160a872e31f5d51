"""What the reader of an import form sees before and instead of a change."""

import pandas as pd

from models.rules.errors import Problem
from services.imports.plan import Plan
from ui import import_form
from ui.i18n import translator

ZH, EN = translator("zh_CN"), translator("en")
ROWS = [
    (2, "new", "992121100203", "新村", ""),
    (3, "changed", "992121100201", "青山村", "— → 2026-12-07"),
    (4, "same", "x", "柳河村", ""),
]


def _plan(rows):
    frame = pd.DataFrame(rows, columns=["line", "state", "subject", "name", "detail"])
    counts = [int((frame["state"] == state).sum()) for state in ("new", "changed", "same")]
    return Plan(*counts, frame)


def test_a_preview_counts_all_lines_and_lists_those_that_change():
    html = import_form.preview(ZH, _plan(ROWS))
    assert "新增 1 行，改动 1 行，不变 1 行" in html
    assert "新村" in html
    assert "— → 2026-12-07" in html
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
