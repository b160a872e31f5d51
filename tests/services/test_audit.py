"""The audit trail: in the transaction it tells of, and whole."""

import stat

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from models.rules.week import ZONE
from models.tables import AuditChain, AuditEvent
from services import audit
from services.actions import sign_in
from tests import world


def _three(session: Session, as_) -> None:
    for n in range(3):
        audit.record(session, as_("task_force"), "test.act", f"thing {n}", old={"n": n}, new={"n": n + 1}, reason="why")
    session.commit()


def test_a_chain_just_written_is_whole(session, as_):
    _three(session, as_)
    assert audit.first_broken(session, world.COUNTY) is None
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == 3


@pytest.mark.parametrize("column", ["username", "action", "subject", "old", "new", "reason", "hash", "role"])
def test_an_edited_row_is_named(session, as_, column):
    _three(session, as_)
    session.execute(update(AuditEvent).where(AuditEvent.seq == 2).values({column: "edited"}))
    assert audit.first_broken(session, world.COUNTY) == 2


@pytest.mark.parametrize("seq", [1, 2, 3])
def test_a_removed_row_is_named_the_last_one_too(session, as_, seq):
    _three(session, as_)
    session.delete(session.get_one(AuditEvent, (world.COUNTY, seq)))
    session.flush()
    assert audit.first_broken(session, world.COUNTY) == seq


def test_what_only_the_trail_shows_leaves_the_data_version_as_it_is(session, as_):
    _three(session, as_)
    audit.record(session, as_("task_force"), "test.act", "a sign-in", changes_data=False)
    head = session.get_one(AuditChain, world.COUNTY)
    assert (head.seq, head.data_version) == (4, 3)


def test_another_county_has_its_own_chain(session, as_):
    _three(session, as_)
    audit.record(session, as_("canary_task_force"), "test.act", "elsewhere")
    assert session.get_one(AuditEvent, (world.CANARY, 1)).subject == "elsewhere"
    assert audit.first_broken(session, world.CANARY) is None


def test_the_zone_in_which_somebody_acted_does_not_break_the_chain(session, as_):
    in_shanghai = world.NOW.astimezone(ZONE)
    audit.record(session, as_("task_force", in_shanghai), "test.act", "thing")
    session.commit()
    session.expire_all()
    assert audit.first_broken(session, world.COUNTY) is None


def _lose_the_head(session: Session) -> None:
    session.execute(delete(AuditChain).where(AuditChain.county_code == world.COUNTY))
    session.commit()
    session.expunge_all()


@pytest.fixture
def data_folder(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    monkeypatch.setenv("DATA_DIR", str(folder))
    return folder


def _set_back(session: Session, seq: int) -> None:
    """What somebody does who removes the newest links and leaves a chain that fits in itself."""
    session.execute(delete(AuditEvent).where(AuditEvent.seq > seq))
    mark = session.get_one(AuditEvent, (world.COUNTY, seq)).hash
    session.execute(update(AuditChain).where(AuditChain.county_code == world.COUNTY).values(seq=seq, hash=mark))
    session.commit()
    session.expire_all()


def test_links_removed_behind_an_earlier_check_are_told_until_they_are_explained(session, as_, data_folder, capsys):
    _three(session, as_)
    assert audit.verify(world.NOW) == 0
    _set_back(session, 2)
    assert audit.first_broken(session, world.COUNTY) is None
    for _ in range(2):
        assert audit.verify(world.FRIDAY) == 1
        assert f"{world.COUNTY}: link 3, seen {world.NOW.isoformat()}, is gone" in capsys.readouterr().out


def test_other_links_written_in_their_place_are_told_too(session, as_, data_folder, capsys):
    _three(session, as_)
    audit.verify(world.NOW)
    _set_back(session, 2)
    for _ in range(2):
        audit.record(session, as_("task_force"), "test.act", "something else")
    session.commit()
    assert audit.verify(world.FRIDAY) == 1
    assert f"{world.COUNTY}: link 3, seen {world.NOW.isoformat()}, is another one" in capsys.readouterr().out


def test_a_chain_that_is_gone_altogether_is_told(session, as_, data_folder):
    _three(session, as_)
    audit.verify(world.NOW)
    session.execute(delete(AuditEvent))
    session.commit()
    _lose_the_head(session)
    assert audit.verify(world.FRIDAY) == 1


def test_a_chain_that_grew_is_whole_and_the_file_is_its_owners_alone(session, as_, data_folder):
    for day in (world.NOW, world.FRIDAY):
        _three(session, as_)
        assert audit.verify(day) == 0
    kept = data_folder / "audit-heads"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    mine = [line.split() for line in kept.read_text().splitlines() if world.COUNTY in line]
    assert [(line[2], line[4]) for line in mine] == [("6", world.FRIDAY.isoformat())]


def test_a_chain_that_has_lost_its_head_is_told(session, as_, data_folder, capsys):
    _three(session, as_)
    _lose_the_head(session)
    assert audit.verify(world.NOW) == 1
    assert f"{world.COUNTY}: broken at link 4" in capsys.readouterr().out


def test_a_head_that_was_lost_is_a_fault_to_be_looked_into_and_not_somebody_who_was_faster(session, as_):
    _three(session, as_)
    _lose_the_head(session)
    with pytest.raises(RuntimeError, match="no head"):
        sign_in.set_preferences(session, as_("task_force"), language="en", large_type=False)
    assert session.scalar(select(func.count()).select_from(AuditChain).where(AuditChain.county_code == world.COUNTY)) == 0
