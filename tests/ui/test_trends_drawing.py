"""Frames, drawings and sentences of the Trends screen, without a browser."""

import io
import math
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pyarrow as pa
import pytest

from models.rules.measure import Measure, Unit
from models.rules.pairing import pair
from models.rules.target import Baseline, TargetPath
from models.rules.verdict import Reason, Sample, judge
from models.rules.week import Week
from services.figures.comparing import Comparison
from services.queries.trends import Picture, TargetLine
from ui import sentences, trends_frames, trends_page
from ui.charts import trends as charts
from ui.i18n import translator
from ui.trends_choice import Choice, read

FIRST, N = Week.parse("2026-W40"), 8  # the last one is running, the two before are provisional
ZH, EN = translator("zh_CN"), translator("en")


FEWER, BEFORE = Sample(20, 28), Sample(112, 28)


def _picture(now=FEWER, base=BEFORE, rates=(4, 4, math.nan, 2, 1, 1, 1, 9), target=True, points=7, **rule):
    weeks = []
    for at, rate in enumerate(rates):
        week, silent = FIRST + at, math.isnan(rate)
        weeks.append(
            {
                "week": week.monday, "label": week.label, "expected": 7, "submitted": 0 if silent else 6,
                "zero": 0 if silent else 1, "missing": 7 if silent else 0, "not_due": 0, "late": 0,
                "received": 0 if silent else 7, "total": rate * 7, "emergency": math.nan if silent else 0.0, "rate": rate,
                "closed": at < N - 3, "complete": at < N - 1,
                "revised_at": pd.NaT,
            }
        )  # fmt: skip
    known = {"coverage": points / 7, "least_coverage": 0.8, "significance": 0.01, **rule}
    window, before = (FIRST.monday, (FIRST + 3).sunday), [FIRST + week for week in range(4)]
    compared = Comparison(judge(now, base, **known), points, 7, pair(before, before))
    path = TargetPath(4.0, 0.5, FIRST.monday, (FIRST + 30).sunday)
    line = TargetLine(Baseline(112, 28, 28), *window, True, path, 0.5, path.starts, path.ends, "x", 1)
    frame = pd.DataFrame(weeks)
    return Picture(frame, frame.iloc[:0].assign(township_code=""), line if target else None, compared, {})


EXTENT = trends_frames.extent(_picture())


def test_villages_still_missing_in_a_week_opened_again_are_counted_as_in_the_sum_and_the_file():
    found = _picture()
    found.weeks.loc[found.weeks.label == (FIRST + 3).label, ["missing", "closed"]] = [3, False]
    rows = trends_frames.table(found, Choice(), ZH).set_index("label").missing
    assert (rows[(FIRST + 3).label], rows[(FIRST + N - 2).label]) == ("3", "—")


def _frame(packed):
    return pa.ipc.open_stream(io.BytesIO(packed)).read_all().to_pandas()


SILENT_NOW = (4, 4, math.nan, 2, 1, 1, 1, math.nan)


def test_the_spring_festival_is_named_at_its_week_once_a_year():
    found = _picture()
    spring = [date(2026, 2, 9) + timedelta(weeks=at) for at in range(len(found.weeks))]  # the new year began on 17 February
    found.weeks["week"] = spring
    notes = _frame(trends_frames.trend(found, ZH)["notes"])
    assert notes[notes.kind == "festival"][["week", "text"]].values.tolist() == [["2026-02-16", "春节"]]
    assert "festival" not in _frame(trends_frames.trend(_picture(), ZH)["notes"]).kind.tolist()


def test_the_legend_names_only_what_is_drawn():
    told = [trends_page.legend(Choice(), ZH, base, path) for base, path in ((True, True), (True, False), (False, False))]
    assert ["目标路径" in one for one in told] == [True, False, False]
    assert ["基期" in one for one in told] == [True, True, False]


def test_a_week_without_reports_breaks_the_line():
    weeks = _frame(trends_frames.trend(_picture(), ZH)["weeks"])
    assert weeks.rate.isna().tolist() == [False, False, True, False, False, False, False, False]


def test_the_running_week_is_a_point_that_says_so_as_soon_as_it_is_reported():
    frames = trends_frames.trend(_picture(), ZH)
    point, notes = _frame(frames["weeks"]).iloc[-1], _frame(frames["notes"])
    assert (point.running, point.rate, point.state_text, point.reported_text) == (True, 9, "进行中", "7/7")
    assert notes[(notes.kind == "running") & (notes.week == point.week)].text.tolist() == ["进行中"]
    assert "datum.running" in str(charts.trend(frames, EXTENT, ZH))


def test_a_running_week_that_nobody_reported_is_no_point():
    found = _picture(rates=SILENT_NOW)
    weeks = _frame(trends_frames.trend(found, ZH)["weeks"])
    assert math.isnan(weeks.rate.iloc[-1])
    states = trends_frames.table(found, Choice(), ZH).state.tolist()
    assert states == ["暂定", "暂定", "已关账", "已关账", "无人报", "已关账", "已关账", ""]


def test_provisional_weeks_are_dashed_from_the_last_closed_one_on():
    weeks = _frame(trends_frames.trend(_picture(), ZH)["weeks"])
    assert weeks.rate_closed.notna().tolist() == [True, True, False, True, True, False, False, False]
    assert weeks.rate_open.notna().tolist() == [False, False, False, False, True, True, True, True]


def test_the_strip_adds_up_to_the_points_of_every_week_the_running_one_too():
    reports = _frame(trends_frames.trend(_picture(), ZH)["reports"])
    assert reports.groupby("iso")["count"].sum().tolist() == [7] * N
    assert reports.high.max() == 1
    assert set(reports[reports.iso == "2026-W42"].state) == {"missing"}


@pytest.mark.parametrize("rates", [(0,) * N, (math.nan,) * (N - 1) + (1,), (1e6,) * N])
def test_the_highest_line_is_always_below_the_roof(rates):
    found = _picture(rates=rates)
    frames, roof = trends_frames.trend(found, ZH), trends_frames.extent(found).roof
    notes = _frame(frames["notes"])
    shown = [*_frame(frames["weeks"]).rate.dropna(), *notes[notes.kind == "base"].rate]
    assert roof > 0
    assert roof >= max(shown)


def test_how_far_a_drawing_reaches_is_told_to_it_in_milliseconds_of_utc():
    told = {one["name"]: one["value"] for one in charts.trend({}, EXTENT, ZH)["params"]}
    assert told["since"] == datetime(2026, 9, 24, 12, tzinfo=UTC).timestamp() * 1000  # half a week before the first Monday
    assert told["until"] > datetime(2026, 11, 16, tzinfo=UTC).timestamp() * 1000
    nobody = trends_frames.extent(_picture(rates=(math.nan,) * N, target=False))
    assert (nobody.roof, nobody.weeks) == (1, N)


def test_dates_travel_as_text_and_numbers_as_numbers():
    for frame in trends_frames.trend(_picture(target=False, rates=(math.nan,) * N), ZH).values():
        table = _frame(frame)
        if "week" in table:
            assert table.week.map(date.fromisoformat).notna().all()
        assert all(table[name].dtype == "float64" for name in trends_frames.RATES if name in table)


def test_a_drawing_is_built_once_per_language_and_names_its_data():
    frames = trends_frames.trend(_picture(), ZH)
    one, two = (charts.trend(frames, EXTENT, ZH) for _ in range(2))
    assert one["layer"] is two["layer"]
    assert set(one["datasets"]) == {"weeks", "reports", "path", "notes"}
    assert charts.trend(frames, EXTENT, EN)["layer"] is not one["layer"]


def test_the_scale_starts_at_zero_and_knows_no_zone():
    spec = str(charts.trend({}, EXTENT, ZH))
    assert "'domain': [0, {'expr': 'roof'}]" in spec
    assert "'type': 'utc'" in spec


def _headline(found, **choice):
    return sentences.trend_headline(ZH, found, Choice(**choice), "")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (_picture(), "<em>确有下降</em>"),
        (_picture(now=Sample(112, 28), base=Sample(20, 28)), "<strong>确有上升</strong>"),
        (_picture(now=Sample(27, 28), base=Sample(28, 28)), "尚无证据表明变化"),
        (_picture(points=2), "只有 2/7 个点两段时间都报了，不到 80%。"),
        (_picture(now=Sample(0, 28), base=Sample(0, 28)), "两段时间都报了零。"),
        (_picture(now=Sample(1, 1), base=Sample(0, 1)), "件数太少"),
        (_picture(now=Sample(5, 28), base=Sample(0, 0)), "没有一个点报过"),
        (_picture(barred=Reason.LEFT_OUT), "有一段时间全是春节周"),
        (_picture(now=Sample(10**6, 28), base=Sample(10**6 + 9, 28)), "尚无证据表明变化"),
    ],
)
def test_every_verdict_can_be_said(found, words):
    assert words in _headline(found)
    for t in (ZH, EN):
        assert all(fact.name and fact.value for fact in sentences.trend_facts(t, found, Choice()))
        assert "{" not in sentences.trend_headline(t, found, Choice(), "") + sentences.trend_basis(t, found)


def test_only_a_real_fall_is_said_to_be_below_the_path():
    small = _picture(now=Sample(25, 28), base=Sample(28, 28))
    assert "已低于目标路径" in _headline(_picture())
    assert "目标路径" not in _headline(small)


def test_the_path_is_that_of_the_points_and_weeks_compared():
    """They had 6 a week before and all points 4: half-way down the path they are measured by what was promised of their own 6."""
    line = _picture().target
    share = line.path.at((FIRST + 3).sunday) / line.path.base
    quiet = _picture(now=Sample(round(6 * share * 1.1 * 280), 280), base=Sample(6 * 280, 280))
    busy = _picture(now=Sample(round(2 * share * 0.95 * 2800), 2800), base=Sample(2 * 2800, 2800))
    assert sentences.against_path(ZH, busy).startswith("已低于目标路径（3.8；按可比的点和周是 1.9）")
    assert sentences.against_path(ZH, quiet).startswith("高于目标路径（3.8；按可比的点和周是 5.6），差 0.6")
    assert sentences.against_path(EN, busy) == "already below the target path (3.8; 1.9 for the points and weeks compared)."
    assert sentences.against_path(ZH, _picture()) == "已低于目标路径（3.8）。"
    more = _picture(now=Sample(3 * 280, 280), base=Sample(2 * 280, 280))  # below the line of all points, and a rise
    assert "高于目标路径" in sentences.against_path(ZH, more)


def test_a_department_with_a_hostile_name_is_text():
    assert "<script>" not in sentences.trend_headline(ZH, _picture(), Choice(), "<script>alert(1)</script>")


def test_the_sum_is_of_every_complete_week_and_the_running_one_stands_first():
    table = trends_frames.table(_picture(), Choice(), ZH)
    assert table.total.tolist() == ["63", "7", "7", "7", "14", "—", "28", "28", "91"]
    assert table["mark"].tolist() == ["open running", "open", "open", "", "", "", "", "", "total"]
    assert table.state.iloc[0] == "进行中"


def test_a_stock_is_not_summed_over_weeks():
    stock = Choice(Measure.GROUP, Unit.HOLDINGS)
    assert trends_frames.table(_picture(), stock, ZH).total.iloc[-1] == ""


def test_the_year_begins_with_its_first_iso_week_and_always_has_a_complete_one():
    first, last = read({"period": "year"}).weeks(date(2026, 11, 18))
    assert (first.label, last.label) == ("2026-W01", "2026-W47")
    day = date(2024, 12, 25)
    for _ in range(30):
        first, last = read({"period": "year"}).weeks(day)
        assert first < last
        day += timedelta(days=1)


@pytest.mark.parametrize("address", [{"measure": "x"}, {"unit": "holdings"}, {"period": "0"}, {"measure": "", "unit": ""}])
def test_what_an_address_says_wrongly_is_the_default(address):
    assert read(address, {}, {}) == Choice()


def test_the_target_path_is_named_by_where_it_ends_and_not_by_where_the_drawing_does():
    notes = _frame(trends_frames.trend(_picture(), ZH)["notes"])
    assert notes[(notes.kind == "goal") & (notes.text != "")].text.tolist() == ["目标路径：5月2日降到 2.0"]
