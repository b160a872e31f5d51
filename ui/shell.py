"""The frame around every page: who is looking, in which language, and the two things a page may do: read and do.

Errors raised anywhere below are shown here and nowhere else, in the reader's language.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Concatenate, ParamSpec, TypeVar

import streamlit as st
from sqlalchemy.orm import Session

from models.db import open_session
from models.rules.errors import AppError, PermissionDenied, SignedOut
from models.rules.week import ZONE, today_at
from models.settings import ROOT
from services.access import Actor, Permission, Role, allowed
from services.queries import areas
from services.usecase import USE_CASES, name_of
from ui import address, clock, kept, look, run, sign_in, unexpected
from ui.i18n import Translator, translator
from ui.plain import plain

P = ParamSpec("P")
R = TypeVar("R")
UseCase = Callable[Concatenate[Session, Actor, P], R]

PAGES: dict[str, Permission] = {  # file stem → permission; order is menu order
    "weekly_log": Permission.VIEW_WEEKLY_LOG,
    "overview": Permission.VIEW_OVERVIEW,
    "trends": Permission.VIEW_TRENDS,
    "departments": Permission.VIEW_DEPARTMENTS,
    "points": Permission.VIEW_POINTS,
    "targets": Permission.VIEW_TARGETS,
    "accounts": Permission.VIEW_ACCOUNTS,
    "audit": Permission.VIEW_AUDIT,
}
STARTS = {Role.COMPLIANCE_OFFICER: "departments", Role.AUDITOR: "audit"}  # the others begin with their menu's first


def start_of(actor: Actor | None) -> str | None:
    """The page a person begins with; None for who may open none."""
    allowed_stems = [stem for stem, permission in PAGES.items() if actor and actor.can(permission)]
    wanted = STARTS.get(actor.role) if actor and actor.role else None
    return wanted if wanted in allowed_stems else next(iter(allowed_stems), None)


@dataclass(frozen=True)
class Page:
    """What a page gets from `open_page`. It holds no session and no rows; a fragment or callback may keep it."""

    stem: str
    actor: Actor
    t: Translator
    county_code: str

    @property
    def today(self) -> date:
        """Today's date in Asia/Shanghai."""
        return today_at(clock.now())

    @property
    def as_of(self) -> datetime:
        """This hour's start: what cached figures are computed for (deadlines are compared with it)."""
        return clock.now().astimezone(ZONE).replace(minute=0, second=0, microsecond=0)

    @property
    def minute(self) -> datetime:
        """This minute's start: for what changes faster than hours, such as locks and open sessions."""
        return clock.now().replace(second=0, microsecond=0)

    @property
    def this_moment(self) -> datetime:
        """Now: for answers that must not be an earlier one."""
        return clock.now()

    def read(self, query: UseCase[P, R], *args: P.args, **params: P.kwargs) -> R:
        """The query's answer, kept until the data or the actor's scope changes. The actor is read anew once in every run."""
        actor, version = run.seen(self.actor.session_id)
        permission = USE_CASES[name_of(query)].permission
        allowed(actor, permission)
        asked = repr((name_of(query), actor.scope, version.of(permission), args, sorted(params.items())))

        def ask() -> R:
            with open_session() as session:
                return query(session, actor, *args, **params)

        return kept.answer(sha256(asked.encode()).digest(), ask)  # type: ignore[no-any-return]

    def do(self, action: UseCase[P, R], *args: P.args, **params: P.kwargs) -> R | None:
        """The action's result; None when it was refused, and then `show_problem` says why."""
        st.session_state.pop("problem", None)
        try:
            with open_session(write=True) as session:
                return action(session, replace(self.actor, now=clock.now()), *args, **params)
        except AppError as error:
            st.session_state["problem"] = (self.stem, error)
        except Exception as error:
            st.session_state["problem"] = (self.stem, AppError("unexpected", id=unexpected.logged(error)))
        finally:
            run.forget()
        return None

    @property
    def problem(self) -> AppError | None:
        """The last refusal, while no field has shown it: for a screen that asks which of two values holds."""
        stem, error = st.session_state.get("problem", (None, None))
        return error if stem == self.stem else None

    def show_problem(self, *fields: str) -> None:
        """The last refusal: at the fields named, or, without a name, one that no field has shown."""
        stem, error = st.session_state.get("problem", (None, None))
        if error is None or stem != self.stem or (fields and error.field not in fields):
            return
        st.error(sentence(self.t, error), icon=":material/error:")
        del st.session_state["problem"]

    def fragment(self, function: Callable[P, None]) -> Callable[P, None]:
        """A part of the page that reruns alone, with the page's own guard around it: no session, no fragment.

        Working in it counts as using the session, as a whole run does.
        """

        def guarded(*args: P.args, **params: P.kwargs) -> None:
            with run.one(), shown(self.t):
                if sign_in.current_actor() is None:
                    raise SignedOut("signed_out")
                function(*args, **params)

        guarded.__qualname__ = guarded.__name__ = function.__name__
        return st.fragment(guarded)


@contextmanager
def open_page(stem: str) -> Iterator[Page]:
    """Guards a page, draws its header and shows its errors. The only statement a page has."""
    actor = sign_in.current_actor()
    t = spoken_to(actor)
    page = None
    with shown(t):
        if actor is None:
            raise SignedOut("signed_out")
        if not actor.can(PAGES[stem]):
            raise PermissionDenied("page_denied")
        st.html(look.page_style(stem, large=t.large))
        address.forget_ignored()
        above = st.container()
        somewhere = Page(stem, actor, t, "")
        page = replace(somewhere, county_code=_chosen_county(somewhere))
        yield page
        page.show_problem()
        with above:
            _tell_ignored(page)
    if page is None:
        _way_out(actor, t)
        st.stop()  # refused and told; the page's own block must not run


def _way_out(actor: Actor | None, t: Translator) -> None:
    """From a refused page to the one the person begins with."""
    if stem := start_of(actor):
        path, label = str(ROOT / "pages" / f"{stem}.py"), t("frame.go_to", page=t(f"page.{stem}"))
        st.page_link(path, label=label, icon=":material/arrow_forward:")


def language_of(actor: Actor | None) -> str:
    """The account's language; before the sign-in the one chosen on the form."""
    chosen: str = st.session_state.get("language") or "zh_CN"
    return actor.language if actor else chosen


def spoken_to(actor: Actor | None) -> Translator:
    """The reader's language, in the reader's size of letters."""
    return translator(language_of(actor), large=bool(actor and actor.large_type))


def sentence(t: Translator, error: AppError) -> str:
    """An error in the reader's language; what was typed stands in it as text, never as markup."""
    params = {name: plain(value) if isinstance(value, str) else value for name, value in error.params.items()}
    return t(f"error.{error.code}", **params)


@contextmanager
def shown(t: Translator) -> Iterator[None]:
    """Whatever is raised inside is told on the screen, and nothing but that."""
    try:
        yield
    except SignedOut:
        if "spoken" in st.session_state and sign_in.current_actor() is None:
            st.rerun()  # the frame shows the sign-in form
        st.error(t("error.signed_out"), icon=":material/lock:")
    except AppError as error:
        st.error(sentence(t, error), icon=":material/error:")
    except Exception as error:
        st.error(t("error.unexpected", id=unexpected.logged(error)), icon=":material/error:")


def _chosen_county(page: Page) -> str:
    t, codes = page.t, list(page.actor.county_codes)
    if len(codes) < 2:
        return address.asked("county", codes, codes[0] if codes else "")
    kept = st.session_state.get("county_kept")  # a menu link leaves the address behind
    county = address.asked("county", codes, codes[0] if "county" in st.query_params or kept not in codes else kept)
    st.session_state["county_kept"] = county
    if "county" not in st.query_params:
        address.put("county", county)  # so that a reload shows the same
    found = page.read(areas.names, codes=codes)
    st.selectbox(
        t("frame.county"),
        codes,
        format_func=lambda code: t.name(*found[code]),
        **address.control("county", county, "county", drops=address.OF_A_COUNTY),
    )
    return county


def _tell_ignored(page: Page) -> None:
    """What the address asks and nobody here knows, in a sentence, beside what is shown instead."""
    ignored, t = address.ignored(), page.t
    told = []
    if (county := ignored.pop("county", None)) and page.county_code:
        shown = t.name(*page.read(areas.names, codes=[page.county_code])[page.county_code])
        told.append(t("frame.ignored_county", code=plain(county), county=plain(shown)))
    if ignored:
        told.append(t("frame.ignored", what=plain(t.join([f"{name}={value}" for name, value in ignored.items()]))))
    if told:
        st.warning(("" if t.chinese else " ").join(told), icon=":material/link_off:")
