"""What must hold in every database at every moment: nothing half, nothing orphaned, every chain whole."""

import re

from sqlalchemy import Engine, select, text

from models.db import open_session
from models.tables import AuditChain, AuditEvent, Entry, Event
from services import audit


def assert_whole(engine: Engine) -> set[str]:
    """Checks everything; the tokens of the entries that are there."""
    with open_session(engine) as session:
        for county in session.scalars(select(AuditChain.county_code)).all():
            assert audit.first_broken(session, county) is None
        if engine.dialect.name == "sqlite":
            assert session.scalars(text("PRAGMA integrity_check")).all() == ["ok"]
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
        entries = session.execute(select(Entry.village_code, Entry.event_id, Entry.request_id)).all()
        told = session.scalars(
            select(AuditEvent.subject).where(AuditEvent.action.in_(("weekly_logs.add_event", "weekly_logs.join_event")))
        ).all()
        kept = sorted(f"{village}/{event}" for village, event, _ in entries)
        assert kept == sorted(re.sub(r"^[^/]*/", "", subject) for subject in told), (
            "an entry without its audit event, or the reverse"
        )
        assert set(session.scalars(select(Event.id))) == {event for _, event, _ in entries}, "an event that nobody received"
        return {token for _, _, token in entries}
