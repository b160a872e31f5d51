"""The story's own events: two visits that were inspections in fact, a cluster, one form asked for three times, emergencies."""

from dataclasses import replace
from datetime import date
from random import Random

from models.rules.measure import CalledAs, Demand, Kind
from seed.calendar import WEEKS, Calendar
from seed.happenings import Happening, day_in, received
from seed.offices import office
from seed.places import CLUSTER_TOWNSHIP, FIRST, RECORDER_VILLAGE, Village

CLUSTER_WEEK, CLUSTER_WEEKDAY = WEEKS - 3, 2
CLUSTER_OFFICES = ("林业局", "生态环境局", "住房和城乡建设局", "消防救援大队")
DISGUISED = (
    (WEEKS - 5, "自然资源局", "耕地保护指导", frozenset({Demand.LEDGER, Demand.SCORED}), 4),
    (WEEKS - 8, "县委组织部", "基层党建指导", frozenset({Demand.LEDGER, Demand.NOTIFIED}), 6),
)
SAME_FORM, SAME_FORM_WEEK = "留守老人和儿童基本情况统计表", WEEKS - 6
SAME_FORM_OFFICES = ("民政局", "妇女联合会", "团县委")
FIRES = (6, 28, 44, 58, 70)


def incidents(calendar: Calendar, rng: Random) -> list[Happening]:
    """All of them, for the county with the story."""
    return [
        *_cluster(calendar, rng),
        *_disguised(calendar, rng),
        *_same_form(calendar, rng),
        *_flood(calendar, rng),
        *_fires(calendar, rng),
        *_for_the_recorder(calendar, rng),
    ]


def _cluster(calendar: Calendar, rng: Random) -> list[Happening]:
    index = calendar.ordinary(CLUSTER_WEEK)
    day = day_in(calendar, index, CLUSTER_WEEKDAY)
    found = []
    for name in CLUSTER_OFFICES:
        sender = office(FIRST, name)
        visit = _event(Kind.INSPECTION, name, day, index, f"{sender.subjects[0]}检查", 60)
        visit = replace(visit, called_as=CalledAs.INSPECTION, demands=frozenset({Demand.LEDGER}), township=CLUSTER_TOWNSHIP)
        found.append(received(rng, visit, list(CLUSTER_TOWNSHIP.points[:3])))
    return found


def _disguised(calendar: Calendar, rng: Random) -> list[Happening]:
    found = []
    for usual, name, title, demands, at in DISGUISED:
        index = calendar.ordinary(usual)
        township = FIRST.townships[at]
        visit = _event(Kind.INSPECTION, name, day_in(calendar, index, 1), index, title, 120)
        visit = replace(visit, called_as=CalledAs.GUIDANCE, demands=demands, township=township)
        found.append(received(rng, visit, list(township.points)))
    return found


def _same_form(calendar: Calendar, rng: Random) -> list[Happening]:
    index = calendar.ordinary(SAME_FORM_WEEK)
    return [
        received(rng, _event(Kind.FORM, name, day_in(calendar, index, n), index, SAME_FORM, 90), _all(4))
        for n, name in enumerate(SAME_FORM_OFFICES)
    ]


def _flood(calendar: Calendar, rng: Random) -> list[Happening]:
    """Meetings, visits and daily reports that nobody is blamed for."""
    index = calendar.flood
    days = [day_in(calendar, index, n) for n in range(7)]
    rescue, water = "应急管理局", "水务局"
    found = [_event(Kind.MEETING, name, days[n], index, "防汛抢险紧急视频会", 40) for n, name in ((0, rescue), (2, water))]
    found += [_event(Kind.FORM, rescue, days[n], index, "汛情日报", 15) for n in (1, 3, 5)]
    calls = [received(rng, replace(made, emergency=True), _all(8)) for made in found]
    for n, township in enumerate(FIRST.townships):
        visit = _event(Kind.INSPECTION, water, days[1 + n % 5], index, f"{township.name}地质灾害隐患点巡查", 60)
        visit = replace(visit, called_as=CalledAs.INSPECTION, emergency=True, township=township)
        calls.append(received(rng, visit, list(township.points)))
    return calls


def _fires(calendar: Calendar, rng: Random) -> list[Happening]:
    found = []
    for n, index in enumerate(map(calendar.ordinary, FIRES)):
        township = FIRST.townships[(2 * n + 1) % len(FIRST.townships)]
        call = _event(Kind.MEETING, "应急管理局", day_in(calendar, index, 3), index, "森林火险紧急部署会", 45)
        found.append(received(rng, replace(call, emergency=True, township=township), list(township.points), travel=20))
    return found


def _for_the_recorder(calendar: Calendar, rng: Random) -> list[Happening]:
    """What the neighbours of the demo's recorder already logged this week: offered to the recorder as one tap each."""
    township, index = FIRST.townships[0], WEEKS - 1
    neighbours = [village for village in township.points if village is not RECORDER_VILLAGE]
    days = calendar.workdays(index)
    visit = _event(Kind.INSPECTION, "生态环境局", days[-1], index, "秸秆禁烧检查", 40)
    visit = replace(visit, called_as=CalledAs.INSPECTION, demands=frozenset({Demand.PHOTO}), township=township)
    form = _event(Kind.FORM, "医疗保障局", days[0], index, "医保缴费进展情况表", 30)
    return [received(rng, made, neighbours) for made in (visit, form)]


def _event(kind: Kind, name: str, day: date, index: int, title: str, minutes: int) -> Happening:
    return Happening(kind, office(FIRST, name), day, index, title, minutes)


def _all(townships: int) -> list[Village]:
    return [village for township in FIRST.townships[:townships] for village in township.points]
