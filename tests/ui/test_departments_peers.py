"""Departments among their peers, in words."""

import re

import pytest

from ui.charts import peers as charts
from ui.departments_peers import answer, drawn, how, peers_name
from ui.i18n import translator

ZH, EN = translator("zh_CN"), translator("en")


def line(code, used, standing="usual", *, peers=4, expected=20.0, factor=1.0, kind="government", level="county"):
    return {
        "measure": "meeting", "level": level, "kind": kind, "peers": peers, "department_code": code, "department": f"{code}局",
        "department_en": f"{code} Bureau", "used": used, "expected": expected, "low": 10.0, "high": 31.0, "standing": standing,
        "factor": factor,
    }  # fmt: skip


FOUR = [line("甲", 18), line("乙", 45, "high"), line("丙", 16), line("丁", 2, "low")]


def told(lines, t=ZH, *, each=True):
    return re.sub(r"<[^>]+>", " ", answer(t, lines, "2026年", named=not each) + how(t, lines, each=each))


def test_who_stands_out_is_named_and_the_others_are_not_told_apart():
    said = told(FOUR)
    assert "2026年有 1 处明显多于同类单位" in said
    assert "▲ 明显多于同类单位" in said
    assert "▼ 明显少于同类单位" in said
    assert "县级政府部门" in said
    assert "不足以区分的 2 家：甲局、丙局。" in said
    assert "10–31" in said
    assert "碰巧大多在" in said
    assert "{" not in said


def test_with_all_measures_the_measure_stands_beside_the_name():
    said = told(FOUR, each=False)
    assert "乙局 · 会议" in said
    assert "不足以区分" not in said


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "没有单位明显多于同类单位"),
        ([line("甲", 10**6, "few", peers=1)], "只有 1 家，没有可比的。"),
        ([line("甲", 0, "few", expected=0.0), line("乙", 0, "few", expected=0.0)], "太少，分不出"),
        ([line("甲", 9, factor=3.2), line("乙", 8, factor=3.2), line("丙", 7, factor=3.2)], "是碰巧的 3.2 倍"),
        ([line("甲", 9), line("乙", 8, expected=10.0)], "各乡镇的点不一样多"),
    ],
)
def test_thin_data_is_a_sentence(lines, sentence):
    assert sentence in told(lines)


def test_in_english():
    assert peers_name(EN, FOUR[0]) == "County government departments"
    said = told(FOUR, EN)
    assert "In 2026年, 1 case is clearly above similar departments." in said
    assert "Cannot be told apart (2): 甲 Bureau and 丙 Bureau." in said


def test_names_are_text():
    assert "<b>x" not in answer(ZH, [line("<b>x", 45, "high"), *FOUR], "2026年")


def test_the_picture_draws_multiples_of_the_mean_and_nobody_of_whom_nothing_can_be_said():
    rows, bands = drawn(ZH, [*FOUR, line("戊", 10**6, "few", kind="mass", peers=1)])
    assert rows.ratio.tolist() == [0.9, 2.25, 0.8, 0.1]
    assert bands.to_dict("records") == [{"peers": "县级政府部门", "rank": 0, "low": 0.5, "high": 1.55}]


def test_peers_with_unequal_exposure_have_no_common_range():
    assert drawn(ZH, [line("甲", 9), line("乙", 8, expected=10.0)])[1].empty


def test_the_drawing_is_joined_with_its_rows():
    rows, bands = drawn(ZH, FOUR)
    spec = charts.strips(rows, bands, ZH)
    assert len(spec["datasets"]["rows"]) == 4
    assert "layer" in spec
