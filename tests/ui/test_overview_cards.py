"""The overview's words and pictures, from verdicts made by hand."""

from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import unquote

import pandas as pd
import pytest

from models.rules.dispersion import dispersion
from models.rules.pairing import pair
from models.rules.rate import interval
from models.rules.target import Baseline, TargetPath
from models.rules.verdict import Sample, judge
from models.rules.week import Week
from services.figures.comparing import Comparison
from services.figures.counting import weeks_between
from services.figures.coverage import Reported
from services.queries.overviews import Card, Cost
from services.queries.trends import TargetLine
from ui import overview_cards, overview_cost, overview_decisions
from ui import sentences as say
from ui.i18n import translator

ZH, EN = translator("zh_CN"), translator("en")
NOW, BASE = (date(2026, 10, 19), date(2026, 11, 15)), (date(2026, 2, 23), date(2026, 5, 17))
PAIRED = pair(weeks_between(*NOW), weeks_between(*BASE))
REPORTED = Reported(118, 128, 2)
FALL, RISE, NONE = (251, 1272), (442, 800), (239, 734)


def _card(measure: str, now: float, base: float, *, coverage: float = 1.0, rates=(3.4, 3.2, 2.1, 2.2), emergency=0.0) -> Card:
    verdict = judge(Sample(now, 118), Sample(base, 376), coverage=coverage, least_coverage=0.8, significance=0.01)
    points = round(32 * coverage)
    weeks = [BASE[0] + timedelta(weeks=n) for n in range(len(rates))]
    frame = pd.DataFrame({"week": weeks, "rate": rates, "closed": [True] * (len(rates) - 1) + [False]})
    path = TargetPath(3.38, 0.3, date(2026, 5, 18), date(2026, 12, 31))
    line = TargetLine(Baseline(1272, 376, 384), *BASE, True, path, 0.3, path.starts, path.ends, "县方案<第3条>", 1)
    return Card(measure, "village_times", frame, line, Comparison(verdict, points, 32, PAIRED), emergency, REPORTED)


@pytest.fixture
def four() -> list[Card]:
    """One of each verdict."""
    return [
        _card("meeting", *FALL), _card("inspection", *NONE), _card("form", *RISE), _card("group", *FALL, coverage=0.6),
    ]  # fmt: skip


def _plain(html: str) -> str:
    return pd.Series([html]).str.replace(r"<[^>]+>", "", regex=True)[0]


def test_the_headline_names_every_verdict(four):
    assert _plain(say.overview_headline(ZH, four)) == (
        "会议确有下降（−37%），报表确有上升（+76%）；检查尚无证据表明变化；工作群数据不足，不下结论。"
    )
    loud = "Meetings really fell (−37%), forms really rose (+76%);"
    assert (
        _plain(say.overview_headline(EN, four)) == f"{loud} no evidence of change in inspections; too little data on chat groups."
    )


def test_only_real_changes_are_coloured(four):
    html = say.overview_headline(ZH, four)
    assert html.count("<em>") == html.count("<strong>") == 1
    assert "<em>" not in say.overview_headline(ZH, [_card("meeting", *NONE)])


def test_without_any_evidence_the_headline_says_just_that():
    few = [_card(measure, *NONE, coverage=0.5) for measure in ("meeting", "inspection")]
    assert _plain(say.overview_headline(ZH, few)) == "会议、检查数据不足，不下结论。"
    assert _plain(say.overview_headline(EN, few)) == "Too little data on meetings and inspections."


def test_a_card_shows_the_base_that_its_change_is_measured_from():
    mixed = _card("meeting", *FALL)
    verdict = replace(mixed.comparison.verdict, mix=1.2)
    html = overview_cards.card(ZH, replace(mixed, comparison=replace(mixed.comparison, verdict=verdict)))
    assert "基期 4.1" in html  # 1272 ÷ 376 × 1.2


def test_a_card_says_number_share_verdict_and_change(four):
    html = overview_cards.card(ZH, four[0])
    for word in (
        "32/32 个点 · 暂定",
        ">2.1<",
        "村次，每点每周",
        "确有下降",
        "−37%（95% 区间 −45% ~ −28%）",
        "基期 3.4",
        "目标 2.4",
    ):
        assert word in html
    assert 'class="mark fall"' in html  # a shape beside the colour


def test_a_card_without_verdict_says_why_instead_of_a_change(four):
    html = overview_cards.card(ZH, four[3])
    assert "只有 19/32 个点两段时间都报了，不到 80%" in html
    assert "95%" not in html


def test_a_card_explains_numerator_denominator_target_and_rule(four):
    facts = {fact.name: (fact.value, fact.why) for fact in say.card_facts(ZH, four[0])}
    assert facts["近 4 周"] == ("2.13", "251 村次 ÷ 118 村周（95% 区间 1.87–2.41）")  # Garwood's
    assert facts["基期（可比的点）"] == ("3.38", "1,272 村次 ÷ 376 村周（95% 区间 3.20–3.57）")
    assert facts["可比的点"] == ("32/32", "近 4 周和基期都只用两段时间都报了的点；至少要 80%")
    assert facts["目标"] == ("−30%", "2026年12月31日前降到 2.4；依据：县方案<第3条>")
    assert facts["是不是偶然"] == ("p < 0.001", "就算其实没变，碰巧差这么多的机会不到 0.1%；小于 1% 才说“确有”")


def test_which_weeks_stand_against_which_is_said_with_those_left_out(four):
    whole = say.basis(ZH, [card.comparison for card in four])
    assert whole.startswith("近 4 周（10月19日–11月15日）与整个基期（2月23日–5月17日）相比，")
    facts = {fact.name: (fact.value, fact.why) for fact in say.card_facts(ZH, four[0])}
    assert facts["拿哪几周比"] == ("整个基期", "10月19日–11月15日比2月23日–5月17日。")
    now, before = ([Week.parse(first) + n for n in range(4)] for first in ("2026-W51", "2025-W06"))
    year = [Week.parse("2025-W01") + n for n in range(52)]
    winter = [replace(four[0].comparison, pairing=pair(now, year))]
    assert "同周（2025年1月6日" not in say.basis(ZH, winter)
    assert "与基期里的同周（2024年12月30日–2025年1月5日、2025年12月15日–2025年12月28日）相比" in say.basis(ZH, winter)
    assert "第 53 周不是年年都有，没有同周可比：2026年12月28日起的那一周不算。" in say.basis(ZH, winter)
    spring = [replace(four[0].comparison, pairing=pair([week + 52 for week in before], before))]
    assert "the week from Feb 16, 2026 has no partner" in say.basis(EN, spring)
    assert "近 4 周（2月2日–2月15日、2月23日–3月1日）" in say.basis(ZH, spring)


def test_clustered_weeks_are_told_as_the_events_they_are_worth(four):
    weeks = [(2, 30), (3, 30), (1, 30), (4, 30)], [(33, 30), (2, 30), (4, 30), (31, 30), (3, 30), (2, 30), (1, 30)]
    rule = {"coverage": 1.0, "least_coverage": 0.8, "significance": 0.2, "dispersion": dispersion(*weeks)}
    clustered = replace(four[0].comparison, verdict=judge(Sample(10, 120), Sample(76, 210), **rule))
    why = {fact.name: fact.why for fact in say.explain(ZH, clustered, "village_times")}["是不是偶然"]
    assert f"两段时间合计 86，按约 {clustered.verdict.independent} 件独立的事计算" in why
    plain = {fact.name: fact.why for fact in say.explain(ZH, four[0].comparison, "village_times")}["是不是偶然"]
    assert "独立的事" not in plain
    assert clustered.verdict.intervals[0].high > interval(10, 120).high  # fewer independent events, a wider interval
    silent = judge(Sample(0, 0), Sample(76, 210), coverage=1.0, least_coverage=0.8, significance=0.2)
    assert silent.intervals == (None, None)


def test_a_base_that_had_to_be_weighted_says_so_and_is_the_one_in_the_headline(four):
    verdict = judge(Sample(14, 5), Sample(132, 24), coverage=1.0, least_coverage=0.8, significance=0.01, mix=14 / 5 / 5.5)
    told = say.explain(ZH, replace(four[0].comparison, verdict=verdict), "village_times")
    assert ("基期（可比的点）", "5.50", "132 村次 ÷ 24 村周（95% 区间 4.60–6.52）") in told
    assert [fact.value for fact in told if fact.name == "基期，按现在报的点折算"] == ["2.80"]
    assert not [fact for fact in say.explain(ZH, four[0].comparison, "village_times") if "折算" in fact.name]


def test_a_target_says_what_its_baseline_is_made_of(four):
    facts = {fact.name: (fact.value, fact.why) for fact in say.card_facts(ZH, four[0])}
    window = "2026年2月23日–2026年5月17日，应报 384 村周，报了 376（98%）；报过的点都算，目标路径从它起算"
    assert facts["目标的基期（全部点）"] == ("3.38", window)


def test_each_verdict_says_what_it_would_have_taken(four):
    _, none, _, few = ([fact for fact in say.card_facts(ZH, card) if fact.name == "还差什么"] for card in four)
    why = "近 4 周合计降到左边的数，才算确有下降；升到右边的数，才算确有上升"
    verdict = four[1].comparison.verdict
    assert none == [("还差什么", f"≤ 186 或 ≥ {verdict.rise_needs:.0f}", why)]
    only_up = judge(Sample(4, 30), Sample(1, 100), coverage=1.0, least_coverage=0.8, significance=0.01)
    told = [
        fact for fact in say.explain(ZH, replace(four[1].comparison, verdict=only_up), "village_times") if fact.name == "还差什么"
    ]
    assert told == [
        ("还差什么", f"≥ {only_up.rise_needs:.0f}", "近 4 周合计升到这么多，才算确有上升；件数太少，降到零也不算下降")
    ]
    assert few == [("还差什么", "≥ 26", "个点两段时间都报才够，还差 7 个")]
    for t in (ZH, EN):
        for card in four:
            assert all(fact.name and fact.value and "{" not in fact.why for fact in say.card_facts(t, card))


def test_the_verdict_itself_is_what_one_clicks(four):
    for card in four:
        summary = overview_cards.card(ZH, card).split("<summary>")[1].split("</summary>")[0]
        assert say.word(ZH, card.comparison.verdict) in summary


def test_what_came_from_rows_is_escaped(four):
    assert "<第3条>" not in overview_cards.card(ZH, four[0])


def test_emergency_work_is_told_apart(four):
    card = _card("meeting", *FALL, emergency=7)
    _, value, why = next(fact for fact in say.card_facts(ZH, card) if fact.name == "应急，单列")
    assert (value, why.split("；")[0]) == ("7", "村次，4 周合计，据已报的 118/128 个村周")
    told = say.overview_emergency(ZH, [card, *four])
    assert told.endswith("近4周 会议 7 村次，据已报的 118/128 个村周。其中 2 周还没关账，数是暂定的。")
    settled = replace(card, reported=Reported(128, 128, 0))
    assert "暂定" not in say.overview_emergency(ZH, [settled]) + overview_cards.card(ZH, settled)
    assert say.overview_emergency(ZH, four) == ""


def test_a_week_without_reports_is_a_gap_and_an_open_one_is_dashed():
    svg = overview_cards.spark(_card("meeting", *FALL, rates=(3.0, 3.1, float("nan"), 2.0, 2.1, 2.2)))
    assert svg.count("<polyline") == 3  # before the gap; after it the closed part, and the open end
    assert svg.count('stroke-dasharray="4 3.5"') == 1
    assert "nan" not in svg


def test_a_county_without_any_report_still_gets_a_card():
    card = _card("meeting", *FALL, rates=(float("nan"),) * 3)
    assert "nan" not in unquote(overview_cards.card(ZH, card))


@pytest.mark.parametrize(("value", "told"), [(52, "52 秒"), (60, "1 分钟"), (131, "2 分 11 秒"), (180, "3 分钟")])
def test_seconds_are_told_as_people_say_them(value, told):
    assert overview_cost.seconds(ZH, value) == told


TOO_SLOW = Cost(100, 90, 200, 400, 180, 3.0, None, 40.0)


def test_our_own_cost_admits_a_fault():
    good = Cost(100, 90, 52, 131, 180, 0.8, 0.004, 12.0)
    assert "中位数超过 3 分钟，算我们的错。" in overview_cost.cost(ZH, good, REPORTED)
    assert "应报 128 份，报了 100 份，计了时的 90 份" in overview_cost.cost(ZH, good, REPORTED)
    assert "其中 2 周还没关账，数是暂定的。" in overview_cost.cost(ZH, good, REPORTED)
    assert "已经超过 3 分钟：这是我们的错，要改。" in overview_cost.cost(ZH, TOO_SLOW, REPORTED)
    assert "各村合计 12.0 小时" in overview_cost.cost(ZH, good, REPORTED)
    assert "还没有记下填报用时" in overview_cost.cost(ZH, None, REPORTED)


def test_from_nothing_it_is_so_many_times_as_much_and_no_percentage():
    card = _card("meeting", 60, 0)
    least = card.comparison.verdict.low
    assert least > 10
    assert f"基期一件也没有；现在至少是基期的 {least:.1f} 倍" in overview_cards.card(ZH, card)
    assert "%" not in overview_cards.card(EN, card).split('class="change"')[1].split("</div>")[0]


def test_a_tool_that_is_too_slow_is_told_as_our_own_fault():
    told = overview_decisions.ours(ZH, TOO_SLOW)
    assert told.title == "本系统自己成了负担：填一周要 3 分 20 秒（中位数），超过 3 分钟"
    assert "90 份（共 100 份）" in told.why
    assert not Cost(100, 90, 180, 400, 180, 3.0, None, 40.0).is_ours
