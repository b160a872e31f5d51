"""The frame: who sees which pages, what a forbidden one says, and how one comes in and goes out."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from streamlit.testing.v1 import AppTest

from models.db import open_session
from models.settings import ROOT
from models.tables import Account, AuditEvent, LoginSession
from services import passwords
from services.access import ROLES, Role
from services.sessions import digest
from tests import world
from tests.pages.visit import enter, visit, wire, words
from ui import clock, sign_in
from ui.shell import PAGES

MENU = {
    "village_recorder": {"weekly_log"},
    "township_liaison": {"overview", "trends", "points"},
    "task_force": {"overview", "trends", "departments", "points", "targets"},
    "compliance_officer": {"overview", "trends", "departments", "points", "targets"},
    "department": {"departments"},
    "prefecture_viewer": {"overview", "trends", "departments", "points", "targets"},
    "system_admin": {"accounts"},
    "security_admin": {"accounts"},
    "auditor": {"accounts", "audit"},
}
DENIED = "这一页不在您的权限内。确实要用，请找安全管理员。"
SIGNED_OUT = "登录已失效，请重新登录。您已保存的内容还在；刚才点的或写的没有存上，登录后请再做一次。"
NEW = "a brand new one 2026"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    monkeypatch.setattr(passwords, "HASH_COST", 4)
    passwords.nobody_hash.cache_clear()
    yield
    passwords.nobody_hash.cache_clear()


def change(engine, table, where, **values):
    with open_session(engine, write=True) as session:
        session.execute(update(table).where(where).values(**values))
        session.commit()


def type_in(at: AppTest, username: str, password: str) -> AppTest:
    at.text_input(key="typed_username").input(username)
    at.text_input(key="typed_password").input(password)
    return at.button[0].click().run()


def form_is_shown(at: AppTest) -> bool:
    return any(box.key == "typed_password" for box in at.text_input)


# the menu


def test_the_table_above_is_the_roles_table():
    may = {role.value: {stem for stem, needed in PAGES.items() if needed in rights.permissions} for role, rights in ROLES.items()}
    assert may == MENU


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_its_pages_and_is_refused_every_other(role):
    at = enter(role.value)
    for stem in PAGES:
        at.switch_page(f"../pages/{stem}.py").run()
        told = [error.value for error in at.error]
        assert (told == [DENIED]) is (stem not in MENU[role.value]), (stem, told)


def test_a_refused_page_shows_the_way_to_one_that_is_not_and_runs_nothing_of_its_own():
    at = visit("trends", "system_admin")
    assert [error.value for error in at.error] == [DENIED]
    assert "去“账号”" in wire(at)
    assert not at.exception
    assert not at.dataframe
    assert not at.get("vega_lite_chart")


@pytest.mark.parametrize(
    ("role", "refused", "first"),
    [("department", "overview", "departments"), ("village_recorder", "departments", "weekly_log")],
)
def test_a_role_of_one_page_has_no_menu_and_is_shown_the_way_all_the_same(role, refused, first):
    at = visit(refused, role)
    assert [error.value for error in at.error] == [DENIED]
    assert [link.proto.page for link in at.get("page_link")] == [first]


def test_the_bare_address_leads_to_the_first_page_one_may_open():
    starts = {"auditor": "check_chain", "compliance_officer": "measure_choice", "system_admin": "create_account"}
    for username, key in starts.items():
        at = enter(username)
        assert not at.error
        assert key in {getattr(one, "key", None) for one in at}, username


@pytest.mark.parametrize("stem", list(PAGES))
def test_nobody_gets_the_form_at_every_address_and_no_word_of_the_page(stem):
    at = visit(stem, None)
    assert form_is_shown(at)
    sent = wire(at)
    for word in ("CANARY", "示例县", "青石", "task_force", "总览", "监测点"):
        assert word not in sent


@pytest.mark.parametrize("stem", list(PAGES))
def test_a_page_opened_without_the_frame_tells_nobody_anything(stem):
    at = AppTest.from_file(ROOT / "pages" / f"{stem}.py").run()
    assert [error.value for error in at.error] == [SIGNED_OUT]
    assert "示例县" not in wire(at)
    assert len(at.main) == 1


# the county of those who have several


def test_the_county_stands_in_the_address_as_a_code_and_stays_from_page_to_page():
    at = visit("trends", "prefecture_viewer", county=world.CANARY)
    assert at.selectbox(key="county").value == world.CANARY
    at.selectbox(key="county").set_value(world.COUNTY).run()
    assert at.query_params["county"] == world.COUNTY
    at.selectbox(key="county").set_value(world.CANARY).run()
    at.query_params.clear()
    at.switch_page("../pages/points.py").run()
    assert at.selectbox(key="county").value == world.CANARY


def test_somebody_elses_county_in_the_address_changes_nothing():
    at = visit("trends", "prefecture_viewer", county="992199000000")
    assert at.selectbox(key="county").value == world.COUNTY
    at = visit("trends", "task_force", county=world.CANARY)
    assert "CANARY" not in wire(at)


# coming in


def test_the_right_password_opens_the_page_asked_for():
    at = type_in(visit("trends", None), "Task_Force ", world.PASSWORD)
    assert not form_is_shown(at)
    assert at.session_state["cookie_order"]["method"] == "POST"
    at.run()
    assert not at.error


def test_wrong_unknown_disabled_get_one_and_the_same_answer(screens):
    change(screens, Account, Account.username == "auditor", active=False)
    answers = set()
    for username, password in (("task_force", "wrong password"), ("nobody", world.PASSWORD), ("auditor", world.PASSWORD)):
        at = type_in(enter(None), username, password)
        assert form_is_shown(at)
        answers.add(tuple(error.value for error in at.error))
    assert answers == {("用户名或密码不对。",)}


def test_an_empty_form_is_no_try(screens):
    at = enter(None)
    for _ in range(6):
        type_in(at, "task_force", "")
    assert [error.value for error in at.error] == ["请把用户名和密码都填上。"]
    assert not form_is_shown(type_in(at, "task_force", world.PASSWORD))


def test_after_five_wrong_ones_the_right_one_does_not_help_for_fifteen_minutes(monkeypatch):
    at = enter(None)
    for _ in range(5):
        type_in(at, "task_force", "wrong password")
    type_in(at, "task_force", world.PASSWORD)
    assert [error.value for error in at.error] == ["密码错了太多次，请 15 分钟后再试，或找安全管理员解锁。"]
    monkeypatch.setattr(clock, "now", lambda: world.NOW + timedelta(minutes=15))
    assert not form_is_shown(type_in(enter(None), "task_force", world.PASSWORD))


def test_signing_in_renews_a_hash_of_another_cost_and_keeps_the_password(screens, monkeypatch):
    monkeypatch.setattr(passwords, "HASH_COST", 5)
    type_in(enter(None), "task_force", world.PASSWORD)
    with open_session(screens) as session:
        assert session.get_one(Account, "task_force").password_hash.startswith("$2b$05$")
    assert not form_is_shown(type_in(enter(None), "task_force", world.PASSWORD))


def test_nothing_of_whoever_sat_here_before_is_left():
    at = enter("auditor")
    at.session_state["something typed"] = "secret"
    at.get_by_key("sign_out").click().run()
    assert form_is_shown(at)
    type_in(at, "task_force", world.PASSWORD)
    assert "something typed" not in at.session_state


def test_no_password_stays_in_the_session():
    at = type_in(enter(None), "task_force", world.PASSWORD)
    assert world.PASSWORD not in str(at.session_state)


def test_the_language_picked_before_the_sign_in_stays(screens):
    at = enter(None)
    at.get_by_key("language").set_value("en").run()
    assert "Sign in" in words(at)
    at = type_in(at, "task_force", world.PASSWORD)
    assert "Sign out" in words(at)
    with open_session(screens) as session:
        assert session.get_one(Account, "task_force").language == "en"


def test_the_accounts_language_holds_when_none_was_picked(screens):
    change(screens, Account, Account.username == "task_force", language="en")
    assert "Sign out" in words(type_in(enter(None), "task_force", world.PASSWORD))


# the cookie


def test_a_cookie_means_its_session_in_a_new_tab_and_after_a_restart(screens, monkeypatch):
    change(screens, LoginSession, LoginSession.username == "auditor", cookie_hash=digest("the cookie"))
    monkeypatch.setattr(sign_in, "handshake_cookie", lambda: "the cookie")
    assert not form_is_shown(enter(None))
    monkeypatch.setattr(sign_in, "handshake_cookie", lambda: "another cookie")
    assert form_is_shown(enter(None))


def test_the_cookie_of_an_ended_session_shows_the_form_and_why_and_another_can_sign_in(screens, monkeypatch):
    change(screens, LoginSession, LoginSession.username == "auditor", cookie_hash=digest("the cookie"), ended_at=world.NOW)
    monkeypatch.setattr(sign_in, "handshake_cookie", lambda: "the cookie")
    at = enter(None)
    assert form_is_shown(at)
    assert [info.value for info in at.info] == [SIGNED_OUT]
    assert not form_is_shown(type_in(at, "task_force", world.PASSWORD))


# going out


@pytest.mark.parametrize(
    ("table", "values"),
    [(LoginSession, {"ended_at": world.NOW}), (LoginSession, {"ends_at": world.NOW}), (Account, {"active": False})],
)
def test_who_was_ended_elsewhere_is_out_at_the_next_click(screens, table, values):
    at = enter("auditor")
    change(screens, table, table.username == "auditor", **values)
    at.run()
    assert form_is_shown(at)
    assert [info.value for info in at.info] == [SIGNED_OUT]


def test_half_an_hour_without_a_click_is_the_end_and_a_click_before_it_is_not(screens, monkeypatch):
    change(screens, LoginSession, LoginSession.username == "auditor", seen_at=world.NOW)
    at = enter("auditor")
    for minutes, shown in ((29, False), (58, False), (88, True)):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: world.NOW + timedelta(minutes=minutes))
        assert form_is_shown(at.run()) is shown


def test_signing_out_ends_every_tab_and_takes_the_cookie_back(screens):
    tab, other_tab = enter("auditor"), enter("auditor")
    tab.get_by_key("sign_out").click().run()
    assert form_is_shown(tab)
    assert not tab.info
    assert tab.session_state["cookie_order"]["method"] == "DELETE"
    assert form_is_shown(other_tab.run())


def test_signing_out_twice_is_no_error():
    tab, other_tab = enter("auditor"), enter("auditor")
    tab.get_by_key("sign_out").click().run()
    other_tab.get_by_key("sign_out").click().run()
    assert form_is_shown(other_tab)
    assert not other_tab.exception


def test_a_changed_role_changes_the_pages_at_the_next_click(screens):
    at = visit("audit", "auditor")
    change(screens, Account, Account.username == "auditor", role="system_admin")
    at.run()
    assert [error.value for error in at.error] == [DENIED]


# passwords


def test_before_the_first_own_password_no_page_opens_at_any_address(screens):
    change(screens, Account, Account.username == "task_force", must_change=True)
    for stem in PAGES:
        at = visit(stem, "task_force")
        assert "请先换一个自己的密码" in words(at)
        assert "示例县" not in wire(at)


def renew(at: AppTest, old: str, new: str, repeated: str) -> AppTest:
    for key, value in (("typed_old", old), ("typed_new", new), ("typed_repeated", repeated)):
        at.text_input(key=key).input(value)
    return next(button for button in at.button if button.form_id == "password_form").click().run()


def test_the_first_own_password_opens_the_pages(screens):
    change(screens, Account, Account.username == "auditor", must_change=True)
    at = renew(enter("auditor"), world.PASSWORD, NEW, NEW)
    assert "请先换一个自己的密码" not in words(at)
    assert not at.error
    assert not form_is_shown(type_in(enter(None), "auditor", NEW))


def test_a_wrong_old_password_is_counted_and_a_weak_new_one_is_not(screens):
    at = enter("auditor")
    for _ in range(7):
        renew(at, world.PASSWORD, "short", "short")
        assert [error.value for error in at.error] == ["密码至少要 10 个字。"]
    for _ in range(5):
        renew(at, "wrong password", NEW, NEW)
        assert [error.value for error in at.error] == ["现在的密码不对。"]
    renew(at, world.PASSWORD, NEW, NEW)
    assert "密码错了太多次" in at.error[0].value


def test_changing_the_password_from_the_menu_says_so():
    at = renew(enter("auditor"), world.PASSWORD, NEW, NEW)
    assert "密码已换，别处的登录已退出。" in [told.value for told in at.success]


# preferences


def test_a_choice_in_the_menu_holds_and_another_tab_does_not_change_it_back(screens):
    tab, other_tab = enter("auditor"), enter("auditor")
    tab.get_by_key("my_language_zh_CN").set_value("en").run()
    assert "Sign out" in words(tab)
    assert "Sign out" in words(other_tab.run())
    tab.run()
    assert "Sign out" in words(tab)
    with open_session(screens) as session:
        told = session.scalars(select(AuditEvent.action)).all()
    assert told == ["sign_in.set_preferences"]


def test_large_type_is_remembered():
    at = enter("auditor")
    at.get_by_key("my_large_type_False").set_value(True).run()
    assert any("html { font-size: 24px" in str(block.value) for block in at.get("html"))
