"""Whatever is tapped, in whatever order, and whatever breaks: rows, events and the audit trail stay together."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models.db import open_session
from models.rules.entry import Effort
from models.rules.errors import AppError
from models.tables import AuditEvent, Entry, Event, WeeklyLog
from services import audit
from services.actions import weekly_logs
from tests import world
from tests.services.logging_week import W, add


@pytest.mark.parametrize("act", ["add", "join", "change", "remove", "submit", "submit_zero"])
def test_without_its_audit_event_nothing_is_saved(session, as_, monkeypatch, act):
    actor = as_("village_recorder", world.FRIDAY)
    mine = add(session, actor).subject_id
    theirs = add(session, as_("recorder_a2"), kind="form").subject_id
    if act == "submit_zero":
        weekly_logs.remove_entry(session, actor, week=W, event_id=mine)
    before = everything(session)
    monkeypatch.setattr(audit, "record", _broken)
    tries = {
        "add": lambda: add(session, actor, "r9"),
        "join": lambda: weekly_logs.join_event(session, actor, week=W, event_id=theirs, request_id="r9"),
        "change": lambda: weekly_logs.change_entry(session, actor, week=W, event_id=mine, seen=Effort(60), minutes=1),
        "remove": lambda: weekly_logs.remove_entry(session, actor, week=W, event_id=mine),
        "submit": lambda: weekly_logs.submit(session, actor, week=W),
        "submit_zero": lambda: weekly_logs.submit_zero(session, actor, week=W),
    }
    with pytest.raises(OSError, match="full"):
        tries[act]()
    assert everything(session) == before


STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "tick", "untick", "submit", "zero"]), st.sampled_from([0, 1, 2]), st.integers(1, 6)),
    max_size=25,
)
VILLAGES = ("village_recorder", "recorder_a2", "recorder_b1")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_any_sequence_of_taps_keeps_entries_and_events_together(sqlite_engine, steps):
    with open_session(sqlite_engine, write=True) as session:
        for table in (Entry, Event, WeeklyLog):
            session.query(table).delete()
        session.commit()
        for number, (step, who, event_id) in enumerate(steps):
            actor = world.persona(session, VILLAGES[who], world.FRIDAY)
            try:
                _take(session, actor, step, event_id, f"s{number}")
            except AppError as error:
                assert error.code in {"no_such_event", "nothing_to_submit", "not_zero"}  # noqa: PT017
            _check_whole(session)


def _take(session, actor, step, event_id, request_id):
    if step == "add":
        departments = [world.AGRI, world.CIVIL, world.FIRE]
        add(session, actor, request_id, department_code=departments[event_id % 3], title=["", "防火"][event_id % 2])
    elif step == "tick":
        weekly_logs.join_event(session, actor, week=W, event_id=event_id, request_id=request_id)
    elif step == "untick":
        weekly_logs.remove_entry(session, actor, week=W, event_id=event_id)
    elif step == "submit":
        weekly_logs.submit(session, actor, week=W)
    else:
        weekly_logs.submit_zero(session, actor, week=W)


def _check_whole(session):
    rows = session.execute(select(Entry.village_code, Entry.event_id)).all()
    assert len(rows) == len(set(rows))
    events = set(session.scalars(select(Event.id)))
    assert events == set(range(1, len(events) + 1))
    assert {event_id for _, event_id in rows} <= events
    filled = {village for village, _ in rows}
    for log in session.scalars(select(WeeklyLog)):
        assert log.state == "draft" or log.zero == (log.village_code not in filled)


def everything(session):
    session.expire_all()
    return [
        sorted(repr({c.name: getattr(row, c.key) for c in table.__table__.columns}) for row in session.scalars(select(table)))
        for table in (WeeklyLog, Event, Entry, AuditEvent)
    ]


def _broken(*_args, **_facts):
    raise OSError("the disk is full")
