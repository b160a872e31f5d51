"""Whatever is ticked, written, changed and taken away in a sheet: bringing it twice is bringing it once."""

from datetime import date

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models.db import open_session
from models.tables import Entry, Event, Holding, WeeklyLog
from services.actions import groups
from services.sheets.cells import RowState
from services.sheets.layout import KEYS
from tests import world
from tests.services.logging_week import MONDAY, W, add
from tests.services.test_weekly_logs_whole import everything
from tests.sheets import Filled, answers, bring, plan, template

ME = "village_recorder"
WRITTEN = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["会议", "检查", "报表", "进群"]),
        "day": st.sampled_from([*W.days[:3], "11-17", 46342]),
        "department": st.sampled_from(["农业农村局", "民政局", "应急管理局"]),
        "title": st.sampled_from(["", "春耕会", "春 耕会", "=1+1", "'", "2026", " ｘ ", "防火群"]),
        "minutes": st.sampled_from([0, 30, "45", None]),
        "people": st.sampled_from([None, 1, 3]),
        "scored": st.sampled_from([None, "√", "是"]),
        "emergency": st.sampled_from([None, "√"]),
    },
)
LISTED = st.fixed_dictionaries(
    {},
    optional={
        "taken": st.sampled_from([None, "√"]),
        "minutes": st.sampled_from([10, 20]),
        "people": st.sampled_from([1, 2]),
        "title": st.sampled_from(["", "秋收会"]),
        "day": st.sampled_from([None, W.days[2]]),
    },
)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    written=st.lists(WRITTEN, max_size=4),
    listed=st.lists(LISTED, max_size=6),
    phone=st.booleans(),
    choice=st.sampled_from(["mine", "theirs"]),
    finish=st.sampled_from([None, "先存着", "填完了，提交", "这一周没有"]),
)
@example(written=[{}], listed=[{"taken": None}], phone=False, choice="theirs", finish=None)  # the same, but taken out above
@example(written=[{}], listed=[{"taken": "√", "minutes": 10}], phone=False, choice="theirs", finish=None)  # or made shorter
def test_a_sheet_brought_twice_is_a_sheet_brought_once(sqlite_engine, written, listed, phone, choice, finish):
    with open_session(sqlite_engine, write=True) as session:
        actor = _week(session)
        filled = Filled(_sheet(session, actor))
        _write(filled, written, listed)
        if finish:
            filled.finish(finish)
        if phone:
            add(session, actor, "p1", title="春耕会")
        content = filled.content
        choices = answers(plan(session, actor, content), choice)
        if not plan(session, actor, content, choices=choices).is_whole:
            return  # a row that cannot be taken, and so nothing is: another property
        bring(session, actor, content, choices=choices)
        before = everything(session)
        again = bring(session, actor, content, choices=choices)
        assert not again.changes
        assert not again.count(RowState.NEW) + again.count(RowState.CHANGED)
        assert everything(session) == before


def _week(session):
    """Something logged, something offered, a group."""
    for table in (Entry, Event, WeeklyLog, Holding):
        session.query(table).delete()
    session.commit()
    actor = world.persona(session, ME, world.FRIDAY)
    add(session, actor, "m1", title="例会")
    add(session, world.persona(session, "recorder_a2", world.FRIDAY), "n1", kind="form")
    groups.join(session, actor, week=W, department_code=world.AGRI, day=MONDAY, request_id="g", name="防火群")
    return actor


KEPT: list[bytes] = []  # the week is the same each time, and so is its sheet


def _sheet(session, actor):
    if not KEPT:
        KEPT.append(template(session, actor))
    return KEPT[0]


def _write(filled, written, listed):
    for number, cells in enumerate(written, 1):
        filled.blank(number, **cells)
        if cells.get("kind") == "进群":
            filled.blank(number, **{**cells, "minutes": None, "people": None, "scored": None, "emergency": None})
    for key, cells in zip([*filled.of("e"), *filled.of("j"), *filled.of("l")], listed, strict=False):
        free = [column for column in cells if not filled.cell(key, column).protection.locked]
        filled.put(key, **{column: cells[column] for column in free})


def test_the_days_of_the_property_are_days_of_the_week():
    assert date(1899, 12, 30).toordinal() + 46342 == MONDAY.toordinal()
    assert {"kind", "day", "department", "title", "minutes", "people", "scored", "emergency"} <= set(KEYS)
