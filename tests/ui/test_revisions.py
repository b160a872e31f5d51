"""A revision in one line."""

from datetime import UTC, date, datetime, timedelta

from services.in_force import Revision
from ui.i18n import translator
from ui.revisions import corrected, quiet_lines, revised

ZH, EN = translator("zh_CN"), translator("en")
RAISED = Revision(date(2026, 9, 1), (("allowance", 10, 12),), "州里<新增>专项检查")
SOFTER = Revision(date(2026, 9, 1), (("reduction", 0.3, 0.2), ("ends", date(2026, 12, 31), date(2027, 1, 31))), "")


def test_a_raised_quota_says_when_from_what_to_what_and_why():
    assert revised(ZH, RAISED) == "2026年9月1日全年额度由 10 改为 12。理由：州里<新增>专项检查"
    assert "yearly quota from 10 to 12. Reason:" in revised(EN, RAISED)


def test_a_softer_target_names_everything_that_changed():
    assert revised(ZH, SOFTER) == "2026年9月1日压减由 30% 改为 20%、期限由 2026年12月31日 改为 2027年1月31日"
    assert "reduction from 30% to 20%" in revised(EN, SOFTER)


def test_corrected_weeks_are_counted_with_the_last_day_in_shanghai():
    late = datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert corrected(ZH, (late - timedelta(days=9), late)) == "2周更正过，最近一次11月21日"
    assert corrected(EN, [late]) == "1 week revised, on Nov 21"
    assert corrected(ZH, ()) == ""


def test_the_line_is_quiet_and_escaped():
    html = quiet_lines(ZH, [("检查", RAISED)])
    assert html.startswith('<p class="meta">检查：2026年9月1日')
    assert "&lt;新增&gt;" in html
    assert quiet_lines(ZH, []) == ""
