"""The demo tells its story on whatever day it is made."""

import hashlib
from collections import Counter
from datetime import date, datetime, time
from functools import cache

import pytest

from models.rules.area import level_of
from models.rules.holiday import is_spring_festival
from models.rules.matching import Listed, occasions, pairs, recapture
from models.rules.measure import is_relabelled
from models.rules.quota import Status, judge
from models.rules.schedule import FIRST_DAY_TO_SUBMIT, days_after
from models.rules.week import ZONE, Week
from seed.accounts import all_logins
from seed.calendar import BASELINE, POLICY, REBOUND, REPLACED, SILENT, WEEKS, Calendar
from seed.declared import DECLARING, declarations
from seed.demo import _points, _quotas
from seed.incidents import SAME_FORM
from seed.offices import office, offices
from seed.places import (
    CLUSTER_TOWNSHIP,
    COUNTIES,
    FIRST,
    PREDECESSOR,
    PREFECTURE,
    REBOUND_TOWNSHIP,
    RECORDER_VILLAGE,
    SECOND,
    SUCCESSOR,
)
from seed.quota_use import use_of
from seed.reports import SILENT_VILLAGES
from seed.story import Story, tell
from services.imports.initials import initials

DAYS = ("2026-11-21", "2027-01-04", "2027-02-10", "2026-03-01", "2026-03-08")
DEMANDS = ("ledger", "material", "scored", "photo", "notified")
every_day = pytest.mark.parametrize("day", DAYS)


@cache
def calendar(day: str) -> Calendar:
    return Calendar(datetime.combine(date.fromisoformat(day), time(8, 30), ZONE))


@cache
def story(day: str, county=FIRST) -> Story:
    return tell(county, calendar(day))


def submitted(told: Story) -> set:
    return {(log["village_code"], log["week"]) for log in told.logs if log["state"] == "submitted"}


def rate(day: str, kind: str, indices: range, township: str = "") -> float:
    """Village-times per village-week reported, without emergencies."""
    told, weeks = story(day), {calendar(day).weeks[n].monday for n in indices}
    reported = {(village, week) for village, week in submitted(told) if week in weeks and village.startswith(township)}
    kinds = {event["id"]: event["kind"] for event in told.events if not event["emergency"]}
    copies = sum(
        entry["copies"]
        for entry in told.entries
        if kinds.get(entry["event_id"]) == kind and (entry["village_code"], entry["week"]) in reported
    )
    return copies / len(reported)


def digest(told: Story) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()


def test_the_same_day_tells_the_same_story_and_another_day_another():
    again = tell(FIRST, calendar(DAYS[0]))
    assert digest(again) == digest(story(DAYS[0]))
    assert digest(story(DAYS[1])) != digest(again)


@every_day
def test_two_departments_declare_enough_for_an_estimate_and_villages_leave_something_out(day):
    told = story(day)
    rows = declarations(calendar(day), told.events)
    assert rows == declarations(calendar(day), told.events)
    keys = {(row["department_code"], row["kind"], row["happened_on"], row["title"]) for row in rows}
    assert len(keys) == len(rows)
    assert {row["department_code"] for row in rows} == {office(FIRST, name).code for name in DECLARING}
    assert all(row["declared_at"] <= calendar(day).now and row["happened_on"] <= calendar(day).today for row in rows)
    since = calendar(day).weeks[POLICY].monday
    known = [one for one in told.events if one["happened_on"] >= since and not one["emergency"]]
    ours, theirs = (
        occasions([Listed(o["department_code"], o["kind"], o["happened_on"], o["happened_on"], o["title"]) for o in some], 3)
        for some in (rows, [one for one in known if one["department_code"] in {key[0] for key in keys}])
    )
    both = len(pairs(ours, theirs, 3))
    assert both > 30
    assert recapture(len(theirs), len(ours), both).first_complete == pytest.approx(0.72, abs=0.1)


@every_day
def test_meetings_fell_inspections_did_not_and_forms_rose(day):
    now = range(WEEKS - 9, WEEKS - 1)
    quiet, base = ([n for n in span if not is_spring_festival(calendar(day).weeks[n])] for span in (now, BASELINE))
    assert rate(day, "meeting", base) == pytest.approx(3.4, abs=0.2)
    assert rate(day, "meeting", quiet) == pytest.approx(2.0, abs=0.25)
    assert rate(day, "inspection", base) == pytest.approx(1.9, abs=0.25)
    assert 1.6 < rate(day, "inspection", quiet) < 2.8  # December's peak is part of it
    assert rate(day, "form", base) == pytest.approx(2.9, abs=0.25)
    assert rate(day, "form", quiet) == pytest.approx(3.7, abs=0.35)


@every_day
def test_chat_groups_fall_slowly(day):
    def stock(index: int) -> float:
        sunday = calendar(day).weeks[index].sunday
        groups = story(day).holdings
        return sum(g["since"] <= sunday and (g["until"] is None or g["until"] > sunday) for g in groups) / 32

    assert stock(POLICY) > stock(POLICY + 13) > stock(WEEKS - 1)
    assert 0.6 < stock(WEEKS - 1) / stock(POLICY) < 0.85


@every_day
def test_meetings_came_back_in_one_township_only(day):
    after = [n for n in range(REBOUND, WEEKS - 1) if not is_spring_festival(calendar(day).weeks[n])]
    rates = {township: rate(day, "meeting", after, township.code[:9]) for township in FIRST.townships}
    assert [township for township, value in rates.items() if value > 2.7] == [REBOUND_TOWNSHIP]


@every_day
def test_exactly_three_departments_are_over_this_year_one_for_each_kind(day):
    told, year = story(day), calendar(day).today.year
    used = use_of(told.events, told.entries, told.logs)
    status = {
        (q["department_code"], q["measure"]): judge(used[q["department_code"], q["measure"], year], q["allowance"], 0.8).status
        for q in _quotas(FIRST, calendar(day), told)
        if q["year"] == year
    }
    assert sorted(measure for (_, measure), one in status.items() if one is Status.OVER) == ["form", "inspection", "meeting"]
    assert sum(one is Status.NEAR for one in status.values()) >= 4


@every_day
def test_every_department_of_the_county_has_a_quota_for_each_measure_this_year_and_last(day):
    rows = _quotas(FIRST, calendar(day), story(day))
    limited = [one for one in offices(FIRST) if one.area_code != PREFECTURE]  # what stands above it a county cannot limit
    assert Counter((row["measure"], row["year"]) for row in rows) == {
        (measure, calendar(day).today.year - back): len(limited)
        for measure in ("meeting", "inspection", "form", "group")
        for back in (0, 1)
    }


@every_day
def test_two_visits_were_inspections_in_fact(day):
    told = story(day)
    names = {event["id"]: event["called_as"] for event in told.events}
    found = {
        entry["event_id"] for entry in told.entries if is_relabelled(names[entry["event_id"]], {d for d in DEMANDS if entry[d]})
    }
    assert len(found) == 2
    assert {names[event] for event in found} == {"guidance"}


@every_day
def test_four_departments_came_to_one_township_on_one_day_and_nowhere_else(day):
    told = story(day)
    visits = {event["id"]: event for event in told.events if event["kind"] == "inspection" and not event["emergency"]}
    came: dict = {}
    for entry in told.entries:
        if visit := visits.get(entry["event_id"]):
            came.setdefault((entry["village_code"], visit["happened_on"]), set()).add(visit["department_code"])
    crowded = {at: len(who) for at, who in came.items() if len(who) >= 3}
    assert set(crowded.values()) == {4}
    assert {village[:9] for village, _ in crowded} == {CLUSTER_TOWNSHIP.code[:9]}
    assert len({happened_on for _, happened_on in crowded}) == 1


@every_day
def test_three_departments_asked_for_the_same_form(day):
    asked = [event["department_code"] for event in story(day).events if event["title"] == SAME_FORM]
    assert len(asked) == len(set(asked)) == 3


@every_day
def test_some_weeks_are_late_missing_or_zero_and_two_points_fell_silent(day):
    told, time_line = story(day), calendar(day)
    closed = [n for n in range(SILENT.start) if n != time_line.flood]
    mondays = {time_line.weeks[n].monday for n in closed}
    logs = [log for log in told.logs if log["state"] == "submitted" and log["week"] in mondays]
    late = [log for log in logs if log["submitted_at"] >= days_after(Week(log["week"]), 3)]
    assert 0.02 < len(late) / len(logs) < 0.06
    assert 0.015 < 1 - len(logs) / (32 * len(closed)) < 0.05
    assert 0.005 < sum(log["zero"] for log in logs) / len(logs) < 0.08
    flood = time_line.weeks[time_line.flood].monday
    assert sum(log["week"] == flood and log["state"] == "submitted" for log in told.logs) <= 12
    silent = {time_line.weeks[n].monday for n in SILENT}
    assert not {(v.code, week) for v in SILENT_VILLAGES for week in silent} & submitted(told)


@every_day
def test_half_a_year_ago_one_point_ended_and_a_village_of_its_township_took_its_place(day):
    told, handed_over = story(day), calendar(day).weeks[REPLACED].monday
    spells = {row["village_code"]: (row["since"], row["until"]) for row in _points(FIRST, calendar(day))}
    assert spells[PREDECESSOR.code] == (calendar(day).weeks[0].monday, handed_over)
    assert spells[SUCCESSOR.code] == (handed_over, None)
    assert sum(until is None for _, until in spells.values()) == 32
    for rows in (told.logs, told.entries):
        for row in rows:
            assert row["village_code"] != PREDECESSOR.code or row["week"] < handed_over
            assert row["village_code"] != SUCCESSOR.code or row["week"] >= handed_over


@every_day
def test_a_zero_week_has_no_entries_and_nothing_happens_after_today(day):
    told, now = story(day), calendar(day).now
    filled = {(entry["village_code"], entry["week"]) for entry in told.entries}
    assert not filled & {(log["village_code"], log["week"]) for log in told.logs if log["zero"]}
    assert filled <= {(log["village_code"], log["week"]) for log in told.logs}
    assert max(event["happened_on"] for event in told.events) <= calendar(day).today
    assert max(log["saved_at"] for log in told.logs) <= now
    assert all(event["happened_on"] in Week(event["week"]) for event in told.events)


@every_day
def test_nothing_happens_at_spring_festival(day):
    free = {week.monday for week in calendar(day).weeks[:-1] if is_spring_festival(week)}
    assert free
    assert not [event for event in story(day).events if event["week"] in free and not event["emergency"]]


@every_day
def test_the_recorders_own_week_is_still_to_be_logged_and_the_neighbours_have_begun(day):
    told, week = story(day), calendar(day).current.monday
    here = {log["village_code"]: log["state"] for log in told.logs if log["week"] == week}
    neighbours = [village.code for village in FIRST.townships[0].points if village is not RECORDER_VILLAGE]
    assert RECORDER_VILLAGE.code not in here
    told_as = "submitted" if calendar(day).today.weekday() >= FIRST_DAY_TO_SUBMIT else "draft"
    assert sorted(here[code] for code in neighbours) == ["draft", told_as, told_as]
    offered = {entry["event_id"] for entry in told.entries if entry["week"] == week and entry["village_code"] in neighbours}
    assert len(offered) >= 3


@every_day
def test_a_townships_office_asks_only_the_villages_of_its_township(day):
    told = story(day)
    homes = {event["id"]: event["department_code"][:9] for event in told.events if event["department_code"].index("-") == 9}
    assert homes
    assert not [entry for entry in told.entries if not entry["village_code"].startswith(homes.get(entry["event_id"], ""))]


@every_day
def test_no_department_has_two_events_of_one_title_on_one_day(day):
    seen = Counter((event["department_code"], event["happened_on"], event["title"]) for event in story(day).events)
    assert [one for one, times in seen.items() if times > 1] == []


@every_day
def test_nobody_reports_at_night(day):
    hours = [log["saved_at"].astimezone(ZONE).time() for log in story(day).logs]
    assert [hour for hour in hours if not time(8) <= hour <= time(22)] == []


@every_day
def test_an_event_reaches_many_villages(day):
    told = story(day)
    assert len(told.entries) > 3 * len(told.events)
    assert Counter(entry["event_id"] for entry in told.entries).most_common(1)[0][1] >= 28


def test_a_log_takes_about_a_minute():
    seconds = sorted(log["seconds"] for log in story(DAYS[0]).logs if log["state"] == "submitted")
    assert seconds[len(seconds) // 2] == pytest.approx(52, abs=5)
    assert seconds[len(seconds) * 9 // 10] == pytest.approx(130, abs=20)


def test_the_second_county_has_six_points_and_no_story():
    told = story(DAYS[0], SECOND)
    assert len({log["village_code"] for log in told.logs}) == len(SECOND.points) == 6
    assert not any(event["emergency"] for event in told.events)


def test_there_are_32_points_among_48_villages_with_official_codes():
    villages = [village for township in FIRST.townships for village in township.villages]
    assert (len(FIRST.points), len(villages)) == (32, 48)
    assert {level_of(village.code) for village in villages} == {"village"}
    assert all(int(village.code[9:]) > 200 for village in villages)
    assert all((100 <= int(t.code[6:9]) < 200) == t.name.endswith("镇") for county in COUNTIES for t in county.townships)


def test_the_initials_of_departments_are_their_pinyin():
    every = [office for county in COUNTIES for office in offices(county)]
    assert {office.name: office.initials for office in every} == {office.name: initials(office.name) for office in every}
    assert all(office.name_en for office in every)


def test_every_login_has_its_own_name_and_every_point_a_recorder():
    logins = all_logins()
    assert len({login.username for login in logins}) == len(logins)
    recorders = {login.area_code for login in logins if login.role == "village_recorder"}
    assert recorders == {village.code for county in COUNTIES for village in county.points} | {PREDECESSOR.code}
    assert [login.area_code for login in logins if not login.active] == [PREDECESSOR.code]
