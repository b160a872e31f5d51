"""The quota bars as a spec, and the sentence above them."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from math import inf

import pytest

from models.rules.measure import Measure
from models.rules.period import Period, PeriodKind
from models.rules.suppression import Least
from services.queries.departments import Completeness
from ui.charts import departments as charts
from ui.departments_answer import basis, headline, worst
from ui.departments_bars import bar_rows, by_measure, left_word, side_by_side
from ui.departments_choice import Chosen, period_name
from ui.i18n import translator

ZH, EN = translator("zh_CN"), translator("en")
YEAR = Period(2026, PeriodKind.YEAR, 1)


FULL = Completeness(100, 100, 0, 0, enough=True, through=date(2026, 11, 18))
PART = replace(FULL, reported=96, missing=3, not_due=1)
OWN = replace(FULL, through=date(2026, 10, 31), least=Least(5, 3))


def row(code, measure="inspection", used=0, allowance=10, status="within", **more):
    share = None if allowance is None or used is None else used / allowance if allowance else inf
    left = None if allowance is None or used is None else allowance - used
    return {
        "department_code": code, "department": f"{code}局", "department_en": f"{code} Bureau", "measure": measure,
        "yearly": allowance, "allowance": allowance, "used": used, "left": left, "share": share, "status": status,
        "emergency": 0, "crossed_on": None, "crossed_title": None, "chance": None, "ground": None,
        "basis": "文件", "basis_checked": True, "revision": None,
    } | more  # fmt: skip


OVER = row("甲", used=27, allowance=24, status="over", crossed_on=date(2026, 9, 18), crossed_title="防火检查")
NEAR, WITHIN = row("乙", used=9, status="near"), row("丙", used=1)
UNSET, HIDDEN = row("丁", used=5, allowance=None, status="unset"), row("戊", used=None, status="hidden", emergency=None)


def plain(html):
    return re.sub(r"<[^>]+>", "", html).replace("&nbsp;", " ").strip()


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([OVER, NEAR, WITHIN], "2026年检查：1 个部门已超额（甲局），1 个部门接近额度，其余 1 个在额度内。"),
        ([NEAR, WITHIN, WITHIN | {"department_code": "己"}], "2026年检查：没有部门超额，1 个部门接近额度，其余 2 个在额度内。"),
        ([WITHIN], "2026年检查：没有部门超额，1 个部门都在额度内。"),
        ([UNSET], "2026年检查：还没有设额度，用了多少见下面。"),
        ([], "2026年检查：还没有设额度，用了多少见下面。"),
    ],
)
def test_the_headline_is_the_answer(rows, sentence):
    assert plain(headline(ZH, Chosen(Measure.INSPECTION, YEAR, ""), rows, FULL)) == sentence


def test_a_department_is_over_if_any_of_its_measures_is():
    rows = [OVER, row("甲", "meeting"), NEAR, row("乙", "form")]
    assert plain(headline(ZH, Chosen(None, YEAR, ""), rows, FULL)) == "2026年：1 个部门已超额（甲局），1 个部门接近额度。"
    assert [(one["department_code"], one["measure"]) for one in worst(rows)] == [("甲", "inspection"), ("乙", "inspection")]


def test_more_than_a_months_share_is_ahead_of_pace_until_the_year_is_exceeded():
    early = row("甲", used=2, allowance=1, yearly=6, status="over")
    groups = row("乙", "group", used=4, allowance=3, status="over")
    asked = Chosen(None, Period.of(date(2026, 9, 1), PeriodKind.MONTH), "")
    told = plain(headline(ZH, asked, [early, groups], FULL))
    assert "1 个部门已超额（乙局），1 个部门超进度（甲局）" in told
    assert by_measure(ZH, [early, groups])["status"].tolist() == ["▲ 超进度", "▲ 超额"]
    assert "1 department ahead of pace (甲 Bureau)." in plain(headline(EN, asked, [early], FULL))
    assert by_measure(ZH, [early | {"used": 7}])["status"].tolist() == ["▲ 超额"]


def test_silence_is_never_called_within():
    nobody, few = (replace(FULL, reported=n, missing=100 - n, enough=False) for n in (0, 20))
    assert plain(headline(ZH, Chosen(None, YEAR, ""), [WITHIN], nobody)) == "2026年：没有监测点报过，不能说谁超额、谁没超。"
    assert plain(headline(ZH, Chosen(None, YEAR, ""), [WITHIN], few)).endswith("报得太少，“额度内”还不能算数。")


def test_the_headline_names_five_and_escapes_them():
    rows = [OVER | {"department_code": str(n), "department": f"<b>{n}"} for n in range(7)]
    html = headline(ZH, Chosen(None, YEAR, ""), rows, FULL)
    assert "7 个部门" in html
    assert "&lt;b&gt;4等" in html
    assert "<b>" not in html


def test_the_headline_in_english_counts_one_and_many():
    one = plain(headline(EN, Chosen(Measure.FORM, YEAR, ""), [OVER], FULL))
    assert one == "Forms 2026: 1 department over quota (甲 Bureau)."
    assert "2 departments over quota" in plain(
        headline(EN, Chosen(None, YEAR, ""), [OVER, OVER | {"department_code": "x"}], FULL)
    )


def test_none_over_is_no_good_news_while_reports_are_missing():
    told = plain(headline(ZH, Chosen(Measure.INSPECTION, YEAR, ""), [NEAR, WITHIN], PART))
    assert told == "2026年检查：已报的 96/100 个村周里还没有部门超额，1 个部门接近额度，其余 1 个在额度内。"
    assert "96 of 100 village-weeks" in plain(headline(EN, Chosen(None, YEAR, ""), [NEAR], PART))


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([OVER, NEAR | {"measure": "form"}], "2026年：本单位的检查已超额，报表接近额度。"),
        ([NEAR, WITHIN | {"measure": "form"}], "2026年：检查接近额度，报表在额度内。"),
        ([WITHIN, HIDDEN | {"measure": "form"}], "2026年：检查在额度内，报表的数太少不显示。"),
        ([HIDDEN], "2026年：检查的数太少不显示。"),
        ([], "2026年：本单位没有额度，也没有记录。"),
    ],
)
def test_a_department_reads_about_itself_and_hidden_is_not_within(rows, sentence):
    assert plain(headline(ZH, Chosen(None, YEAR, ""), rows, OWN)) == sentence


def test_a_department_reads_through_which_month_it_is_told():
    assert "只给看到2026年10月" in basis(ZH, YEAR, OWN)
    assert "不足 3 个村或 5 次" in basis(ZH, YEAR, OWN)
    assert "through Oct 2026" in basis(EN, YEAR, OWN)
    assert "只给看到" not in basis(ZH, YEAR, replace(OWN, through=YEAR.last))
    told = plain(headline(EN, Chosen(None, YEAR, ""), [OVER, HIDDEN | {"measure": "form"}], OWN))
    assert told == "2026: your department is over quota in inspections, forms: too few reports to show."
    early = replace(OWN, through=date(2025, 12, 31), reported=0, expected=0)
    assert plain(headline(ZH, Chosen(None, YEAR, ""), [], early)) == "2026年：还没有整月收齐的数，过些天再看。"


def test_the_basis_says_when_the_count_is_a_lower_bound():
    assert "只少不多" in basis(ZH, YEAR, PART)
    at = datetime(2026, 11, 20, 3, tzinfo=UTC)
    assert "其中1周更正过，最近一次11月20日。" in basis(ZH, YEAR, replace(PART, revised=(at,)))
    assert "Of the closed weeks: 1 week revised, on Nov 20." in basis(EN, YEAR, replace(PART, revised=(at,)))
    assert "更正" not in basis(ZH, YEAR, PART)
    assert "应报 100 个村周，已报 96，缺报 3，待报 1" in basis(ZH, YEAR, PART)
    assert "只少不多" not in basis(ZH, YEAR, FULL)
    assert "3/12" in basis(ZH, Period(2026, PeriodKind.QUARTER, 4), FULL)


@pytest.mark.parametrize(
    ("period", "zh", "en"),
    [
        (YEAR, "2026年", "2026"),
        (Period(2026, PeriodKind.HALF, 2), "2026年下半年", "half 2 of 2026"),
        (Period(2026, PeriodKind.QUARTER, 4), "2026年第4季度", "Q4 2026"),
        (Period(2026, PeriodKind.MONTH, 11), "2026年11月", "Nov 2026"),
    ],
)
def test_a_period_has_a_name(period, zh, en):
    assert (period_name(ZH, period), period_name(EN, period)) == (zh, en)


def test_the_bars_join_rows_with_a_drawing_that_is_kept():
    frame = bar_rows(ZH, [OVER, NEAR], "甲", named=False)
    spec = charts.bullets(frame, 0.88, ZH, named=False)
    assert spec["datasets"]["rows"]["code"].tolist() == ["甲", "乙"]
    assert spec["datasets"]["marks"]["word"].tolist() == ["今天 88%"]
    again = charts.bullets(frame, 0.5, ZH, named=False)
    assert again["layer"] is spec["layer"]
    assert len(charts.bullets(frame, None, ZH, named=False)["datasets"]["marks"]) == 0
    assert "data" not in json.dumps(spec["layer"]).replace('"data": {"name"', "").replace("datum", "")


def test_a_click_on_a_bar_tells_the_departments_code():
    (pick,) = charts.bullets(bar_rows(ZH, [OVER], "", named=False), None, ZH, named=False)["params"]
    assert (pick["name"], pick["select"]["fields"]) == (charts.PICK, ["code"])


def test_a_bar_is_cut_at_the_edge_and_its_number_stands_beside_it():
    frame = bar_rows(ZH, [row("甲", used=3, allowance=0, status="over"), OVER], "甲", named=True)
    assert frame["share"].tolist() == [charts.FULL, 1.125]
    assert frame["count"].tolist() == ["检查 3/0", "检查 27/24"]
    assert frame["left"].tolist() == ["超 3", "超 3"]
    assert bar_rows(ZH, [OVER, NEAR], "甲", named=True)["chosen"].tolist() == [True, False]


def test_two_departments_of_one_name_stay_two_lines():
    frame = bar_rows(ZH, [OVER, NEAR | {"department": "甲局"}], "", named=False)
    assert frame["label"].nunique() == 2


def test_the_table_says_in_words_what_the_colours_say():
    lines = by_measure(ZH, [OVER, NEAR, UNSET, HIDDEN])
    assert lines["status"].tolist() == ["▲ 超额", "◆ 接近", "没有设额度", "数太少，不显示"]
    assert lines["crossed"].tolist()[0] == "9月18日 防火检查"
    assert lines["allowance"].tolist() == ["24", "10", "—", "10"]
    assert lines["used"].tolist()[3] == "太少"
    wide, heads = side_by_side(ZH, [OVER, row("甲", "form", used=2, status="within"), UNSET])
    assert wide["inspection"].tolist() == ["▲ 27/24", "5/—"]
    assert wide["form"].tolist() == ["2/10", ""]
    assert list(heads) == ["department", "meeting", "inspection", "form", "group"]


def test_what_is_left_is_a_word():
    assert [left_word(ZH, one) for one in (OVER, NEAR, UNSET)] == ["超 3", "余 1", "—"]
