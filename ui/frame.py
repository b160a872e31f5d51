"""What Streamlit runs for every visitor: sign-in, or the menu and the page asked for."""

import streamlit as st

from models.settings import ROOT
from services.access import Actor
from ui import look, reconnect, run, sign_in
from ui.account_menu import account_menu
from ui.i18n import Translator
from ui.shell import PAGES, spoken_to, start_of
from ui.sign_in_screens import first_password_screen, sign_in_screen


def start() -> None:
    """The bare address: straight to the page the person begins with."""
    if stem := start_of(sign_in.current_actor()):
        st.switch_page(str(ROOT / "pages" / f"{stem}.py"))


def menu(t: Translator, actor: Actor | None) -> list[st.Page]:
    """Every page, so that a deep link survives the sign-in and a forbidden one is told so; titled for those who may open it."""
    pages = [st.Page(start, default=True, title=t("frame.product"), visibility="hidden")]
    for stem, permission in PAGES.items():
        allowed = actor is not None and actor.can(permission)
        title = t(f"page.{stem}") if allowed else t("frame.product")
        path = ROOT / "pages" / f"{stem}.py"
        pages.append(st.Page(path, url_path=stem, title=title, visibility="visible" if allowed else "hidden"))
    return pages


def main() -> None:
    """One run."""
    actor = sign_in.current_actor()
    t = spoken_to(actor)
    st.session_state["spoken"] = t.language
    st.set_page_config(page_title=t("frame.product"), page_icon=str(ROOT / "ui/look/icon.png"), layout="wide")
    st.html(look.base_style(t.language, large=t.large))
    if actor is not None:  # the sign-in form carries the name itself
        st.logo(str(ROOT / "ui/look/logo.svg"), size="large")
    sign_in.deliver_cookie()
    ready = actor is not None and not actor.must_change
    several = sum(bool(actor and actor.can(permission)) for permission in PAGES.values()) > 1
    page = st.navigation(menu(t, actor), position="top" if ready and several else "hidden")
    if actor is None:
        sign_in_screen(t)
    elif actor.must_change:
        first_password_screen(actor, t)
    else:
        account_menu(actor, t)
        page.run()
        reconnect.tell(t)


with run.one():
    main()
