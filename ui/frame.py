"""What Streamlit runs for every visitor: sign-in, or the menu and the page asked for."""

import streamlit as st

from models.settings import ROOT
from services.access import Actor
from ui import look, sign_in
from ui.account_menu import account_menu
from ui.i18n import Translator, translator
from ui.shell import PAGES, language_of


def start() -> None:
    """The bare address: straight to the first page the actor may open."""
    actor = sign_in.current_actor()
    allowed = [stem for stem, permission in PAGES.items() if actor and actor.can(permission)]
    if allowed:
        st.switch_page(str(ROOT / "pages" / f"{allowed[0]}.py"))


def menu(t: Translator, actor: Actor | None) -> list[st.Page]:
    """Every page, with its title for those who may open it: the addresses exist for all, so that a deep link survives sign-in."""
    pages = [st.Page(start, default=True, title=t("frame.product"), visibility="hidden")]
    for stem, permission in PAGES.items():
        if actor is None or actor.can(permission):
            title = t(f"page.{stem}") if actor else t("frame.product")
            pages.append(st.Page(ROOT / "pages" / f"{stem}.py", url_path=stem, title=title))
    return pages


def main() -> None:
    """One run."""
    actor = sign_in.current_actor()
    t = translator(language_of(actor))
    st.set_page_config(page_title=t("frame.product"), page_icon=str(ROOT / "ui/look/icon.png"), layout="wide")
    st.html(look.base_style(t.language) + (look.LARGE_TYPE if actor and actor.large_type else ""))
    st.logo(str(ROOT / "ui/look/logo.svg"), size="large")
    pages = menu(t, actor)
    ready = actor is not None and not actor.must_change
    page = st.navigation(pages, position="top" if ready and len(pages) > 2 else "hidden")
    if actor is None:
        sign_in.form(t)
    elif actor.must_change:
        sign_in.change_password_form(actor, t)
    else:
        st.session_state.pop("told_signed_out", None)
        account_menu(actor, t)
        page.run()
    sign_in.deliver_cookie()


main()
