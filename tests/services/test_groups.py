"""Chat groups joined and left in a week."""

from datetime import date

import pytest
from sqlalchemy import func, select

from models.rules.errors import Conflict, InvalidInput, NotFound
from models.tables import AuditEvent, Holding, WeeklyLog
from services import audit
from services.actions import groups, weekly_logs
from services.queries import weekly_logs as shown
from tests import world
from tests.logged import group

W = world.WEEK
TUESDAY, WEDNESDAY = W.days[1:3]


def join(session, actor, request_id="g1", **changes):
    facts = {"week": W, "department_code": world.AGRI, "day": WEDNESDAY, "name": "秸秆禁烧群"} | changes
    return groups.join(session, actor, request_id=request_id, **facts)


def view(session, actor):
    return shown.week(session, actor, week=W, today=world.TODAY)


def test_a_group_joined_is_held_and_stands_in_the_week(session, as_):
    first, second = (join(session, as_("village_recorder")) for _ in range(2))
    assert first == second
    week = view(session, as_("village_recorder"))
    assert [row.name for row in week.joined] == [row.name for row in week.groups] == ["秸秆禁烧群"]
    assert (week.count, week.state) == (1, "draft")


def test_a_token_is_done_only_for_the_department_it_was_tapped_for(session, as_):
    join(session, as_("village_recorder"))
    with pytest.raises(InvalidInput, match="bad_request_id"):
        join(session, as_("village_recorder"), department_code=world.CIVIL)


def test_a_group_that_another_phone_has_just_joined_is_asked_about_and_not_told_twice(session, as_):
    actor = as_("village_recorder")
    version = join(session, actor).version
    for name in ("秸秆禁烧群", ""):
        with pytest.raises(Conflict, match="added_meanwhile"):
            join(session, actor, "g2", name=name, seen=version - 1)
    join(session, actor, "g3", name="森林防火群", seen=version - 1)
    join(session, actor, "g4", name="", seen=version + 1)
    assert session.scalar(select(func.count()).select_from(Holding)) == 3


def test_a_group_left_is_no_longer_held_from_that_day(session, as_):
    group(session, 7, world.VILLAGE_A1, W - 10)
    session.commit()
    for _ in range(2):
        groups.leave(session, as_("village_recorder"), week=W, holding_id=7, day=WEDNESDAY)
    week = view(session, as_("village_recorder"))
    assert ([row.holding_id for row in week.left], week.groups) == ([7], ())
    assert session.get_one(Holding, (world.COUNTY, 7)).until == WEDNESDAY
    groups.stay(session, as_("village_recorder"), week=W, holding_id=7)
    assert session.get_one(Holding, (world.COUNTY, 7)).until is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": date(2026, 11, 15)}, "day"),
        ({"day": date(2026, 11, 19)}, "day"),
        ({"department_code": world.CANARY_DEPT}, "department"),
        ({"name": "长" * 10_000}, "name"),
        ({"name": "a\x00"}, "name"),
    ],
)
def test_a_bad_join_is_refused_at_its_field(session, as_, changes, field):
    with pytest.raises(InvalidInput) as refusal:
        join(session, as_("village_recorder"), **changes)
    assert refusal.value.field == field
    assert session.scalar(select(func.count()).select_from(Holding)) == 0


def test_a_group_cannot_be_left_before_it_was_joined(session, as_):
    holding_id = join(session, as_("village_recorder")).subject_id
    with pytest.raises(InvalidInput, match="left_before_joined"):
        groups.leave(session, as_("village_recorder"), week=W, holding_id=holding_id, day=TUESDAY)


def test_a_group_already_left_is_not_left_again_on_another_day(session, as_):
    group(session, 7, world.VILLAGE_A1, W - 10)
    session.commit()
    groups.leave(session, as_("village_recorder"), week=W, holding_id=7, day=TUESDAY)
    with pytest.raises(InvalidInput, match="left_already") as refusal:
        groups.leave(session, as_("village_recorder"), week=W, holding_id=7, day=WEDNESDAY)
    assert (refusal.value.field, refusal.value.params) == ("day", {"day": TUESDAY})
    assert session.get_one(Holding, (world.COUNTY, 7)).until == TUESDAY


@pytest.mark.parametrize("holding_id", [0, 8, 99, 2**63])
def test_another_villages_group_is_unknown(session, as_, holding_id):
    group(session, 8, world.VILLAGE_A2, W - 10)
    session.commit()
    with pytest.raises(NotFound, match="no_such_group"):
        groups.leave(session, as_("village_recorder"), week=W, holding_id=holding_id, day=WEDNESDAY)


def test_a_slip_is_taken_back_and_a_submitted_week_without_anything_left_is_a_draft_again(session, as_):
    actor = as_("village_recorder", world.FRIDAY)
    join(session, actor)
    assert weekly_logs.submit(session, actor, week=W).zero is False
    done = groups.forget(session, actor, week=W, request_id="g1")
    assert (done.state, done.reverted) == ("draft", True)
    assert groups.forget(session, actor, week=W, request_id="g1").reverted is False
    assert session.scalar(select(func.count()).select_from(Holding)) == 0


def test_a_group_gets_its_name_later(session, as_):
    actor = as_("village_recorder")
    holding_id = join(session, actor, name="").subject_id
    groups.rename(session, actor, week=W, holding_id=holding_id, seen="", name=" 禁烧群 ")
    assert session.scalars(select(Holding.name)).one() == "禁烧群"
    with pytest.raises(InvalidInput) as refusal:
        groups.rename(session, actor, week=W, holding_id=holding_id, seen="禁烧群", name="长" * 81)
    assert refusal.value.field == "name"


def test_the_second_of_two_phones_is_told_the_name_that_the_first_has_given(session, as_):
    actor = as_("village_recorder")
    holding_id = join(session, actor, name="").subject_id
    groups.rename(session, actor, week=W, holding_id=holding_id, seen="", name="禁烧群")
    with pytest.raises(Conflict, match="title_changed") as refusal:
        groups.rename(session, actor, week=W, holding_id=holding_id, seen="", name="低保群")
    assert (refusal.value.field, refusal.value.params) == ("name", {"theirs": "禁烧群"})
    groups.rename(session, actor, week=W, holding_id=holding_id, seen="", name="禁烧群")  # the same name: nothing to ask
    groups.rename(session, actor, week=W, holding_id=holding_id, seen="禁烧群", name="低保群")
    assert session.scalars(select(Holding.name)).one() == "低保群"


def test_a_group_that_another_phone_has_named_is_not_taken_back_unseen(session, as_):
    actor = as_("village_recorder")
    holding_id = join(session, actor, name="").subject_id
    groups.rename(session, actor, week=W, holding_id=holding_id, seen="", name="禁烧群")
    with pytest.raises(Conflict, match="removed_unseen") as refusal:
        groups.forget(session, actor, week=W, request_id="g1", seen="")
    assert refusal.value.params == {"theirs": "禁烧群"}
    groups.forget(session, actor, week=W, request_id="g1", seen="禁烧群")
    assert session.scalar(select(func.count()).select_from(Holding)) == 0


def test_only_groups_of_that_week_are_renamed_or_forgotten(session, as_):
    group(session, 7, world.VILLAGE_A1, W - 10)
    session.commit()
    with pytest.raises(NotFound):
        groups.rename(session, as_("village_recorder"), week=W, holding_id=7, seen="群7", name="x")
    with pytest.raises(NotFound):
        groups.forget(session, as_("village_recorder"), week=W, request_id="g7")


@pytest.mark.parametrize("act", ["join", "leave", "forget", "rename", "stay"])
def test_without_its_audit_event_nothing_is_saved(session, as_, monkeypatch, act):
    actor = as_("village_recorder")
    joined = join(session, actor).subject_id
    group(session, 7, world.VILLAGE_A1, W - 10)
    session.get_one(Holding, (world.COUNTY, 7)).until = TUESDAY
    session.commit()
    before = _everything(session)
    monkeypatch.setattr(audit, "record", _broken)
    tries = {
        "join": lambda: join(session, actor, "g2"),
        "leave": lambda: groups.leave(session, actor, week=W, holding_id=joined, day=WEDNESDAY),
        "forget": lambda: groups.forget(session, actor, week=W, request_id="g1"),
        "rename": lambda: groups.rename(session, actor, week=W, holding_id=joined, seen="秸秆禁烧群", name="x"),
        "stay": lambda: groups.stay(session, actor, week=W, holding_id=7),
    }
    with pytest.raises(OSError, match="full"):
        tries[act]()
    assert _everything(session) == before


def _everything(session):
    session.expire_all()
    return [
        sorted(repr({c.name: getattr(row, c.key) for c in table.__table__.columns}) for row in session.scalars(select(table)))
        for table in (WeeklyLog, Holding, AuditEvent)
    ]


def _broken(*_args, **_facts):
    raise OSError("the disk is full")
