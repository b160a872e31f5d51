"""The words of the weekly log: lengths, days, where a row is known from."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from models.rules.entry import Effort, Origin
from models.rules.measure import Kind
from models.rules.week import ZONE, Week
from services.log.week_view import Choice, Group, OfferedGroup, Row
from ui.i18n import Translator
from ui.plain import plain

LENGTHS = (30, 60, 90, 120, 240, 480)  # minutes: a grid of three


def length(t: Translator, minutes: int) -> str:
    """半小时, 1.5小时, 半天, 20分钟."""
    named = {30: "half_hour", 60: "one_hour", 240: "half_day", 480: "full_day"}
    if minutes in named:
        return t(f"weekly_log.{named[minutes]}")
    if minutes and minutes % 30 == 0:
        return t("weekly_log.hours", n=f"{minutes / 60:g}")
    return t("weekly_log.minutes", n=minutes)


def short_day(t: Translator, day: date) -> str:
    """一 · Mon."""
    return t.weekday(day).removeprefix("周")


def week_name(t: Translator, week: Week) -> str:
    """第47周."""
    return t("weekly_log.week", n=week.number)


def until(t: Translator, moment: datetime) -> str:
    """A deadline: 12月6日 24:00 rather than 12月7日 00:00."""
    local = moment.astimezone(ZONE)
    if (local.hour, local.minute) == (0, 0):
        return t("weekly_log.midnight", day=t.day((local - timedelta(minutes=1)).date()))
    return t.moment(moment)


def department(t: Translator, row: Row | Group) -> str:
    """The department's name in the reader's language."""
    return t.name(row.department, row.department_en)


def choice(t: Translator, one: Choice) -> str:
    """How a department stands in the long list: found by any part of its name or by its initials."""
    return " ".join(part for part in (t.name(one.name, one.name_en), one.initials) if part)


def title(t: Translator, row: Row) -> str:
    """What the row is called: its title, else its department."""
    return row.title or department(t, row)


def group_name(t: Translator, group: Group) -> str:
    """What a chat group is called: its name, else whose it is."""
    return group.name or t("weekly_log.group_of", department=department(t, group))


def offered_group(t: Translator, group: OfferedGroup) -> str:
    """防汛工作群 · 水务局 · 3个邻村记了."""
    known = t("weekly_log.origin.counted", n=group.neighbours) if group.neighbours else t("weekly_log.origin.neighbours")
    return " · ".join((group.name, t.name(group.department, group.department_en), known))


def what(t: Translator, row: Row) -> str:
    """周二会议."""
    return t.weekday(row.day) + ("" if t.chinese else " ") + t(f"kind.{row.kind}")


def origin(t: Translator, row: Row) -> str:
    """Where the row is known from, never whose it is."""
    if row.origin is Origin.NEIGHBOURS and row.neighbours:
        return t("weekly_log.origin.counted", n=row.neighbours)
    return t(f"weekly_log.origin.{row.origin}")


def row_label(t: Translator, row: Row) -> str:
    """Two lines: kind and title; department and origin."""
    facts = [
        department(t, row) if row.title else "",
        t(f"called_as.{row.called_as}") if row.called_as else "",
        t("weekly_log.emergency") if row.emergency else "",
        origin(t, row),
        t("weekly_log.last_week_too") if row.repeats else "",
    ]
    return two_lines(t(f"kind.{row.kind}"), title(t, row), facts)


def group_label(t: Translator, group: Group, *, joined: bool) -> str:
    """Two lines: joined or left and the group's name; its department."""
    facts = [department(t, group) if group.name else "", t.day(group.since if joined or not group.until else group.until)]
    return two_lines(t("weekly_log.joined" if joined else "weekly_log.left"), group_name(t, group), facts)


def two_lines(tag: str, name: str, facts: Iterable[str]) -> str:
    """A label of a list row."""
    return f"`{tag}` **{plain(name)}**  \n{' · '.join(plain(fact) for fact in facts if fact)}"


def effort(t: Translator, kind: str, value: Effort) -> str:
    """1小时 · 2人 · 看台账: one phone's side of a conflict."""
    parts = [length(t, value.minutes)]
    parts += [f"{t('weekly_log.travel')} {length(t, value.travel_minutes)}"] if value.travel_minutes else []
    parts += [t("weekly_log.people_n", n=value.people)]
    parts += [t("weekly_log.copies_n", n=value.copies)] if kind == Kind.FORM else []
    return " · ".join([*parts, *(t(f"demand.{demand}") for demand in sorted(value.demands))])
