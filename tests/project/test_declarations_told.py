"""Nothing a department can see tells it whether, or by which village, an event it declared was reported (docs/adr/0023)."""

import re
from datetime import date, timedelta

import pytest

from models.db import open_session
from models.rules.errors import AppError
from models.rules.week import Week
from models.tables import LoginSession
from services.access import ROLES, Role
from services.sessions import digest
from services.usecase import USE_CASES, name_of
from tests import world
from tests.held import ALL, held, log
from tests.pages.visit import visit, wire
from tests.project.examples import run
from tests.project.questions import FILES, QUERIES, query_params
from tests.project.test_canary import answer_of, spelled_out, unpacked
from tests.ui.http import get
from ui import clock, kept, sign_in
from ui.download import EXPORTS, WRITERS
from ui.shell import PAGES

DEPARTMENT = str(Role.DEPARTMENT)
DAYS = [date(2026, 3, 3), date(2026, 10, 14), world.TODAY]  # long closed, closed lately, running
TITLE = "秋粮收购推进会"
WRITTEN = re.compile(r"\d{4}-\d\d-\d\dT[\d:]+Z")  # a workbook notes the second in which it was made
MINE = ROLES[Role.DEPARTMENT].permissions
OWN = [name for name in QUERIES if USE_CASES[name].permission in MINE]
OF_DECLARATIONS = [name for name in OWN if "declarations" in name]


@pytest.fixture
def declared(sqlite_engine, monkeypatch):
    """Three events, declared by their department, in weeks that every village has submitted."""
    monkeypatch.setattr(clock, "now", lambda: world.NOW)
    monkeypatch.setattr(sign_in, "handshake_cookie", lambda: None)
    with open_session(sqlite_engine, write=True) as session:
        for day in DAYS:
            act(session, "declarations.declare", day)
            for village in ALL:
                log(session, village, Week.of(day).monday)
        session.get_one(LoginSession, f"session-{DEPARTMENT}").cookie_hash = digest("cookie")
        session.commit()
    yield sqlite_engine
    kept.forget()


def act(session, name, day):
    return run(session, name, DEPARTMENT, {"county_code": world.COUNTY, "kind": "meeting", "day": day, "title": TITLE})


def reported(engine, villages):
    """The villages log what was declared, word for word."""
    with open_session(engine, write=True) as session:
        for n, day in enumerate(DAYS):
            held(session, n, world.AGRI, day, villages, kind="meeting", title=TITLE)
        session.commit()


def answers(engine, names):
    with open_session(engine) as session:
        asked = {name: query_params(name) for name in names}
        asked["declarations.listing"]["since"] = date(2026, 1, 1)
        return {name: spelled_out(answer_of(session, name, DEPARTMENT, params)) for name, params in asked.items()}


def screens():
    kept.forget()
    return {stem: wire(visit(stem, DEPARTMENT)) for stem, permission in PAGES.items() if permission in MINE}


def files():
    own = [name for name, export in EXPORTS.items() if name_of(export.query) in OWN]
    asked = [f"/export/{name}.{kind}?county={world.COUNTY}&period=2026" for name in own for kind in WRITERS]
    return {address: WRITTEN.sub("", unpacked(get(address, "cookie").body)) for address in asked}


def test_one_villages_report_moves_no_answer_no_screen_and_no_file_of_a_department(declared):
    before = (answers(declared, OWN), screens(), files())
    assert TITLE in before[0]["declarations.listing"]
    assert TITLE in before[1]["departments"]
    assert len(before[2]) == len(WRITERS)
    reported(declared, ALL[:1])
    assert (answers(declared, OWN), screens(), files()) == before


def test_no_number_of_reports_moves_what_a_department_reads_of_its_declarations(declared):
    before = answers(declared, OF_DECLARATIONS)
    assert len(before) == 3
    reported(declared, ALL)
    assert answers(declared, OF_DECLARATIONS) == before


@pytest.mark.parametrize("villages", [ALL[:0], ALL[:1], ALL])
def test_what_a_department_does_is_answered_alike_whoever_reported_it(declared, villages):
    reported(declared, villages)
    file = {"county_code": world.COUNTY, "content": FILES["declarations"], "filename": "x.csv"}
    with open_session(declared, write=True) as session:
        assert outcome(session, "declarations.declare", DAYS[0]) == ("declaration_there", {})
        assert outcome(session, "declarations.declare", DAYS[0] + timedelta(days=1)) == (world.NOW, TITLE)
        assert run(session, "imports.declarations_apply", DEPARTMENT, file).new == 1
        assert outcome(session, "declarations.withdraw", DAYS[0]) == (world.NOW, TITLE)
        assert outcome(session, "declarations.withdraw", DAYS[0]) == ("no_such_declaration", {})


def outcome(session, name, day):
    try:
        row = act(session, name, day)
    except AppError as refusal:
        session.rollback()
        return refusal.code, refusal.params
    return row.declared_at, row.title
