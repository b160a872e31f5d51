"""Accounts: who may sign in, as what, and in which state. Made by one administrator, enabled by another."""

from ui import accounts_screen
from ui.shell import open_page

with open_page("accounts") as page:
    accounts_screen.show(page)
