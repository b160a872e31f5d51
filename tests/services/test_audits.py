"""Reading the trail: the own chains, newest first, and the check on demand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from models.rules.errors import NotFound, PermissionDenied
from models.tables import AuditEvent
from services import audit
from services.access import SYSTEM_CHAIN, Role, anonymous
from services.queries import audits
from tests import world

DAY = date(2026, 11, 18)


@pytest.fixture
def trail(session, as_):
    """Three links in the county, one in CANARY, one in the system's chain."""
    midnight = datetime(2026, 11, 17, 16, 0, tzinfo=UTC)  # 18 November, 00:00 in Asia/Shanghai
    for n, at in enumerate((midnight - timedelta(seconds=1), midnight, midnight + timedelta(days=1, seconds=-1))):
        audit.record(session, as_("task_force", at), "targets.set", f"town-{n}%", old={"n": n}, new={"n": n + 1}, reason="why")
    audit.record(session, as_("canary_task_force"), "CANARY.act", "CANARY")
    audit.record(session, anonymous(world.NOW), "sign_in.refuse", "nobody")
    session.commit()


@pytest.fixture
def pref_auditor(session, as_):
    """An auditor of the prefecture."""
    world.add_account(session, "pref_auditor", Role.AUDITOR, world.PREFECTURE)
    session.commit()
    return as_("pref_auditor")


def read(session, actor, chain_code=world.COUNTY, since=DAY, until=DAY, **more):
    return audits.listing(session, actor, chain_code=chain_code, since=since, until=until, **more)


def test_days_are_those_of_shanghai_and_the_newest_comes_first(session, as_, trail):
    assert list(read(session, as_("auditor"))["seq"]) == [3, 2]
    assert list(read(session, as_("auditor"), since=DAY - timedelta(days=1))["seq"]) == [3, 2, 1]
    assert list(read(session, as_("auditor"), until=DAY - timedelta(days=1), since=DAY - timedelta(days=1))["seq"]) == [1]


def test_filters_and_pages_are_made_in_the_database(session, as_, trail):
    actor, whole = as_("auditor"), {"since": DAY - timedelta(days=9)}
    assert list(read(session, actor, **whole, subject="town-1")["seq"]) == [2]
    assert list(read(session, actor, **whole, subject="%")["seq"]) == [3, 2, 1]
    assert list(read(session, actor, **whole, subject="_own")["seq"]) == []
    assert list(read(session, actor, **whole, username=" Task_Force ")["seq"]) == [3, 2, 1]
    assert list(read(session, actor, **whole, username="task")["seq"]) == []
    assert list(read(session, actor, **whole, action="targets.set", limit=1, offset=1)["seq"]) == [2]
    assert list(read(session, actor, **whole, action="targets.unset")["seq"]) == []


def test_a_county_auditor_reads_its_own_chain_only(session, as_, trail):
    assert audits.chains(session, as_("auditor")) == (world.COUNTY,)
    for chain in (world.CANARY, SYSTEM_CHAIN, ""):
        with pytest.raises(NotFound):
            read(session, as_("auditor"), chain)
        with pytest.raises(NotFound):
            audits.verdict(session, as_("auditor"), chain_code=chain, as_of=world.NOW)


def test_a_prefecture_auditor_reads_its_counties_and_the_system(session, trail, pref_auditor):
    assert audits.chains(session, pref_auditor) == (world.COUNTY, world.CANARY, SYSTEM_CHAIN)
    assert list(read(session, pref_auditor, SYSTEM_CHAIN)["action"]) == ["sign_in.refuse"]


def test_names_are_those_of_the_chains_own_county_and_for_the_systems_those_of_the_counties(session, as_, pref_auditor):
    found = audits.names(session, as_("auditor"), chain_code=world.COUNTY)
    assert (found[world.VILLAGE_A1], found[world.AGRI]) == (("青山村", None), ("农业农村局", "Agriculture"))
    assert "CANARY" not in str(found)
    assert set(audits.names(session, pref_auditor, chain_code=SYSTEM_CHAIN)) >= {world.PREFECTURE, world.COUNTY, world.CANARY}
    for chain in (world.CANARY, SYSTEM_CHAIN, ""):
        with pytest.raises(NotFound):
            audits.names(session, as_("auditor"), chain_code=chain)


def test_everybody_else_is_refused(session, as_, trail):
    for role in set(Role) - {Role.AUDITOR}:
        with pytest.raises(PermissionDenied):
            read(session, as_(role.value))


def test_the_check_says_whole_or_names_the_link(session, as_, trail):
    assert audits.verdict(session, as_("auditor"), chain_code=world.COUNTY, as_of=world.NOW) == audits.Verdict(3, None)
    session.execute(
        update(AuditEvent).where(AuditEvent.county_code == world.COUNTY, AuditEvent.seq == 2).values(reason="another")
    )
    assert audits.verdict(session, as_("auditor"), chain_code=world.COUNTY, as_of=world.NOW) == audits.Verdict(3, 2)
