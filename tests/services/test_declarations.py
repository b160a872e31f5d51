"""Departments declare their own events, take them back and read them: nobody else's, and nothing out of reason."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.rules.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from models.tables import Account, AuditEvent, Declaration
from services.access import Role
from services.actions import declarations as do
from services.actions import imports as files
from services.queries import declarations as see
from services.queries import imports as planned
from services.queries import suggestions
from tests import world
from tests.services.imported import csv_file, excel_file, refused
from tests.world import AGRI, CIVIL, TOWN_A, TOWN_B, TOWN_C

ONE = {"county_code": world.COUNTY, "kind": "meeting", "day": world.TODAY, "title": "秋粮收购推进会"}
HEADER = ("类别", "日期", "名称", "乡镇")


def stored(session):
    rows = session.scalars(select(Declaration).order_by(Declaration.happened_on, Declaration.title))
    return [(one.department_code, one.kind, one.happened_on, one.title, one.township_code) for one in rows]


def listed(session, actor, since=date(2026, 1, 1)):
    return see.listing(session, actor, county_code=world.COUNTY, since=since)


def last_link(session):
    return session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()


@pytest.fixture
def civil(session):
    """Another department's account."""
    world.add_account(session, "civil", Role.DEPARTMENT, world.COUNTY, CIVIL)
    session.commit()
    return world.persona(session, "civil")


def test_declare_works_and_is_read_by_its_own_department_only(session, as_, civil):
    made = do.declare(session, as_("department"), **ONE, township_code=TOWN_B)
    assert (made.department_code, made.declared_by, made.declared_at) == (AGRI, "department", world.NOW)
    do.declare(session, civil, **ONE)
    row = listed(session, as_("department")).iloc[0]
    assert (row.title, row.township, row.township_code) == (ONE["title"], "大坪乡", TOWN_B)
    assert [len(listed(session, actor)) for actor in (as_("department"), civil)] == [1, 1]
    link = last_link(session)
    assert (link.action, link.subject) == ("declarations.declare", f"{CIVIL}/{world.TODAY}")
    assert ONE["title"] in link.new


def test_withdraw_takes_back_ones_own_and_the_trail_keeps_it(session, as_, civil):
    do.declare(session, as_("department"), **ONE)
    with pytest.raises(NotFound) as not_mine:
        do.withdraw(session, civil, **ONE)
    assert not_mine.value.code == "no_such_declaration"
    assert do.withdraw(session, as_("department"), **ONE).title == ONE["title"]
    assert stored(session) == []
    assert (last_link(session).action, ONE["title"] in last_link(session).old) == ("declarations.withdraw", True)
    with pytest.raises(NotFound):
        do.withdraw(session, as_("department"), **ONE)


@pytest.mark.parametrize(
    ("change", "kind", "code", "field"),
    [
        ({"kind": "gossip"}, InvalidInput, "declaration_kind", "kind"),
        ({"day": date(3026, 11, 18)}, InvalidInput, "declaration_day", "day"),
        ({"title": "会" * 81}, InvalidInput, "title_long", "title"),
        ({"title": "会\x00议"}, InvalidInput, "title_control", "title"),
        ({"title": " "}, InvalidInput, "declaration_untitled", "title"),
        ({"township_code": TOWN_C}, NotFound, "no_such_area", "township"),
        ({"township_code": "\x00"}, NotFound, "no_such_area", "township"),
        ({"township_code": world.VILLAGE_A1}, NotFound, "no_such_area", "township"),
        ({"county_code": world.CANARY}, NotFound, "no_such_county", None),
    ],
)
def test_what_makes_no_sense_is_refused(session, as_, change, kind, code, field):
    with pytest.raises(kind) as caught:
        do.declare(session, as_("department"), **(ONE | change))
    assert (caught.value.code, caught.value.field) == (code, field)
    assert stored(session) == []


def test_the_same_day_and_name_is_declared_once_however_it_is_written(session, as_):
    do.declare(session, as_("department"), **ONE)
    with pytest.raises(Conflict) as caught:
        do.declare(session, as_("department"), **(ONE | {"title": "秋粮收购 推进会。"}))
    assert caught.value.code == "declaration_there"
    do.declare(session, as_("department"), **(ONE | {"kind": "form"}))
    do.declare(session, as_("department"), **(ONE | {"day": world.TODAY - timedelta(days=1)}))
    assert len(stored(session)) == 3


def test_an_account_without_its_department_declares_nothing(session, as_):
    session.get_one(Account, "department").department_code = None
    session.commit()
    for act in (do.declare, do.withdraw):
        with pytest.raises(NotFound):
            act(session, as_("department"), **ONE)
    assert listed(session, as_("department")).empty


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DEPARTMENT])
def test_who_is_no_department_declares_nothing(session, as_, role):
    with pytest.raises(PermissionDenied):
        do.declare(session, as_(role.value), **ONE)


def test_every_township_can_be_chosen_with_a_point_or_without(session, as_):
    assert set(see.townships(session, as_("department"), county_code=world.COUNTY)) == {TOWN_A, TOWN_B}


def test_a_village_is_not_offered_what_a_department_declared(session, as_):
    """Or one list would copy the other, and what neither has could not be told any more."""
    do.declare(session, as_("department"), **ONE)
    assert suggestions.week(session, as_("village_recorder"), week=world.WEEK, today=world.TODAY) == ()


# ---- from a file -------------------------------------------------------------------------------------------------------
def apply(session, actor, content):
    return files.declarations_apply(session, actor, county_code=world.COUNTY, content=content, filename="申报.csv")


@pytest.mark.parametrize("made", [csv_file, excel_file])
def test_a_file_is_taken_in_whole_and_once(session, as_, made):
    day = date(2026, 11, 10) if made is excel_file else "2026年11月10日"
    content = made(HEADER, ("会议", day, "秋粮推进会", "青石镇"), ("form", "2026-11-11", "进度表", ""))
    plan = planned.declarations_plan(
        session, as_("department"), county_code=world.COUNTY, content=content, filename="x", as_of=world.NOW
    )
    assert (plan.new, plan.rows.subject.tolist()) == (2, ["2026-11-10 (1)", "2026-11-11 (1)"])
    assert stored(session) == []
    apply(session, as_("department"), content)
    assert stored(session) == [
        (AGRI, "meeting", date(2026, 11, 10), "秋粮推进会", TOWN_A),
        (AGRI, "form", date(2026, 11, 11), "进度表", None),
    ]
    assert apply(session, as_("department"), content).changes_nothing
    moved = apply(session, as_("department"), csv_file(HEADER, ("会议", "2026-11-10", "秋粮 推进会", "大坪乡")))
    assert (moved.changed, stored(session)[0][-2:]) == (1, ("秋粮推进会", TOWN_B))


def test_one_wrong_line_and_nothing_is_taken_in_and_each_is_named(session, as_):
    content = csv_file(
        HEADER,
        ("会议", "2026-11-10", "秋粮推进会", ""),
        ("会议", "2026-11-10", "秋粮、推进会", ""),
        ("督查", "2026-11-10", "x", ""),
        ("会议", "昨天", "x", ""),
        ("会议", "3026-11-10", "x", ""),
        ("会议", "2026-11-10", "", "全县"),
        ("会议", "2026-11-10", "会" * 81, ""),
        ("会议", "2026-11-10", "x\x07", ""),
        ("会议", "2026-11-10", "x", "CANARY镇"),
    )
    assert refused(apply, session, as_("department"), content) == [
        (3, "declared_twice"), (4, "event_kind_unknown"), (5, "date_bad"), (6, "declaration_day"), (7, "declaration_untitled"),
        (8, "title_long"), (9, "control_character"), (10, "township_unknown"),
    ]  # fmt: skip
    assert stored(session) == []
