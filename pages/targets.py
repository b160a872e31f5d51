"""Targets and quotas: what was promised and what is allowed, on which basis, in which version."""

from ui import targets_promises, targets_quotas
from ui.shell import open_page

with open_page("targets") as page:
    year = targets_quotas.chosen_year(page)
    targets_promises.answer(page, year)
    targets_promises.show(page)
    targets_quotas.show(page, year)
