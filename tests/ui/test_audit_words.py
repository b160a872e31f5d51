"""The trail in words: what is as usual is left out, and the machine has no role."""

import json

from services.access import OPERATOR
from ui import audit_trail
from ui.i18n import translator

ZH = translator("zh_CN")


def _told(old, new):
    stored = [json.dumps(facts, ensure_ascii=False) if facts is not None else "" for facts in (old, new)]
    return audit_trail.changes(ZH, *stored, {})


def test_what_is_as_it_mostly_is_takes_no_line():
    assert [fact for fact, *_ in _told(None, {"minutes": 60, "copies": 1, "emergency": False, "called_as": ""})] == [
        "时长（分钟）"
    ]


def test_coming_back_to_the_usual_is_told():
    assert _told({"copies": 3}, {"copies": 1}) == [("份数", "3", "1")]


def test_the_machine_is_the_system_and_has_no_role():
    assert audit_trail._who(ZH, {"username": OPERATOR, "role": "task_force"}) == ("系统", "")
    assert audit_trail._who(ZH, {"username": "lin", "role": "task_force"})[0] == "lin"
