"""The reference week stays below its bars: `make reference-week` prints what it costs, beside the same week in a plain table."""

import os
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import plain_table, reference_week
from tests.browser.meter import HEAD, Meter
from tests.browser.recorder import count
from tests.browser.server import Server
from tests.browser.steps import open_path

ROWS = """SELECT count(*) FROM weekly_log l JOIN account a ON a.area_code = l.village_code
    WHERE a.username = :recorder AND l.week = :week"""
COMPARED = os.environ.get("COMPARE") == "1"


@pytest.fixture
def meter(phone: Page) -> Meter:
    """On the phone before it opens anything."""
    return Meter(phone)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The plain table's server."""
    made = Server(tmp_path_factory.mktemp("plain"), "tests.browser.plain_table:app", "/_stcore/health")
    made.start()
    yield made
    made.stop()


def test_the_reference_week_stays_below_its_bars(meter, log, server):
    meter.start()
    reference_week.log_it(meter)
    print(f"\n{HEAD}\n{meter.cost.line('reference week')}")
    expect(log.locator(".st-key-bar")).to_contain_text("15 条")
    expect(log.locator(".st-key-bar")).to_contain_text("已提交")
    assert count(server, ROWS) == 1
    assert re.findall(r"(\d+) [次份]", log.locator(".sums").inner_text()) == ["5", "3", "5"]
    assert meter.cost.taps <= reference_week.TAPS
    assert meter.cost.keys <= reference_week.KEYS
    assert meter.cost.seconds <= reference_week.SECONDS
    assert meter.cost.runs <= reference_week.RUNS


def test_a_week_without_anything_takes_two_taps(meter, log, server):
    meter.start()
    reference_week.say_nothing(meter)
    print(f"\n{HEAD}\n{meter.cost.line('a week without anything')}")
    expect(log.locator(".st-key-bar")).to_contain_text("已提交")
    assert meter.cost.taps <= reference_week.TAPS_OF_NOTHING
    assert meter.cost.keys == 0


@pytest.mark.skipif(not COMPARED, reason="takes minutes: run `make reference-week`")
def test_the_same_week_in_a_plain_table_costs_many_times_as_much(open_context: Callable[..., BrowserContext], plain: Server):
    meter = Meter(open_context("phone", base_url=plain.base_url).new_page())
    open_path(meter.page)
    meter.start()
    plain_table.fill(meter)
    print(f"\n{HEAD}\n{meter.cost.line('the same in a plain table')}")
    assert meter.cost.taps > 2 * reference_week.TAPS
    assert meter.cost.keys > reference_week.KEYS
