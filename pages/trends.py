"""Trends: does the load really fall, week by week, against what was promised."""

from ui import trends_page
from ui.shell import open_page

with open_page("trends") as page:
    trends_page.show(page)
