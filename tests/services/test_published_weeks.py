"""Summaries of closed weeks + open weeks live = a recount of every row, whatever was saved, corrected, closed in which order."""

import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.db import READ, make_engine
from models.rules.errors import AppError
from models.rules.measure import Measure, Unit, units_of
from models.rules.week import Week
from models.tables import Entry, Event, Holding, ObservationPoint, WeeklyLog
from services import closing
from services.actions import corrections, groups, points, weekly_logs
from services.queries import trends
from tests import world
from tests.logged import Received, group, week_of
from tests.world import AGRI, CIVIL, COUNTY, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1

HISTORY = [world.WEEK - 5, world.WEEK - 4]  # closed, with something in them, before anybody begins
FIRST, LAST = HISTORY[0], world.WEEK + 2
RECORDERS = {VILLAGE_A1: "village_recorder", VILLAGE_A2: "recorder_a2", VILLAGE_B1: "recorder_b1"}
villages = st.sampled_from(list(RECORDERS))
running = st.integers(-2, 2).map(lambda n: world.WEEK + n)
weeks = st.one_of(running, st.sampled_from(HISTORY))
small = st.integers(1, 3)
BEGUN = world.NOW - timedelta(days=7)
FIGURES = [(measure, unit) for measure in Measure for unit in units_of(measure)]


class Weeks(RuleBasedStateMachine):
    """People at work in one county, and a clock that only goes forward."""

    engine, actors = None, {}

    @initialize(figure=st.sampled_from(FIGURES))
    def open(self, figure):
        self.connection = self.engine.connect()
        self.outer = self.connection.begin()
        self.session = Session(self.connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        self.now, self.taps, self.figure = BEGUN, 0, figure

    def try_(self, use_case, persona, **params):
        """As a person would: what is refused is refused."""
        try:
            use_case(self.session, replace(self.actors[persona], now=self.now), **params)
        except AppError:
            self.session.rollback()

    @rule(
        village=villages, week=weeks, day=st.integers(0, 6), kind=st.sampled_from(["meeting", "inspection", "form"]),
        department=st.sampled_from([AGRI, CIVIL]), minutes=st.sampled_from([30, 45]), people=small, copies=small,
        emergency=st.booleans(),
    )  # fmt: skip
    def log(self, village, week, day, kind, department, minutes, people, copies, emergency):
        self.taps += 1
        self.try_(
            weekly_logs.add_event, RECORDERS[village], week=week, kind=kind, department_code=department, day=week.days[day],
            minutes=minutes, people=people, copies=copies if kind == "form" else 1, emergency=emergency,
            request_id=f"tap{self.taps}", title="同一件事",
        )  # fmt: skip

    @rule(village=villages, week=weeks, day=st.integers(0, 6))
    def join_group(self, village, week, day):
        self.taps += 1
        params = {"week": week, "department_code": AGRI, "day": week.days[day], "request_id": f"tap{self.taps}"}
        self.try_(groups.join, RECORDERS[village], **params)

    @rule(village=villages, week=weeks, day=st.integers(0, 6))
    def leave_group(self, village, week, day):
        open_ = select(Holding.id).where(Holding.village_code == village, Holding.until.is_(None))
        held = self.session.scalars(open_).first()
        if held is not None:
            self.try_(groups.leave, RECORDERS[village], week=week, holding_id=held, day=week.days[day])

    @rule(village=villages, week=weeks)
    def take_one_out(self, village, week):
        logged = select(Entry.event_id).where(Entry.village_code == village, Entry.week == week.monday)
        entry = self.session.scalars(logged.order_by(Entry.event_id.desc())).first()
        if entry is not None:
            self.try_(weekly_logs.remove_entry, RECORDERS[village], week=week, event_id=entry)

    @rule(village=villages, week=weeks, zero=st.booleans())
    def submit(self, village, week, zero):
        self.try_(weekly_logs.submit_zero if zero else weekly_logs.submit, RECORDERS[village], week=week)

    @rule(days=st.sampled_from([0.5, 3, 7, 15]))
    def time_passes(self, days):
        self.now += timedelta(days=days)

    @rule()
    def close(self):
        self.session.commit()
        list(closing.close_due(self.now, self.connection))
        self.session.expire_all()

    @rule(village=villages, week=weeks)
    def reopen(self, village, week):
        params = {"county_code": COUNTY, "village_code": village, "week": week, "reason": "漏报了两次会议，补报一下"}
        self.try_(corrections.reopen, "task_force", **params)

    @rule(
        village=villages,
        week=st.sampled_from(HISTORY),
        kind=st.sampled_from(["meeting", "form", "group"]),
        emergency=st.booleans(),
    )
    def correct(self, village, week, kind, emergency):
        """What is there is from then on not what was published, until somebody is done."""
        self.reopen(village=village, week=week)
        if kind == "group":
            self.join_group(village=village, week=week, day=0)
        else:
            facts = {"department": AGRI, "minutes": 30, "people": 2, "copies": 2}
            self.log(village=village, week=week, day=0, kind=kind, emergency=emergency, **facts)

    @rule(village=villages, week=weeks)
    def finish(self, village, week):
        self.try_(corrections.done, RECORDERS[village], week=week)

    @rule(village=villages, week=st.integers(-2, 3).map(lambda n: world.WEEK + n))
    def end_point(self, village, week):
        params = {"county_code": COUNTY, "village_code": village, "until": week, "reason": "村合并，不再作为监测点"}
        self.try_(points.end, "task_force", **params)

    @rule(village=villages, week=st.integers(-2, 3).map(lambda n: world.WEEK + n))
    def add_point(self, village, week):
        params = {"county_code": COUNTY, "village_code": village, "since": week, "reason": "重新选为监测点的村"}
        self.try_(points.add, "task_force", selection="random", **params)

    def check(self):
        measure, unit = self.figure
        span = {"first": FIRST.monday, "last": LAST.monday, "as_of": self.now, "county_code": COUNTY}
        rows, known = _rows(self.session), span | {"measure": measure, "unit": unit}
        with Session(self.connection, info={READ: {}}) as reading:  # as a screen asks: what both answers need is read once
            actor = replace(self.actors["task_force"], now=self.now)
            frames = (trends.weekly(reading, actor, **known), trends.by_township(reading, actor, **known))
        for one in (row for frame in frames for row in frame.to_dict("records")):
            expected = _recount(rows, measure, unit, one["week"], one.get("township_code"))
            told = one["expected"], one["submitted"], one["zero"], one["late"], one["total"], one["emergency"]
            assert [n for n in told if n == n] == pytest.approx(expected), (one, unit)

    def teardown(self):
        if hasattr(self, "session"):
            try:
                self.check()
            finally:
                self.session.close()
                self.outer.rollback()
                self.connection.close()


def _rows(session):
    tables = {table: session.scalars(select(table)).all() for table in (ObservationPoint, WeeklyLog, Entry, Event, Holding)}
    return {table: [row for row in found if row.county_code == COUNTY] for table, found in tables.items()}


def _recount(rows, measure, unit, monday, township):
    """(expected, submitted, zero, late[, total, emergency]) by hand: no SQL, no code of ours but the units' definitions."""
    sunday = monday + timedelta(days=6)
    mine = {
        p.village_code
        for p in rows[ObservationPoint]
        if p.since <= monday and (p.until is None or monday < p.until) and (township in (None, p.township_code))
    }
    logs = [w for w in rows[WeeklyLog] if w.week == monday and w.village_code in mine and w.state == "submitted"]
    due = Week(monday).ends_at() + timedelta(days=world.THRESHOLDS["due_days"])
    zero = sum(w.zero for w in logs)
    counts = [len(mine), len(logs) - zero, zero, sum(w.submitted_at >= due for w in logs)]
    told = {w.village_code for w in logs}
    if not told:
        return counts
    if measure is Measure.GROUP:
        held = [
            h for h in rows[Holding] if h.village_code in told and h.since <= sunday and (h.until is None or h.until > sunday)
        ]
        return [*counts, len(held), 0]
    events = {e.id: e for e in rows[Event] if e.kind == measure}
    entries = [e for e in rows[Entry] if e.week == monday and e.village_code in told and e.event_id in events]
    parts = ([e for e in entries if events[e.event_id].emergency is apart] for apart in (False, True))
    return [*counts, *(_amount(part, unit) for part in parts)]


def _amount(entries, unit):
    if unit is Unit.SESSIONS:
        return len({e.event_id for e in entries})
    if unit is Unit.HOURS:
        return sum(e.people * (e.minutes + e.travel_minutes) for e in entries) / 60
    return sum(e.copies for e in entries)


def _begin(engine):
    """The history, and its closing."""
    with Session(engine) as session:
        session.execute(update(ObservationPoint).values(since=FIRST.monday))
        for number, week in enumerate(HISTORY):
            for village in RECORDERS:
                week_of(
                    session, village, week, Received(number), Received(10 + number, kind="form", copies=3, emergency=bool(number))
                )
        group(session, 1, VILLAGE_A1, FIRST)
        session.commit()
        Weeks.actors = {name: world.persona(session, name) for name in ("task_force", *RECORDERS.values())}
    assert [week for county, week in closing.close_due(BEGUN, engine) if county == COUNTY] == HISTORY


def test_closed_weeks_from_summaries_and_open_weeks_live_are_a_full_recount(sqlite_template, tmp_path):
    Weeks.engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'weeks.db')}")
    _begin(Weeks.engine)
    try:
        run_state_machine_as_test(
            Weeks,
            settings=settings(
                max_examples=500, stateful_step_count=12, deadline=None, derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
    finally:
        Weeks.engine.dispose()
