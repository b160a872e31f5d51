"""Weekly sheets: what goes out comes back as it is meant, once, whole or not at all, by the rules of the screen."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.rules.errors import Conflict, InvalidInput
from models.tables import AuditEvent, Entry, Event, Holding, WeeklyLog
from services.actions import groups, weekly_logs
from services.log.shared_events import effort_of
from services.sheets.cells import RowState
from tests import world
from tests.services.logging_week import MONDAY, TUESDAY, W, add, count, stored
from tests.services.test_weekly_logs_whole import everything
from tests.sheets import Filled, answers, bring, plan, refusals, template

ME = "village_recorder"


def counts(found):
    return {state.value: found.count(state) for state in RowState if found.count(state)}


def test_a_sheet_holds_what_is_logged_ticked_and_what_is_offered_unticked(session, as_):
    mine = add(session, as_(ME), title="=1+1").subject_id
    theirs = add(session, as_("recorder_a2"), kind="form", title="人口表").subject_id
    groups.join(session, as_(ME), week=W, department_code=world.AGRI, day=MONDAY, request_id="g", name="防火群")
    filled = Filled(template(session, as_(ME)))
    assert filled.of("e") == [f"e{mine}", f"e{theirs}"]
    assert [filled.cell(key, "taken").value for key in filled.of("e")] == ["√", None]
    title = filled.cell(f"e{mine}", "title")
    assert (title.value, title.data_type, title.quotePrefix) == ("=1+1", "s", True)
    assert len(filled.of("s")) == 12
    assert (filled.of("j"), filled.of("l")) == (["j1"], ["l1"])
    assert not plan(session, as_(ME), filled.content).changes


def test_what_was_ticked_and_written_is_logged_and_the_week_submitted(session, as_):
    actor = as_(ME, world.FRIDAY)
    theirs = add(session, as_("recorder_a2"), kind="form", minutes=30).subject_id
    filled = Filled(template(session, actor)).put(f"e{theirs}", taken="√", minutes=45, copies=2)
    filled.blank(1, title="防火部署会", people=2, scored="√")
    filled.blank(2, kind="检查", called_as="指导", day="11-18", minutes="90")
    filled.blank(3, kind="进群", title="防火群", minutes=None).finish("填完了，提交")
    found = plan(session, actor, filled.content)
    assert (counts(found), refusals(found)) == ({"new": 4}, [])
    assert bring(session, actor, filled.content).is_whole
    log = stored(session)
    assert (log.state, log.zero, log.version, log.submitted_by) == ("submitted", False, 1, ME)
    rows = session.execute(select(Event.kind, Entry.minutes, Entry.people, Entry.copies).join(Entry, Entry.event_id == Event.id))
    mine = sorted(tuple(row) for row in rows.all() if row.minutes != 30)
    assert mine == [("form", 45, 1, 2), ("inspection", 90, 1, 1), ("meeting", 60, 2, 1)]
    assert session.scalars(select(Holding.name)).all() == ["防火群"]
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "log_sheets.apply")).one()
    assert event.subject == f"{W.label}/{world.VILLAGE_A1}"
    assert "防火部署会" in event.new


def test_the_same_file_again_changes_nothing_and_a_row_that_was_stored_is_known_again(session, as_):
    actor = as_(ME)
    filled = Filled(template(session, actor)).blank(1).blank(2, kind="进群", minutes=None)
    bring(session, actor, filled.content)
    before = everything(session)
    assert (counts(plan(session, actor, filled.content)), bring(session, actor, filled.content).changes) == ({"same": 2}, False)
    assert everything(session) == before
    again = plan(session, actor, filled.blank(1, minutes=90).content)  # which of the two is newer, nobody knows
    assert counts(again) == {"same": 1, "asked": 1}
    bring(session, actor, filled.content, choices=answers(again, "mine"))
    assert session.scalars(select(Entry.minutes)).all() == [90]


def test_two_villages_that_write_down_the_same_thing_share_one_event(session, as_):
    liaison = as_("township_liaison")
    content = template(session, liaison)
    for at, title in ((0, "春耕会"), (1, "春 耕会！")):
        content = Filled(content, at).blank(1, title=title).content
    assert counts(bring(session, liaison, content)) == {"new": 2}
    assert (count(session, Event), count(session, Entry)) == (1, 2)
    assert set(session.scalars(select(WeeklyLog.village_code))) == {world.VILLAGE_A1, world.VILLAGE_A2}
    assert counts(plan(session, liaison, content)) == {"same": 2}
    filled = Filled(template(session, as_("recorder_b1"))).blank(1, title="春耕会")
    bring(session, as_("recorder_b1"), filled.content)
    assert count(session, Event) == 1


def test_a_row_that_reads_like_what_is_logged_already_is_asked_about(session, as_):
    actor = as_(ME)
    content = Filled(template(session, actor)).blank(1, title="春耕会").content
    add(session, actor, title="春耕会")  # on the phone, meanwhile
    asked = plan(session, actor, content)
    assert counts(asked) == {"asked": 1}
    assert not plan(session, actor, content, choices=answers(asked, "theirs")).changes
    with pytest.raises(Conflict, match="sheets_asked"):
        bring(session, actor, content)
    bring(session, actor, content, choices=answers(asked, "mine"))
    assert count(session, Entry) == 2
    assert not plan(session, actor, content, choices=answers(asked, "mine")).changes


def test_what_was_changed_on_the_phone_since_is_shown_with_both_values_and_chosen(session, as_):
    actor = as_(ME)
    number = add(session, actor).subject_id
    filled = Filled(template(session, actor)).put(f"e{number}", minutes=90)
    seen = {"week": W, "event_id": number, "seen": _effort(session, number)}
    weekly_logs.change_entry(session, actor, **seen, minutes=75, people=3)
    asked = plan(session, actor, filled.content)
    (row,) = asked.sheets[0].rows
    assert (row.state, row.differing, row.mine["minutes"], row.theirs["minutes"]) == (RowState.ASKED, ("minutes",), 90, 75)
    assert not bring(session, actor, filled.content, choices=answers(asked, "theirs")).changes
    bring(session, actor, filled.content, choices=answers(asked, "mine"))
    assert [(one.minutes, one.people) for one in session.scalars(select(Entry))] == [(90, 3)]  # nobody touched the people here


def test_a_choice_holds_only_against_the_value_that_was_shown(session, as_):
    actor = as_(ME)
    number = add(session, actor).subject_id
    filled = Filled(template(session, actor)).put(f"e{number}", minutes=90)
    weekly_logs.change_entry(session, actor, week=W, event_id=number, seen=_effort(session, number), minutes=75)
    chosen = answers(plan(session, actor, filled.content), "mine")
    weekly_logs.change_entry(session, actor, week=W, event_id=number, seen=_effort(session, number), minutes=120)
    with pytest.raises(Conflict, match="sheets_asked"):
        bring(session, actor, filled.content, choices=chosen)
    assert session.scalars(select(Entry.minutes)).all() == [120]


def test_a_workbook_of_two_weeks_is_taken_in_whole_and_known_again(session, as_):
    actor = as_(ME)
    content = template(session, actor, W, W - 1)
    for at, week in ((0, W), (1, W - 1)):
        filled = Filled(content, at).blank(1, day=week.monday).blank(2, kind="进群", day=week.monday, minutes=None)
        content = filled.content
    assert counts(bring(session, actor, content)) == {"new": 4}
    assert sorted(session.scalars(select(Entry.week))) == [(W - 1).monday, W.monday]
    assert sorted(session.scalars(select(Holding.since))) == [(W - 1).monday, W.monday]
    assert counts(plan(session, actor, content)) == {"same": 4}


def test_time_spent_on_a_sheet_is_not_the_log_s_own(session, as_):
    add(session, as_(ME))
    later = as_(ME, world.NOW + timedelta(minutes=10))
    bring(session, later, Filled(template(session, later)).blank(1, kind="报表").content)
    assert (stored(session).version, stored(session).seconds) == (2, 0)


def test_a_tick_taken_away_takes_the_row_out_and_the_last_one_makes_the_week_a_draft(session, as_):
    actor = as_(ME, world.FRIDAY)
    number = add(session, actor).subject_id
    groups.join(session, actor, week=W, department_code=world.AGRI, day=MONDAY, request_id="g", name="防火群")
    weekly_logs.submit(session, actor, week=W)
    filled = Filled(template(session, actor)).put(f"e{number}", taken=None).put("j1", taken=None)
    found = bring(session, actor, filled.content)
    assert (counts(found), found.sheets[0].reverts) == ({"changed": 2}, True)
    assert (count(session, Entry), count(session, Holding), stored(session).state) == (0, 0, "draft")
    assert not bring(session, actor, filled.content).changes
    bring(session, actor, filled.finish("这一周没有").content)
    assert (stored(session).state, stored(session).zero) == ("submitted", True)
    assert not bring(session, actor, filled.content).changes


def test_what_comes_every_week_is_the_same_box_on_the_phone_and_in_the_sheet(session, as_):
    actor = as_(ME, world.FRIDAY)
    for back in (4, 3, 2, 1):
        week = W - back
        add(session, as_(ME, week.ends_at() - timedelta(hours=1)), f"h{back}", week=week, day=week.days[1], title="例会")
        weekly_logs.submit(session, as_(ME, week.ends_at() - timedelta(hours=1)), week=week)
    filled = Filled(template(session, actor))
    (habit,) = filled.of("w")
    bring(session, actor, filled.put(habit, taken="√", minutes=30).content)
    add(session, actor, f"tick-{W.label}-{habit}", title="例会")  # the same box, on a phone that has not heard of it
    assert session.scalars(select(Entry.minutes).where(Entry.week == W.monday)).all() == [30]
    assert not plan(session, actor, filled.content).changes


def test_a_group_is_renamed_left_and_left_again_is_the_same(session, as_):
    actor = as_(ME)
    groups.join(session, actor, week=W, department_code=world.AGRI, day=MONDAY, request_id="g", name="防火群")
    filled = Filled(template(session, actor)).put("j1", title="防火新群").put("l1", taken="√", day=TUESDAY)
    assert counts(bring(session, actor, filled.content)) == {"new": 1, "changed": 1}
    group = session.scalars(select(Holding)).one()
    assert (group.name, group.until) == ("防火新群", TUESDAY)
    assert not plan(session, actor, filled.content).changes
    later = Filled(template(session, actor)).put("l1", taken=None)
    bring(session, actor, later.content)
    session.expire_all()
    assert session.scalars(select(Holding)).one().until is None


def test_one_wrong_cell_and_nothing_of_all_files_is_stored(session, as_):
    liaison = as_("township_liaison")
    good = Filled(template(session, liaison, villages=(world.VILLAGE_A1,))).blank(1).content
    bad = Filled(template(session, liaison, villages=(world.VILLAGE_A2,))).blank(1).blank(2, minutes=2000).content
    before = everything(session)
    with pytest.raises(InvalidInput, match="sheets_rejected"):
        bring(session, liaison, good, bad)
    assert everything(session) == before


def _effort(session, number):
    return effort_of(session.scalars(select(Entry).where(Entry.event_id == number)).one())
