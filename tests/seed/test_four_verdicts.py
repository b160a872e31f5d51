"""The demo county shows all four verdicts on real screens, and each is explained by a click: from what, by which rule."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from models.db import open_session
from models.rules.verdict import VerdictCode
from models.tables import LoginSession
from tests.pages.visit import visit, words
from tests.seed.conftest import NOW
from ui import clock, kept, sign_in

CLICKED = re.compile(r"<details[^>]*><summary>(.*?)</summary>(.*?)</details>", re.DOTALL)
MARK = re.compile(r'class="mark (\w+)"')
FACT = re.compile(r"<dt>(.*?)</dt><dd><b>(.*?)</b><span>(.*?)</span></dd>", re.DOTALL)
ALWAYS = {"近 4 周": "÷", "基期（可比的点）": "÷", "可比的点": "至少要 80%", "拿哪几周比": "比", "目标的基期（全部点）": "报了"}
NEEDED = "还差什么"


@pytest.fixture
def demo(demo_engine, monkeypatch):
    """A browser of the task force, at the demo's moment."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(sign_in, "handshake_cookie", lambda: None)
    late = datetime(2999, 1, 1, tzinfo=UTC)
    with open_session(demo_engine, write=True) as session:
        times = {"ticket_until": NOW, "created_at": NOW, "seen_at": late, "ends_at": late}
        session.add(LoginSession(id="session-taskforce", username="taskforce", **times))
        session.commit()
    kept.forget()
    yield
    kept.forget()


def explained(page: str, **address: str) -> dict[str, dict[str, tuple[str, str]]]:
    """Verdict → its facts, name → (value, from what), of everything on the screen that can be clicked open."""
    at = visit(page, "taskforce", **address)
    assert not at.exception
    assert not at.error
    found = {}
    for head, body in CLICKED.findall(words(at)):
        if mark := MARK.search(head):
            found[mark[1]] = {unescape(name): (unescape(value), unescape(why)) for name, value, why in FACT.findall(body)}
    return found


@pytest.mark.parametrize("demo_engine", ["sqlite"], indirect=True)
def test_each_verdict_is_on_a_screen_and_says_from_what_it_came(demo):
    cards, towns = explained("overview"), explained("trends", measure="meeting")
    assert {"fall", "rise", "none"} <= cards.keys()
    found = towns | cards
    assert found.keys() == set(VerdictCode)
    for code, facts in found.items():
        for name in ALWAYS.keys() - ({"目标的基期（全部点）"} if code == "few" else set()):  # a township's has no target
            assert ALWAYS[name] in facts[name][1], (code, name)
            assert re.match(r"\d|同周|整个", facts[name][0]), (code, name)
    for code in ("fall", "rise", "none"):
        assert "小于 1% 才说“确有”" in found[code]["是不是偶然"][1]
    assert NEEDED not in found["fall"] | found["rise"]
    assert "才算确有下降" in found["none"][NEEDED][1]
    assert "个点两段时间都报才够" in found["few"][NEEDED][1]
    assert found["few"]["是不是偶然"][1].startswith("没有检验：只有 ")
