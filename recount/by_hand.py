"""A county's Overview counted by hand. Nothing of the product is used, so that its mistakes cannot be repeated here."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, DateTime, bindparam, text
from sqlalchemy.orm import Session

from recount import statements

Figures = dict[str, tuple[Any, ...]]  # what → its numbers
Compared = tuple[list[date], list[date]]  # Mondays: present, base
CHINA = timezone(timedelta(hours=8))
WEEK = timedelta(days=7)
FLOWS, STOCK = ("meeting", "inspection", "form"), "group"
SHOWN, COMPARED, AT_LEAST, AT_MOST, LEADS, COST = 26, 4, 12, 52, 12, 12  # weeks


def counties(session: Session) -> list[str]:
    """The counties that have observation points."""
    return [code for (code,) in session.execute(text(statements.COUNTIES))]


class Recount:
    """One county at one moment.

    `compared`: for a measure the Mondays of the present and of the base weeks that the product says it compares. Which weeks
    of the two windows find a partner is its rule; here they are only held to the windows, and counted.
    """

    def __init__(self, session: Session, county: str, as_of: datetime, compared: Mapping[str, Compared]) -> None:
        self.session, self.county, self.as_of, self.compared = session, county, as_of, compared
        self.today = as_of.astimezone(CHINA).date()
        self.running = _monday(self.today)
        self.last = self.running - WEEK
        self._closed: dict[date, bool] = {}

    def figures(self) -> Figures:
        """Everything the Overview shows."""
        found = self._reports()
        told = any(numbers[1] + numbers[2] for numbers in found.values())
        for measure in (*FLOWS, STOCK) if told else ():
            found |= self._card(measure)
        return found | self._quotas() | self._leads() | self._silent() | self._cost() | self._behind()

    # ---- who reported ----------------------------------------------------------------------------------------------------
    def _reports(self) -> Figures:
        found: Figures = {}
        for monday in _mondays(self.running - (SHOWN - 1) * WEEK, self.running):
            due_at = _end_of(monday) + timedelta(days=self._threshold("due_days", monday + timedelta(days=6)))
            for township, expected, *came in self._rows(statements.REPORTS, monday=monday, due_at=due_at):
                submitted, zero, late = came
                silent = expected - submitted - zero
                missing, not_due = (silent, 0) if self._is_closed(monday) else (0, silent)
                found[f"reports {_label(monday)} {township}"] = (expected, submitted, zero, missing, not_due, late)
        return found

    def _silent(self) -> Figures:
        """By township: points without a report for so many closed weeks, and for how many at least."""
        least = self._threshold("missing_weeks", self.today)
        found: Figures = {}
        for township, since, reported in self._rows(statements.LAST_REPORTS, monday=self.last):
            begins = _monday(_day(since))
            if reported is not None:
                begins = max(begins, _day(reported) + WEEK)
            run = sum(self._is_closed(monday) for monday in _mondays(begins, self.last))
            if run >= least:
                points, shortest = found.get(f"silent {township}", (0, run))
                found[f"silent {township}"] = (points + 1, min(shortest, run))
        return found

    # ---- the four measures -----------------------------------------------------------------------------------------------
    def _card(self, measure: str) -> Figures:
        target = self._target(measure)
        shown = self.last - (SHOWN - 1) * WEEK
        now = (self.last - (COMPARED - 1) * WEEK, self.last)
        base = (min(shown, now[0] - AT_LEAST * WEEK), now[0] - WEEK)
        if target:
            shown = max(min(shown, _monday(target[1])), self.last - (AT_MOST - 1) * WEEK)
            base = (_monday(target[1]), _monday(target[2]))
        found: Figures = {}
        for monday in _mondays(shown, self.last):
            total, apart = self._totals(measure, monday)
            received = self._one(statements.RECEIVED, monday=monday)
            rate = total / received if received else None
            numbers = (total, apart) if received else (None, None)
            found[f"{measure} {_label(monday)}"] = (
                *numbers,
                rate,
                not self._is_open(monday, measure),
            )
        return found | self._comparison(measure, now, base) | self._promise(measure, target)

    def _comparison(self, measure: str, now: tuple[date, date], base: tuple[date, date]) -> Figures:
        windows = (_mondays(*now), _mondays(*base))
        told = self.compared.get(measure, windows)
        now_weeks, base_weeks = ([week for week in told[n] if week in windows[n]] for n in (0, 1))
        spans = {"now_weeks": now_weeks, "base_weeks": base_weeks}
        expected = self._one(statements.EXPECTED_POINTS, first=now_weeks[0], last=now_weeks[-1]) if now_weeks else 0
        found: Figures = {f"{measure} points compared": (self._one(statements.COMPARED, **spans), expected)}
        for name, weeks in (("now", now_weeks), ("base", base_weeks)):
            exposure = self._one(statements.EXPOSURE, weeks=weeks, **spans)
            total = sum(self._totals(measure, monday, **spans)[0] for monday in weeks)
            rate = total / exposure if exposure else None
            found[f"{measure} {name}"] = (*weeks[:1], *weeks[-1:], len(weeks), total, exposure, rate)
        found[f"{measure} base, weighed"] = (self._weighed(measure, spans),)
        found[f"{measure} reported"] = self._reported(*now, measure)
        found[f"{measure} emergency"] = (sum(self._totals(measure, monday)[1] for monday in _mondays(*now)),)
        return found

    def _weighed(self, measure: str, spans: dict[str, list[date]]) -> float | None:
        """The base rate with each point weighing as it reports now: the mean of the points' own rates, by weeks reported now."""
        points = self._rows(statements.POINT_WEEKS, **spans)
        told: dict[str, int] = {}
        if measure == STOCK:
            for monday in spans["base_weeks"]:
                for village, n in self._rows(statements.STOCK_OF_POINTS, monday=monday, sunday=monday + timedelta(days=6)):
                    told[village] = told.get(village, 0) + n
        else:
            told = dict(self._rows(statements.FLOW_OF_POINTS, measure=measure, base_weeks=spans["base_weeks"]))
        rates = [(now, int(told.get(village, 0)) / base) for village, now, base in points]
        every = sum(now for now, _ in rates)
        return sum(now * rate for now, rate in rates) / every if every else None

    def _promise(self, measure: str, target: tuple[Any, ...] | None) -> Figures:
        if target is None:
            return {}
        reduction, first, last, starts, ends = target
        total = received = expected = 0
        for monday in _mondays(_monday(first), _monday(last)):
            total += self._totals(measure, monday)[0]
            received += self._one(statements.RECEIVED, monday=monday)
            expected += self._one(statements.EXPECTED_POINTS, first=monday, last=monday)
        rate = total / received if received else None
        found: Figures = {f"{measure} baseline": (total, received, expected, rate)}
        if rate is None or received < self._threshold("least_coverage", self.today) * expected:
            return found | {f"{measure} target": (None, None)}
        goal, day = rate * (1 - reduction), self.last + timedelta(days=6)
        gone = min(max((day - starts).days, 0) / (ends - starts).days, 1)
        return found | {f"{measure} target": (rate - (rate - goal) * gone, goal)}

    def _target(self, measure: str) -> tuple[Any, ...] | None:
        rows = self._rows(statements.TARGET, measure=measure)
        return (rows[0][0], *(_day(day) for day in rows[0][1:])) if rows else None

    def _totals(self, measure: str, monday: date, **spans: Any) -> tuple[int, int]:
        """(ordinary, emergency) of one week: by all points, or by those that reported in both spans."""
        if measure == STOCK:
            statement = statements.STOCK_COMPARED if spans else statements.STOCK
            spans = spans | {"sunday": monday + timedelta(days=6)}
        else:
            statement = statements.FLOW_COMPARED if spans else statements.FLOW
        total, apart = self._rows(statement, monday=monday, measure=measure, **spans)[0]
        return int(total), int(apart)

    # ---- departments and what needs a decision ---------------------------------------------------------------------------
    def _quotas(self) -> Figures:
        year: dict[str, Any] = {"first": date(self.today.year, 1, 1), "through": self.today}
        quotas = {(who, what): n for who, what, n in self._rows(statements.QUOTAS, year=self.today.year)}
        used = {(who, what): (n, apart) for who, what, n, apart in self._rows(statements.EVENTS_OF_DEPARTMENTS, **year)}
        used |= {(who, STOCK): (len(begun), 0) for who, begun in self._groups().items()}
        found: Figures = {}
        status: dict[tuple[str, str], str] = {}
        for who, what in sorted(quotas.keys() | used.keys()):
            n, apart = used.get((who, what), (0, 0))
            allowance = quotas.get((who, what))
            status[who, what] = self._status(n, allowance)
            beyond = self._beyond(who, what, allowance or 0, year) if status[who, what] == "over" else None
            found[f"quota {what} {who}"] = (allowance, n, apart, status[who, what], beyond)
        for what in (*FLOWS, STOCK):
            told = [status[cell] for cell in status if cell[1] == what]
            found[f"quotas {what} over, near"] = (told.count("over"), told.count("near"))
        return found | self._completeness(year["first"])

    def _status(self, used: int, allowance: int | None) -> str:
        if allowance is None:
            return "unset"
        if used > allowance:
            return "over"
        near = Decimal(str(self._threshold("near_share", self.today))) * allowance
        return "near" if used and used >= near else "within"

    def _groups(self) -> dict[str, list[date]]:
        """Since when each department's open groups are there, oldest first: told of in a submitted week, same names one group."""
        oldest, begun = self.running - timedelta(weeks=53), dict[tuple[str, str], date]()
        rows = self._rows(statements.OPEN_GROUPS, through=self.today, monday=self.running, oldest=oldest)
        for who, name, since, told in rows:
            if told is not None and _day(told) + timedelta(days=6) >= _day(since):
                key = who, "".join(c for c in name.lower() if c not in " \u3000.,:;·-_。，、：；（）()")
                begun[key] = min(begun.get(key, _day(since)), _day(since))
        return {who: sorted(day for (one, _), day in begun.items() if one == who) for who, _ in begun}

    def _beyond(self, who: str, what: str, allowance: int, year: dict[str, Any]) -> date:
        cell = {"department": who, "allowance": allowance}
        if what == STOCK:
            return self._groups()[who][allowance]
        return _day(self._one(statements.EVENT_BEYOND, measure=what, **year, **cell))

    def _completeness(self, first: date) -> Figures:
        expected = reported = missing = closed = still_open = 0
        for monday in _mondays(_monday(first), self.running):
            points = self._one(statements.EXPECTED_POINTS, first=monday, last=monday)
            came = self._one(statements.RECEIVED, monday=monday)
            expected, reported = expected + points, reported + came
            still_open += points if self._is_open(monday) else 0
            if self._is_closed(monday):
                closed, missing = closed + points, missing + points - came
        told = closed - missing
        enough = told > 0 and told >= self._threshold("least_coverage", self.today) * closed
        return {"quotas completeness": (expected, reported, missing, expected - reported - missing, still_open, enough)}

    def _leads(self) -> Figures:
        first = self.today - LEADS * WEEK
        days = {"first": first, "through": self.today, "first_monday": _monday(first), "last_monday": self.running}
        visits = sorted((_day(day), *rest) for day, *rest in self._rows(statements.RELABELLED, **days))
        least = self._threshold("same_day_units", self.today)
        crowded = sorted((_day(day), *rest) for day, *rest in self._rows(statements.SAME_DAY, least=least, **days))
        found: Figures = {"relabelled visits": (len(visits),), "same-day clusters": (len(crowded),)}
        found |= {f"relabelled visit {n}": visit for n, visit in enumerate(visits, 1)}
        return found | {f"same-day cluster {n}": cluster for n, cluster in enumerate(crowded, 1)}

    # ---- our own cost ----------------------------------------------------------------------------------------------------
    def _cost(self) -> Figures:
        weeks = {"first": self.last - (COST - 1) * WEEK, "last": self.last}
        every = [seconds for (seconds,) in self._rows(statements.SECONDS, **weeks)]
        timed = [seconds for seconds in every if seconds > 0]
        if not timed:
            return {}
        minutes, n = self._one(statements.MINUTES, **weeks), len(timed)
        year = {"first": date(self.last.year, 1, 1), "last": self.last}
        return {
            "cost logs": (len(every), n),
            "cost median, 90th percentile, limit": (
                timed[-(-n * 5 // 10) - 1], timed[-(-n * 9 // 10) - 1], self._threshold("log_seconds", self.today)
            ),
            "cost hours a year": (sum(timed) / n * 52 / 3600,),
            "cost hours this year": (sum(seconds for (seconds,) in self._rows(statements.SECONDS, **year)) / 3600,),
            "cost share of all hours": (sum(timed) / 60 / minutes if minutes else None,),
        }  # fmt: skip

    # ---- what the figures rest on ----------------------------------------------------------------------------------------
    def _behind(self) -> Figures:
        """Village-weeks that came of those expected, and weeks that may still change: of all, of the leads, of our own cost."""
        shown = _mondays(self.running - (SHOWN - 1) * WEEK, self.last)
        return {
            "provisional weeks": tuple(_label(monday) for monday in shown if self._is_open(monday)),
            "reported for leads": self._reported(_monday(self.today - LEADS * WEEK), self.running),
            "reported for cost": self._reported(self.last - (COST - 1) * WEEK, self.last),
        }

    def _reported(self, first: date, last: date, measure: str = "") -> tuple[int, int, int]:
        weeks = _mondays(first, last)
        received = sum(self._one(statements.RECEIVED, monday=monday) for monday in weeks)
        expected = sum(self._one(statements.EXPECTED_POINTS, first=monday, last=monday) for monday in weeks)
        return received, expected, sum(self._is_open(monday, measure) for monday in weeks if monday < self.running)

    def _is_open(self, monday: date, measure: str = "") -> bool:
        """Not closed, or being corrected: itself or, for what is still held later, a week before it."""
        here, until = self._rows(statements.REOPENED, monday=monday)[0]
        return not self._is_closed(monday) or bool(until if measure == STOCK else here)

    # ---- rows ------------------------------------------------------------------------------------------------------------
    def _is_closed(self, monday: date) -> bool:
        if monday not in self._closed:
            days = self._threshold("close_days", monday + timedelta(days=6))
            self._closed[monday] = self.as_of >= _end_of(monday) + timedelta(days=days)
        return self._closed[monday]

    def _threshold(self, name: str, day: date) -> float:
        return float(self._one(statements.THRESHOLD, name=name, day=day))

    def _one(self, statement: str, **params: Any) -> Any:
        return self._rows(statement, **params)[0][0]

    def _rows(self, statement: str, **params: Any) -> list[tuple[Any, ...]]:
        prepared = text(statement)
        for name, value in params.items():
            if isinstance(value, datetime):
                params[name] = value.astimezone(UTC)
                prepared = prepared.bindparams(bindparam(name, type_=DateTime(timezone=True)))
            elif isinstance(value, list):
                prepared = prepared.bindparams(bindparam(name, type_=Date, expanding=True))
            elif isinstance(value, date):
                prepared = prepared.bindparams(bindparam(name, type_=Date))
        uses_county = {"county": self.county} if ":county" in statement else {}
        return [tuple(row) for row in self.session.execute(prepared, uses_county | params)]


def _day(stored: Any) -> date:
    """SQLite gives dates back as text."""
    return date.fromisoformat(stored) if isinstance(stored, str) else stored


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _mondays(first: date, last: date) -> list[date]:
    return [first + n * WEEK for n in range((last - first) // WEEK + 1)]


def _end_of(monday: date) -> datetime:
    return datetime.combine(monday + WEEK, datetime.min.time(), CHINA)


def _label(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"
