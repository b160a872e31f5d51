"""Observation points: coverage and timeliness, and who is a point from when to when."""

from ui import log_sheets_screen, points_answer, points_correct, points_edit, points_list, points_omissions
from ui.shell import open_page

with open_page("points") as page:
    window, towns = points_answer.answer(page)
    points_omissions.show(page, window)
    points_list.show(page, window, towns)
    points_correct.show(page)
    log_sheets_screen.offered(page)
    points_edit.show(page)
