"""What actions record stands in words on the Audit screen: every fact has a name in both languages."""

import json

import pytest
from sqlalchemy import select

from models.db import open_session
from models.tables import AuditEvent
from tests.project.examples import EXAMPLES, run
from tests.project.questions import ACTIONS
from tests.project.words import catalogue
from ui import facts
from ui.i18n import translator


@pytest.mark.parametrize("name", ACTIONS)
def test_every_fact_an_action_records_has_a_name(full, name):
    username, make = EXAMPLES[name]
    with open_session(full, write=True) as session:
        run(session, name, username, make(session))
        texts = session.execute(select(AuditEvent.old, AuditEvent.new).where(AuditEvent.action == name)).all()
    told = {fact for row in texts for text in row if text for fact in json.loads(text)}
    for language in ("zh_CN", "en"):
        assert {f"audit.fact.{fact}" for fact in told} - set(catalogue(language)) == set()


def test_a_fact_that_nobody_named_is_shown_as_it_is_stored():
    t = translator("zh_CN")
    assert (facts.name(t, "unheard"), facts.value(t, "unheard", "of", {}), facts.value(t, "day", "soon", {})) == (
        "unheard",
        "of",
        "soon",
    )
    assert (facts.value(t, "kind", "government", {}), facts.value(t, "kind", "meeting", {})) == ("政府", "会议")
    assert facts.value(t, "locked_until", "2026-11-18 02:15:00+00:00", {}) == "11月18日 10:15"
