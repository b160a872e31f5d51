"""One sentence for every outcome of an estimate, in both languages: a figure with its n of N, or why there is none."""

from datetime import date

import pytest

from models.rules.estimate import Limit, Selection, Stratum, county
from models.rules.measure import Measure, Unit
from services.queries.estimates import Projection
from ui import trends_estimate
from ui.i18n import translator
from ui.trends_choice import Choice

ZH, EN = translator("zh_CN"), translator("en")
MEETINGS = Choice(Measure.MEETING, Unit.VILLAGE_TIMES)
SPREAD = {"a": Stratum(40, [20.0, 24.0, 22.0]), "b": Stratum(30, [10.0, 12.0, 11.0])}


def projection(strata, *, points=None, selection=Selection.RANDOM, most_cv=0.33, still_open=0):
    reporting = sum(len(one.values) for one in strata.values())
    picked = reporting if selection is Selection.PURPOSIVE else 0
    return Projection(
        county(strata, selection=selection, most_cv=most_cv), sum(one.villages for one in strata.values()), len(strata),
        points or reporting, reporting, picked, most_cv, 0.8, (date(2026, 10, 19), date(2026, 11, 15)), still_open,
    )  # fmt: skip


def test_the_estimate_is_told_with_its_interval_and_its_n_of_n():
    found = projection(SPREAD, points=7)
    said = trends_estimate.sentence(ZH, found, MEETINGS)
    assert said == "由随机抽取的 6/7 个点推算，全县 70 个村近 4 周每周会议共约 1,210 村次（95% 区间 1,078～1,342）。"
    english = trends_estimate.sentence(EN, found, Choice(Measure.MEETING, Unit.HOURS))
    assert "From 6/7 points drawn at random: the 70 villages" in english
    assert "about 1,210 hours of meetings a week" in english
    facts = {fact.name: fact.value for fact in trends_estimate.facts(ZH, found, "村次")}
    assert facts == {"报送的点": "6/7", "这些点的平均": "16.5", "全县平均": "17.3", "误差": "4%", "办法": "分乡镇"}


@pytest.mark.parametrize(
    ("found", "reason", "part"),
    [
        (projection(SPREAD, selection=Selection.PURPOSIVE), Limit.PURPOSIVE, "只说明这 6/6 个点自己"),
        (projection({"a": Stratum(5, [])}, points=4), Limit.NO_POINTS, "没有点报送（0/4）"),
        (projection(SPREAD | {"c": Stratum(9, [])}), Limit.UNSEEN_STRATUM, "有的乡镇没有点报送"),
        (projection({"a": Stratum(5, [3.0])}), Limit.ONE_POINT, "只有 1/1 个点"),
        (projection({"a": Stratum(1, [3.0, 4.0])}), Limit.BAD_FRAME, "先核对区划表"),
        (projection(SPREAD, most_cv=0.01), Limit.IMPRECISE, "误差超过了上限"),
        (projection(SPREAD, points=20), "silence", "只有 6/20 个点报了"),
        (projection(SPREAD, points=20, most_cv=0.01), "silence", "只有 6/20 个点报了"),
    ],
)
def test_where_there_is_no_estimate_the_sentence_says_why_and_tells_none(found, reason, part):
    assert trends_estimate.reason(found) == reason
    assert part in trends_estimate.sentence(ZH, found, MEETINGS)
    assert "/" in trends_estimate.sentence(EN, found, MEETINGS)
    for t in (ZH, EN):
        html = trends_estimate.block(t, found, MEETINGS)
        assert "1,210" not in html
        assert t("estimates.method") not in html
        assert t("estimates.mean") not in html


def test_points_that_all_told_the_same_give_no_interval():
    same = projection({"a": Stratum(9, [0.0, 0.0])})
    assert "误差有多大算不出来" in trends_estimate.sentence(ZH, same, MEETINGS)
    every = projection({"a": Stratum(2, [3.0, 4.0])})
    assert trends_estimate.sentence(ZH, every, MEETINGS).startswith("全县 2 个村都是监测点")


def test_weeks_that_are_not_closed_make_it_provisional():
    assert "其中 2 周还没关账，数是暂定的。" in trends_estimate.block(ZH, projection(SPREAD, still_open=2), MEETINGS)
    assert " 1 of these weeks is not closed yet" in trends_estimate.block(EN, projection(SPREAD, still_open=1), MEETINGS)
    assert "暂定" not in trends_estimate.block(ZH, projection(SPREAD), MEETINGS)


def test_joined_townships_are_told():
    found = projection({"a": Stratum(40, [20.0, 24.0, 22.0]), "b": Stratum(30, [21.0])})
    assert "（1 次）" in trends_estimate.facts(ZH, found, "村次")[-1].why


def test_how_the_points_were_chosen_is_told_without_a_rest_that_does_not_exist():
    def told(found):
        return {fact.name: fact.why for fact in trends_estimate.facts(ZH, found, "村次")}["报送的点"]

    assert told(projection(SPREAD)).endswith("监测点都是随机抽取的")
    assert told(projection(SPREAD, selection=Selection.PURPOSIVE)).endswith("监测点都是选定的")
    assert told(projection(SPREAD, selection=Selection.PURPOSIVE, points=9)).endswith("选定的有 6 个，其余是随机抽取的")
