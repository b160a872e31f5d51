"""A village's week: what it cost in meetings, inspections, forms and chat groups."""

from ui import weekly_log_screen
from ui.shell import open_page

with open_page("weekly_log") as page:
    weekly_log_screen.draw(page)
