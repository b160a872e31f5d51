"""A control chart's frames, drawing, sentences and file, without a browser."""

import io
import math
from datetime import date

import pandas as pd
import pyarrow as pa
import pytest

from models.rules.control_chart import Note
from models.rules.control_limits import Basis
from models.rules.control_rules import Meaning, Signal
from models.rules.week import Week
from services.queries.charts import Anew, Control, Part, Said
from tests import world
from ui import control_frames, control_words
from ui.charts import control as charts
from ui.exports import control as control_file
from ui.exports.trends import Context
from ui.i18n import translator
from ui.trends_choice import Choice

FIRST = Week.parse("2026-W30")
ZH, EN = translator("zh_CN"), translator("en")
NAN = math.nan
RATES = (4, 3, NAN, 6, 1, 2)
STANDINGS = ("closed", "closed", "silent", "closed", "closed", "provisional")
SIGNALS = (None, None, None, ("outside", "concern"), ("shift", "improvement"), None)
FELL = Said(Signal.SHIFT, -1, Meaning.IMPROVEMENT, FIRST.monday, (FIRST + 6).monday, 7, 2)


def _control(said=(FELL,), note=None, centre=3.4, anew=()):
    rows = []
    for at, (rate, standing, signal) in enumerate(zip(RATES, STANDINGS, SIGNALS, strict=True)):
        limits = (centre, 2.4, 4.4) if centre is not None and rate == rate else (NAN, NAN, NAN)
        rule, means = signal or (None, None)
        silent = standing == "silent"
        rows.append(
            {
                "week": (FIRST + at).monday, "label": (FIRST + at).label, "expected": 8, "received": 0 if silent else 7,
                "submitted": 0 if silent else 7, "zero": 0, "missing": 8 if silent else 1, "not_due": 0,
                "total": rate * 7, "rate": rate, "standing": standing, "exposure": 0 if silent else 7,
                "centre": limits[0], "low": limits[1], "high": limits[2], "signal": rule, "meaning": means,
                "revised_at": pd.Timestamp("2026-11-20T03:00Z") if at == 1 else pd.NaT,
            }
        )  # fmt: skip
    base = (FIRST.monday, (FIRST + 1).monday) if centre is not None else None
    basis = Basis.SIGMA if centre is not None else None
    part = Part(FIRST.monday, (FIRST + 5).monday, "", base, False, 12, 70, 96, centre, basis, 1.5, note)
    anew = [Anew((FIRST + 4).monday, world.COUNTY, reason) for reason in anew]
    return Control(pd.DataFrame(rows), [part], list(said), (FIRST + 3).monday, anew)


def _frame(packed):
    return pa.ipc.open_stream(io.BytesIO(packed)).read_all().to_pandas()


def test_silent_weeks_are_gaps_and_provisional_ones_are_drawn_apart():
    weeks = _frame(control_frames.drawing(_control(), ZH)["weeks"])
    assert weeks.firm.isna().tolist() == [False, False, True, False, False, True]
    assert weeks.loose.isna().tolist() == [True, True, True, True, False, False]
    assert weeks.high.isna().tolist() == [False, False, True, False, False, False]
    assert weeks.look.tolist() == ["usual", "usual", "open", "bad", "good", "open"]


def test_a_decision_stands_at_its_line_with_its_reason_and_the_target_at_its_day():
    notes = _frame(control_frames.drawing(_control(anew=("撤乡并镇",)), ZH)["notes"])
    lines = notes[notes.kind == "line"]
    assert lines.text.tolist() == ["8月10日目标开始", "重新起算：撤乡并镇"]
    assert lines.mark.tolist() == ["①", "②"]
    assert lines.lane.tolist() == ["right 0", "left 1"]  # the second lies far right: its words stand to the left of it
    assert notes[notes.kind == "centre"].text.tolist() == ["平均 3.40"]


@pytest.mark.parametrize("t", [ZH, EN])
def test_a_chart_without_limits_is_drawn_as_well_and_says_why(t):
    found = _control(said=(), note=Note.NO_EVENTS, centre=None)
    frames = control_frames.drawing(found, t)
    assert "centre" not in _frame(frames["notes"]).kind.tolist()
    assert control_words.headline(t, found) == t("control.note_no_events")
    assert charts.control(frames, control_frames.extent(found), t)["datasets"] == frames
    assert control_words.facts(t, found, Choice())[0].value == "—"


def test_a_run_is_said_in_plain_words_and_festivals_by_name():
    assert control_words.headline(ZH, _control()) == (
        "第 30–36 周（7月20日–9月6日）连续 7 周低于平均，其中 2 周低于平常范围，很难用偶然解释。"
    )
    assert "7 weeks in a row below the average, 2 of them below" in control_words.headline(EN, _control())
    feast = Said(Signal.OUTSIDE, -1, Meaning.IMPROVEMENT, date(2026, 2, 16), date(2026, 2, 16), 1, 1, festival=True)
    assert control_words.run(ZH, feast, 2026) == "第 8 周（2月16日–22日）低于平常范围：这是春节。"
    assert "（2026年2月16日–2026年2月22日）" in control_words.run(ZH, feast, 2027)
    assert control_words.headline(ZH, _control(said=(feast,))).startswith("除春节外")
    across = Said(Signal.TREND, 1, Meaning.CONCERN, date(2025, 12, 22), date(2026, 2, 2), 7, 0)
    assert control_words.numbers(across) == "2025-W52–2026-W06"


@pytest.mark.parametrize("signal", list(Signal))
@pytest.mark.parametrize("way", [1, -1])
@pytest.mark.parametrize("t", [ZH, EN])
def test_every_signal_has_its_words_for_a_run_and_for_a_week(signal, way, t):
    means = Meaning.CONCERN if way > 0 else Meaning.IMPROVEMENT
    assert control_words.run(t, Said(signal, way, means, FIRST.monday, (FIRST + 1).monday, 2, 1), 2026)
    assert control_words.signal(t, signal.value, means.value)
    assert control_words.signal(t, None, NAN) == ""


def test_too_few_weeks_and_a_clustered_base_are_said():
    facts = {fact.name: fact for fact in control_words.facts(ZH, _control(note=Note.TRIAL), Choice())}
    assert facts["试用"].value == "12 周"
    assert facts["平常范围"].value == "2.40–4.40"
    assert "1.5 倍" in facts["平常范围"].why
    assert "70/96 个村周" in facts["取自"].why


def test_the_file_holds_the_figures_of_the_screen():
    found = _control()
    document = control_file.document(found, Choice(), ZH, Context("示例县", world.NOW, {}))
    table = control_frames.table(found, ZH)
    for row, (_, shown) in zip(document.rows, table.iloc[::-1].iterrows(), strict=True):
        day, label, expected, received, _total, rate, _centre, low, high, said, state = row
        assert (day, label) == (Week.parse(label).monday, shown.iso)
        assert f"{received}/{expected}" == shown.reported
        assert control_words.amount(ZH, rate) == shown.shown
        assert control_words.span(ZH, low, high) == shown.range
        assert (said or "—", state) == (shown.said, shown.state)
    assert [row[-1] for row in document.rows[:2]] == ["已关账", "已关账，11月20日更正"]
    assert ("哪些周不寻常", control_words.run(ZH, FELL, 2026)) in document.about
