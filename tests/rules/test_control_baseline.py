"""What the limits are frozen on: the promised window, else the first 13 weeks that count; anew after a rebase."""

from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.control_baseline import frozen
from models.rules.control_chart import Kind, Point, control_chart

USUAL = [Point(40 + i % 5, 20) for i in range(40)]


def test_without_a_promise_it_is_the_first_thirteen_weeks_reported_and_closed():
    points = [Point(0, 0), *USUAL]
    points[3] = Point(99, 20, excluded=True)
    found = frozen(points, {})
    assert found.used == {0: [1, 2, *range(4, 15)]}
    assert found.baseline == 15
    assert control_chart(found.points, Kind.COUNT, baseline=found.baseline).segments[0].weeks == 13


def test_too_few_weeks_are_all_of_them():
    assert frozen(USUAL[:12], {}).baseline is None
    assert frozen([], {}).used == {0: []}


def test_a_promised_window_is_used_even_if_it_begins_late():
    found = frozen(USUAL, {}, range(10, 22))
    assert (found.baseline, found.used[0]) == (22, list(range(10, 22)))
    segment = control_chart(found.points, Kind.COUNT, baseline=found.baseline).segments[0]
    assert segment.weeks == 12
    assert segment.centre == sum(p.total for p in USUAL[10:22]) / 240


def test_a_window_in_which_nobody_reported_gives_way_to_the_first_thirteen():
    points = [*USUAL[:10], *[Point(0, 0)] * 12, *USUAL[:18]]
    assert frozen(points, {}, range(10, 22)).used[0] == [*range(10), 22, 23, 24]
    assert frozen(USUAL, {}, range(-30, -20)).used[0] == list(range(13))


def test_after_a_rebase_the_next_thirteen_count_and_the_window_stays_with_its_own_segment():
    found = frozen(USUAL, {25: "a merger", 0: "never", 99: "never"}, range(12))
    assert [(one.first, one.reason, one.baseline) for one in found.rebases] == [(25, "a merger", 13)]
    assert found.used == {0: list(range(12)), 25: list(range(25, 38))}


def test_a_window_after_the_rebase_is_that_segments():
    found = frozen(USUAL, {5: "x"}, range(10, 22))
    assert found.used == {0: list(range(5)), 5: list(range(10, 22))}
    assert found.rebases[0].baseline == 17


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from([0, 20]), st.booleans()), max_size=50),
    st.sets(st.integers(-5, 60), max_size=4),
    st.integers(-20, 60),
    st.integers(0, 40),
)
def test_what_it_says_was_used_is_what_the_chart_uses(rows, anew, start, length):
    points = [Point(*row) for row in rows]
    found = frozen(points, dict.fromkeys(anew, "x"), range(start, start + length))
    chart = control_chart(found.points, Kind.COUNT, baseline=found.baseline, rebases=found.rebases)
    assert [len(found.used[segment.first]) for segment in chart.segments] == [segment.weeks for segment in chart.segments]
