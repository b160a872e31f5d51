"""The words of the weekly log."""

from datetime import UTC, date, datetime

import pytest

from models.rules.entry import Effort, Origin
from services.log.week_view import Row
from ui import weekly_log_words as words
from ui.i18n import translator
from ui.plain import plain

ZH, EN = translator("zh_CN"), translator("en")


@pytest.mark.parametrize(
    ("minutes", "chinese", "english"),
    [
        (0, "0分钟", "0 min"),
        (20, "20分钟", "20 min"),
        (30, "半小时", "½ hour"),
        (60, "1小时", "1 hour"),
        (90, "1.5小时", "1.5 hours"),
        (240, "半天", "Half a day"),
        (480, "一天", "A day"),
        (1440, "24小时", "24 hours"),
    ],
)
def test_lengths_are_said_as_people_say_them(minutes, chinese, english):
    assert (words.length(ZH, minutes), words.length(EN, minutes)) == (chinese, english)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 12, 6, 16, 0, tzinfo=UTC), "12月6日 24:00"),
        (datetime(2026, 12, 6, 4, 0, tzinfo=UTC), "12月6日 12:00"),
    ],
)
def test_a_midnight_deadline_is_the_end_of_its_day(moment, said):
    assert words.until(ZH, moment) == said


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("防火部署会（11.16）", "防火部署会（11.16）"),
        ("**急**", r"\*\*急\*\*"),
        (":red[x]", r"\:red\[x\]"),
        ("<b>$a$|`c`", r"\<b\>\$a\$\|\`c\`"),
        ("see www.x.cn", "see www\u2060.x.cn"),
    ],
)
def test_somebodys_text_never_becomes_markup_or_a_link(typed, label):
    assert plain(typed) == label


@pytest.mark.parametrize(
    ("origin", "neighbours", "said"),
    [
        (Origin.OWN, 0, "自己补记"),
        (Origin.WEEKLY, 0, "每周都有"),
        (Origin.NEIGHBOURS, 0, "邻村记了"),
        (Origin.NEIGHBOURS, 3, "3个邻村记了"),
        (Origin.TOWNSHIP, 5, "镇上已录"),
        (Origin.DEPARTMENT, 0, "部门已录"),
    ],
)
def test_a_row_says_where_it_is_known_from(origin, neighbours, said):
    row = Row(1, "meeting", date(2026, 11, 17), "x", "民政局", None, "", "", False, 60, origin, neighbours)
    assert words.row_label(ZH, row) == f"`会议` **民政局**  \n{said}"


def test_a_conflict_shows_every_value_of_one_side():
    value = Effort(60, 30, 2, 3, frozenset({"ledger"}))
    assert words.effort(ZH, "form", value) == "1小时 · 路上来回 半小时 · 2人 · 3份 · 看台账"
