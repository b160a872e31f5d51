"""What is behind a click on the Trends page, in words: the turn at a target's first day, and hours that add up."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.hours import Load
from models.rules.pairing import pair
from models.rules.series import Effect, Interruption, Why
from models.rules.verdict import Sample, VerdictCode, judge
from models.rules.week import Week
from services.figures.comparing import Comparison
from services.figures.hours_spent import Spent
from services.queries.charts import Turn
from ui import spent_words, turn_words
from ui.i18n import translator

ZH, EN = translator("zh_CN"), translator("en")
DAY = date(2026, 5, 18)
DOWN, UP, FLAT = Effect(0.7, 0.6, 0.8, 0.001), Effect(1.4, 1.2, 1.6, 0.001), Effect(0.9, 0.7, 1.2, 0.4)


def test_a_sudden_fall_of_a_falling_series_is_said_as_one():
    found = Turn(DAY, Interruption(None, 60, DOWN, FLAT, DOWN, DOWN, 1.3, 0.1))
    assert turn_words.sentence(ZH, found) == (
        "之前就已在下降；2026年5月18日目标开始后，当时就降了一截，此后走势与原来没有看得出的差别。"
    )
    assert [fact.value for fact in turn_words.facts(ZH, found)] == ["−30%", "−10%", "−30%", "−30%", "60"]


@pytest.mark.parametrize("t", [ZH, EN])
@pytest.mark.parametrize("trend", [DOWN, UP, FLAT, None])
@pytest.mark.parametrize("level", [DOWN, UP, FLAT])
@pytest.mark.parametrize("slope", [DOWN, UP, FLAT, None, Effect(5000.0, 0.1, 99_999.0, 0.01)])
def test_every_outcome_is_a_sentence(t, trend, level, slope):
    found = Turn(DAY, Interruption(None, 60, level, slope, None, trend, 1.3, 0.1, True, True, True))
    assert "nan" not in turn_words.sentence(t, found).lower()
    assert all(fact.value and fact.why for fact in turn_words.facts(t, found))


@pytest.mark.parametrize("t", [ZH, EN])
@pytest.mark.parametrize("why", list(Why))
def test_what_cannot_be_said_says_why(t, why):
    assert turn_words.sentence(t, Turn(DAY, Interruption(why, 3)))
    assert turn_words.facts(t, Turn(DAY, Interruption(why, 3))) == []
    assert turn_words.sentence(t, Turn(None, None)) == t("turn.no_target")


loads = st.builds(Load, st.integers(0, 10**6), st.integers(0, 10**8))
weeks = st.integers(1, 500)


@given(loads, loads, weeks, weeks)
def test_the_lines_of_the_table_add_up_as_shown(now, base, now_weeks, base_weeks):
    told = spent_words.minutes(Spent(now, base, now_weeks, base_weeks, 5))
    assert told.base + sum(told.parts.values()) == told.now
    assert abs(told.now - Fraction(now.minutes, now_weeks)) <= Fraction(1, 2)
    for t in (ZH, EN):
        for code in (VerdictCode.FALL, VerdictCode.RISE, VerdictCode.NONE):
            assert spent_words.sentence(t, told, code)
        assert [row["mark"] for row in spent_words.rows(t, told)] == ["", "", "", "", "total"]


def test_fewer_meetings_are_told_as_fewer_meetings_and_doubt_as_doubt():
    spent = Spent(Load(10, 1000), Load(40, 3600), 10, 20, 5)
    told = spent_words.minutes(spent)
    assert (told.base, told.now, told.parts) == (180, 100, {"quantity": -90, "unit": 20, "interaction": -10})
    assert spent_words.sentence(ZH, told, VerdictCode.FALL) == "每个点每周少花 80 人分钟，主要是次数少了（90）。"
    assert "还没有证据" in spent_words.sentence(ZH, told, VerdictCode.NONE)


def test_a_base_other_than_the_verdicts_is_said_to_be_one():
    told = spent_words.minutes(Spent(Load(10, 1000), Load(40, 3600), 10, 20, 5))
    rule = {"coverage": 1.0, "least_coverage": 0.8, "significance": 0.01}
    weeks = pair([Week.of(DAY)], [Week.of(DAY) - 9])
    even, uneven = (Comparison(judge(Sample(17, 10), Sample(60, 20), **rule, mix=mix), 5, 6, weeks) for mix in (1.0, 1.1))
    assert "（5/6 个）" in spent_words.note(ZH, told, even, 0)
    assert not any(word in spent_words.note(ZH, told, even, 0) for word in ("折算", "暂定"))
    assert "其中 2 周还没关账" in spent_words.note(ZH, told, uneven, 2)
    assert "折算成每个点每周 198 人分钟" in spent_words.note(ZH, told, uneven, 2)
