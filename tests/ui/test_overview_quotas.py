"""The sentence over the departments on the overview: how many, and known from how much."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from services.queries.departments import Completeness
from services.queries.overviews import Quotas
from ui.i18n import translator
from ui.overview_quotas import title

ZH, EN = translator("zh_CN"), translator("en")
FULL = Completeness(100, 100, 0, 0, enough=True, through=date(2026, 11, 18))
PART = replace(FULL, reported=90, missing=10)


def standings(*cells):
    return pd.DataFrame(cells, columns=["department_code", "status"])


@pytest.mark.parametrize(
    ("cells", "complete", "zh"),
    [
        ([("甲", "over"), ("甲", "near"), ("乙", "near"), ("乙", "near")], PART, "1 个部门超额，1 个部门接近额度"),
        ([("甲", "within")], FULL, "没有部门超额"),
        ([("甲", "within"), ("乙", "near")], PART, "已报的 90/100 个村周里还没有部门超额"),
        ([("甲", "within")], replace(FULL, reported=0), "没有监测点报过，不能说谁超额、谁没超"),
    ],
)
def test_departments_are_counted_once_and_silence_is_no_good_news(cells, complete, zh):
    told = title(ZH, Quotas(standings(*cells), complete))
    assert told.startswith(f"负担从哪来：{zh}")


def test_the_english_sentence_counts_one_and_many():
    cells = [("a", "over"), ("b", "near"), ("c", "near")]
    assert title(EN, Quotas(standings(*cells), FULL)) == "Where it comes from: 1 department over quota, 2 departments near"
