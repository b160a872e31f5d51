"""What the departments did to the villages: meetings, inspections and forms, week by week, as the demo's story has it.

A week's load is dealt out in events until a township has what the story gives it; what is too little or too much is carried
into the next week. So weekly figures scatter like real counts, while the story stays what it is.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from models.rules.measure import HARD_FACTS, SOFT_NAMES, CalledAs, Demand, Kind
from seed.calendar import POLICY, WEEKS, Calendar, rate, season
from seed.offices import Office, county_offices, township_office
from seed.places import FIRST, REBOUND_TOWNSHIP, County, Township, Village

SPREAD = {Kind.MEETING: {1: 1, 2: 3, 3: 3, 4: 2, 8: 1}, Kind.FORM: {1: 2, 2: 3, 4: 3, 8: 1}, Kind.INSPECTION: {1: 1}}
WEEKDAYS = {Kind.MEETING: (2, 4, 3, 3, 2), Kind.INSPECTION: (1, 3, 6, 5, 2), Kind.FORM: (3, 3, 3, 3, 4)}
NAMES = {
    CalledAs.INSPECTION: (34, "检查"),
    CalledAs.SUPERVISION: (20, "督查"),
    CalledAs.RESEARCH: (14, "调研"),
    CalledAs.GUIDANCE: (12, "指导"),
    CalledAs.VISIT: (5, "走访"),
    CalledAs.ASSESSMENT: (6, "考核"),
    CalledAs.ACCEPTANCE: (5, "验收"),
    CalledAs.UNANNOUNCED: (4, "暗访"),
}
LIKELY = {Demand.LEDGER: 0.45, Demand.MATERIAL: 0.35, Demand.PHOTO: 0.3, Demand.SCORED: 0.15, Demand.NOTIFIED: 0.08}
MEETINGS, FORMS = ("推进会", "部署会", "培训会", "视频会"), ("统计表", "台账", "花名册", "进展情况表")
SPECIAL = ("", "专项", "重点", "补充")  # what a second one of the same day is called
MONTHLY_ON = 25
MOST_A_DAY = 2  # departments at one township on one day, but for the cluster


@dataclass(frozen=True)
class Receipt:
    """What one village had of it."""

    minutes: int
    travel: int = 0
    people: int = 1
    copies: int = 1


@dataclass(frozen=True)
class Happening:
    """One event with everybody who received it."""

    kind: Kind
    office: Office
    day: date
    week: int
    title: str
    minutes: int
    called_as: str = ""
    emergency: bool = False
    township: Township | None = None
    demands: frozenset[Demand] = frozenset()
    receipts: dict[Village, Receipt] = field(default_factory=dict)

    @property
    def mark(self) -> tuple[str, date, str]:
        """What it is known by: two with one mark would look like one that was counted twice."""
        return self.office.code, self.day, self.title


@dataclass
class Dealer:
    """Deals out a county's load. One random stream, used in a fixed order: the same day gives the same demo."""

    county: County
    calendar: Calendar
    rng: Random
    done: list[Happening] = field(default_factory=list)
    visits: Counter[tuple[Township | None, date]] = field(default_factory=Counter)
    owed: dict[tuple[Kind, Township], float] = field(default_factory=dict)
    taken: set[tuple[str, date, str]] = field(default_factory=set)

    def deal(self) -> list[Happening]:
        """Every ordinary event of the 78 weeks."""
        for index in range(WEEKS):
            for kind in (Kind.MEETING, Kind.INSPECTION, Kind.FORM):
                self._deal_week(kind, index)
        return self.done

    def _deal_week(self, kind: Kind, index: int) -> None:
        days = self.calendar.workdays(index)
        busy = season(self.calendar.weeks[index], kind)
        if index == WEEKS - 1:
            busy = max(busy, 0.3) * len(days) / 5  # something to log is there whatever the season
        if not busy:
            return
        for township in self.county.townships:
            story = rate(kind, index, rebounds=township is REBOUND_TOWNSHIP, has_story=self.county is FIRST)
            load = story * busy * len(township.points) * self.rng.gauss(1, 0.12)
            self.owed[kind, township] = self.owed.get((kind, township), 0.0) + load
            if kind is Kind.MEETING:
                self._weekly_meetings(township, index, days)
            if kind is Kind.FORM:
                self._monthly_form(township, index, days)
        while open_ones := [t for t in self.county.townships if self.owed[kind, t] >= len(t.points) / 2]:
            self._add(self._invent(kind, index, self._some(kind, open_ones), days))

    def _some(self, kind: Kind, townships: list[Township]) -> list[Township]:
        sizes = SPREAD[kind]
        size = self.rng.choices(list(sizes), list(sizes.values()))[0]
        return self.rng.sample(townships, min(size, len(townships)))

    def _weekly_meetings(self, township: Township, index: int, days: list[date]) -> None:
        """The township's weekly meeting; before the plan often a second one."""
        meeting = Happening(
            Kind.MEETING,
            township_office(township),
            days[0],
            index,
            "每周工作例会",
            self.rng.choice((60, 60, 80, 90)),
            township=township,
        )
        self._add(self._received(meeting, [township]))
        if index < POLICY and len(days) > 3 and self.rng.random() < 0.6:
            self._add(self._received(replace(meeting, day=days[3], title="重点工作调度会"), [township]))

    def _monthly_form(self, township: Township, index: int, days: list[date]) -> None:
        """The township's form of every month, in the week of its 25th."""
        due = next((day for day in self.calendar.weeks[index].days if day.day == MONTHLY_ON), None)
        if due is not None and due <= self.calendar.today:
            day = min(due, days[-1])  # the Friday before a weekend
            made = Happening(
                Kind.FORM, township_office(township), day, index, f"{due.month}月村级工作月报表", 40, township=township
            )
            self._add(self._received(made, [township]))

    def _invent(self, kind: Kind, index: int, townships: list[Township], days: list[date]) -> Happening:
        office = self._whose(kind, townships[0])
        if office.area_code == townships[0].code:
            townships = townships[:1]  # a township's office asks its own villages only
        subject = self.rng.choice(office.subjects)
        one = townships[0] if len(townships) == 1 else None
        made = Happening(kind, office, self._day(kind, days), index, subject, 60, township=one)
        if kind is Kind.INSPECTION:
            made = self._inspection(made, days)
        elif kind is Kind.MEETING:
            made = replace(made, title=f"{subject}{self.rng.choice(MEETINGS)}", minutes=self.rng.choice((60, 90, 90, 120, 150)))
        else:
            made = replace(made, title=f"{subject}{self.rng.choice(FORMS)}", minutes=self.rng.choice((20, 30, 40, 60, 90, 120)))
        return self._received(self._distinct(made, made.title.removeprefix(subject)), townships)

    def _distinct(self, made: Happening, suffix: str) -> Happening:
        """By another title, when the department has one of this title on that day already."""
        titles = (f"{subject}{which}{suffix}" for which in SPECIAL for subject in made.office.subjects)
        named = (replace(made, title=title) for title in (made.title, *titles))
        return next(one for one in named if one.mark not in self.taken)

    def _whose(self, kind: Kind, township: Township) -> Office:
        if kind is not Kind.MEETING and self.rng.random() < 0.12:
            return township_office(township)
        senders = county_offices(self.county)
        return self.rng.choices(senders, [office.weights[kind] for office in senders])[0]

    def _day(self, kind: Kind, days: list[date]) -> date:
        return self.rng.choices(days, WEEKDAYS[kind][: len(days)])[0]

    def _inspection(self, made: Happening, days: list[date]) -> Happening:
        name = self.rng.choices(list(NAMES), [weight for weight, _ in NAMES.values()])[0]
        demands = frozenset(what for what, p in LIKELY.items() if self.rng.random() < p)
        if name in SOFT_NAMES:
            demands -= HARD_FACTS
        free = [day for day in days if self.visits[made.township, day] < MOST_A_DAY]
        day = made.day if made.day in free else self.rng.choice(free or days)
        minutes = self.rng.choice((30, 40, 60, 60, 90, 120))
        return replace(made, title=f"{made.title}{NAMES[name][1]}", called_as=name, demands=demands, day=day, minutes=minutes)

    def _received(self, made: Happening, townships: list[Township]) -> Happening:
        """Who was there, and for how long."""
        receipts = {}
        for township in townships:
            villages = list(township.points)
            if made.kind is Kind.INSPECTION:
                villages = self.rng.sample(villages, self.rng.choice((2, 3, 3, 4)) if len(villages) > 3 else 2)
            for village in villages:
                if made.kind is Kind.INSPECTION or self.rng.random() < 0.96:
                    receipts[village] = self._receipt(made, township)
        return replace(made, receipts=receipts)

    def _receipt(self, made: Happening, township: Township) -> Receipt:
        people = self.rng.choices((1, 2, 3), (7, 2, 1))[0]
        if made.kind is Kind.FORM:
            return Receipt(made.minutes + self.rng.choice((0, 0, 10, 20)), copies=self.rng.choices((1, 2, 3), (17, 2, 1))[0])
        if made.kind is Kind.INSPECTION:
            return Receipt(made.minutes, people=people)
        near = made.office.area_code == township.code or made.title.endswith("视频会")
        return Receipt(made.minutes, self.rng.choice((10, 20, 30)) if near else township.travel * 2, people)

    def _add(self, made: Happening) -> None:
        self.done.append(made)
        self.taken.add(made.mark)
        homes = self.county.points
        for village, receipt in made.receipts.items():
            self.owed[made.kind, homes[village]] -= receipt.copies
        if made.kind is Kind.INSPECTION:
            self.visits[made.township, made.day] += 1


def received(rng: Random, made: Happening, villages: list[Village], *, travel: int = 0) -> Happening:
    """The happening, received by these villages; for the story's own events."""
    receipts = {village: Receipt(made.minutes, travel, rng.choice((1, 1, 2))) for village in villages}
    return replace(made, receipts=receipts)


def day_in(calendar: Calendar, index: int, weekday: int) -> date:
    """A weekday of a week of the story, Monday being 0."""
    return calendar.weeks[index].monday + timedelta(days=weekday)
