"""How a period may end, in words."""

import pytest

from models.rules.period import Period, PeriodKind
from tests.ui.test_departments import EN, YEAR, ZH, row
from ui.departments_bars import by_measure
from ui.departments_forecast import chance, sentence

FORESEEN = row("甲", used=18, allowance=20) | {"chance": 0.78, "ground": "pace", "pace_used": 17, "pace_days": 300}


@pytest.mark.parametrize(
    ("probability", "told"),
    [
        (0.0, "不到5%"),
        (0.049, "不到5%"),
        (0.06, "约10%"),
        (0.78, "约80%"),
        (0.949, "约90%"),
        (0.951, "95%以上"),
        (1.0, "95%以上"),
        (None, ""),
    ],
)
def test_a_chance_is_told_in_tenths(probability, told):
    assert chance(ZH, FORESEEN | {"chance": probability}) == told


def test_the_sentence_says_the_pace_and_its_assumption():
    said = sentence(ZH, FORESEEN, YEAR, own=False)
    assert said.startswith("照现在的速度，到2026年12月底超额的可能约80%。")
    assert "300 天里用了 17 个" in said
    assert "假定以后还是这个速度" in said
    assert "by the end of Dec 2026 is about 80%." in sentence(EN, FORESEEN, YEAR, own=False)
    assert "Mar 2026" in sentence(EN, FORESEEN, Period(2026, PeriodKind.QUARTER, 1), own=True)


def test_nothing_is_said_of_what_is_over_and_early_is_called_early():
    assert sentence(ZH, FORESEEN | {"chance": None, "ground": "already_over"}, YEAR, own=False) == ""
    assert sentence(ZH, FORESEEN | {"chance": None, "ground": None}, YEAR, own=False) == ""
    assert "还说不准" in sentence(ZH, FORESEEN | {"chance": None, "ground": "too_early"}, YEAR, own=False)


def test_the_table_has_the_chance_of_each():
    assert by_measure(ZH, [FORESEEN, row("乙")]).chance.tolist() == ["约80%", ""]
