"""One function per figure: Trends, Overview, CSV and Excel show the same number for every week of the demo county."""

import csv
import io
from datetime import date, datetime

import openpyxl
import pytest

from models.db import open_session
from models.rules.measure import Measure, units_of
from models.rules.week import today_at
from seed.places import COUNTY
from services.access import operator
from services.queries import overviews, trends
from tests.seed.conftest import NOW
from ui import sentences, trends_frames
from ui.exports.csv_file import csv_bytes
from ui.exports.excel import workbook
from ui.exports.trends import Context, document
from ui.i18n import translator
from ui.trends_choice import Choice

T = translator("zh_CN")
only_sqlite = pytest.mark.parametrize("demo_engine", ["sqlite"], indirect=True)
CHOICES = [Choice(measure, unit, "78") for measure in Measure for unit in units_of(measure)]


def _picture(session, choice):
    return trends.picture(session, operator(COUNTY, NOW), **choice.params(COUNTY, NOW, today_at(NOW)))


def _files(found, choice):
    """(CSV, Excel): head and rows, the latter as numbers and dates."""
    made = document(found, choice, T, Context("示例县", NOW, {}))
    text = list(csv.reader(io.StringIO(csv_bytes(made).decode("utf-8-sig"), newline="")))
    book = openpyxl.load_workbook(io.BytesIO(workbook(made)))
    return text, [list(row) for row in book.worksheets[0].values], {row[0]: row[1] for row in book.worksheets[1].values}


def _read(text, like):
    """A cell of a CSV file, read as the kind of value that stands in the Excel cell."""
    if like is None:
        return None if text == "" else text
    if isinstance(like, datetime):
        return datetime.combine(date.fromisoformat(text), datetime.min.time())
    return text if isinstance(like, str) else float(text)


@only_sqlite
@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: f"{choice.measure}-{choice.unit}")
def test_every_cell_is_the_same_on_screen_in_csv_and_in_excel(demo_engine, choice):
    with open_session(demo_engine) as session:
        found = _picture(session, choice)
    (head, *rows), (sheet_head, *sheet), told = _files(found, choice)
    assert head == sheet_head
    assert len(rows) == len(sheet) >= 78
    for cells, excel in zip(rows, sheet, strict=True):
        for text, value in zip(cells, excel, strict=True):
            read = _read(text, value)
            assert read == (pytest.approx(value, rel=1e-15) if isinstance(value, int | float) else value)  # Excel keeps 16 digits
    rate, path = head.index(T("trends.head_rate")), head.index(T("trends.head_path"))
    shown = trends_frames.table(found, choice, T).iloc[:-1].iloc[::-1]
    for line, cells in zip(shown.to_dict("records"), sheet[-len(shown) :], strict=True):
        assert line["label"] == cells[1]
        numbers = ["—" if cells[at] is None else T.number(cells[at], 2) for at in (rate, path)]
        assert [line["rate"], line["path"]] == numbers
        assert line["total"] == trends_frames.amount(T, float("nan") if cells[8] is None else float(cells[8]))
    for fact in sentences.trend_facts(T, found, choice):
        assert fact.name in told
        assert told[fact.name].lstrip("'").startswith(fact.value)


@only_sqlite
def test_a_card_of_the_overview_is_the_trend_of_the_same_measure(demo_engine):
    with open_session(demo_engine) as session:
        cards = overviews.cards(session, operator(COUNTY, NOW), county_code=COUNTY, as_of=NOW)
        for card in cards:
            choice = Choice(Measure(card.measure), units_of(Measure(card.measure))[0], "78")
            found = _picture(session, choice)
            assert (card.comparison, card.target) == (found.comparison, found.target)
            here = found.weeks.set_index("week").loc[card.weeks.week.tolist(), "rate"]
            assert here.tolist() == pytest.approx(card.weeks.rate.tolist(), nan_ok=True, abs=0)
            assert card.emergency == found.weeks[found.weeks.complete].tail(4).emergency.sum()
