"""Of several events of one day and one title only one is told to have crossed the line."""

from datetime import date

import pandas as pd

from ui.departments_events import event_lines
from ui.i18n import translator

DAY = date(2026, 11, 17)
EVENT = {
    "happened_on": DAY, "title": "部署会", "called_as": "", "demands": (), "villages": 3, "people": 4, "relabelled": False,
    "emergency": False, "events": 1,
}  # fmt: skip


def test_exactly_one_event_is_told_to_have_crossed_the_line():
    lines = event_lines(
        translator("zh_CN"),
        pd.DataFrame([EVENT, EVENT]),
        {"crossed_on": DAY, "crossed_title": "部署会", "status": "over", "used": 3, "yearly": 2},
    )
    assert (lines["mark"] == "crossed").sum() == 1
