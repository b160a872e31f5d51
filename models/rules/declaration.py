"""What a department may declare: a meeting, inspection or form of its own, on a plausible day, by a name. No SQL, no clock."""

from datetime import date, timedelta

from models.rules.entry import clean_title, title_key
from models.rules.errors import InvalidInput
from models.rules.measure import LOGGED_KINDS

BACK, AHEAD = timedelta(days=366), timedelta(days=31)  # what is further away is a slip of the keyboard


def days(today: date) -> tuple[date, date]:
    """The first and the last day that can be declared."""
    return today - BACK, today + AHEAD


def check_declaration(kind: str, day: date, title: str, today: date) -> str:
    """The clean title, if it all can be; InvalidInput at kind, day or title otherwise."""
    if kind not in LOGGED_KINDS:
        raise InvalidInput("declaration_kind", field="kind")
    first, last = days(today)
    if not first <= day <= last:
        raise InvalidInput("declaration_day", field="day", first=first, last=last)
    text = clean_title(title)
    if not title_key(text):
        raise InvalidInput("declaration_untitled", field="title")
    return text
