"""The plain table's app, its columns, and what a thumb does to fill it."""

from pathlib import Path

import streamlit as st
from playwright.sync_api import expect

from tests.browser.meter import Meter
from tests.browser.recorder import TITLES

CHOICES = {
    "日": ("一", "二", "三", "四", "五"),
    "类": ("会议", "检查", "报表", "进群", "退群"),
    "部门": ("农业农村局", "民政局", "应急管理局", "卫健局", "医保局", "林业局", "组织部", "镇党政办"),
    "时长": ("半小时", "1小时", "1.5小时", "2小时"),
}
COLUMNS = (*CHOICES, "名称")
KINDS = ("会议", "检查", "报表")
WEEK = [("一", KINDS[n % 3], "农业农村局", "1小时", title) for n, title in enumerate(TITLES)] + [
    ("一", "会议", "民政局", "1小时", "低保工作会"),
    ("二", "报表", "应急管理局", "1小时", "安全排查表"),
    ("三", "会议", "卫健局", "2小时", "妇幼健康会"),
    ("四", "报表", "医保局", "半小时", "参保进度表"),
    ("五", "进群", "医保局", "", "医保新群"),
    ("五", "退群", "林业局", "", "防火值班群"),
]
HEADER, LINE, MARKER, COLUMN = 36, 35, 35, 58  # pixels of the grid, as the page sets them

app = st.App(Path(__file__).parent / "plain_table_page.py")


def fill(meter: Meter) -> None:
    """Touch a cell to select it, again to open it, then the choice, or the letters and Enter."""
    page = meter.page
    canvas = page.get_by_test_id("data-grid-canvas")
    canvas.wait_for()
    for row, cells in enumerate(WEEK):
        for column, value in enumerate(cells):
            if not value:
                continue
            _open(meter, row, column)
            if column < len(CHOICES):
                meter.tap(page.locator("#portal").get_by_text(value, exact=True))
            else:
                meter.type(value)
    meter.tap(page.locator(".st-key-send button"))
    expect(page.get_by_test_id("stAlert")).to_contain_text(f"{len(WEEK)} 条")


def _open(meter: Meter, row: int, column: int) -> None:
    page = meter.page
    canvas = page.get_by_test_id("data-grid-canvas").bounding_box()
    assert canvas
    for _ in range(4):
        if page.evaluate("document.querySelector('#portal')?.childElementCount > 0"):
            return
        meter.tap_at(canvas["x"] + MARKER + COLUMN * (column + 0.5), canvas["y"] + HEADER + LINE * (row + 0.5))
