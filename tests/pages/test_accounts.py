"""The Accounts screen: what each administrator finds there, does there, and is told."""

import pytest
from sqlalchemy import select, update
from streamlit.testing.v1 import AppTest

from models.db import open_session
from models.tables import Account, AuditEvent
from services import passwords
from tests import world
from tests.pages.visit import visit, wire, words
from ui import accounts_import


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    monkeypatch.setattr(passwords, "HASH_COST", 4)


def button(at: AppTest, key: str) -> AppTest:
    return at.button(key=key).click().run()


def choose(at: AppTest, username: str, deed: str) -> AppTest:
    at.selectbox(key="account_False").set_value(username).run()
    (control,) = (one for one in at.get("button_group") if str(one.key).startswith(f"deed_{username}"))
    return control.set_value(deed).run()


def account(engine, username: str) -> Account:
    with open_session(engine) as session:
        return session.get_one(Account, username)


def trail(engine) -> list[tuple[str, str, str]]:
    with open_session(engine) as session:
        found = select(AuditEvent.action, AuditEvent.subject, AuditEvent.reason).order_by(AuditEvent.seq)
        return [tuple(row) for row in session.execute(found)]


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "auditor"])
def test_the_list_is_that_of_the_county_and_shows_no_secret(role):
    at = visit("accounts", role)
    shown = words(at)
    assert "10 个账号，<em>10</em> 个正常使用" in shown
    assert "青石镇 青山村" in shown
    sent = wire(at)
    assert "CANARY" not in sent
    assert "$2b$" not in sent
    assert world.PASSWORD_HASH not in sent


def test_an_auditor_only_reads():
    at = visit("accounts", "auditor")
    assert {one.key for one in at.button if one.form_id == ""} == {"sign_out"}
    assert not at.get("file_uploader")


def test_searching_finds_and_an_empty_answer_says_what_to_do():
    at = visit("accounts", "auditor")
    at.text_input(key="accounts_search").input("柳河").run()
    assert "recorder_a2" in words(at)
    assert "recorder_b1" not in words(at)
    at.text_input(key="accounts_search").input("没有这个人").run()
    assert "没有符合条件的账号" in words(at)
    assert not at.exception


def test_the_state_filter_shows_that_state_only(screens):
    with open_session(screens, write=True) as session:
        session.execute(update(Account).where(Account.username == "recorder_b1").values(active=False))
        session.commit()
    at = visit("accounts", "security_admin")
    at.selectbox(key="accounts_state").set_value("disabled").run()
    assert "recorder_b1" in words(at)
    assert "recorder_a2" not in words(at)
    assert at.selectbox(key="account_True").value == "recorder_b1"  # the only row is the one chosen


def test_the_system_administrator_makes_an_account_and_sees_its_password_once(screens):
    at = visit("accounts", "system_admin")
    at.selectbox(key=f"new_0_village_recorder_{world.COUNTY}_township").set_value(world.TOWN_B).run()
    at.selectbox(key=f"new_0_village_recorder_{world.TOWN_B}_village").set_value(world.VILLAGE_B2).run()
    at.text_input(key="new_username_0").input("Li.Si").run()
    at.text_input(key="new_name_0").input("李四").run()
    button(at, "create_account")
    made = account(screens, "li.si")
    assert (made.name, made.area_code, made.active, made.must_change) == ("李四", world.VILLAGE_B2, False, True)
    told = words(at)
    password = told.split('<p class="password">')[1].split("<")[0]
    assert passwords.bcrypt.checkpw(password.encode(), made.password_hash.encode())
    assert "请安全管理员启用" in told
    assert told.index("新建账号") < told.index(password)  # below its form, not above somebody else's
    assert at.text_input(key="new_username_1").value == ""  # an empty form for the next one
    button(at, "password_noted")
    assert password not in wire(at)
    assert password not in str(at.session_state)


def test_a_wrong_new_account_is_told_at_the_field_and_keeps_what_was_typed(screens):
    at = visit("accounts", "system_admin")
    at.text_input(key="new_username_0").input("张三").run()
    at.text_input(key="new_name_0").input("张三").run()
    button(at, "create_account")
    assert [error.value for error in at.error] == ["用户名要 2 到 64 位，只用小写字母、数字和 . _ -，以字母或数字开头。"]
    assert at.text_input(key="new_name_0").value == "张三"
    at.text_input(key="new_username_0").input("zhang.san").run()
    button(at, "create_account")
    assert [error.value for error in at.error] == ["请选好地区。"]
    assert trail(screens) == []


def test_the_system_administrator_resets_a_password(screens):
    at = choose(visit("accounts", "system_admin"), "task_force", "reset")
    button(at, "do_reset")
    password = words(at).split('<p class="password">')[1].split("<")[0]
    assert passwords.bcrypt.checkpw(password.encode(), account(screens, "task_force").password_hash.encode())
    assert "已退出 1 处登录" in at.success[0].value
    assert trail(screens) == [("accounts.reset_password", "task_force", "")]


def test_the_security_administrator_disables_with_a_reason_and_enables_again(screens):
    at = choose(visit("accounts", "security_admin"), "task_force", "disable")
    button(at, "do_disable")
    assert [error.value for error in at.error] == ["请写明原因，会记入审计。"]
    at.text_input(key="reason_task_force").input("调离").run()
    button(at, "do_disable")
    assert account(screens, "task_force").active is False
    at = choose(at, "task_force", "enable")
    button(at, "do_enable")
    assert account(screens, "task_force").active is True
    assert trail(screens) == [("accounts.disable", "task_force", "调离"), ("accounts.enable", "task_force", "")]


def test_the_security_administrator_changes_a_role(screens):
    at = choose(visit("accounts", "security_admin"), "task_force", "change_role")
    at.selectbox(key="grant_task_force_role").set_value("department").run()
    at.selectbox(key=f"grant_task_force_{world.COUNTY}_department").set_value(world.CIVIL).run()
    at.text_input(key="reason_task_force").input("轮岗").run()
    button(at, "do_change_role")
    changed = account(screens, "task_force")
    assert (changed.role, changed.department_code) == ("department", world.CIVIL)
    assert trail(screens) == [("accounts.change_role", "task_force", "轮岗")]


def test_a_county_administrator_is_offered_no_role_above_the_county():
    at = choose(visit("accounts", "security_admin"), "task_force", "change_role")
    assert "市州查看" not in at.selectbox(key="grant_task_force_role").options


def test_nobody_is_offered_their_own_account():
    at = visit("accounts", "security_admin")
    at.selectbox(key="account_False").set_value("security_admin").run()
    assert "不能办理自己的账号" in words(at)
    assert not [one for one in at.button if str(one.key).startswith("do_")]


def test_english_is_complete(screens):
    with open_session(screens, write=True) as session:
        session.execute(update(Account).values(language="en"))
        session.commit()
    at = choose(visit("accounts", "security_admin"), "task_force", "disable")
    assert "10 accounts, <em>10</em> in normal use" in words(at)
    assert "Signs the person out everywhere at once" in words(at)


def test_accounts_come_from_a_file_with_their_passwords_to_download_once(screens):
    at = visit("accounts", "system_admin")
    file = f"username,name,role,area_code\nwang.wu,王五,village_recorder,{world.VILLAGE_B2}\n"
    at.file_uploader(key="accounts_import_file_0").upload("accounts.csv", file.encode()).run()
    assert "王五" in words(at)
    assert ">用户名</th>" in words(at)
    with open_session(screens) as session:
        assert session.get(Account, "wang.wu") is None  # a preview stores nothing
    button(at, "accounts_import_apply")
    made = account(screens, "wang.wu")
    assert (made.active, made.must_change) == (False, True)
    (password,) = at.session_state["accounts_passwords"].values()
    assert passwords.bcrypt.checkpw(password.encode(), made.password_hash.encode())
    button(at, "passwords_noted")
    assert password not in str(at.session_state)
    assert [action for action, _subject, _reason in trail(screens)] == ["imports.accounts_apply"]


def test_a_wrong_file_is_refused_line_by_line(screens):
    at = visit("accounts", "system_admin")
    file = f"username,name,role,area_code\nx,王五,emperor,{world.VILLAGE_C1}\n"
    at.file_uploader(key="accounts_import_file_0").upload("accounts.csv", file.encode()).run()
    assert at.error
    assert not [one for one in at.button if one.key == "accounts_import_apply"]


def test_the_password_file_opens_in_excel_as_text():
    made = accounts_import.as_csv({"a.b": "k7mn-3xqp-ab9d"}, ("用户名", "初始密码"))
    assert made.startswith(b"\xef\xbb\xbf")
    assert made.decode("utf-8-sig").splitlines() == ["用户名,初始密码", "a.b,k7mn-3xqp-ab9d"]


def test_no_cell_of_the_password_file_runs_as_a_formula():
    assert accounts_import.as_csv({"a.b": "=cmd|calc!A1"}, ("a", "b")).decode("utf-8-sig").splitlines()[1] == "a.b,'=cmd|calc!A1"
