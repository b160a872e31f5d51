"""The Points screen's sentences and rows, from frames made by hand."""

from datetime import date

import pandas as pd

from models.rules.week import Week
from services.queries.points import COUNTS
from ui import points_answer, points_list
from ui.i18n import translator
from ui.points_answer import Window

ZH, EN = translator("zh_CN"), translator("en")
LAST = Week(date(2026, 11, 9))
WINDOW = Window(LAST - 3, LAST, (LAST - 1, LAST))
NO_ONE = pd.DataFrame({"missing_run": []})


def _towns(*rows: tuple[int, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["points", *COUNTS])
    return frame.assign(township_code=range(len(rows)), township="青石镇", township_en="Qingshi")


TOWNS = _towns((20, 80, 70, 5, 2, 3, 2, 4, 60, 55, 40), (12, 48, 40, 3, 3, 2, 1, 0, 36, 36, 24))


def _plain(html: str) -> str:
    return pd.Series([html]).str.replace(r"<[^>]+>", "", regex=True)[0]


def test_the_headline_counts_every_village_week():
    assert _plain(points_answer.headline(ZH, TOWNS, WINDOW, NO_ONE)) == "近4周应报128个村周：已报118，缺报5，待报5（其中逾期3）。"


def test_a_headline_without_overdue_weeks_does_not_speak_of_them():
    towns = TOWNS.assign(overdue=0)
    assert _plain(points_answer.headline(ZH, towns, WINDOW, NO_ONE)) == "近4周应报128个村周：已报118，缺报5，待报5。"


def test_points_that_stay_silent_are_said_aloud():
    silent = pd.DataFrame({"missing_run": [4, 6]})
    html = points_answer.headline(ZH, TOWNS, WINDOW, silent)
    assert html.endswith("<span><strong>2/32个点连续4周以上缺报。</strong></span>")
    assert _plain(points_answer.headline(EN, TOWNS, WINDOW, silent)) == (
        "Last 4 weeks: 128 village-weeks expected, 118 reported, 5 missing, 5 awaited (3 overdue); "
        "2 of 32 points silent for 4 weeks or more."
    )


def test_the_table_has_a_sum_and_shares_with_their_numbers():
    html = points_answer.table(ZH, TOWNS)
    assert "92%（55/60）" in html
    assert "95%（91/96）" in html  # of the sums, not of the shares
    assert html.count("<tr") == 4


def test_where_nothing_was_due_there_is_no_share():
    assert points_answer.share(ZH, 0, 0) == "—"


def test_provisional_weeks_are_named():
    assert points_answer.provisional(ZH, (LAST - 1, LAST)) == "第45–46周还没关账，数字仍为暂定"
    assert points_answer.provisional(EN, (LAST,)) == "week 46 is not closed yet, its figures are provisional"
    assert points_answer.provisional(EN, ()) == ""


def test_a_strip_is_shapes_for_the_eye_and_words_for_the_ear():
    html = points_list.strip(ZH, "szmno.")
    assert [html.count(f'glyph {glyph}"') for glyph in points_list.GLYPHS.values()] == [1] * 6
    assert 'aria-label="有事项 1、零报告 1、缺报 1、待报 1、逾期待报 1"' in html


def test_names_in_the_list_are_escaped():
    point = dict.fromkeys(COUNTS, 0) | {"states": "ssss", "missing_run": 3, "since": date(2025, 6, 2), "until": None}
    point |= {"village_code": "1", "name": "<b>村", "name_en": "", "township_code": "1", "township": "镇", "township_en": ""}
    html = points_list.rows(ZH, pd.DataFrame([point | {"selection": "random"}]), WINDOW)
    assert "&lt;b&gt;村" in html
    assert "连续3周缺报" in html
