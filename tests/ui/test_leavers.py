"""Browsers that have gone: who comes back finds the screen, who does not is ended, and it never grows without end."""

from types import SimpleNamespace

import pytest
from streamlit.runtime.session_manager import SessionInfo

from ui import leavers


@pytest.fixture
def ended() -> list[str]:
    """Who was ended, in order."""
    return []


@pytest.fixture
def leave(ended):
    """`leave(left, "a")`: a browser goes."""

    def go(left: leavers.Left, name: str) -> None:
        session = SimpleNamespace(id=name, shutdown=lambda: ended.append(name))
        left.save(SessionInfo(client=None, session=session, script_run_count=1))

    return go


def test_who_comes_back_in_time_goes_on(leave, ended):
    left = leavers.Left(60)
    leave(left, "a")
    assert left.get("a").session.id == "a"
    left.delete("a")  # as Streamlit does when it goes on with it
    assert left.list() == []
    assert ended == []


def test_who_does_not_come_back_is_ended_though_nobody_else_leaves(leave, ended):
    left = leavers.Left(0)
    leave(left, "a")
    assert left.get("a") is None
    assert left.end_late() == 1
    assert ended == ["a"]


def test_who_came_back_and_left_again_is_ended_too(leave, ended):
    left = leavers.Left(0.05)
    leave(left, "a")
    left.delete("a")
    leave(left, "a")
    assert left.end_late() == 0
    left._all._timer = lambda: float("inf")
    assert left.end_late() == 1
    assert ended == ["a"]


def test_when_too_many_have_gone_the_first_is_ended(leave, ended, monkeypatch):
    monkeypatch.setattr(leavers, "MOST", 2)
    left = leavers.Left(60)
    for name in "abc":
        leave(left, name)
    assert ended == ["a"]
    assert [info.session.id for info in left.list()] == ["b", "c"]
