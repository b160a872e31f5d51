"""Points: what may have been omitted is one quiet line, and its list stands behind a click."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from models.db import open_session
from models.tables import Area, ObservationPoint
from tests import world
from tests.held import held, log
from tests.pages.visit import visit, words

A3, A4 = "992121100203", "992121100204"
POINTS = [world.VILLAGE_A1, world.VILLAGE_A2, A3, A4]


@pytest.fixture
def omitted(screens: Engine) -> Engine:
    """Three of the township's four points logged a meeting of last week that the fourth did not."""
    week = world.WEEK - 1
    with open_session(screens, write=True) as session:
        for code in (A3, A4):
            session.add(Area(code=code, name=f"村{code[-1]}", level="village", parent_code=world.TOWN_A))
            session.flush()
            place = {"county_code": world.COUNTY, "township_code": world.TOWN_A}
            session.add(ObservationPoint(**place, village_code=code, since=world.SINCE))
        session.flush()
        for village in POINTS:
            log(session, village, week.monday)
        held(session, 1, world.AGRI, week.monday + timedelta(days=2), POINTS[:3], kind="meeting", title="秋收会")
        session.commit()
    return screens


@pytest.mark.parametrize("role", ["task_force", "township_liaison"])
def test_the_line_is_quiet_and_its_list_behind_a_click(omitted, role):
    at = visit("points", role)
    assert "近4周有 1 件事，同乡镇的点多数都记了、个别点没有记：可能漏报，请核实。" in words(at)
    assert "秋收会" not in words(at)
    at.toggle(key="omissions").set_value(True).run()
    shown = words(at)
    assert not at.exception
    assert "青石镇，11月9日–15日：已报的 4 个点里有 1 个可能漏报" in shown
    assert "农业农村局 · 会议 · 秋收会" in shown
    assert "4 个点里 3 个记了；没有记的：村4" in shown


@pytest.mark.parametrize("role", ["compliance_officer", "prefecture_viewer"])
def test_others_who_see_the_points_are_not_told(omitted, role):
    at = visit("points", role)
    assert not at.error
    assert "漏报" not in words(at)
