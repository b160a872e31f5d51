"""The demo in the database: put in once, whole, and seen by the use-cases as its story tells it."""

from datetime import timedelta

import bcrypt
import pytest
from sqlalchemy import Engine, event, func, select

from models.db import open_session
from models.rules.matching import Footing
from models.rules.verdict import VerdictCode
from models.rules.week import Week
from models.tables import Account, Area, AuditEvent, Base, Entry, Threshold
from seed.accounts import LOGINS, PASSWORD
from seed.commands import run
from seed.places import COUNTY, RECORDER_VILLAGE, SECOND_COUNTY
from seed.reference import DEFAULTS, put_reference
from seed.start import prepare
from services import audit
from services.access import ROLES, Actor, Role, operator
from services.queries import declarations, departments, overviews, points, suggestions, trends
from services.thresholds import EVERYWHERE, threshold
from tests.seed.conftest import NOW

TODAY = NOW.date()


def counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        tables = Base.metadata.sorted_tables
        return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def test_the_first_start_fills_an_empty_database_and_the_next_changes_nothing(demo_engine):
    before = counts(demo_engine)
    assert before["observation_point"] == 39
    prepare(NOW + timedelta(days=1), demo_engine)
    assert counts(demo_engine) == before


@pytest.mark.parametrize("start", [lambda: prepare(NOW), lambda: run(["demo", "--if-empty"])], ids=["app", "command"])
def test_without_the_demo_only_reference_rows_are_put_in(empty_engine, monkeypatch, capsys, start):
    monkeypatch.setenv("DEMO", "0")
    start()
    assert PASSWORD not in capsys.readouterr().out
    rows = {name: n for name, n in counts(empty_engine).items() if n}
    assert rows == {"threshold": len(DEFAULTS), "audit_chain": 1, "audit_event": 1}


def test_a_database_in_use_is_refused_and_left_alone(demo_engine, capsys):
    before = counts(demo_engine)
    assert run(["demo"]) == 1
    assert "没有放入演示数据" in capsys.readouterr().err
    assert run(["demo", "--if-empty"]) == 0
    assert counts(demo_engine) == before


def test_the_demo_is_refused_where_it_is_not_wanted(empty_engine, monkeypatch, capsys):
    monkeypatch.setenv("DEMO", "0")
    assert run(["demo"]) == 1
    assert "DEMO=0" in capsys.readouterr().err
    assert not any(counts(empty_engine).values())


@pytest.mark.parametrize("empty_engine", ["sqlite"], indirect=True)
def test_the_command_fills_an_empty_database_as_the_app_does(empty_engine, capsys):
    assert run(["demo", "--today", "2026-11-21"]) == 0
    printed = capsys.readouterr().out
    assert "observation_point 39" in printed
    rows = counts(empty_engine)
    assert (rows["observation_point"], rows["threshold"]) == (39, len(DEFAULTS))
    assert f"week_closing {rows['week_closing']}" in printed


def test_the_command_prints_every_login_and_warns_when_others_can_reach_them(demo_engine, monkeypatch, capsys):
    monkeypatch.setenv("HOST", "0.0.0.0")
    assert run(["demo", "--if-empty"]) == 0
    printed = capsys.readouterr()
    assert PASSWORD in printed.out
    assert all(f"  {login.username} " in printed.out for login in LOGINS)
    assert "WARNING" in printed.err
    monkeypatch.setenv("HOST", "127.0.0.1")
    assert run(["demo", "--if-empty"]) == 0
    assert "WARNING" not in capsys.readouterr().err


def test_a_demo_that_fails_half_way_leaves_nothing(empty_engine):
    before = counts(empty_engine)

    @event.listens_for(empty_engine, "before_cursor_execute")
    def fail(_connection, _cursor, statement, *_rest):
        if "INSERT INTO entry" in statement:
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        prepare(NOW, empty_engine)
    event.remove(empty_engine, "before_cursor_execute", fail)
    assert counts(empty_engine) == before


def test_there_is_a_login_for_every_role_and_one_must_change_its_password(demo_engine):
    with open_session(demo_engine) as session:
        accounts = session.scalars(select(Account)).all()
        assert {account.role for account in accounts} == set(ROLES)
        assert [account.username for account in accounts if account.must_change] == ["newcomer"]
        assert bcrypt.checkpw(PASSWORD.encode(), accounts[0].password_hash.encode())


def test_the_seeding_is_in_the_audit_trail_of_each_county_and_the_chains_are_whole(demo_engine):
    with open_session(demo_engine) as session:
        seeded = select(AuditEvent.county_code).where(AuditEvent.action == "seed.demo").order_by(AuditEvent.county_code)
        assert session.scalars(seeded).all() == [COUNTY, SECOND_COUNTY]
        assert [audit.first_broken(session, code) for code in (EVERYWHERE, COUNTY, SECOND_COUNTY)] == [None] * 3


def test_the_screens_tell_the_story(demo_engine):
    with open_session(demo_engine) as session:
        actor = operator(COUNTY, NOW)
        verdicts = {
            card.measure: card.comparison.verdict.code for card in overviews.cards(session, actor, county_code=COUNTY, as_of=NOW)
        }
        assert verdicts == {
            "meeting": VerdictCode.FALL,
            "inspection": VerdictCode.NONE,
            "form": VerdictCode.RISE,
            "group": VerdictCode.FALL,
        }
        shown = {"county_code": COUNTY, "measure": "meeting", "unit": "village_times", "as_of": NOW}
        weeks = {"first": Week.of(TODAY - timedelta(weeks=26)).monday, "last": Week.of(TODAY).monday}
        towns = trends.picture(session, actor, **shown, **weeks).by_township
        seen = {*verdicts.values(), *(town.verdict.code for town in towns.values())}
        assert seen == set(VerdictCode), "the demo shows all four"
        table = departments.standings(session, actor, county_code=COUNTY, period="2026", today=TODAY)
        assert sorted(table.loc[table["status"] == "over", "measure"]) == ["form", "inspection", "meeting"]
        assert (table["status"] == "near").sum() == 5
        year = {"county_code": COUNTY, "first": TODAY - timedelta(days=540), "through": TODAY}
        assert len(overviews.relabelled(session, actor, **year)) == 2
        assert list(overviews.same_day(session, actor, **year)["units"]) == [4]
        assert len(points.silent(session, actor, county_code=COUNTY, as_of=NOW)) == 2
        matched = declarations.compared(session, actor, county_code=COUNTY, period="2026", as_of=NOW)
        assert (matched.declaring, matched.enough, matched.counts.footing) == (2, True, Footing.ENOUGH)
        cost = overviews.own_cost(session, actor, county_code=COUNTY, as_of=NOW)
        assert cost.median < cost.limit


def test_the_recorder_is_offered_what_the_neighbours_entered(demo_engine):
    with open_session(demo_engine) as session:
        recorder = Actor(NOW, "village", "", Role.VILLAGE_RECORDER, "", RECORDER_VILLAGE.code, None, (COUNTY,))
        offered = suggestions.week(session, recorder, week=Week.of(TODAY), today=TODAY)
        assert {"meeting", "inspection", "form"} <= {row.kind for row in offered}


def test_reference_rows_are_added_once_and_a_changed_one_is_kept(empty_engine):
    with open_session(empty_engine, write=True) as session:
        assert put_reference(session, NOW) == len(DEFAULTS)
        session.get_one(Threshold, (EVERYWHERE, "due_days", 1)).value = 5.0
        assert put_reference(session, NOW) == 0
        assert threshold(session, COUNTY, "due_days", TODAY) == 5.0


def test_the_bases_of_the_demo_are_marked_as_unconfirmed(demo_engine):
    with open_session(demo_engine) as session:
        for table in ("target", "quota", "threshold"):
            rows = session.execute(select(Base.metadata.tables[table].c["basis", "basis_checked"])).all()
            assert rows
            assert all(basis and not checked for basis, checked in rows)


def test_bulk_data_is_as_much_as_asked_for_and_refused_twice(empty_engine, capsys):
    size = ["--villages", "30", "--weeks", "3", "--entries", "5", "--today", "2026-11-21"]
    assert run(["bulk", *size]) == 0
    with open_session(empty_engine) as session:
        assert session.scalar(select(func.count()).select_from(Entry)) == 3 * 6 * 25
        assert session.scalar(select(func.count()).select_from(Area).where(Area.level == "village")) == 30
    assert run(["bulk", *size]) == 1
    assert "批量数据" in capsys.readouterr().err


def test_the_first_administrators_come_from_the_command_line(demo_engine, capsys):
    assert run(["admin", "Root1", "--area", "992121", "--role", "security_admin"]) == 0
    password = capsys.readouterr().out.splitlines()[1]
    with open_session(demo_engine) as session:
        account = session.get_one(Account, "root1")
        assert (account.role, account.must_change, account.active) == ("security_admin", True, True)
        assert bcrypt.checkpw(password.encode(), account.password_hash.encode())
    assert run(["admin", "root1", "--area", "992121"]) == 1
    assert run(["admin", "other", "--area", "992199"]) == 1
    assert run(["admin", "third", "--area", "992121100"]) == 1
