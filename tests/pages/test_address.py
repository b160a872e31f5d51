"""What a screen was asked stands in its address: it survives a reload, and what nobody understands is said."""

import pytest
from sqlalchemy import event

from tests import world
from tests.pages.visit import visit, words

LEFT_OUT = "链接里有几处这里没有，没有照办："


def told(at) -> str:
    return "\n".join(one.value for one in at.warning)


def test_a_county_chosen_on_one_page_stands_in_the_address_of_the_next():
    at = visit("trends", "prefecture_viewer")
    assert at.query_params["county"] == world.COUNTY
    at.selectbox(key="county").set_value(world.CANARY).run()
    at.query_params.clear()  # as a link of the menu does
    at.switch_page("../pages/points.py").run()
    assert at.query_params["county"] == world.CANARY
    reloaded = visit("points", "prefecture_viewer", county=at.query_params["county"])
    assert reloaded.selectbox(key="county").value == world.CANARY
    assert not told(reloaded)


@pytest.mark.parametrize("username", ["prefecture_viewer", "task_force"])
@pytest.mark.parametrize("county", ["992199000000", "*x*"])
def test_a_county_that_is_not_ones_own_is_refused_in_a_sentence_and_the_first_is_shown(username, county):
    at = visit("overview", username, county=county)
    assert "不存在，或不在您的范围内；下面是示例县。" in told(at)
    assert not at.error


def test_another_county_leaves_the_townships_of_the_last_behind():
    at = visit("trends", "prefecture_viewer", county=world.COUNTY, township=world.TOWN_A, measure="form")
    at.selectbox(key="county").set_value(world.CANARY).run()
    assert dict(at.query_params) == {"county": world.CANARY, "measure": "form"}
    assert not told(at)


@pytest.mark.parametrize(
    ("stem", "username", "asked"),
    [
        ("trends", "task_force", {"measure": "gossip", "period": "9999", "township": world.TOWN_C}),
        ("trends", "task_force", {"measure": "group", "unit": "hours"}),
        ("departments", "compliance_officer", {"measure": "gossip", "period": "2026-13"}),
        ("departments", "compliance_officer", {"period": "1999"}),
        ("points", "task_force", {"weeks": "5", "township": "x"}),
        ("targets", "task_force", {"year": "1900", "department": "x", "measure": "y"}),
        ("audit", "auditor", {"since": "yesterday", "until": "2999-01-01", "action": "x"}),
    ],
)
def test_what_the_address_asks_in_vain_is_said(stem, username, asked):
    at = visit(stem, username, **asked)
    assert not at.error
    assert LEFT_OUT in told(at)
    vain = {name: value for name, value in asked.items() if value != "group"}
    assert all(name in told(at).replace("\\", "") and value in told(at).replace("\\", "") for name, value in vain.items())


@pytest.mark.parametrize("stem", ["overview", "trends", "departments", "points", "targets"])
def test_an_address_without_a_fault_is_not_remarked_upon(stem):
    assert not told(visit(stem, "task_force"))
    assert not told(visit(stem, "task_force", county=world.COUNTY, measure="form", period="", township=""))


def test_the_filters_of_the_trail_stand_in_its_address():
    at = visit("audit", "auditor", since="2026-11-01", until="2026-11-10", action="targets.revise", subject="x", username="y")
    assert [day.isoformat() for day in at.session_state["audit_days"]] == ["2026-11-01", "2026-11-10"]
    assert at.selectbox(key="audit_action").value == "targets.revise"
    assert (at.text_input(key="audit_subject").value, at.text_input(key="audit_username").value) == ("x", "y")
    at.text_input(key="audit_subject").input("").run()
    at.selectbox(key="audit_action").set_value("").run()
    assert dict(at.query_params) == {"since": "2026-11-01", "until": "2026-11-10", "username": "y"}


def test_codes_and_not_words_stand_in_the_address_of_the_points():
    at = visit("points", "task_force", weeks="12")
    assert "近 12 周" in words(at) or "近12周" in words(at)
    at.get_by_key("weeks").set_value("26").run()
    assert at.query_params["weeks"] == "26"


@pytest.mark.parametrize("stem", ["overview", "trends", "departments", "points", "targets"])
def test_one_run_of_a_page_reads_who_is_looking_and_how_new_the_data_is_once(screens, stem):
    at = visit(stem, "prefecture_viewer")
    asked: list[str] = []
    event.listen(screens, "before_cursor_execute", lambda _c, _cursor, statement, *_: asked.append(statement))
    at.run()
    assert sum("JOIN login_session" in statement for statement in asked) == 1
    assert sum("FROM audit_chain" in statement for statement in asked) == 1
