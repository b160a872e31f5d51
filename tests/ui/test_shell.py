"""What a page gets: guarded, cached per scope, refused in the reader's language, and nothing after the session has ended."""

import logging

import pytest
import streamlit as st
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from models.db import open_session
from models.rules.errors import Conflict, InvalidInput, PermissionDenied, SignedOut
from models.tables import Account, Area, AuditChain, LoginSession
from services import audit
from services.access import Permission, actor_of, operator
from services.actions import sign_in as sign_in_actions
from services.queries import areas, audits
from services.usecase import USE_CASES, action, query
from tests import world
from ui import clock, kept, run, shell, sign_in, unexpected
from ui.i18n import translator
from ui.shell import Page

asked: list[str] = []


@query(Permission.VIEW_TRENDS)
def who_asks(session, actor, *, n: int = 0) -> str:
    """The actor's area, and a note that the database was asked."""
    asked.append(actor.username)
    return session.get_one(Area, actor.area_code).name


@action(Permission.EDIT_TARGETS)
def act(session, actor, *, wrong: str = "") -> str:
    """Leaves a mark, or goes wrong in the way asked for."""
    if wrong == "field":
        raise InvalidInput("bad_week", field="week", value="2026-W99")
    if wrong == "conflict":
        raise Conflict("saved_elsewhere")
    if wrong == "bug":
        raise ZeroDivisionError
    audit.record(session, actor, "test_shell.act", "thing")
    return actor.now.isoformat()


THESE = {name: USE_CASES.pop(name) for name in ("test_shell.who_asks", "test_shell.act")}  # other tests walk the register


@pytest.fixture(autouse=True)
def small_world(sqlite_engine, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: world.NOW)
    monkeypatch.setattr(sign_in, "handshake_cookie", lambda: None)
    for name, case in THESE.items():
        monkeypatch.setitem(USE_CASES, name, case)
    asked.clear()
    kept.forget()
    st.session_state.clear()
    yield sqlite_engine
    kept.forget()
    st.session_state.clear()


def page_of(engine, username: str, stem: str = "trends") -> Page:
    with open_session(engine) as session:
        actor = actor_of(session, f"session-{username}", world.NOW)
    return Page(stem, actor, translator("zh_CN"), actor.county_codes[0])


def change(engine, table, where, **values):
    with open_session(engine, write=True) as session:
        session.execute(update(table).where(where).values(**values))
        session.commit()


# reading


def test_an_answer_is_kept_until_the_data_changes(small_world):
    page = page_of(small_world, "task_force")
    assert [page.read(who_asks), page.read(who_asks), page.read(who_asks, n=1)] == ["示例县"] * 3
    assert len(asked) == 2
    page.do(act)
    page.read(who_asks)
    assert len(asked) == 3


def test_a_change_in_another_county_does_not_empty_the_cache(small_world):
    page = page_of(small_world, "task_force")
    page.read(who_asks)
    change(small_world, AuditChain, AuditChain.county_code == world.CANARY, data_version=99)
    page.read(who_asks)
    assert len(asked) == 1


def test_a_sign_in_does_not_empty_the_cache_and_yet_the_trail_shows_it(small_world):
    page, auditor = page_of(small_world, "task_force"), page_of(small_world, "auditor", "audit")
    days = {"chain_code": world.COUNTY, "since": world.TODAY, "until": world.TODAY}
    page.read(who_asks)
    assert auditor.read(audits.listing, **days).empty
    assert page.do(sign_in_actions.set_preferences, language="en", large_type=True)
    assert page.do(sign_in_actions.sign_out)
    assert list(auditor.read(audits.listing, **days)["action"]) == ["sign_in.sign_out", "sign_in.set_preferences"]
    change(small_world, LoginSession, LoginSession.username == "task_force", ended_at=None)
    page.read(who_asks)
    assert len(asked) == 1


def test_a_kept_answer_never_crosses_to_another_actor(small_world):
    first = page_of(small_world, "task_force").read(who_asks)
    assert first == "示例县"
    assert page_of(small_world, "canary_task_force").read(who_asks) == "CANARY县"
    assert page_of(small_world, "township_liaison").read(who_asks) == "青石镇"
    assert asked == ["task_force", "canary_task_force", "township_liaison"]


@pytest.mark.parametrize(
    ("table", "where", "values", "error"),
    [
        (LoginSession, LoginSession.username == "task_force", {"ended_at": world.NOW}, SignedOut),
        (Account, Account.username == "task_force", {"active": False}, SignedOut),
        (Account, Account.username == "task_force", {"role": "auditor"}, PermissionDenied),
        (Account, Account.username == "task_force", {"must_change": True}, PermissionDenied),
    ],
)
def test_a_kept_answer_is_not_given_to_a_revoked_actor(small_world, table, where, values, error):
    page = page_of(small_world, "task_force")
    page.read(who_asks)
    change(small_world, table, where, **values)
    with pytest.raises(error):
        page.read(who_asks)
    assert page.do(act) is None


def test_a_kept_answer_is_not_given_after_the_area_was_changed(small_world):
    page = page_of(small_world, "task_force")
    page.read(who_asks)
    change(small_world, Account, Account.username == "task_force", area_code=world.CANARY)
    assert page.read(who_asks) == "CANARY县"


def test_within_a_run_a_reader_is_read_once_and_an_action_still_asks_anew(small_world):
    page = page_of(small_world, "task_force")
    with run.one():
        page.read(who_asks)
        change(small_world, Account, Account.username == "task_force", role="auditor")
        page.read(who_asks)
        assert page.do(act) is None
        with pytest.raises(PermissionDenied):
            page.read(who_asks)
    with run.one(), pytest.raises(PermissionDenied):
        page.read(who_asks)


def test_a_run_reads_no_more_than_the_readers_permissions(small_world):
    page = page_of(small_world, "auditor", "audit")
    with run.one():
        page.read(areas.names, codes=[world.COUNTY])
        with pytest.raises(PermissionDenied):
            page.read(who_asks)


def test_after_an_action_the_same_run_sees_what_it_did(small_world):
    page = page_of(small_world, "task_force")
    with run.one():
        page.read(who_asks)
        page.do(act)
        page.read(who_asks)
    assert len(asked) == 2


# doing


def test_do_acts_at_the_moment_of_the_click_and_not_of_the_page(small_world, monkeypatch):
    page = page_of(small_world, "task_force")
    later = world.NOW.replace(minute=59)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert page.do(act) == later.isoformat()


def test_a_refusal_is_shown_once_at_its_field_and_at_no_other(small_world, monkeypatch):
    shown = []
    monkeypatch.setattr(st, "error", lambda text, **_more: shown.append(text))
    page = page_of(small_world, "task_force")
    assert page.do(act, wrong="field") is None
    page.show_problem("title", "day")
    page_of(small_world, "task_force", "points").show_problem()
    assert shown == []
    page.show_problem("title", "week")
    page.show_problem()
    assert shown == ["“2026-W99”不是一个周，请写成 2026-W47 这样。"]


def test_a_refusal_that_no_field_showed_is_shown_at_the_end(small_world, monkeypatch):
    shown = []
    monkeypatch.setattr(st, "error", lambda text, **_more: shown.append(text))
    page = page_of(small_world, "task_force")
    page.do(act, wrong="conflict")
    page.show_problem("week")
    page.show_problem()
    assert shown == ["刚才有人先保存了，请看一下现在的内容再改。"]


def test_the_next_attempt_forgets_the_refusal_of_the_last(small_world, monkeypatch):
    monkeypatch.setattr(st, "error", lambda *_args, **_more: pytest.fail("an old refusal was shown"))
    page = page_of(small_world, "task_force")
    page.do(act, wrong="conflict")
    assert page.do(act)
    page.show_problem()


def test_a_bug_is_logged_under_an_id_and_the_id_is_all_that_is_shown(small_world, monkeypatch, caplog):
    shown = []
    monkeypatch.setattr(st, "error", lambda text, **_more: shown.append(text))
    page = page_of(small_world, "task_force")
    with caplog.at_level(logging.ERROR, "burden"):
        assert page.do(act, wrong="bug") is None
    page.show_problem()
    (record,) = (one for one in caplog.records if one.name == "burden")
    error_id = record.getMessage().split()[-1]
    assert error_id in shown[0]
    assert "ZeroDivisionError" not in shown[0]
    assert record.exc_info[0] is ZeroDivisionError


def test_the_last_resort_shows_our_sentence_and_hides_streamlits_own(monkeypatch, caplog):
    shown = []
    monkeypatch.setattr(st, "error", lambda text, **_more: shown.append(text))
    with caplog.at_level(logging.ERROR, "burden"):
        assert unexpected.show(ValueError("password=hunter2")) is True
    assert "hunter2" not in shown[0]
    assert [one.name for one in caplog.records if one.levelno >= logging.ERROR] == ["burden"]


# fragments


def fragment_of(engine, monkeypatch):
    ran = []
    monkeypatch.setattr(st, "fragment", lambda function: function)
    page = page_of(engine, "task_force")
    st.session_state["session_id"] = "session-task_force"

    def part():
        ran.append("part")

    return page.fragment(part), ran


def test_a_fragment_runs_for_who_is_signed_in_and_keeps_the_session_awake(small_world, monkeypatch):
    change(small_world, LoginSession, LoginSession.id == "session-task_force", seen_at=world.NOW.replace(hour=1, minute=40))
    part, ran = fragment_of(small_world, monkeypatch)
    part()
    assert ran == ["part"]
    with open_session(small_world) as session:
        assert session.get_one(LoginSession, "session-task_force").seen_at == world.NOW


def test_a_fragment_does_not_run_after_the_session_has_ended(small_world, monkeypatch):
    part, ran = fragment_of(small_world, monkeypatch)
    change(small_world, LoginSession, LoginSession.id == "session-task_force", ended_at=world.NOW)
    part()
    assert ran == []


# times


def test_hours_minutes_and_today_are_cut_from_the_same_moment(small_world, monkeypatch):
    moment = world.NOW.replace(hour=16, minute=31, second=7)  # 00:31 on the 19th in Asia/Shanghai
    monkeypatch.setattr(clock, "now", lambda: moment)
    page = page_of(small_world, "task_force")
    assert page.today.isoformat() == "2026-11-19"
    assert page.as_of == moment.replace(minute=0, second=0)
    assert page.minute == moment.replace(second=0)
    assert page.this_moment == moment


def test_a_page_opened_without_the_frame_by_nobody_says_so_and_nothing_else(small_world):
    at = AppTest.from_string(
        "from ui.shell import open_page\nimport streamlit as st\nwith open_page('trends') as page:\n    st.write('SECRET')\n"
    ).run()
    assert [error.value for error in at.error] == [translator("zh_CN")("error.signed_out")]
    assert not at.markdown


def test_the_command_line_is_nobodys_session(small_world):
    with open_session(small_world) as session:
        actor = operator(world.COUNTY, world.NOW)
        assert areas.names(session, actor, codes=[world.COUNTY])
        assert shell.language_of(None) == "zh_CN"
