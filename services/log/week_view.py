"""What the weekly log's screen shows: plain values, as the queries answer them."""

from dataclasses import dataclass
from datetime import date, datetime
from zlib import crc32

from models.rules.entry import Effort, Naming, Origin
from models.rules.week import Week


@dataclass(frozen=True)
class Row:
    """One event in the list: logged by this village (`effort` is set) or only suggested.

    `neighbours` is how many villages of the township have it, and 0 when they are too few to be counted aloud. `shared`
    means that some other village has it, so its facts stand. A suggestion from habit has no event yet. `repeats`: this village
    logged it last week too.
    """

    event_id: int | None
    kind: str
    day: date
    department_code: str
    department: str
    department_en: str | None
    title: str
    called_as: str
    emergency: bool
    minutes: int
    origin: Origin
    neighbours: int = 0
    shared: bool = False
    effort: Effort | None = None
    repeats: bool = False

    @property
    def strength(self) -> tuple[bool, int]:
        """How probable an offer is, the larger the more: one that fewer neighbours have than are counted aloud comes last, then
        what is known of the calendar or from an office; then by neighbours.
        """
        return self.origin is not Origin.NEIGHBOURS or self.neighbours > 0, self.neighbours

    @property
    def naming(self) -> Naming:
        """What it is called, as shown: goes back with every change."""
        return Naming(self.title, self.called_as, self.emergency)

    @property
    def key(self) -> str:
        """Stable and plain, for the row's widgets."""
        if self.event_id is not None:
            return f"e{self.event_id}"
        return f"w{crc32(f'{self.kind}/{self.department_code}/{self.title}'.encode()):x}"

    def token(self, week: Week) -> str:
        """The request id of its box in that week: the same box ticked on two phones is one entry."""
        return f"tick-{week.label}-{self.key}"


@dataclass(frozen=True)
class Group:
    """A chat group of the village; `since` and `until` say when it was joined and left."""

    holding_id: int
    name: str
    department: str
    department_en: str | None
    since: date
    until: date | None
    request_id: str
    department_code: str = ""


@dataclass(frozen=True)
class OfferedGroup:
    """A chat group that neighbours joined; `neighbours` is 0 when they are too few to be counted aloud."""

    name: str
    department_code: str
    department: str
    department_en: str | None
    neighbours: int


@dataclass(frozen=True)
class Place:
    """Names of a village and its township: Chinese, and English where there is one."""

    village: str
    village_en: str | None
    township: str
    township_en: str | None


@dataclass(frozen=True)
class VillageWeek:
    """Everything about one village-week. `state` is None before the first tap; `reports` is false for no observation point.

    `correction`: why the closed week is open again, until `closes_at`.
    """

    week: Week
    place: Place
    reports: bool
    closes_at: datetime
    correction: str | None
    state: str | None
    zero: bool
    version: int
    seconds: int
    saved_at: datetime | None
    submitted_at: datetime | None
    rows: tuple[Row, ...]
    joined: tuple[Group, ...]
    left: tuple[Group, ...]
    groups: tuple[Group, ...]
    year_seconds: int

    @property
    def count(self) -> int:
        """How many things are logged."""
        return len(self.rows) + len(self.joined) + len(self.left)


@dataclass(frozen=True)
class ListedWeek:
    """A week to turn to: `state` is draft, submitted or None; a closed one can only be read."""

    week: Week
    state: str | None
    closes_at: datetime
    closed: bool


@dataclass(frozen=True)
class Choice:
    """A department to choose; `initials` are those of its name in pinyin."""

    code: str
    name: str
    name_en: str | None
    initials: str


@dataclass(frozen=True)
class Choices:
    """The village's usual departments, and all it may name."""

    usual: tuple[Choice, ...]
    every: tuple[Choice, ...]
