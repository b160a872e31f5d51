"""Accounts from a file: preview, one button, and the passwords that were made for them, once."""

import secrets
from collections.abc import Mapping
from typing import Any

import streamlit as st

from services.access import Actor, Permission
from services.actions import imports as actions
from services.imports.accounts import NUMBERS, first_passwords, hashed
from services.imports.plan import Plan
from services.queries import accounts, areas, imports
from ui import blocks, import_form, import_templates
from ui.exports.csv_file import csv_bytes
from ui.exports.document import Column, Document
from ui.facts import Names
from ui.shell import Page


def show(page: Page) -> None:
    """The form, for the system administrator."""
    if not page.actor.can(Permission.CREATE_ACCOUNTS):
        return
    _show_once(page)

    def apply(session: Any, actor: Actor, /, *, content: bytes, filename: str) -> Plan:
        """Passwords and hashes first, since hashing is slow; then the file, whole or not at all."""
        planned = page.read(imports.accounts_plan, content=content, filename=filename)
        made = first_passwords(content, planned, secrets.token_bytes(NUMBERS * planned.new))
        with st.spinner(page.t("accounts.import_hashing", n=len(made))):
            hashes = hashed(made)
        done = actions.accounts_apply(session, actor, content=content, filename=filename, hashes=hashes)
        st.session_state["accounts_passwords"] = made
        return done

    told = ("role", "area_code", "department_code")
    import_form.show(
        page,
        "accounts",
        plan=imports.accounts_plan,
        apply=apply,
        template=import_templates.for_accounts(page),
        subject="accounts.username",
        told=told,
        names=lambda planned: _names(page, planned),
    )


def _names(page: Page, planned: Plan) -> Names:
    """Of every area in the file, and of the departments inside the actor's own."""
    codes = tuple(sorted({values["area_code"] for values in planned.rows["values"]}))
    departments = page.read(accounts.departments, county_code=page.actor.area_code)
    return departments | page.read(areas.names, codes=codes)


def as_csv(passwords: Mapping[str, str], heads: tuple[str, str]) -> bytes:
    """User name and password, one line each, as Excel opens it."""
    return csv_bytes(Document("", "", [Column(head) for head in heads], list(passwords.items())))


def _show_once(page: Page) -> None:
    made, t = st.session_state.get("accounts_passwords"), page.t
    if not made:
        return
    with st.container(key="shown_once", border=True):
        st.html(blocks.section(t("accounts.passwords_made", n=len(made)), t("accounts.passwords_once")))
        st.download_button(
            t("accounts.passwords_file"),
            data=lambda: as_csv(made, (t("accounts.username"), t("accounts.first_password"))),
            file_name="passwords.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
        st.button(t("accounts.password_noted"), on_click=_forget, key="passwords_noted")


def _forget() -> None:
    st.session_state.pop("accounts_passwords", None)
