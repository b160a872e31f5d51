"""The overview's own figures, on numbers small enough to check by hand; both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import event, update

from models.rules.errors import NotFound, PermissionDenied
from models.rules.verdict import Reason, VerdictCode
from models.tables import Entry, Event, Target, Threshold, WeeklyLog
from services.queries import overviews
from tests import world
from tests.logged import Received, group, week_of
from tests.world import AGRI, CANARY_DEPT, CIVIL, FIRE, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, VILLAGE_B2, VILLAGE_C1, WEEK

ALL = (VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, VILLAGE_B2)
LAST = WEEK - 1
ASK = {"county_code": world.COUNTY, "as_of": world.NOW}
DAYS = {"county_code": world.COUNTY, "first": (WEEK - 4).monday, "through": world.TODAY}


@pytest.fixture
def fallen(session):
    """Four meetings per point and week in the baseline (W-12…W-9), one in the last four; eight chat groups at one point."""
    number = 1
    for back, meetings in [(n, 4) for n in range(12, 8, -1)] + [(n, 1) for n in range(4, 0, -1)]:
        for village in ALL:
            week_of(session, village, WEEK - back, *(Received(number + n) for n in range(meetings)))
            number += meetings
    week_of(session, VILLAGE_C1, LAST, *(Received(number + n, department=CANARY_DEPT) for n in range(9)))
    for n in range(8):
        group(session, n, VILLAGE_A1, WEEK - 20)
    session.add(
        Target(
            county_code=world.COUNTY, area_code=world.COUNTY, measure="meeting", version=1, reduction=0.5,
            baseline_from=(WEEK - 12).monday, baseline_until=(WEEK - 9).sunday, starts=(WEEK - 8).monday,
            ends=(WEEK + 6).sunday, basis="test", created_at=world.NOW, created_by="x",
        )
    )  # fmt: skip
    session.flush()


def _card(session, actor, measure):
    return next(card for card in overviews.cards(session, actor, **ASK) if card.measure == measure)


def test_four_measures_each_with_its_unit(session, as_, fallen):
    found = overviews.cards(session, as_("task_force"), **ASK)
    units = ["village_times", "village_times", "village_times", "holdings"]
    assert [(card.measure, card.unit) for card in found] == list(
        zip(("meeting", "inspection", "form", "group"), units, strict=True)
    )


def test_a_fall_is_told_with_its_numerators_and_its_goal(session, as_, fallen):
    card = _card(session, as_("task_force"), "meeting")
    verdict = card.comparison.verdict
    assert (verdict.now.total, verdict.now.exposure, verdict.base.total, verdict.base.exposure) == (16, 16, 64, 16)
    assert (verdict.code, verdict.change) == (VerdictCode.FALL, -0.75)
    assert (card.comparison.points, card.comparison.expected) == (4, 4)
    assert card.target.path.goal == 2
    assert card.weeks.rate.dropna().tolist() == [4, 4, 4, 4, 1, 1, 1, 1]
    assert card.weeks.closed.tolist()[-4:] == [True, True, False, False]


def test_a_stock_is_what_each_point_has(session, as_, fallen):
    verdict = _card(session, as_("task_force"), "group").comparison.verdict
    assert (verdict.now.rate, verdict.base.rate) == (2, 2)  # 8 groups at one of four points
    assert verdict.code is not VerdictCode.FALL


def test_emergency_work_comes_on_top(session, as_, fallen):
    received = session.get_one(Entry, (world.COUNTY, LAST.monday, VILLAGE_B2, 80))
    session.execute(update(Event).where(Event.id == received.event_id).values(emergency=True))
    card = _card(session, as_("task_force"), "meeting")
    assert (card.emergency, card.comparison.verdict.now.total) == (1, 15)


def test_a_liaison_sees_the_own_township(session, as_, fallen):
    comparison = _card(session, as_("township_liaison"), "meeting").comparison
    assert (comparison.points, comparison.expected, comparison.verdict.now.total) == (2, 2, 8)


def test_an_empty_county_gets_no_verdict(session, as_):
    for card in overviews.cards(session, as_("task_force"), **ASK):
        assert (card.comparison.verdict.code, card.comparison.verdict.reason) == (VerdictCode.FEW, Reason.NO_REPORTS)
        assert card.weeks.rate.isna().all()


def test_other_counties_are_not_found_and_never_counted(session, as_, fallen):
    with pytest.raises(NotFound):
        overviews.cards(session, as_("task_force"), county_code=world.CANARY, as_of=world.NOW)
    total = _card(session, as_("prefecture_viewer"), "meeting").comparison.verdict.now.total
    assert total == 16  # a prefecture sees one county at a time


@pytest.mark.parametrize("username", ["village_recorder", "department", "system_admin", "security_admin", "auditor"])
def test_overview_refuses_other_roles(session, as_, username):
    with pytest.raises(PermissionDenied):
        overviews.cards(session, as_(username), **ASK)
    with pytest.raises(PermissionDenied):
        overviews.same_day(session, as_(username), **DAYS)


def _visit(number, department=AGRI, *, emergency=False):
    return Received(number, kind="inspection", department=department, emergency=emergency)


def _facts(session, number, called_as, *villages, **flags):
    session.get_one(Event, (world.COUNTY, number)).called_as = called_as
    for village in villages:
        entry = session.get_one(Entry, (world.COUNTY, LAST.monday, village, number))
        for name, value in flags.items():
            setattr(entry, name, value)
    session.flush()


def test_guidance_that_looked_at_ledgers_is_named(session, as_):
    week_of(session, VILLAGE_A1, LAST, _visit(1), _visit(2), _visit(3), _visit(4, emergency=True))
    week_of(session, VILLAGE_B1, LAST, _visit(1))
    _facts(session, 1, "guidance", VILLAGE_A1, ledger=True, photo=True)
    _facts(session, 2, "guidance", VILLAGE_A1, photo=True)  # a photo alone is no inspection
    _facts(session, 3, "inspection", VILLAGE_A1, ledger=True)  # called what it was
    _facts(session, 4, "guidance", VILLAGE_A1, ledger=True)
    found = overviews.relabelled(session, as_("task_force"), **DAYS)
    assert found.title.tolist() == ["事项1"]
    assert (found.villages[0], found.demands[0], found.department_en[0]) == (2, ("ledger", "photo"), "Agriculture")


def test_only_what_the_actor_may_see_is_named(session, as_):
    week_of(session, VILLAGE_B1, LAST, _visit(1))
    week_of(session, VILLAGE_C1, LAST, _visit(1, CANARY_DEPT))
    _facts(session, 1, "research", VILLAGE_B1, scored=True)
    assert overviews.relabelled(session, as_("township_liaison"), **DAYS).empty
    assert "CANARY" not in overviews.relabelled(session, as_("task_force"), **DAYS).to_string()


def test_three_departments_at_one_village_on_one_day_are_a_cluster(session, as_):
    three = (_visit(1), _visit(2, CIVIL), _visit(3, FIRE))
    week_of(session, VILLAGE_A1, LAST, *three, _visit(4))  # one department twice is one department
    week_of(session, VILLAGE_A2, LAST, *three)
    week_of(session, VILLAGE_B1, LAST, _visit(1), _visit(2, CIVIL))
    week_of(session, VILLAGE_B2, LAST - 1, _visit(5), _visit(6, CIVIL), _visit(7, FIRE, emergency=True))
    found = overviews.same_day(session, as_("task_force"), **DAYS)
    assert len(found) == 1
    cluster = found.iloc[0]
    assert (cluster.happened_on, cluster.township, cluster.villages, cluster.units) == (LAST.monday, "青石镇", 2, 3)
    assert {name for name, _ in cluster.departments} == {"农业农村局", "民政局", "应急管理局"}
    assert overviews.same_day(session, as_("canary_task_force"), **(DAYS | {"county_code": world.CANARY})).empty


def _timed(session, seconds):
    for n, value in enumerate(seconds):
        week_of(session, VILLAGE_A1, LAST - n)
        session.get_one(WeeklyLog, (world.COUNTY, (LAST - n).monday, VILLAGE_A1)).seconds = value
    session.flush()


@pytest.fixture
def limit(session):
    if not session.query(Threshold).filter_by(name="log_seconds").count():
        since = world.TODAY - timedelta(days=900)
        session.add(Threshold(county_code="0" * 12, name="log_seconds", version=1, value=180, since=since, basis="test"))
    session.flush()


def test_our_own_cost_is_a_median_and_a_ninth_decile_of_timed_logs(session, as_, limit):
    _timed(session, [10, 20, 30, 40, 50, 60, 70, 80, 90, 1000, 0])
    cost = overviews.own_cost(session, as_("task_force"), **ASK)
    assert (cost.logs, cost.timed, cost.median, cost.p90, cost.limit) == (11, 10, 50, 90, 180)
    assert cost.hours_a_year == pytest.approx(145 * 52 / 3600)
    assert cost.spent == 1450 / 3600
    assert cost.share is None


def test_our_share_of_the_burden_is_ours_over_what_was_logged(session, as_, limit):
    week_of(session, VILLAGE_A1, LAST, Received(1, minutes=60, travel=40, people=2))
    session.get_one(WeeklyLog, (world.COUNTY, LAST.monday, VILLAGE_A1)).seconds = 120
    session.flush()
    assert overviews.own_cost(session, as_("task_force"), **ASK).share == 2 / 200


def test_without_a_timed_log_there_is_no_cost(session, as_, limit):
    week_of(session, VILLAGE_A1, LAST)
    week_of(session, VILLAGE_C1, LAST)
    session.get_one(WeeklyLog, (world.CANARY, LAST.monday, VILLAGE_C1)).seconds = 99
    assert overviews.own_cost(session, as_("task_force"), **ASK) is None


def test_the_number_of_statements_does_not_grow(session, as_, engine, fallen):
    told: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: told.append(args[2]))
    actor = as_("task_force")
    told.clear()
    overviews.cards(session, actor, **ASK)
    many = len(told)
    session.execute(update(WeeklyLog).where(WeeklyLog.village_code != VILLAGE_A1).values(state="draft", zero=False))
    told.clear()
    overviews.cards(session, actor, **ASK)
    assert len(told) == many
