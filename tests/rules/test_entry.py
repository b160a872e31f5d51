"""What a village may say about an event, and when two villages mean the same one."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.entry import (
    IDLE_AFTER,
    LONGEST_TITLE,
    Candidate,
    Effort,
    Occasion,
    active_seconds,
    best_match,
    check_effort,
    check_occasion,
    clean_title,
    same_title,
)
from models.rules.errors import InvalidInput
from models.rules.week import Week

WEEK = Week(date(2026, 11, 16))
WEDNESDAY = date(2026, 11, 18)
NOON = datetime(2026, 11, 18, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "change", "field"),
    [
        ("meeting", {"minutes": -1}, "minutes"),
        ("meeting", {"minutes": 1441}, "minutes"),
        ("meeting", {"minutes": 1.5}, "minutes"),
        ("meeting", {"minutes": True}, "minutes"),
        ("meeting", {"travel_minutes": -1}, "travel_minutes"),
        ("meeting", {"travel_minutes": 1441}, "travel_minutes"),
        ("meeting", {"people": 0}, "people"),
        ("meeting", {"people": 100}, "people"),
        ("form", {"copies": 0}, "copies"),
        ("form", {"copies": 1000}, "copies"),
        ("meeting", {"copies": 2}, "copies"),
        ("meeting", {"demands": ["ledger", "money"]}, "demands"),
    ],
)
def test_an_impossible_effort_is_refused_at_its_field(kind, change, field):
    with pytest.raises(InvalidInput) as refusal:
        check_effort(kind, **({"minutes": 60} | change))
    assert refusal.value.field == field


def test_a_fraction_is_asked_about_and_never_rounded():
    with pytest.raises(InvalidInput, match="not_whole") as refusal:
        check_effort("meeting", minutes=7.5)
    assert refusal.value.params == {"below": 7, "above": 8}
    assert check_effort("meeting", minutes=7.0).minutes == 7


@pytest.mark.parametrize("minutes", [0, 1, 1440])
def test_the_ends_of_the_range_are_possible(minutes):
    assert check_effort("form", minutes=minutes, people=99, copies=999) == Effort(minutes, 0, 99, 999)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"kind": "certificate"}, "kind", "bad_kind"),
        ({"kind": "party"}, "kind", "bad_kind"),
        ({"day": date(2026, 11, 15)}, "day", "day_outside_week"),
        ({"day": date(2026, 11, 23)}, "day", "day_outside_week"),
        ({"day": date(2026, 11, 19)}, "day", "day_future"),
        ({"called_as": "guidance"}, "called_as", "bad_called_as"),
        ({"kind": "inspection", "called_as": "party"}, "called_as", "bad_called_as"),
        ({"title": "长" * 81}, "title", "title_long"),
        ({"title": "字" * 10_000}, "title", "title_long"),
        ({"title": "a\x00b"}, "title", "title_control"),
        ({"title": "a\nb"}, "title", "title_control"),
        ({"title": "a\u2028b"}, "title", "title_control"),
    ],
)
def test_an_impossible_occasion_is_refused_at_its_field(change, field, code):
    facts = {"kind": "meeting", "department_code": "x", "day": WEDNESDAY} | change
    with pytest.raises(InvalidInput) as refusal:
        check_occasion(Occasion(**facts), WEEK, WEDNESDAY)
    assert (refusal.value.field, refusal.value.code) == (field, code)


def test_an_inspection_may_be_called_anything_known():
    occasion = Occasion("inspection", "x", WEDNESDAY, "调研", "research")
    assert check_occasion(occasion, WEEK, WEDNESDAY) == occasion


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        (" \t\u3000 ", ""),
        ("  防火 部署会 \n", "防火 部署会"),
        ("防火\u200b部署会\ufeff", "防火部署会"),
        ("\u202e防火", "防火"),
        ("👨\u200d👩\u200d👧 会", "👨\u200d👩\u200d👧 会"),
        ("字" * LONGEST_TITLE, "字" * LONGEST_TITLE),
        ("cafe\u0301", "café"),
    ],
)
def test_a_title_is_cleaned_but_never_cut(typed, kept):
    assert clean_title(typed) == kept


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("防火部署会", "防火部署会", True),
        ("《防火 部署会》", "防火部署会", True),
        ("ＡＢ表（1）", "ab表1", True),
        ("", "防火部署会", True),
        ("防火部署会", "防汛部署会", False),
        ("🔥", "💧", False),
    ],
)
def test_titles_are_compared_by_letters_and_digits(one, other, same):
    assert same_title(one, other) is same
    assert same_title(other, one) is same


@pytest.mark.parametrize(
    ("title", "stored", "chosen"),
    [
        ("防火", [], None),
        ("防火", [(1, "防汛", 9)], None),
        ("防火", [(1, "", 9), (2, "防火", 1)], 2),
        ("", [(1, "防火", 1), (2, "防汛", 5)], 2),
        ("", [(1, "防火", 5), (2, "", 1)], 2),
        ("防火", [(3, "防火", 2), (2, "防火", 2)], 2),
    ],
)
def test_the_event_meant_is_the_equal_one_then_the_most_common_then_the_oldest(title, stored, chosen):
    assert best_match(title, [Candidate(*row) for row in stored]) == chosen


@pytest.mark.parametrize(
    ("gaps", "seconds"),
    [([], 0), ([None], 0), ([5], 5), ([5, 300], 5), ([IDLE_AFTER], IDLE_AFTER), ([3600], IDLE_AFTER), ([-5], 0)],
)
def test_work_is_the_gap_to_the_last_save_and_a_pause_is_capped(gaps, seconds):
    moments = [None if gap is None else NOON - timedelta(seconds=gap) for gap in gaps]
    assert active_seconds(moments, NOON) == seconds


@given(st.lists(st.integers(0, 4000), min_size=1, max_size=12), st.integers(-4000, 4000))
def test_counted_work_is_never_more_than_the_time_that_passed_nor_than_a_minute_a_tap(gaps, opened):
    saved_at, opened_at, counted = None, NOON - timedelta(seconds=opened), 0
    now = NOON
    for gap in gaps:
        now += timedelta(seconds=gap)
        counted += active_seconds((saved_at, opened_at), now)
        saved_at = now
    assert counted <= min(len(gaps) * IDLE_AFTER, (now - min(NOON, opened_at)).total_seconds())


@given(st.text(max_size=200))
def test_a_cleaned_title_stays_as_it_is_or_is_refused_once(text):
    try:
        kept = clean_title(text)
    except InvalidInput:
        return
    assert clean_title(kept) == kept
    assert len(kept) <= LONGEST_TITLE
