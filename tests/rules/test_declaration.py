"""What can be declared, and what is a slip of the keyboard."""

from datetime import date, timedelta

import pytest

from models.rules.declaration import AHEAD, BACK, check_declaration
from models.rules.errors import InvalidInput

TODAY = date(2026, 11, 18)


def test_a_meeting_of_today_is_declared_with_a_clean_title():
    assert check_declaration("meeting", TODAY, "  秋粮　推进会\u200b ", TODAY) == "秋粮 推进会"


@pytest.mark.parametrize("day", [TODAY - BACK, TODAY + AHEAD])
def test_the_first_and_the_last_day_still_count(day):
    assert check_declaration("form", day, "x", TODAY) == "x"


@pytest.mark.parametrize(
    ("kind", "day", "title", "code", "field"),
    [
        ("", TODAY, "会", "declaration_kind", "kind"),
        ("group", TODAY, "会", "declaration_kind", "kind"),
        ("meeting", TODAY + AHEAD + timedelta(days=1), "会", "declaration_day", "day"),
        ("meeting", TODAY - BACK - timedelta(days=1), "会", "declaration_day", "day"),
        ("meeting", date.max, "会", "declaration_day", "day"),
        ("meeting", date.min, "会", "declaration_day", "day"),
        ("meeting", TODAY, " \u3000", "declaration_untitled", "title"),
        ("meeting", TODAY, "会" * 81, "title_long", "title"),
        ("meeting", TODAY, "会\x07议", "title_control", "title"),
        ("meeting", TODAY, "会\0", "title_control", "title"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(kind, day, title, code, field):
    with pytest.raises(InvalidInput) as refused:
        check_declaration(kind, day, title, TODAY)
    assert (refused.value.code, refused.value.field) == (code, field)
