"""The reference week: 5 meetings, 3 inspections, 5 forms, a group joined and one left; nine of the thirteen are offered.

The list also holds what was not this village's. The four added by hand fall on four days, by four departments.
"""

from tests.browser.meter import Meter
from tests.browser.recorder import TITLES, asleep, box, opener, sheet

BY_HAND = (("会议", "一", "1小时"), ("报表", "二", "1小时"), ("会议", "三", "2小时"), ("报表", "四", "半小时"))
TAPS, KEYS, SECONDS, RUNS, TAPS_OF_NOTHING = 32, 0, 60, 20, 2  # the bars: past one of them the screen is mended, not the bar


def log_it(meter: Meter) -> None:
    """The whole week, up to the last tap, which submits it."""
    page = meter.page
    for title in TITLES:
        meter.tap(box(page, title))
    for n, (kind, day, length) in enumerate(BY_HAND, start=1):
        meter.tap(opener(page, kind))
        meter.tap(sheet(page).get_by_role("radio", name=day, exact=True))
        meter.tap(sheet(page).locator("[class*=st-key-grid_]").get_by_role("radio").nth(n))
        meter.tap(sheet(page).get_by_role("button", name=length, exact=True))
        asleep(page)
    for grid in ("grid_join", "grid_leave"):
        meter.tap(opener(page, "群"))
        meter.tap(sheet(page).locator(f"[class*=st-key-{grid}]").get_by_role("radio").nth(0))
        asleep(page)
    meter.tap(page.locator(".st-key-log_submit button"))


def say_nothing(meter: Meter) -> None:
    """A week without anything."""
    meter.tap(meter.page.locator(".st-key-log_nothing button"))
    meter.tap(sheet(meter.page).get_by_role("button", name="是，一件都没有，提交"))
