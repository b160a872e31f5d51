"""What is counted, and in which unit. Units are never mixed: one meeting is 1 session, 28 village-times, 31 person-times."""

from enum import StrEnum


class Kind(StrEnum):
    """Flows: things that happen on a day."""

    MEETING = "meeting"
    INSPECTION = "inspection"
    FORM = "form"
    CERTIFICATE = "certificate"
    DOCUMENT = "document"


LOGGED_KINDS = (Kind.MEETING, Kind.INSPECTION, Kind.FORM)  # what the weekly log asks for


class HoldingKind(StrEnum):
    """Stocks: things that are there until somebody takes them away."""

    GROUP = "group"
    APP = "app"
    PLAQUE = "plaque"
    WALL_BOARD = "wall_board"
    MECHANISM = "mechanism"


class Measure(StrEnum):
    """The four core measures: three flows and one stock."""

    MEETING = "meeting"
    INSPECTION = "inspection"
    FORM = "form"
    GROUP = "group"

    @property
    def is_stock(self) -> bool:
        """A stock is counted at the week's end, a flow over the week."""
        return self is Measure.GROUP


class Unit(StrEnum):
    """village_times: entries of villages (copies, for forms). sessions: distinct events. person_times: people summed.
    hours: people × (duration + travel) ÷ 60. holdings: open at the week's end."""

    VILLAGE_TIMES = "village_times"
    SESSIONS = "sessions"
    PERSON_TIMES = "person_times"
    HOURS = "hours"
    HOLDINGS = "holdings"


FLOW_UNITS = (Unit.VILLAGE_TIMES, Unit.SESSIONS, Unit.HOURS)


def units_of(measure: Measure) -> tuple[Unit, ...]:
    """The units a measure can be told in, the one its targets are set in first."""
    return (Unit.HOLDINGS,) if measure.is_stock else FLOW_UNITS


class CalledAs(StrEnum):
    """What an inspection or visit was called (domain vocabulary: 督查 检查 考核 调研 指导 观摩 走访 暗访 验收)."""

    SUPERVISION = "supervision"
    INSPECTION = "inspection"
    ASSESSMENT = "assessment"
    RESEARCH = "research"
    GUIDANCE = "guidance"
    OBSERVATION = "observation"
    VISIT = "visit"
    UNANNOUNCED = "unannounced"
    ACCEPTANCE = "acceptance"


class Demand(StrEnum):
    """What really happened, kept apart from what it was called."""

    LEDGER = "ledger"  # ledgers were looked at
    MATERIAL = "material"  # materials were asked for
    SCORED = "scored"  # scored or ranked
    PHOTO = "photo"  # photos or screenshots were asked for
    NOTIFIED = "notified"  # a notice followed


SOFT_NAMES = frozenset({CalledAs.RESEARCH, CalledAs.GUIDANCE, CalledAs.OBSERVATION, CalledAs.VISIT})
HARD_FACTS = frozenset({Demand.LEDGER, Demand.SCORED, Demand.NOTIFIED})


def is_relabelled(called_as: str, demands: set[str]) -> bool:
    """Called guidance, research or a visit, but scored, notified or demanded ledgers: an inspection in fact.

    Rule G05 of the rule catalogue (the Hongya case, 2025). It is a hint for a person to confirm, never a finding.
    """
    return called_as in SOFT_NAMES and bool(demands & HARD_FACTS)
