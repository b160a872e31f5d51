"""Observation points: who was expected, what came, and how an assignment begins and ends."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.rules.errors import AppError, InvalidInput, NotAllowedNow, NotFound, PermissionDenied
from models.tables import Area, AuditEvent, ObservationPoint, WeeklyLog
from services import audit
from services.actions import points as actions
from services.queries import points
from tests import world

W = world.WEEK  # running; W-1 and W-2 are over but open, W-3 closed on Monday
FIRST, LAST = W - 4, W - 1
WINDOW = {"county_code": world.COUNTY, "first": FIRST, "last": LAST, "as_of": world.NOW}


def _log(session, village, week, *, zero=False, days_after=1.0, county=world.COUNTY, draft=False):
    at = week.ends_at() + timedelta(days=days_after)
    session.add(
        WeeklyLog(
            county_code=county,
            village_code=village,
            week=week.monday,
            state="draft" if draft else "submitted",
            zero=zero,
            saved_at=at,
            submitted_at=None if draft else at,
            submitted_by=None if draft else "village_recorder",
        )
    )
    session.flush()


@pytest.fixture
def reports(session):
    """A1 always on time (one zero), A2 late once and never since, B1 only a draft, B2 nothing, the canary everything."""
    for week in (W - 4, W - 3, W - 2, W - 1):
        _log(session, world.VILLAGE_A1, week, zero=week == W - 3)
        _log(session, world.VILLAGE_C1, week, county=world.CANARY)
    _log(session, world.VILLAGE_A2, W - 4, days_after=3)
    _log(session, world.VILLAGE_B1, W - 4, draft=True)


def _row(frame, column, value):
    return frame[frame[column] == value].iloc[0]


def test_every_expected_village_week_is_in_one_of_four_states(session, as_, reports):
    found = points.listing(session, as_("task_force"), **WINDOW)
    assert found.village_code.tolist() == [world.VILLAGE_A1, world.VILLAGE_A2, world.VILLAGE_B1, world.VILLAGE_B2]
    assert found.states.tolist() == ["szss", "smon", "mmon", "mmon"]  # W-2 is past due and open
    assert (found.submitted + found.zero + found.missing + found.not_due).tolist() == found.expected.tolist() == [4, 4, 4, 4]


def test_late_and_on_time_count_only_weeks_that_were_due(session, as_, reports):
    found = points.listing(session, as_("task_force"), **WINDOW)  # W-1 is due on Thursday: not yet
    assert found.due.tolist() == [3, 3, 3, 3]
    assert found.late.tolist() == [0, 1, 0, 0]
    assert found.on_time.tolist() == [3, 0, 0, 0]


CLOSED_WEEKS = ((W - 3).monday - world.SINCE).days // 7 + 1  # since the villages became points


@pytest.mark.parametrize("weeks", [1, 4, 60])
def test_a_run_of_missing_weeks_is_as_long_as_it_is_whatever_window_is_looked_at(session, as_, reports, weeks):
    found = points.listing(session, as_("task_force"), **(WINDOW | {"first": LAST - (weeks - 1)}))
    assert found.missing_run.tolist() == [0, 1, CLOSED_WEEKS, CLOSED_WEEKS]


def test_a_report_in_a_week_still_open_ends_the_silence(session, as_, reports):
    _log(session, world.VILLAGE_B1, W - 1, zero=True)
    assert points.listing(session, as_("task_force"), **WINDOW).missing_run.tolist() == [0, 1, 0, CLOSED_WEEKS]


def test_a_run_begins_with_the_assignment(session, as_, reports):
    session.get_one(ObservationPoint, (world.COUNTY, world.VILLAGE_B2, world.SINCE)).until = (W - 9).monday
    again = {"county_code": world.COUNTY, "village_code": world.VILLAGE_B2, "township_code": world.TOWN_B}
    session.add(ObservationPoint(since=(W - 5).monday, **again))
    session.flush()
    assert points.listing(session, as_("task_force"), **WINDOW).missing_run.tolist()[-1] == 3


def test_silent_points_are_those_with_enough_missing_weeks_in_a_row(session, as_, reports):
    found = points.silent(session, as_("task_force"), county_code=world.COUNTY, as_of=world.NOW)
    assert found.village_code.tolist() == [world.VILLAGE_B1, world.VILLAGE_B2]  # A2 reported four weeks ago
    assert found.missing_run.tolist() == [CLOSED_WEEKS] * 2


def test_a_point_that_has_ended_is_not_asked_any_more(session, as_, reports):
    _end(session, as_("task_force"), until=W - 1)
    found = points.silent(session, as_("task_force"), county_code=world.COUNTY, as_of=world.NOW)
    assert found.village_code.tolist() == [world.VILLAGE_B1]


def test_weeks_stay_provisional_until_they_close(session, as_):
    ask = {"county_code": world.COUNTY, "first": FIRST, "last": W}
    assert points.open_weeks(session, as_("task_force"), **ask, as_of=world.NOW) == [W - 2, W - 1, W]
    closing = (W - 2).ends_at() + timedelta(days=14)
    assert points.open_weeks(session, as_("task_force"), **ask, as_of=closing) == [W - 1, W]


def test_townships_sum_their_points_by_area_code(session, as_, reports):
    found = points.townships(session, as_("task_force"), **WINDOW)
    assert found.township_code.tolist() == [world.TOWN_A, world.TOWN_B]
    numbers = found[["points", "expected", "submitted", "zero", "missing", "not_due", "overdue", "late", "due", "on_time"]]
    assert numbers.values.tolist() == [[2, 8, 4, 1, 1, 2, 1, 1, 6, 3], [2, 8, 0, 0, 4, 4, 2, 0, 6, 0]]


def test_townships_are_the_sums_of_their_points(session, as_, reports):
    window = WINDOW | {"first": W - 8, "last": W}
    _end(session, as_("task_force"), until=W - 2)
    each = points.listing(session, as_("task_force"), **window).groupby("township_code")
    towns = points.townships(session, as_("task_force"), **window).set_index("township_code")
    assert towns[points.COUNTS].equals(each[points.COUNTS].sum())
    assert towns.points.to_dict() == each.size().to_dict()


def test_a_township_liaison_sees_only_the_own_township(session, as_, reports):
    mine = points.listing(session, as_("township_liaison"), **WINDOW)
    assert set(mine.township_code) == {world.TOWN_A}
    assert points.listing(session, as_("township_liaison"), **WINDOW, township_code=world.TOWN_B).empty


def test_a_prefecture_viewer_sees_each_of_its_counties_and_no_other(session, as_, reports):
    there = points.listing(session, as_("prefecture_viewer"), **(WINDOW | {"county_code": world.CANARY}))
    assert there.village_code.tolist() == [world.VILLAGE_C1, world.VILLAGE_C2]
    with pytest.raises(NotFound):
        points.listing(session, as_("canary_task_force"), **WINDOW)


def test_another_county_never_shows(session, as_, reports):
    assert "CANARY" not in points.listing(session, as_("task_force"), **WINDOW).to_string()
    assert "CANARY" not in points.candidates(session, as_("task_force"), county_code=world.COUNTY, week=W).to_string()


@pytest.mark.parametrize("username", ["village_recorder", "department", "system_admin", "security_admin", "auditor"])
def test_listing_refuses_roles_without_the_permission(session, as_, username):
    with pytest.raises(PermissionDenied):
        points.listing(session, as_(username), **WINDOW)


def test_an_assignment_counts_from_its_monday_until_before_its_end(session, as_):
    one = session.get_one(ObservationPoint, (world.COUNTY, world.VILLAGE_B2, world.SINCE))
    one.until = (W - 3).monday
    again = {"county_code": world.COUNTY, "village_code": world.VILLAGE_B2, "township_code": world.TOWN_B}
    session.add(ObservationPoint(since=(W - 1).monday, **again))
    session.flush()
    found = _row(points.listing(session, as_("task_force"), **WINDOW), "village_code", world.VILLAGE_B2)
    assert (found.states, found.expected, found.since) == ("m..n", 2, (W - 1).monday)


def test_the_number_of_statements_does_not_grow_with_points(session, as_, engine):
    from sqlalchemy import event

    told: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: told.append(args[2]))
    actor = as_("task_force")
    told.clear()
    points.listing(session, actor, **WINDOW)
    before = len(told)
    for village in (world.VILLAGE_B1, world.VILLAGE_B2):
        session.delete(session.scalars(select(ObservationPoint).where(ObservationPoint.village_code == village)).one())
    session.flush()
    told.clear()
    points.listing(session, actor, **WINDOW)
    assert len(told) == before <= 6


NEW = {"county_code": world.COUNTY, "village_code": world.VILLAGE_B2, "selection": "random", "reason": "新增一个点"}


def _end(session, actor, until=W, village=world.VILLAGE_B2):
    return actions.end(session, actor, county_code=world.COUNTY, village_code=village, until=until, reason="合村")


def test_a_point_ends_and_begins_again_and_both_are_audited(session, as_):
    force = as_("task_force")
    assert _end(session, force).until == W.monday
    assert points.candidates(session, force, county_code=world.COUNTY, week=W).village_code.tolist() == [world.VILLAGE_B2]
    assert actions.add(session, force, since=W + 1, **NEW).since == (W + 1).monday
    assert points.candidates(session, force, county_code=world.COUNTY, week=W + 1).empty
    told = session.scalars(select(AuditEvent).order_by(AuditEvent.seq)).all()
    assert [(e.action, e.subject, e.reason) for e in told] == [
        ("points.end", world.VILLAGE_B2, "合村"),
        ("points.add", world.VILLAGE_B2, "新增一个点"),
    ]


def test_what_was_before_does_not_move(session, as_, reports):
    force = as_("task_force")
    before = points.listing(session, force, **WINDOW)
    _end(session, force)
    _end(session, force, village=world.VILLAGE_A1)
    after = points.listing(session, force, **WINDOW)
    assert after.drop(columns="until").equals(before.drop(columns="until"))


@pytest.mark.parametrize("week", [W - 3, W - 30])
def test_add_and_end_refuse_closed_weeks(session, as_, week):
    with pytest.raises(NotAllowedNow) as refused:
        _end(session, as_("task_force"), until=week)
    assert (refused.value.code, refused.value.field) == ("point_week_closed", "until")
    _end(session, as_("task_force"))
    with pytest.raises(NotAllowedNow) as refused:
        actions.add(session, as_("task_force"), since=week, **NEW)
    assert refused.value.field == "since"


def test_a_week_is_open_until_one_second_before_its_deadline(session, as_):
    closes = (W - 2).ends_at() + timedelta(days=14)
    with pytest.raises(NotAllowedNow):
        _end(session, as_("task_force", closes), until=W - 2)
    assert _end(session, as_("task_force", closes - timedelta(seconds=1)), until=W - 2).until == (W - 2).monday


def test_end_keeps_weeks_that_were_reported(session, as_, reports):
    with pytest.raises(NotAllowedNow) as refused:
        _end(session, as_("task_force"), until=W - 1, village=world.VILLAGE_A1)
    assert refused.value.code == "point_has_logs"
    assert _end(session, as_("task_force"), until=W - 1, village=world.VILLAGE_B1).until == (W - 1).monday


@pytest.mark.parametrize("village", ["", "nonsense", world.TOWN_A, world.VILLAGE_C1])
def test_end_asks_for_a_village_of_the_county_when_there_is_none(session, as_, village):
    with pytest.raises(InvalidInput, match="point_no_village"):
        _end(session, as_("task_force"), village=village)


def test_end_refuses_a_week_not_after_the_beginning(session, as_):
    _end(session, as_("task_force"), until=W)
    actions.add(session, as_("task_force"), since=W + 2, **NEW)
    with pytest.raises(InvalidInput) as refused:
        _end(session, as_("task_force"), until=W + 2)
    assert refused.value.code == "point_ends_early"


def test_the_running_assignment_can_be_ended_though_a_later_one_is_planned(session, as_):
    _end(session, as_("task_force"), until=W + 4)
    actions.add(session, as_("task_force"), since=W + 6, **NEW)
    ended = _end(session, as_("task_force"), until=W + 1)
    assert (ended.since, ended.until) == (world.SINCE, (W + 1).monday)
    assert _end(session, as_("task_force"), until=W + 8).since == (W + 6).monday


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"village_code": world.VILLAGE_A1}, "point_exists"),
        ({"village_code": world.TOWN_A}, "point_no_village"),
        ({"village_code": world.VILLAGE_C2}, "point_no_village"),
        ({"village_code": "nonsense"}, "point_no_village"),
        ({"selection": "favourite"}, "point_selection"),
        ({"reason": "  "}, "point_reason"),
        ({"reason": "x" * 501}, "point_reason"),
        ({"reason": "a\x00b"}, "point_reason"),
    ],
)
def test_add_refuses_wrong_input(session, as_, wrong, code):
    _end(session, as_("task_force"))
    with pytest.raises(InvalidInput) as refused:
        actions.add(session, as_("task_force"), since=W, **(NEW | wrong))
    assert refused.value.code == code


@pytest.mark.parametrize(("first", "gone"), [(W + 2, None), (None, W + 1)])
def test_add_refuses_a_week_in_which_there_is_no_such_village(session, as_, first, gone):
    village = session.get_one(Area, world.VILLAGE_B2)
    village.valid_from, village.valid_until = first and first.monday, gone and gone.monday
    _end(session, as_("task_force"))
    with pytest.raises(InvalidInput, match="point_not_then"):
        actions.add(session, as_("task_force"), since=W + 1, **NEW)
    assert actions.add(session, as_("task_force"), since=first or W, **NEW)


@pytest.mark.parametrize("since", [W, W + 3, W + 6])
def test_add_refuses_a_village_that_is_a_point_then_or_will_be_one(session, as_, since):
    _end(session, as_("task_force"), until=W)
    actions.add(session, as_("task_force"), since=W + 2, **NEW)
    _end(session, as_("task_force"), until=W + 7)
    with pytest.raises(InvalidInput, match="point_exists"):
        actions.add(session, as_("task_force"), since=since, **NEW)
    assert actions.add(session, as_("task_force"), since=W + 7, **NEW)


@pytest.mark.parametrize("username", ["township_liaison", "compliance_officer", "prefecture_viewer", "department", "auditor"])
def test_add_and_end_refuse_other_roles(session, as_, username):
    with pytest.raises(PermissionDenied):
        _end(session, as_(username))
    with pytest.raises(PermissionDenied):
        actions.add(session, as_(username), since=W, **NEW)


def test_the_task_force_of_another_county_is_refused(session, as_):
    with pytest.raises(NotFound):
        _end(session, as_("canary_task_force"))
    with pytest.raises(NotFound):
        actions.add(session, as_("canary_task_force"), since=W, **NEW)


def test_nothing_is_saved_when_the_audit_fails(session, as_, monkeypatch):
    force = as_("task_force")

    def broken(*_args, **_kwargs):
        raise AppError("unexpected")

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(AppError):
        _end(session, force)
    assert session.scalar(select(func.count()).select_from(ObservationPoint).where(ObservationPoint.until.is_not(None))) == 0


def test_every_village_is_told_by_its_code_and_since_when_it_is_a_point(session, as_):
    _end(session, as_("task_force"), until=W)
    found = points.villages(session, as_("task_force"), county_code=world.COUNTY, today=world.TODAY)
    assert world.VILLAGE_C1 not in found.village_code.tolist()
    since = dict(zip(found.village_code, found.since, strict=True))
    assert (since[world.VILLAGE_A1], since[world.VILLAGE_B2]) == (world.SINCE, None)
