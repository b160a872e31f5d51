"""The main job through three pairs of eyes: a village logs its week, the task force sees it, the officer sees who is over."""

import csv
import io

from playwright.sync_api import APIRequestContext, expect
from sqlalchemy import delete
from sqlalchemy.orm import Session

from models.rules.week import Week
from models.tables import Account, Entry, WeeklyLog
from seed.places import COUNTY
from tests.browser.recorder import LAST_WEEK, PATH
from tests.browser.steps import headline, settled, sign_in
from ui.i18n import translator

ZH = translator("zh_CN")
MEETING = ZH("kind.meeting")


def _forget_last_week(session: Session) -> None:
    """Last week can be submitted whatever day it is."""
    village = session.get_one(Account, "village").area_code
    for table in (Entry, WeeklyLog):
        session.execute(delete(table).where(table.county_code == COUNTY, table.village_code == village, table.week == LAST_WEEK))


def _last_week(reader: APIRequestContext) -> tuple[int, int]:
    """How many points have submitted last week, and their meetings, as the trend's own file has it."""
    answer = reader.get(f"/export/trends.csv?county={COUNTY}")
    assert answer.status == 200
    lines = csv.reader(io.StringIO(answer.body().decode("utf-8-sig")))
    label = Week(LAST_WEEK).label
    table = [line for line in lines if len(line) > 5]
    heads = next(line for line in table if ZH("trends.head_label") in line)
    row = next((dict(zip(heads, line, strict=True)) for line in table if label in line), None)
    if row is None:
        return 0, 0
    total = ZH("trends.head_total", unit=ZH("unit.village_times"))
    return int(row[ZH("trends.file_submitted")]), int(row[total] or 0)


def test_a_week_logged_in_a_village_is_in_the_trend_at_once(phone, server, open_context):
    server.write(_forget_last_week)
    desk = open_context("desktop")
    trend = desk.new_page()
    sign_in(trend, "taskforce", "/trends")
    submitted, meetings = _last_week(desk.request)

    sign_in(phone, "village", PATH)
    listed = phone.locator("[class*=st-key-row_] label").filter(has_text=MEETING)
    expect(listed.first).to_be_visible()
    listed.first.tap()
    settled(phone)
    phone.locator(".st-key-log_submit button").tap()
    settled(phone)
    expect(phone.locator(".st-key-bar")).to_contain_text(ZH("weekly_log.state.submitted"))

    assert _last_week(desk.request) == (submitted + 1, meetings + 1)
    trend.reload()
    settled(trend)
    expect(trend.locator("[data-testid=stVegaLiteChart]").first).to_be_visible()


def test_the_compliance_officer_reads_which_three_departments_are_over_quota_and_since_which_event(desktop):
    sign_in(desktop, "compliance", "/departments")
    told = headline(desktop)
    assert "3" in told
    for name in ("民政局", "农业农村局", "生态环境局"):
        assert name in told
        expect(desktop.get_by_test_id("stMain").get_by_text(name).first).to_be_visible()
    since = ZH("departments.crossed", day="#", title="#", n="#", over=ZH("departments.status_over")).split("，")[-1]
    expect(desktop.get_by_text(since).first).to_be_visible()
