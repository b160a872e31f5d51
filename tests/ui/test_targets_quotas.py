"""The quotas' table: which numbers are marked, and what its caption says of their basis."""

import pytest

from ui.i18n import translator
from ui.targets_quotas import doubts, in_order, side_by_side

ZH = translator("zh_CN")


def quota(code, measure, *, checked=False):
    return {
        "department_code": code, "department": f"{code}局", "department_en": None, "measure": measure, "allowance": 6,
        "basis_checked": checked,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("checked", "cells", "caption"),
    [
        ([False] * 4, "6 6 6 6", "全年额度；4 个的依据都未核实"),
        ([True] * 4, "6 6 6 6", "全年额度；4 个的依据都已核实"),
        ([True, False, False, False], "6 ✓ 6 6 6", "全年额度；4 个里 3 个依据未核实，已核实的带 ✓"),
        ([False, True, True, True], "6 ? 6 6 6", "全年额度；4 个里 1 个依据未核实，带 ?"),
    ],
)
def test_only_the_fewer_are_marked(checked, cells, caption):
    measures = ("meeting", "inspection", "form", "group")
    rows = [quota("甲", measure, checked=one) for measure, one in zip(measures, checked, strict=True)]
    table = side_by_side(ZH, rows)
    assert " ".join(table.loc[0, list(measures)]) == cells
    assert doubts(ZH, rows) == caption


def test_departments_keep_their_order_and_measures_have_the_usual_one():
    rows = [quota(code, measure) for code in "乙甲" for measure in ("form", "group", "inspection", "meeting")]
    told = [(row["department_code"], row["measure"]) for row in in_order(rows)]
    assert told == [(code, measure) for code in "乙甲" for measure in ("meeting", "inspection", "form", "group")]
