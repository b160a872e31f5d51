"""The CANARY county never shows: in no answer, on no screen, in no file and in no cache of anybody else.

The prefecture's viewer is left out here: both counties are theirs.
"""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine, select

from models.db import open_session
from models.rules.errors import AppError
from models.tables import LoginSession
from services.access import ROLES, Permission, Role
from services.sessions import digest
from services.usecase import USE_CASES, name_of
from tests import world
from tests.pages.visit import visit, wire
from tests.project.full_world import empty_the_other_county
from tests.project.questions import FOREIGN, QUERIES, foreign_params, query_params, users_of
from tests.ui.http import get
from ui import clock, kept, sign_in
from ui.download import EXPORTS
from ui.shell import PAGES

MARKS = ("CANARY", world.CANARY[:6])  # its words, and its codes
PUBLIC = {"areas.names", "declarations.townships"}  # names of areas are public: asked by code, and the whole list of townships
NUMBERS_ONLY = {  # counts, dates and shares: no word could stand in them, but see the test on numbers
    "corrections.closed_weeks",
    "accounts.tally",
    "audits.verdict",
    "charts.hours_change",
    "charts.turn",
    "departments.completeness",
    "estimates.whole_area",
    "overviews.own_cost",
    "points.open_weeks",
    "trends.compared",
    "trends.matched",
    "trends.weekly",
    "weekly_logs.recent_weeks",
    "imports.accounts_plan",  # say what the asker's own file says
    "imports.declarations_plan",
    "imports.departments_plan",
    "imports.points_plan",
}
ASKED = [name for name in QUERIES if USE_CASES[name].permission is not Permission.SIGN_IN]
VISITS = [
    (stem, str(role))
    for stem, permission in PAGES.items()
    for role, rights in ROLES.items()
    if permission in rights.permissions and role is not Role.PREFECTURE_VIEWER
]


def spelled_out(answer: Any) -> str:
    """Everything an answer holds, to the last cell."""
    if isinstance(answer, pd.DataFrame | pd.Series):
        return answer.to_csv()
    if is_dataclass(answer) and not isinstance(answer, type):
        return "\n".join(f"{field.name}={spelled_out(getattr(answer, field.name))}" for field in fields(answer))
    if isinstance(answer, dict):
        return "\n".join(f"{spelled_out(key)}: {spelled_out(value)}" for key, value in answer.items())
    if isinstance(answer, list | tuple | set | frozenset):
        return "\n".join(spelled_out(item) for item in answer)
    return repr(answer)


def shown(answer: Any) -> list[str]:
    """The marks of the other county that an answer holds."""
    text = spelled_out(answer)
    return [mark for mark in MARKS if mark in text]


@pytest.mark.parametrize(
    "answer", [pd.DataFrame({"a": [1] * 500 + ["CANARY"]}), {"a": [("x", world.VILLAGE_C1)]}, Role, "CANARY"]
)
def test_a_mark_is_found_however_deep(answer):
    assert shown(answer) or answer is Role


@pytest.mark.parametrize("name", ASKED)
def test_no_answer_holds_a_word_of_the_other_county(full, name):
    users = [user for user in users_of(USE_CASES[name]) if user != Role.PREFECTURE_VIEWER]
    assert users
    for username in users:
        with open_session(full) as session:
            answer = answer_of(session, name, username, query_params(name))
            assert shown(answer) == [], username


@pytest.mark.parametrize("name", ASKED)
def test_asking_for_the_other_county_by_its_codes_gets_nothing(full, name):
    for username in users_of(USE_CASES[name]):
        for params in foreign_params(name) if username != Role.PREFECTURE_VIEWER else ():
            with open_session(full) as session:
                assert shown(answer_of(session, name, username, params)) == [], (username, params)


def answer_of(session: Any, name: str, username: str, params: dict[str, Any]) -> Any:
    try:
        return USE_CASES[name].function(session, world.persona(session, username), **params)
    except AppError as refusal:
        return f"{refusal.code} {refusal.field}"


@pytest.mark.parametrize("name", [name for name in ASKED if name not in PUBLIC | NUMBERS_ONLY])
def test_the_other_county_sees_its_own_words_in_the_same_query(full, name):
    """Or else the canary could not sing: every query must have found something there to be silent about here."""
    params = {key: value if FOREIGN.get(key) is None else FOREIGN[key] for key, value in query_params(name).items()}
    people = [f"canary_{user}" for user in users_of(USE_CASES[name]) if user != Role.PREFECTURE_VIEWER]
    with open_session(full) as session:
        answers = [answer_of(session, name, user, params) for user in people]
    assert any(shown(answer) for answer in answers)


@pytest.mark.parametrize("name", ASKED)
def test_whatever_happens_in_the_other_county_moves_no_number_here(full, name):
    users = [user for user in users_of(USE_CASES[name]) if user != Role.PREFECTURE_VIEWER]

    def answers() -> list[str]:
        with open_session(full) as session:
            return [spelled_out(answer_of(session, name, user, query_params(name))) for user in users]

    before = answers()
    empty_the_other_county(full)
    assert answers() == before


# ---- screens -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def screens(full: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The clock stopped, no cookie, and an empty cache before and after."""
    monkeypatch.setattr(clock, "now", lambda: world.NOW)
    monkeypatch.setattr(sign_in, "handshake_cookie", lambda: None)
    kept.forget()
    yield full
    kept.forget()


@pytest.mark.parametrize(("stem", "username"), VISITS)
def test_no_screen_holds_a_word_of_the_other_county(screens, stem, username):
    at = visit(stem, username)
    assert not at.exception
    assert not [error.value for error in at.error]
    assert shown(wire(at)) == []


@pytest.mark.parametrize("stem", list(PAGES))
def test_two_counties_visiting_in_turn_never_see_each_others_cached_answers(screens, stem):
    """The cache is shared by all visitors of a process: its key must tell them apart."""
    role = next(role for role, rights in ROLES.items() if PAGES[stem] in rights.permissions)
    for _ in range(2):
        assert "CANARY" in wire(visit(stem, f"canary_{role}"))
        assert shown(wire(visit(stem, str(role)))) == []


# ---- files -------------------------------------------------------------------------------------------------------------
OURS, THEIRS = (f"?county={county}&chain_code={county}" for county in (world.COUNTY, world.CANARY))
ADDRESSES = ("", OURS, THEIRS, f"{OURS}&township={world.TOWN_C}&department={world.CANARY_DEPT}&username=canary_auditor")
FILES = [(name, kind) for name, export in EXPORTS.items() for kind in export.writers]


def unpacked(body: bytes) -> str:
    """A file as text; a workbook is a zip of texts."""
    if not body.startswith(b"PK"):
        return body.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(body)) as workbook:
        return "\n".join(workbook.read(member).decode("utf-8", "replace") for member in workbook.namelist())


@pytest.fixture
def file_of(screens: Engine) -> Callable[[str, str, str, str], str]:
    """The text of a file as somebody gets it."""
    with open_session(screens, write=True) as session:
        for signed_in in session.scalars(select(LoginSession)):
            signed_in.cookie_hash = digest(f"cookie-{signed_in.username}")
        session.commit()
    return lambda username, name, kind, address: unpacked(get(f"/export/{name}.{kind}{address}", f"cookie-{username}").body)


@pytest.mark.parametrize(("name", "kind"), FILES)
def test_no_file_holds_a_word_of_the_other_county(file_of, name, kind):
    use_case = USE_CASES[name_of(EXPORTS[name].query)]
    for username in (user for user in users_of(use_case) if user != Role.PREFECTURE_VIEWER):
        for address in ADDRESSES:
            text = file_of(username, name, kind, address)
            assert text
            told_back = ADDRESSES.index(address) > 1  # a code or name that was asked for stands in the file as what was asked for
            marks = ("CANARY",) if told_back else MARKS
            assert [mark for mark in marks if mark in text] == [], (username, address)
    theirs = [file_of(f"canary_{user}", name, one, THEIRS) for user in users_of(use_case) for one in EXPORTS[name].writers]
    assert any("CANARY" in text for text in theirs)
