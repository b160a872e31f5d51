"""A new account, for the system administrator: it cannot be used until the security administrator enables it."""

import streamlit as st

from models.rules.account import LONGEST_NAME
from services.access import Permission
from services.actions import accounts as actions
from services.passwords import hash_password
from ui import accounts_place, blocks
from ui.accounts_password import keep, new_password, show_once
from ui.shell import Page


def show(page: Page) -> None:
    """The form, folded away until it is wanted."""
    if not page.actor.can(Permission.CREATE_ACCOUNTS):
        return
    t = page.t
    st.html(blocks.section(t("accounts.new"), t("accounts.new_sub")))
    made = st.session_state.get("accounts_made", 0)  # a new form after each account, empty again
    with st.expander(t("accounts.new_open"), icon=":material/person_add:", expanded=False, key=f"new_account_{made}"):
        place = accounts_place.choose(page, f"new_{made}")
        username = st.text_input(
            t("accounts.username"), max_chars=64, key=f"new_username_{made}", help=t("accounts.username_help")
        )
        page.show_problem("username")
        name = st.text_input(t("accounts.name"), max_chars=LONGEST_NAME, key=f"new_name_{made}")
        page.show_problem("name")
        if st.button(t("accounts.create"), type="primary", key="create_account"):
            _create(page, place, username, name)
    show_once(page, "new")


def _create(page: Page, place: accounts_place.Place, username: str, name: str) -> None:
    password = new_password()
    done = page.do(
        actions.create,
        username=username,
        name=name,
        role=place.role.value,
        area_code=place.area_code,
        department_code=place.department_code,
        password_hash=hash_password(password),
    )
    if done:
        keep("new", page.t("accounts.created", username=done.username), done.username, password)
        st.session_state["accounts_made"] = st.session_state.get("accounts_made", 0) + 1
    st.rerun()  # to the list as it is now, or to the field that was refused
