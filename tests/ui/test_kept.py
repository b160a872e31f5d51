"""Answers and drawings are made once: the same question gives the same object, and what is drawn from it is not drawn again."""

import pandas as pd
import pytest

from ui import kept

made: list[object] = []


@kept.drawn
def told(found: object, *, loud: bool = False) -> str:
    made.append(found)
    return f"{len(found)}{'!' * loud}"  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def nothing_kept():
    kept.forget()
    made.clear()
    yield
    kept.forget()


def test_the_same_question_gives_the_same_object_and_another_one_another():
    first = kept.answer(b"one", lambda: [1])
    assert kept.answer(b"one", lambda: [2]) is first
    assert kept.answer(b"two", lambda: [2]) == [2]


def test_an_error_is_not_kept():
    with pytest.raises(ZeroDivisionError):
        kept.answer(b"one", lambda: 1 / 0)
    assert kept.answer(b"one", lambda: 1) == 1


def test_what_was_not_asked_for_the_longest_goes_first(monkeypatch):
    monkeypatch.setattr(kept, "MOST", 2)
    for key in (b"one", b"two", b"one", b"three"):
        kept.answer(key, lambda: "kept")
    assert kept.answer(b"one", lambda: "anew") == "kept"
    assert kept.answer(b"two", lambda: "anew") == "anew"


def test_a_frame_is_drawn_once_and_an_equal_one_apart():
    frame = pd.DataFrame({"n": [1, 2]})
    assert [told(frame), told(frame), told(frame.copy()), told(frame, loud=True)] == ["2", "2", "2", "2!"]
    assert len(made) == 3


def test_equal_texts_are_drawn_once():
    assert [told("甲乙"), told("甲" + "乙"), told("丙")] == ["2", "2", "1"]
    assert len(made) == 2
