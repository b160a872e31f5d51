"""The whole screen: the list, and beside it (on a phone: below it) what an administrator may do."""

import streamlit as st

from services.access import Permission
from ui import accounts_edit, accounts_import, accounts_list, accounts_new, blocks
from ui.shell import Page


def show(page: Page) -> None:
    """Auditors get the list in full width."""
    accounts_list.headline(page)
    wanted = accounts_list.filters(page)
    if not (page.actor.can(Permission.CREATE_ACCOUNTS) or page.actor.can(Permission.GRANT_ROLES)):
        accounts_list.show(page, wanted)
        return
    st.html(
        f'<div class="phone">{blocks.jump(page.t("accounts.deeds"), accounts_edit.DEEDS)}</div>'
    )  # there the list stands before it
    list_side, deed_side = st.columns([1.9, 1], gap="large")
    with list_side:
        found = accounts_list.show(page, wanted)
    with deed_side:
        accounts_edit.show(page, found)
        accounts_new.show(page)
        accounts_import.show(page)
