"""What a village may say about one event, and when two villages mean the same event. No SQL, no clock.

An event (the occasion: kind, department, day, title, what it was called) is shared by every village that received it; the
effort (minutes, travel, people, copies, what was demanded) belongs to one village.
"""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from models.rules.errors import InvalidInput
from models.rules.measure import LOGGED_KINDS, CalledAs, Demand, Kind
from models.rules.week import Week

LONGEST_TITLE = 80
MOST_MINUTES = 1440
MOST_PEOPLE = 99
MOST_COPIES = 999
IDLE_AFTER = 60  # seconds: nobody works longer on one tap; a longer gap is a pause and counts as this much
_JOINER = "\u200d"  # holds composed emoji together


@dataclass(frozen=True)
class Effort:
    """What the event cost one village, and what was demanded of it there."""

    minutes: int
    travel_minutes: int = 0
    people: int = 1
    copies: int = 1
    demands: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Naming:
    """What a village calls an event, as far as it can be corrected afterwards."""

    title: str = ""
    called_as: str = ""
    emergency: bool = False


UNNAMED = Naming()


@dataclass(frozen=True)
class Occasion:
    """What happened, the same for every village."""

    kind: str
    department_code: str
    day: date
    title: str = ""
    called_as: str = ""
    emergency: bool = False


class Origin(StrEnum):
    """Where we know an event from, without saying who told."""

    OWN = "own"
    NEIGHBOURS = "neighbours"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    TOWNSHIP = "township"
    DEPARTMENT = "department"


@dataclass(frozen=True)
class Candidate:
    """A stored event of the same kind, department and day; `villages` have it already."""

    event_id: int
    title: str
    villages: int


def check_effort(
    kind: str, *, minutes: float, travel_minutes: float = 0, people: float = 1, copies: float = 1, demands: Collection[str] = ()
) -> Effort:
    """The effort, if every number as typed is possible and whole; else InvalidInput at minutes, travel_minutes, people, copies
    or demands. Nothing is rounded: whoever typed 7.5 is asked.
    """
    numbers = (
        _whole("minutes", minutes, 0, MOST_MINUTES),
        _whole("travel_minutes", travel_minutes, 0, MOST_MINUTES),
        _whole("people", people, 1, MOST_PEOPLE),
        _whole("copies", copies, 1, MOST_COPIES if kind == Kind.FORM else 1),
    )
    if not set(demands) <= set(Demand):
        raise InvalidInput("bad_demand", field="demands")
    return Effort(*numbers, frozenset(str(Demand(d)) for d in demands))


def check_occasion(occasion: Occasion, week: Week, today: date) -> Occasion:
    """The occasion with a clean title, if it can have happened in that week; InvalidInput names kind, day, title or called_as."""
    if occasion.kind not in LOGGED_KINDS:
        raise InvalidInput("bad_kind", field="kind")
    check_day(occasion.day, week, today)
    check_called_as(occasion.kind, occasion.called_as)
    return Occasion(
        str(Kind(occasion.kind)),
        occasion.department_code,
        occasion.day,
        clean_title(occasion.title),
        occasion.called_as,
        occasion.emergency,
    )


def check_day(day: date, week: Week, today: date) -> None:
    """InvalidInput(day_outside_week, day_future): a log tells what happened, in its own week."""
    if day not in week:
        raise InvalidInput("day_outside_week", field="day", first=week.monday, last=week.sunday)
    if day > today:
        raise InvalidInput("day_future", field="day", day=day)


def check_called_as(kind: str, called_as: str) -> None:
    """Empty, or for an inspection one of the known names; InvalidInput(bad_called_as) otherwise."""
    if called_as and (kind != Kind.INSPECTION or called_as not in set(CalledAs)):
        raise InvalidInput("bad_called_as", field="called_as")


def clean_title(title: str, field: str = "title") -> str:
    """Composed, trimmed, without invisible marks; only white space is no title at all. InvalidInput when too long or with
    control characters in it: nothing is cut off silently.
    """
    visible = "".join(c for c in title.strip() if not _is_invisible(c))
    text = unicodedata.normalize("NFC", visible).strip()
    if len(text) > LONGEST_TITLE:
        raise InvalidInput("title_long", field=field, most=LONGEST_TITLE, length=len(text))
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in text):
        raise InvalidInput("title_control", field=field)
    return " ".join(text.split())


def same_title(one: str, other: str) -> bool:
    """Equal letters and digits, whatever the width, case, spaces and punctuation; or one of the two is empty."""
    a, b = title_key(one), title_key(other)
    return not a or not b or a == b


def title_key(title: str) -> str:
    """What titles are compared by: letters and digits, folded; all of it when there are none (emoji only)."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(c for c in folded if c.isalnum()) or folded.strip()


def best_match(title: str, candidates: Iterable[Candidate]) -> int | None:
    """Which stored event a village means; None: a new one.

    The candidates already agree in county, kind, department, day and township, and the village has none of them yet. Of
    those with a compatible title the equal one wins, then the one that more villages have, then the older one.
    """
    wanted = title_key(title)
    fitting = [c for c in candidates if same_title(title, c.title)]
    best = min(fitting, key=lambda c: (title_key(c.title) != wanted, -c.villages, c.event_id), default=None)
    return best.event_id if best else None


def active_seconds(since: Iterable[datetime | None], now: datetime) -> int:
    """Seconds of work that ended in a save: from the latest of the moments (last save, screen opened) until now, at most
    IDLE_AFTER. A pause is not work; none of the moments known counts as nothing.
    """
    known = [moment for moment in since if moment is not None and moment <= now]
    return min(round((now - max(known)).total_seconds()), IDLE_AFTER) if known else 0


def _whole(field: str, value: float, least: int, most: int) -> int:
    if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
        raise InvalidInput(f"{field}_range", field=field, least=least, most=most)
    if value != int(value):
        raise InvalidInput("not_whole", field=field, below=int(value), above=int(value) + 1)
    return int(value)


def _is_invisible(character: str) -> bool:
    tag = "\U000e0020" <= character <= "\U000e007f"  # part of some flags
    return unicodedata.category(character) == "Cf" and character != _JOINER and not tag
