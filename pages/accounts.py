"""Accounts: who may sign in, as what, and in which state. Made by one administrator, enabled by another."""

from ui import accounts_edit, accounts_list, accounts_new
from ui.shell import open_page

with open_page("accounts") as page:
    found = accounts_list.show(page)
    accounts_edit.show(page, found)
    accounts_new.show(page)
