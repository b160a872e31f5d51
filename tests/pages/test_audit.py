"""The Audit screen: readable, filtered, checked on demand, and only one's own counties."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from models.db import open_session
from models.rules.errors import InvalidInput
from models.tables import AuditEvent
from services import audit
from services.access import Role, actor_of, anonymous
from services.actions import sign_in
from services.permissions_page import permissions_page
from services.queries import audits
from services.usecase import USE_CASES
from tests import world
from tests.pages.visit import visit, wire, words
from ui import clock
from ui.audit_filters import deed, known_actions
from ui.audit_trail import changes
from ui.exports import audit as audit_file
from ui.i18n import translator

ZH = translator("zh_CN")


@pytest.fixture(autouse=True)
def trail(screens):
    with open_session(screens, write=True) as session:
        task_force = actor_of(session, "session-task_force", world.NOW)
        old, new = {"role": "auditor", "active": True, "same": 1}, {"role": "task_force", "active": False, "same": 1}
        audit.record(session, task_force, "accounts.change_role", "somebody", old=old, new=new, reason="<b>轮岗</b>")
        for n in range(60):
            audit.record(session, task_force, "sign_in.succeed", f"person-{n}")
        outsider = actor_of(session, "session-canary_task_force", world.NOW)
        audit.record(session, outsider, "accounts.create", "CANARY somebody")
        audit.record(session, anonymous(world.NOW - timedelta(days=40)), "sign_in.refuse", "long ago")
        session.commit()
    return screens


def test_the_newest_come_first_and_pages_turn():
    at = visit("audit", "auditor")
    shown = words(at)
    assert "person-59" in shown
    assert "person-9<" not in shown
    at.button(key="audit_older").click().run()
    shown = words(at)
    assert "person-9<" in shown
    assert "person-59" not in shown
    at.button(key="audit_newer").click().run()
    assert "person-59" in words(at)


def test_a_change_is_told_in_words_and_what_people_typed_is_no_html():
    at = visit("audit", "auditor")
    at.selectbox(key="audit_action").set_value("accounts.change_role").run()
    shown = words(at)
    assert "改角色" in shown
    assert "<i>角色</i> 审计管理员 " in shown
    assert "县减负专班" in shown
    assert "&lt;b&gt;轮岗&lt;/b&gt;" in shown
    assert "same" not in shown


def test_what_nobody_can_type_is_left_out_of_the_words_in_an_address():
    at = visit("audit", "auditor", subject="person-\0" + "59")
    assert at.text_input(key="audit_subject").value == "person-59"
    assert "person-59" in words(at)


def test_filters_narrow_and_an_empty_answer_says_what_to_do():
    at = visit("audit", "auditor")
    at.text_input(key="audit_subject").input("person-7").run()
    assert "这段时间有 1 条审计记录" in words(at)
    at.text_input(key="audit_username").input("nobody").run()
    assert "这段时间没有符合条件的记录" in words(at)


def test_an_auditor_never_sees_another_county_nor_the_system():
    at = visit("audit", "auditor")
    assert "CANARY" not in wire(at)
    assert "audit_chain" not in {getattr(one, "key", None) for one in at.get("button_group")}


def test_the_prefectures_auditor_also_reads_the_systems_chain(trail):
    with open_session(trail, write=True) as session:
        world.add_account(session, "pref_auditor", Role.AUDITOR, world.PREFECTURE)
        session.commit()
    at = visit("audit", "pref_auditor", county=world.CANARY)
    assert "CANARY somebody" in words(at)
    at.get_by_key("audit_chain").set_value("system").run()
    at.get_by_key("audit_days").set_value((world.TODAY - timedelta(days=60), world.TODAY)).run()
    assert "long ago" in words(at)


def test_the_check_says_whole_and_after_an_edit_names_the_link(trail, monkeypatch):
    at = visit("audit", "auditor")
    at.button(key="check_chain").click().run()
    assert [told.value for told in at.success] == ["审计链完整，共 61 条。"]
    with open_session(trail, write=True) as session:
        session.execute(update(AuditEvent).where(AuditEvent.county_code == world.COUNTY, AuditEvent.seq == 7).values(subject="x"))
        session.commit()
    monkeypatch.setattr(clock, "now", lambda: world.NOW + timedelta(seconds=1))
    at.button(key="check_chain").click().run()
    assert "审计链断在第 7 条" in at.error[0].value


def test_reading_leaves_no_mark(trail):
    visit("audit", "auditor")
    with open_session(trail) as session:
        assert audit.first_broken(session, world.COUNTY) is None
        assert session.get(AuditEvent, (world.COUNTY, 62)) is None


def test_a_text_that_somebody_edited_is_shown_as_it_is():
    assert changes(ZH, "{broken", "", {}) == [("", "{broken", "")]
    assert changes(ZH, "", '{"role": "auditor"}', {}) == [("角色", "", "审计管理员")]
    assert changes(ZH, '{"a": 1}', "{}", {}) == [("a", "1", "")]
    assert changes(ZH, "[1]", "[1]", {}) == []


def test_codes_are_told_by_their_names_and_numbers_and_days_as_people_write_them(trail):
    with open_session(trail, write=True) as session:
        task_force = actor_of(session, "session-task_force", world.NOW)
        kept = {
            "kind": "inspection",
            "department": world.AGRI,
            "day": world.TODAY,
            "demands": ["ledger", "scored"],
            "unheard": "x",
        }
        audit.record(session, task_force, "weekly_logs.add_event", f"2026-W47/{world.VILLAGE_A1}/17", new=kept)
        goal = {"reduction": 0.4, "basis_checked": False}
        audit.record(session, task_force, "targets.revise", "meeting", old=goal, new=goal | {"reduction": 0.25})
        rows = {"new": 1, "rows": {"wang.wu": {"name": "王五"}}}
        audit.record(session, task_force, "imports.accounts_apply", "a.csv", old={"rows": {}}, new=rows)
        session.commit()
    at = visit("audit", "auditor")
    shown = words(at)
    for told in (
        "2026-W47 · 青山村 · 17", "<i>类别</i> 检查", "<i>部门</i> 农业农村局", "<i>日期</i> 2026年11月18日",
        "<i>当场要求</i> 看台账、打分排名", "<i>unheard</i> x", ">会议<", "<i>减少</i> 40% ", "25%", "<i>涉及</i> wang.wu",
    ):  # fmt: skip
        assert told in shown, told


def test_a_name_that_no_account_has_is_told_as_that(trail):
    with open_session(trail, write=True) as session:
        world.add_account(session, "pref_auditor", Role.AUDITOR, world.PREFECTURE)
        sign_in.refuse(session, anonymous(world.NOW), username="my secret passw0rd")
    at = visit("audit", "pref_auditor")
    at.get_by_key("audit_chain").set_value("system").run()
    assert "没有这个账号（输入的以暗码" in words(at)
    assert "passw0rd" not in wire(at)


def test_every_action_of_the_product_has_a_name():
    permissions_page()  # loads every use-case
    silent = {"sign_in.attempt", "sign_in.claim_cookie"}  # counted elsewhere; they leave no event
    ours = {
        name for name, case in USE_CASES.items() if case.kind == "action" and case.function.__module__.startswith("services.")
    }
    assert ours - silent - set(known_actions()) == set()
    assert deed(ZH, "seen.before.its.time") == "seen.before.its.time"


def test_the_file_holds_what_the_screen_asks_for_and_every_fact_in_full(trail):
    params = audit_file.params({"chain_code": world.COUNTY, "since": "2026-11-01", "action": "accounts.change_role"}, world.NOW)
    with open_session(trail) as session:
        auditor = actor_of(session, "session-auditor", world.NOW)
        found = audits.listing(session, auditor, **params)
    made = audit_file.document(found, {"chain_code": world.COUNTY, "since": "2026-11-01"}, ZH, "示例县", world.NOW, {})
    assert [column.head for column in made.columns][:4] == ["序号", "日期", "时刻", "谁"]
    (row,) = made.rows
    assert row[:6] == [1, world.TODAY, "10:00:00", "task_force", "改角色", "accounts.change_role"]
    assert row[7] == "启用: 是 → 否; 角色: 审计管理员 → 县减负专班"
    assert row[8] == '{"active": true, "role": "auditor", "same": 1}'
    assert row[10] == "<b>轮岗</b>"
    assert made.name == "示例县-审计记录-20261101-20261118"


def test_a_day_that_is_none_is_refused():
    with pytest.raises(InvalidInput, match="bad_day"):
        audit_file.params({"since": "yesterday"}, world.NOW)


def test_the_screen_links_to_the_file_of_what_it_shows():
    at = visit("audit", "auditor")
    at.selectbox(key="audit_action").set_value("sign_in.succeed").run()
    assert (
        f"./export/audit.csv?chain_code={world.COUNTY}&amp;since=2026-10-20&amp;until=2026-11-18&amp;action=sign_in.succeed"
        in words(at)
    )
