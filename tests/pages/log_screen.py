"""The recorder's thumb in screen tests: find a widget, add by hand, open a row, and see what is stored."""

from datetime import date

from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models.db import open_session
from models.tables import Entry, WeeklyLog
from tests import world

W = world.WEEK
MONDAY, TUESDAY, WEDNESDAY = W.days[:3]


def rows(screens, table=Entry):
    with open_session(screens) as session:
        return session.scalars(select(table).where(table.village_code == world.VILLAGE_A1)).all()


def log(screens, week=W) -> WeeklyLog | None:
    with open_session(screens) as session:
        return session.get(WeeklyLog, (world.COUNTY, week.monday, world.VILLAGE_A1))


def keyed(at: AppTest, kind: str, start: str):
    """The widget whose key starts so; its end is a one-time token."""
    return next(widget for widget in at.get(kind) if (widget.key or "").startswith(start))


def add(at: AppTest, kind: str, department: str, minutes: int, day: date = TUESDAY) -> None:
    keyed(at, "button_group", f"strip_{kind}_").set_value(day.isoformat())
    keyed(at, "button_group", f"grid_{kind}_").set_value(department)
    keyed(at, "button", f"min_{kind}_{minutes}_").click().run()
    assert not at.exception


def open_details(at: AppTest) -> None:
    keyed(at, "button", "edit_e").click().run()
    assert not at.exception


def type_in(at: AppTest, start: str, text: str) -> None:
    """Types into a list that takes any text, and presses Enter."""
    listed = keyed(at, "selectbox", start)
    listed.options.append(text)  # AppTest sends only what is in the list
    listed.set_value(text).run()
    assert not at.exception


def press(at: AppTest, start: str) -> None:
    keyed(at, "button", start).click().run()
    assert not at.exception


def labels(at: AppTest, start: str) -> list[str]:
    return [button.label for button in at.button if (button.key or "").startswith(start)]
