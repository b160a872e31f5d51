"""The overview: does the burden really fall, where does it come from, what is to be decided."""

from ui import overview_page
from ui.shell import open_page

with open_page("overview") as page:
    overview_page.show(page)
