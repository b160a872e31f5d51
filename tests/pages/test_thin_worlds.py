"""Thin and odd data is a sentence on every screen: no warning, no NaN, no error, whatever was (not) reported."""

import re
import warnings

import pytest

from models.db import open_session
from tests.logged import Received, week_of
from tests.pages.visit import visit, words
from tests.world import VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, VILLAGE_B2, WEEK
from ui import kept

ALL = (VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, VILLAGE_B2)
ODD = re.compile(r"\bNaN\b|\bnan\b|\binf\b|>None<|∞|Traceback")
SCREENS = (
    ("overview", {}),
    ("departments", {"measure": "meeting"}),
    ("trends", {"measure": "meeting", "unit": "hours"}),
    ("trends", {"measure": "form", "view": "control"}),
)


def _nothing(number: int, back: int) -> list[Received]:
    return []


def _only_now(number: int, back: int) -> list[Received]:
    return [Received(number)] if back <= 4 else []


def _millions(number: int, back: int) -> list[Received]:
    forms = [Received(number + n, kind="form", copies=999) for n in range(5)]
    return [*forms, Received(number + 5, minutes=1440, travel=600, people=99)]


@pytest.mark.parametrize(
    ("villages", "weeks", "told", "verdict"),
    [
        (ALL[:1], 1, _only_now, "会议、检查、报表、工作群数据不足，不下结论"),
        (ALL, 15, _nothing, "会议、检查、报表、工作群尚无证据表明变化"),
        (ALL[:3], 15, _only_now, "会议、检查、报表、工作群数据不足，不下结论"),
        (ALL, 15, _only_now, "会议<strong>确有上升</strong>；"),
        (ALL, 15, _millions, "会议、检查、报表、工作群尚无证据表明变化"),
    ],
    ids=["one week of one point", "all zeros", "a town with one point", "a baseline of nothing", "a million"],
)
def test_every_screen_says_a_sentence(screens, villages, weeks, told, verdict):
    with open_session(screens, write=True) as session:
        for place, village in enumerate(villages):
            for back in range(1, weeks + 1):
                week_of(session, village, WEEK - back, *told(10 * (100 * place + back), back))
        session.commit()
    for page, asked in SCREENS:
        kept.forget()
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            at = visit(page, "task_force", **asked)
        shown = words(at)
        assert not at.exception
        assert not at.error
        assert not at.warning
        assert not (found := ODD.search(shown)), shown[max(0, found.start() - 100) : found.end() + 50]
        assert 'role="heading"' in shown
        assert page != "overview" or re.sub(r"</?span>", "", shown).count(verdict) == 1
