"""The Overview and the recount by hand agree, whatever the moment; and a figure that is wrong is told."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from models.db import open_session
from models.rules.mix import Mix
from models.tables import Correction, WeekClosing, WeeklyLog
from recount import by_hand
from recount.__main__ import run
from recount.compare import Figure, compare, reading
from seed.places import COUNTY
from services.figures import comparing, coverage
from services.queries import overviews
from tests import world
from tests.project import full_world
from tests.seed.conftest import NOW

AT = f"--at={NOW.isoformat()}"
ON_SQLITE = pytest.mark.parametrize("demo_engine", ["sqlite"], indirect=True)


def differences(engine, county, as_of=NOW):
    with reading(engine) as session:
        figures = compare(session, county, as_of)
    assert len({figure.name for figure in figures}) == len(figures)
    return [figure.name for figure in figures if not figure.same]


def test_on_the_demo_every_figure_of_both_counties_agrees(demo_engine, capsys):
    assert run([AT]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[-1].endswith(" figures, 0 different")
    assert int(told[-1].split()[0]) == len(told) - 1 > 600
    for part in ("meeting now", "group baseline", "quotas inspection over, near", "same-day cluster 1", "relabelled visit 1",
                 "silent", "cost median", "form points compared",
                 "meeting base, weighed", "reported for leads", "provisional weeks"):  # fmt: skip
        assert any(part in line for line in told), part


@ON_SQLITE
@pytest.mark.parametrize("days", [-330, 9, 45, 95, 400])
def test_on_other_days_they_agree_too(demo_engine, days):
    assert differences(demo_engine, COUNTY, NOW + timedelta(days=days)) == []


def test_in_the_full_world_they_agree(engine):
    with open_session(engine, write=True) as session:
        full_world.fill(session)
        session.commit()
    assert differences(engine, world.COUNTY, world.NOW) == []
    assert differences(engine, world.CANARY, world.NOW) == []


def test_of_a_county_where_nobody_has_reported_they_agree(engine):
    with reading(engine) as session:
        figures = compare(session, world.COUNTY, world.NOW)
    assert all(figure.same for figure in figures)
    assert not any(figure.name.startswith(("meeting", "cost")) for figure in figures)


def test_of_a_county_without_points_they_agree(empty_engine, monkeypatch):
    monkeypatch.setenv("DEMO", "0")
    from seed.start import prepare

    prepare(NOW, empty_engine)
    assert differences(empty_engine, COUNTY) == []
    assert run([AT]) == 0  # no county at all


@ON_SQLITE
@pytest.mark.parametrize(
    ("place", "name", "wrong", "told"),
    [
        (coverage, "is_assigned", lambda week, since, until: since <= week.monday, "quotas completeness"),
        (overviews, "is_relabelled", lambda *_: False, "relabelled visits"),
        (overviews, "LEAD_WEEKS", 2, "same-day clusters"),
        (overviews, "WEEKS_A_YEAR", 53, "cost hours a year"),
        (comparing, "mix", lambda _: Mix(), "meeting base, weighed"),
    ],
)
def test_a_mistake_in_the_product_is_told(demo_engine, monkeypatch, capsys, place, name, wrong, told):
    monkeypatch.setattr(place, name, wrong)
    assert run([AT, "--differences", COUNTY]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any(told in line for line in lines)
    assert all(line.endswith("DIFFERENT") for line in lines[:-1])


@ON_SQLITE
def test_a_published_figure_that_somebody_changed_is_told(demo_engine):
    with open_session(demo_engine, write=True) as session:
        last = "SELECT MAX(week) FROM week_summary WHERE county_code = :county"
        changed = f"UPDATE week_summary SET village_times = village_times + 1 WHERE measure = 'meeting' AND week = ({last})"
        session.execute(text(f"{changed} AND level = 'county' AND NOT emergency"), {"county": COUNTY})
        session.commit()
    assert differences(demo_engine, COUNTY) == ["meeting 2026-W44"]


@ON_SQLITE
def test_while_a_village_corrects_a_week_they_agree(demo_engine):
    """What is held on is held in the later weeks too, and they are provisional with it."""
    with open_session(demo_engine, write=True) as session:
        week, village = session.execute(
            select(WeeklyLog.week, WeeklyLog.village_code)
            .join(WeekClosing, (WeekClosing.county_code == WeeklyLog.county_code) & (WeekClosing.week == WeeklyLog.week))
            .where(WeeklyLog.county_code == COUNTY).order_by(WeeklyLog.week.desc(), WeeklyLog.village_code).offset(90).limit(1)
        ).one()  # fmt: skip
        times = {"opened_at": NOW - timedelta(days=1), "until": NOW + timedelta(days=3)}
        place = {"county_code": COUNTY, "week": week, "village_code": village, "number": 1}
        session.add(Correction(**place, **times, reason="漏报了两次会议，补报一下", opened_by="x"))
        session.commit()
    assert differences(demo_engine, COUNTY) == []


@ON_SQLITE
def test_a_mistake_in_the_recount_is_told(demo_engine, monkeypatch):
    monkeypatch.setattr(by_hand, "COST", 11)
    assert set(differences(demo_engine, COUNTY)) >= {"cost logs"}


@pytest.mark.parametrize(
    ("product", "recount", "same"),
    [
        ((1.0, None), (1, None), True),
        ((0.1 + 0.2,), (0.3,), True),
        ((3.2,), (3.3,), False),
        ((None,), (0,), False),
        ((1, 2), (1,), False),
        (None, (1,), False),
        ((1,), None, False),
    ],
)
def test_figures_are_the_same_when_every_number_is(product, recount, same):
    assert Figure("x", product, recount).same is same


def test_the_recount_cannot_write(engine):
    with pytest.raises(DBAPIError), reading(engine) as session:
        session.execute(text("DELETE FROM threshold"))
    with open_session(engine, write=True) as session:
        session.execute(text("DELETE FROM threshold WHERE name = 'no such'"))


def test_a_moment_needs_its_zone(capsys):
    with pytest.raises(SystemExit):
        run(["--at", "2026-11-21T08:30"])
    assert "zone" in capsys.readouterr().err
