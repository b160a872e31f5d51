"""The Targets screen: what holds, what held before, and the forms that add a version."""

from datetime import date

import pytest
from sqlalchemy import Engine

from models.db import open_session
from models.tables import Account, Quota, Target
from services.actions import quotas, targets
from tests import world
from tests.pages.visit import visit, words
from tests.world import AGRI

BASIS = "县减负办〔2026〕3号"
QUOTA = {"county_code": world.COUNTY, "department_code": AGRI, "measure": "inspection", "year": 2026, "basis": BASIS}
TARGET = {
    "county_code": world.COUNTY, "measure": "meeting", "reduction": 0.3, "baseline_from": date(2026, 3, 2),
    "baseline_weeks": 12, "starts": date(2026, 6, 1), "ends": date(2026, 12, 31), "basis": BASIS, "seen_version": 0,
}  # fmt: skip


@pytest.fixture
def promised(screens: Engine) -> Engine:
    with open_session(screens, write=True) as session:
        actor = world.persona(session, "task_force")
        targets.revise(session, actor, **TARGET)
        quotas.revise(session, actor, **QUOTA, allowance=24, seen_version=0)
        quotas.revise(session, actor, **QUOTA, allowance=20, seen_version=1, basis_checked=True)
    return screens


def form(at, name):
    """The widgets of a form by the end of their keys."""
    return lambda kind, field: next(w for w in at.get(kind) if w.key and w.key.startswith(name) and w.key.endswith(f"_{field}"))


def submit(at, text="存为新的一版", index=0):
    return [button for button in at.button if button.label == text][index].click().run()


@pytest.mark.parametrize("role", ["compliance_officer", "task_force", "prefecture_viewer"])
def test_what_holds_is_shown_with_its_basis_and_whether_it_is_confirmed(promised, role):
    at = visit("targets", role, department=AGRI)
    shown = words(at)
    assert "1 项压减目标、2026年 1 个额度在执行" in shown
    assert "共 1 项依据未核实" in shown
    assert f"{BASIS}（依据未核实）" in shown
    assert "2026年3月2日–2026年5月24日" in shown
    assert "以前的 1 版" in shown
    assert "没有规定每个村" in shown


@pytest.mark.parametrize("role", ["compliance_officer", "prefecture_viewer"])
def test_who_may_not_edit_has_no_form(promised, role):
    at = visit("targets", role, department=AGRI, measure="inspection")
    assert "存为新的一版" not in words(at)


def test_the_task_force_revises_a_quota(promised):
    at = visit("targets", "task_force", department=AGRI, measure="inspection")
    field = form(at, "quota_")
    assert field("number_input", "allowance").value == 20
    field("number_input", "allowance").set_value(18)
    submit(at, index=1)
    assert "已保存，现在是第 3 版。" in words(at)
    with open_session(promised) as session:
        assert session.get_one(Quota, (world.COUNTY, AGRI, "inspection", 2026, 3)).allowance == 18
    assert form(at, "quota_")("number_input", "allowance").value == 18


def test_raising_asks_for_a_reason_at_the_field_and_loses_nothing(promised):
    at = visit("targets", "task_force", department=AGRI, measure="inspection")
    form(at, "quota_")("number_input", "allowance").set_value(30)
    submit(at, index=1)
    assert "要写明理由，至少 10 个字。" in words(at)
    field = form(at, "quota_")
    assert field("number_input", "allowance").value == 30
    field("text_input", "reason").set_value("上级新增专项检查任务，县委批准")
    submit(at, index=1)
    assert "已保存，现在是第 3 版。" in words(at)


def test_somebody_elses_revision_meanwhile_is_told_and_what_was_typed_stays(promised):
    at = visit("targets", "task_force", department=AGRI, measure="inspection")
    form(at, "quota_")("number_input", "allowance").set_value(10)
    with open_session(promised, write=True) as session:
        quotas.revise(session, world.persona(session, "task_force"), **QUOTA, allowance=15, seen_version=2)
    submit(at, index=1)
    assert "有人先改了：现在是第 3 版，额度 15" in words(at)
    assert form(at, "quota_")("number_input", "allowance").value == 10
    submit(at, index=1)  # having seen it
    assert "已保存，现在是第 4 版。" in words(at)


def test_the_task_force_sets_a_target(promised):
    at = visit("targets", "task_force", target="form")
    field = form(at, "target_form")
    field("number_input", "reduction").set_value(25)
    field("date_input", "starts").set_value(date(2026, 11, 16))
    field("text_input", "basis").set_value(BASIS)
    submit(at)
    assert "已保存，现在是第 1 版。" in words(at)
    with open_session(promised) as session:
        assert session.get_one(Target, (world.COUNTY, world.COUNTY, "form", 1)).reduction == 0.25


def test_a_target_without_a_basis_is_refused_at_the_field(promised):
    at = visit("targets", "task_force", target="form")
    submit(at)
    assert "请写依据" in words(at)


@pytest.mark.parametrize(
    ("typed", "value", "told"),
    [("reduction", 150, "压减比例要大于 0，不超过 100%。"), ("length", 500, "基期要从周一算起，4 到 106 周。")],
)
def test_a_number_out_of_range_is_refused_at_its_field_and_stays_typed(promised, typed, value, told):
    at = visit("targets", "task_force", target="form")
    form(at, "target_form")("number_input", typed).set_value(value)
    submit(at)
    assert [error.value for error in at.error] == [told]
    assert form(at, "target_form")("number_input", typed).value == value


def test_a_quota_out_of_range_is_refused_at_its_field(promised):
    at = visit("targets", "task_force", department=AGRI, measure="meeting")
    form(at, "quota_")("number_input", "allowance").set_value(-1)
    submit(at, index=1)
    assert [error.value for error in at.error] == ["额度要写 0 到 9999 之间的整数。"]


def test_a_target_that_starts_inside_its_baseline_is_refused(promised):
    at = visit("targets", "task_force", target="meeting")
    form(at, "target_meeting")("date_input", "starts").set_value(date(2026, 5, 1))
    submit(at)
    assert "基期要在目标开始之前结束。" in words(at)


def test_the_same_again_is_said_and_not_saved(promised):
    at = visit("targets", "task_force", target="meeting")
    submit(at)
    assert "没有另存" in words(at)


@pytest.mark.parametrize("role", ["task_force", "compliance_officer"])
def test_an_empty_county_reads_what_to_do(screens, role):
    at = visit("targets", role, year="2031", measure="x", department="y", target="z")
    assert not at.exception
    assert "2026年还没有定目标，也没有设额度。" in words(at)


@pytest.mark.parametrize("role", ["task_force", "compliance_officer"])
def test_the_screen_is_english_for_who_reads_english(promised, role):
    with open_session(promised, write=True) as session:
        session.get_one(Account, role).language = "en"
        session.commit()
    shown = words(visit("targets", role, department=AGRI, measure="inspection"))
    assert "Department quotas for 2026" in shown
    assert "额度" not in shown


def test_another_countys_numbers_never_show(screens):
    with open_session(screens, write=True) as session:
        actor = world.persona(session, "canary_task_force")
        canary = {"county_code": world.CANARY, "department_code": world.CANARY_DEPT, "basis": "CANARY"}
        quotas.revise(session, actor, **(QUOTA | canary), allowance=7, seen_version=0)
        targets.revise(session, actor, **(TARGET | {"county_code": world.CANARY, "basis": "CANARY"}))
    assert "CANARY" not in words(visit("targets", "task_force"))
