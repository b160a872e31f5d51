"""Inside a county too everybody sees their own: a township its villages, a village itself, a department no village at all.

The county's scope is proved by the canary; here the lines run inside it.
"""

import inspect

import pytest
from sqlalchemy import Engine, delete

from models.db import open_session
from models.tables import Base
from services.access import Role
from services.usecase import USE_CASES
from tests import world
from tests.project.questions import QUERIES, query_params, users_of
from tests.project.test_canary import PUBLIC, answer_of, spelled_out

VILLAGES = {code: world.AREAS[code][0] for code in (world.VILLAGE_A1, world.VILLAGE_A2, world.VILLAGE_B1, world.VILLAGE_B2)}
ELSEWHERE = {  # what each role must never read: codes and names
    Role.TOWNSHIP_LIAISON: {
        world.TOWN_B,
        world.AREAS[world.TOWN_B][0],
        *(w for c, n in VILLAGES.items() if c > world.TOWN_B for w in (c, n)),
    },
    Role.VILLAGE_RECORDER: {w for code, name in VILLAGES.items() if code != world.VILLAGE_A1 for w in (code, name)},
    Role.DEPARTMENT: {word for code, name in VILLAGES.items() for word in (code, name, name.removesuffix("村"))}
    | {world.TOWN_A[:9], world.TOWN_B[:9], "青石", "大坪", "qingshi", "Qingshi", "Daping"},
}
ASKED = [(name, role) for name in QUERIES for role in ELSEWHERE if name not in PUBLIC and str(role) in users_of(USE_CASES[name])]


@pytest.mark.parametrize(("name", "role"), ASKED)
def test_no_answer_names_a_place_outside_the_askers_own(full, name, role):
    with open_session(full) as session:
        text = spelled_out(answer_of(session, name, str(role), query_params(name)))
    assert sorted(word for word in ELSEWHERE[role] if word in text) == []


def _asks_for_a_township(name: str) -> bool:
    return "township_code" in inspect.signature(USE_CASES[name].function).parameters


@pytest.mark.parametrize("name", [n for n, role in ASKED if role is Role.TOWNSHIP_LIAISON and _asks_for_a_township(n)])
def test_a_liaison_who_names_another_township_reads_nothing_of_it(full, name):
    params = query_params(name) | {"township_code": world.TOWN_B}
    with open_session(full) as session:
        text = spelled_out(answer_of(session, name, "township_liaison", params))
    assert sorted(word for word in ELSEWHERE[Role.TOWNSHIP_LIAISON] if word in text) == []


def test_the_county_reads_that_townships_target(full):
    """Or else there would have been nothing to keep from its neighbour above."""
    params = query_params("trends.target_line") | {"township_code": world.TOWN_B}
    with open_session(full) as session:
        assert "大坪乡" in spelled_out(answer_of(session, "trends.target_line", "task_force", params))


def test_the_departments_titles_name_places_in_short(full):
    """Or else nothing would have been masked for it above."""
    with open_session(full) as session:
        params = query_params("departments.events")
        officer = spelled_out(answer_of(session, "departments.events", "compliance_officer", params))
        own = spelled_out(answer_of(session, "departments.events", "department", params))
    assert "到青山和qingshi" in officer
    assert "到某地和某地" in own


def test_every_role_below_the_county_is_asked_something():
    assert {role for _, role in ASKED} == set(ELSEWHERE)


def _empty_township_b(engine: Engine) -> None:
    with open_session(engine, write=True) as session:
        for table in reversed(Base.metadata.sorted_tables):
            if "village_code" in table.c:
                session.execute(delete(table).where(table.c.village_code.between(world.TOWN_B, world.TOWN_B[:9] + "999")))
        session.commit()


@pytest.mark.parametrize("name", [name for name, role in ASKED if role is Role.TOWNSHIP_LIAISON])
def test_whatever_happens_in_another_township_moves_no_number_of_a_liaison(full, name):
    def answer() -> str:
        with open_session(full) as session:
            return spelled_out(answer_of(session, name, "township_liaison", query_params(name)))

    before = answer()
    _empty_township_b(full)
    assert answer() == before
