"""What is offered as one tap: known elsewhere, or known from habit; never whose it is."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy import event as listener

from models.rules.area import Level
from models.rules.errors import NotFound
from models.tables import Area, Department, Event, ObservationPoint
from services.actions import groups, weekly_logs
from services.queries import suggestions
from tests import world

W = world.WEEK
MONDAY, TUESDAY, WEDNESDAY, THURSDAY = W.days[:4]


def offered(session, actor, week=W, today=world.TODAY):
    return suggestions.week(session, actor, week=week, today=today)


def add(session, actor, request_id="r1", **changes):
    facts = {"week": W, "kind": "meeting", "department_code": world.AGRI, "day": TUESDAY, "minutes": 60, "title": "防火"}
    return weekly_logs.add_event(session, actor, request_id=request_id, **(facts | changes)).subject_id


def enter(session, source, **changes):
    """What a township or department entered itself."""
    facts = {
        "county_code": world.COUNTY, "id": 900, "kind": "form", "department_code": world.CIVIL, "happened_on": MONDAY,
        "week": W.monday, "title": "低保表", "minutes": 30, "source": source, "created_at": world.NOW, "created_by": "x",
    } | changes  # fmt: skip
    session.add(Event(**facts))
    session.commit()


def neighbours(session, count):
    """More points in the recorder's township, each with an account."""
    names = []
    for n in range(count):
        code = f"{world.TOWN_A[:9]}{301 + n}"
        session.add(Area(code=code, name=f"邻村{n}", level=Level.VILLAGE, parent_code=world.TOWN_A))
        session.flush()
        session.add(
            ObservationPoint(
                county_code=world.COUNTY, village_code=code, since=world.date(2025, 6, 2), township_code=world.TOWN_A
            )
        )
        world.add_account(session, f"neighbour{n}", world.Role.VILLAGE_RECORDER, code)
        names.append(f"neighbour{n}")
    session.commit()
    return names


def test_what_a_village_of_the_township_entered_is_offered(session, as_):
    event_id = add(session, as_("recorder_a2"), minutes=90)
    (row,) = offered(session, as_("village_recorder"))
    assert (row.event_id, row.title, row.minutes, row.day, row.origin) == (event_id, "防火", 90, TUESDAY, "neighbours")


def test_what_another_township_or_county_entered_is_not(session, as_):
    add(session, as_("recorder_b1"))
    add(session, as_("canary_recorder"), department_code=world.CANARY_DEPT)
    assert offered(session, as_("village_recorder")) == ()


@pytest.mark.parametrize(("villages", "told"), [(1, 0), (2, 0), (3, 3), (4, 4)])
def test_fewer_than_three_neighbours_are_never_counted_aloud(session, as_, villages, told):
    for name in neighbours(session, villages):
        add(session, as_(name))
    (row,) = offered(session, as_("village_recorder"))
    assert row.neighbours == told


def test_nothing_in_an_offer_tells_who_entered_it(session, as_):
    add(session, as_("recorder_a2"))
    values = str(asdict(offered(session, as_("village_recorder"))[0]))
    assert world.VILLAGE_A2 not in values
    assert "recorder_a2" not in values
    assert "柳河村" not in values


@pytest.mark.parametrize(("title", "villages", "offers"), [("柳河现场会", 1, 0), ("柳河村现场会", 3, 1), ("青山村现场会", 1, 1)])
def test_a_title_that_names_a_neighbour_would_tell_who_entered_it_while_few_have_it(session, as_, title, villages, offers):
    for name in ["recorder_a2", *neighbours(session, villages - 1)]:
        add(session, as_(name), title=title)
    assert len(offered(session, as_("village_recorder"))) == offers


@pytest.mark.parametrize("source", ["township", "department"])
def test_what_an_office_entered_is_offered_before_any_village_has_it(session, as_, source):
    enter(session, source)
    (row,) = offered(session, as_("village_recorder"))
    assert (row.event_id, row.origin) == (900, source)


@pytest.mark.parametrize(
    "changes",
    [{"township_code": world.TOWN_B}, {"week": (W - 1).monday}, {"happened_on": THURSDAY}, {"kind": "document"}],
)
def test_what_was_meant_for_others_or_has_not_happened_is_not_offered(session, as_, changes):
    enter(session, "department", **changes)
    assert offered(session, as_("village_recorder")) == ()


def test_what_was_ticked_is_not_offered_again_until_it_is_unticked(session, as_):
    event_id = add(session, as_("recorder_a2"))
    weekly_logs.join_event(session, as_("village_recorder"), week=W, event_id=event_id, request_id="t")
    assert offered(session, as_("village_recorder")) == ()
    weekly_logs.remove_entry(session, as_("village_recorder"), week=W, event_id=event_id)
    assert len(offered(session, as_("village_recorder"))) == 1


def test_an_event_that_nobody_has_any_more_is_offered_to_nobody(session, as_):
    event_id = add(session, as_("recorder_a2"))
    weekly_logs.remove_entry(session, as_("recorder_a2"), week=W, event_id=event_id)
    assert offered(session, as_("village_recorder")) == ()


def habit(session, as_, weeks, *, submitted=True, weekday=1, **changes):
    """The recorder's earlier weeks with the same thing in them, written while they were open."""
    for back in weeks:
        week = W - back
        actor = as_("village_recorder", week.ends_at() + timedelta(hours=1))
        add(session, actor, f"h{back}", **({"week": week, "day": week.days[weekday]} | changes))
        if submitted:
            weekly_logs.submit(session, actor, week=week)


@pytest.mark.parametrize(("weeks", "offers"), [([1, 2, 3, 4], 1), ([1, 2, 3], 1), ([1, 2], 0)])
def test_what_came_in_three_of_four_submitted_weeks_is_offered(session, as_, weeks, offers):
    habit(session, as_, weeks)
    assert len(offered(session, as_("village_recorder"))) == offers


def test_a_habit_comes_on_its_usual_weekday_with_its_usual_minutes(session, as_):
    habit(session, as_, [4], minutes=30, weekday=0)
    habit(session, as_, [2, 3], minutes=90)
    habit(session, as_, [1], minutes=60)
    (row,) = offered(session, as_("village_recorder"))
    assert (row.event_id, row.day, row.minutes, row.origin, row.title) == (None, TUESDAY, 90, "weekly", "防火")


def test_a_habit_whose_title_carries_the_number_of_its_week_is_offered_without_it_and_once(session, as_):
    for back in (1, 2, 3):
        habit(session, as_, [back], title=f"第{47 - back}周调度会")
    (row,) = offered(session, as_("village_recorder"))
    assert (row.title, row.origin, row.repeats) == ("调度会", "weekly", True)
    event_id = add(session, as_("recorder_a2"), title="第47周调度会")
    assert [(row.event_id, row.repeats) for row in offered(session, as_("village_recorder"))] == [(event_id, True)]


def test_what_came_once_a_month_is_offered_in_its_week_under_its_own_name(session, as_):
    for back, month in ((13, "8"), (9, "9"), (4, "10")):
        habit(session, as_, [back], kind="form", title=f"{month}月低保月报")
    for back in (1, 2, 3):
        ended = as_("village_recorder", (W - back).ends_at() + timedelta(hours=1))
        weekly_logs.submit_zero(session, ended, week=W - back)
    (row,) = offered(session, as_("village_recorder"))
    assert (row.event_id, row.title, row.day, row.origin, row.repeats) == (None, "低保月报", WEDNESDAY, "monthly", False)
    add(session, as_("village_recorder"), "now", kind="form", title="11月低保月报")
    assert offered(session, as_("village_recorder")) == ()


def test_drafts_make_no_habit(session, as_):
    habit(session, as_, [1, 2, 3, 4], submitted=False)
    assert offered(session, as_("village_recorder")) == ()


def test_a_habit_whose_day_has_not_come_waits(session, as_):
    habit(session, as_, [1, 2, 3], weekday=3)
    assert offered(session, as_("village_recorder")) == ()
    assert len(offered(session, as_("village_recorder"), today=THURSDAY)) == 1


def test_a_habit_already_logged_or_entered_by_a_neighbour_is_offered_once(session, as_):
    habit(session, as_, [1, 2, 3])
    event_id = add(session, as_("recorder_a2"))
    assert [row.event_id for row in offered(session, as_("village_recorder"))] == [event_id]
    weekly_logs.join_event(session, as_("village_recorder"), week=W, event_id=event_id, request_id="t")
    assert offered(session, as_("village_recorder")) == ()


def test_offers_come_by_day_and_kind(session, as_):
    enter(session, "department", happened_on=WEDNESDAY)
    add(session, as_("recorder_a2"), "r1", kind="form")
    add(session, as_("recorder_a2"), "r2")
    assert [(row.day, row.kind) for row in offered(session, as_("village_recorder"))] == [
        (TUESDAY, "meeting"),
        (TUESDAY, "form"),
        (WEDNESDAY, "form"),
    ]


def test_the_number_of_statements_does_not_grow(session, as_):
    counts = []
    for events in (1, 12):
        for n in range(events):
            add(session, as_("recorder_a2"), f"r{events}-{n}")
        counts.append(_statements(session, lambda: offered(session, as_("village_recorder"))))
    assert counts[0] == counts[1]


def _statements(session, act) -> int:
    seen = []
    engine = session.get_bind().engine
    note = lambda *args: seen.append(args[2])  # noqa: E731
    listener.listen(engine, "before_cursor_execute", note)
    act()
    listener.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_what_another_townships_office_asks_for_is_neither_offered_nor_ticked(session, as_):
    session.add(Department(code="992121200-01", area_code=world.TOWN_B, name="大坪乡党政办", kind="township", initials="dpxdzb"))
    session.flush()
    enter(session, "township", department_code="992121200-01")
    assert offered(session, as_("village_recorder")) == ()
    with pytest.raises(NotFound, match="no_such_event"):
        weekly_logs.join_event(session, as_("village_recorder"), week=W, event_id=900, request_id="t")


def join(session, actor, name="防汛工作群", request_id="g1", week=W, day=TUESDAY):
    facts = {"department_code": world.AGRI, "day": day, "name": name, "request_id": request_id}
    return groups.join(session, actor, week=week, **facts)


def offered_groups(session, actor, week=W):
    return suggestions.groups(session, actor, week=week, today=world.TODAY)


def test_a_group_that_neighbours_joined_is_offered_until_the_village_is_in_it(session, as_):
    join(session, as_("recorder_a2"))
    (group,) = offered_groups(session, as_("village_recorder"))
    assert (group.name, group.department_code, group.neighbours) == ("防汛工作群", world.AGRI, 0)
    join(session, as_("village_recorder"), name="防汛 工作群", request_id="g2")
    assert offered_groups(session, as_("village_recorder")) == ()


def test_a_group_of_another_township_one_without_a_name_and_an_old_one_are_not_offered(session, as_):
    join(session, as_("recorder_b1"))
    join(session, as_("recorder_a2"), name="", request_id="g2")
    assert offered_groups(session, as_("village_recorder")) == ()
    join(session, as_("recorder_a2"), request_id="g3")
    assert offered_groups(session, as_("village_recorder"), W + 2) == ()


def test_a_group_named_after_a_neighbouring_village_would_tell_who_joined_it(session, as_):
    join(session, as_("recorder_a2"), name="柳河村工作群")
    assert offered_groups(session, as_("village_recorder")) == ()


def test_a_group_that_its_neighbours_have_left_is_not_offered(session, as_):
    joined = join(session, as_("recorder_a2"), day=MONDAY)
    groups.leave(session, as_("recorder_a2"), week=W, holding_id=joined.subject_id, day=TUESDAY)
    assert offered_groups(session, as_("village_recorder")) == ()


@pytest.mark.parametrize(("villages", "told"), [(2, 0), (3, 3)])
def test_few_members_are_never_counted_aloud(session, as_, villages, told):
    for n, name in enumerate(neighbours(session, villages)):
        join(session, as_(name), request_id=f"g{n}")
    (group,) = offered_groups(session, as_("village_recorder"))
    assert group.neighbours == told
