"""What the screen says of two lists: an answer where they carry one, and a sentence where they are thin."""

from datetime import date

import pandas as pd
import pytest

from models.rules.matching import Listed
from services.figures.declared import Counts, Line
from services.queries import declarations
from services.queries.declarations import Compared
from ui import departments_compared as compared
from ui.i18n import translator

ZH, EN = translator("zh_CN"), translator("en")
DAY = date(2026, 9, 7)


def made(reported, declared, both, *, village_weeks=(30, 32), declaring=2, through=date(2026, 11, 1), lines=(), unreachable=0):
    counts = Counts(reported, declared, both)
    each = pd.DataFrame([("A", "甲局", "A Bureau", counts)], columns=declarations.COLUMNS, dtype=object)
    return Compared(
        DAY, through, declaring, counts, each if declaring else each.iloc[:0], declarations._lines(list(lines)), unreachable,
        *village_weeks, 0.8, 3,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "title", "said"),
    [
        (
            made(62, 73, 48),
            "这些部门实际至少约 94 件（90–106），村里报到的最多占 66%",
            "：2026年9月7日–2026年11月1日，只算开始申报以后、已关账的周；2 个部门申报 73 件",
        ),
        (made(30, 30, 30), "这些部门实际至少约 30 件，村里报到的最多占 100%", "两边都有 30 件。"),
        (made(0, 0, 0, declaring=0), "还推算不出", "还没有部门申报过"),
        (made(0, 0, 0, through=date(2026, 9, 6)), "还推算不出", "还没有已关账的周"),
        (made(5, 0, 0), "还推算不出", "没有部门申报的事"),
        (made(0, 5, 0), "还推算不出", "村里一件也没有报"),
        (made(60, 50, 0), "还推算不出", "没有一件对得上"),
        (made(60, 50, 6), "还推算不出", "不到 7 件"),
        (made(62, 73, 48, village_weeks=(25, 32)), "还推算不出", "只报了 25/32 个村周，不到 80%"),
        (made(62, 73, 48, village_weeks=(0, 0)), "还推算不出", "只报了 0/0 个村周"),
        (made(1_000_000, 900_000, 600_000), "1,500,000 件", "村里报了这些部门的 1,000,000 件"),
    ],
)
def test_two_lists_carry_an_answer_or_a_sentence(found, title, said):
    heading, numbers = compared.answer(ZH, found, "2026年")
    assert title in heading
    assert said in numbers
    assert all(compared.answer(EN, found, "2026"))


def test_the_basis_calls_it_a_lower_bound_and_says_how_many_reported_and_what_is_left_out():
    told = compared.basis(ZH, made(62, 73, 48, unreachable=3))
    for said in ("这是下限", "不超过 3 天", "30/32 个村周", "另有 3 件"):
        assert said in told
    assert compared.basis(ZH, made(0, 0, 0, declaring=0)) == ""


def test_a_department_with_too_few_on_both_lists_gets_no_number():
    assert '<td class="n">太少</td>' in compared.each(ZH, made(60, 50, 6))
    assert '<td class="n">太少</td>' in compared.each(ZH, made(62, 73, 48, village_weeks=(1, 32)))
    assert "94 件（90–106）" in compared.each(ZH, made(62, 73, 48))


def test_what_stands_on_one_list_only_is_listed_and_the_rest_is_not():
    def line(title, last=DAY, **lists):
        return Line(Listed("A", "meeting", DAY, last, title), **lists)

    lines = [
        line("两边都有", declared=True, reported=True),
        line("部门的<b>", declared=True, reported=False),
        line("", date(2026, 9, 9), declared=False, reported=True),
    ]
    html = compared.one_by_one(ZH, made(2, 2, 1, lines=lines), "B")
    assert "甲局：只在一边的 2 件" in html
    assert "9月7日–9月9日" in html
    assert "部门的&lt;b&gt;" in html
    assert "两边都有" not in html
    assert compared.one_by_one(ZH, made(1, 1, 1, lines=lines[:1]), "A") == ""


def test_a_long_list_is_cut_and_says_so():
    many = [Line(Listed("A", "form", DAY, DAY, f"第{n}份"), declared=True, reported=False) for n in range(20)]
    html = compared.one_by_one(ZH, made(0, 20, 0, lines=many), "A")
    assert "另有 5 件更早的" in html
    assert html.count("<tr") == 16
