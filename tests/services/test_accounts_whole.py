"""Acts on accounts are all or nothing: without an audit event nothing is saved."""

import pytest
from sqlalchemy import select, update

from models.tables import Account, AuditEvent, LoginSession, SignInFailure
from services import audit
from services.access import anonymous
from services.actions import accounts, sign_in
from tests import world
from tests.services.administered import FIRST, NEW


def test_nothing_is_saved_when_the_trail_cannot_be_written(session, as_, monkeypatch):
    sign_in.attempt(session, anonymous(world.NOW), username="recorder_a2")
    session.execute(update(Account).where(Account.username == "recorder_b1").values(active=False))
    session.commit()
    before = _everything(session)

    def broken(*_args, **_kwargs):
        raise RuntimeError("no disk")

    monkeypatch.setattr(audit, "record", broken)
    place = {"role": "village_recorder", "area_code": world.VILLAGE_B2, "department_code": None}
    given = {
        "create": NEW,
        "reset_password": {"username": "recorder_a2", "password_hash": FIRST},
        "enable": {"username": "recorder_b1"},
        "disable": {"username": "recorder_a2", "reason": "x"},
        "change_role": {"username": "recorder_a2", "reason": "x"} | place,
        "unlock": {"username": "recorder_a2"},
        "end_sessions": {"username": "recorder_a2"},
    }
    for act, values in given.items():
        actor = as_("system_admin" if act in ("create", "reset_password") else "security_admin")
        with pytest.raises(RuntimeError, match="no disk"):
            getattr(accounts, act)(session, actor, **values)
        assert _everything(session) == before, act


def _everything(session):
    session.expire_all()
    tables = (Account, LoginSession, SignInFailure, AuditEvent)
    return [sorted(map(repr, session.execute(select(*table.__table__.columns)).all())) for table in tables]
