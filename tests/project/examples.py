"""An example of every action: who does it, and with which keywords; what has to be there before is done first, by others.

A new action needs its example here.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.rules.week import Week
from models.tables import Entry, WeeklyLog
from services.access import anonymous
from services.usecase import USE_CASES
from tests import world
from tests.project.questions import FILES, VALUES, Params

HASH = "$2b$12$" + "of a long random word".ljust(53, ".")
Example = tuple[str, Callable[[Session], Params]]
EXAMPLES: dict[str, Example] = {}
SIGNED_OUT = "nobody"
MONDAY = world.WEEK.monday


def example(name: str, username: str) -> Callable[[Callable[[Session], Params]], Callable[[Session], Params]]:
    """Registers how an action is called."""

    def note(made: Callable[[Session], Params]) -> Callable[[Session], Params]:
        EXAMPLES[name] = (username, made)
        return made

    return note


def run(session: Session, name: str, username: str, params: Params) -> Any:
    """Calls a use-case as somebody, at the tests' moment."""
    actor = anonymous(world.NOW) if username == SIGNED_OUT else world.persona(session, username)
    return USE_CASES[name].function(session, actor, **params)


def _event(session: Session, token: str = "tap", week: Week = world.WEEK) -> int:
    """A meeting of a week that recorder_a2 has logged."""
    params = {"week": week, "kind": "meeting", "department_code": world.AGRI, "day": week.monday, "minutes": 60}
    saved = run(session, "weekly_logs.add_event", "recorder_a2", {**params, "request_id": token, "title": "春耕会"})
    return int(saved.subject_id)


def _group(session: Session) -> int:
    """A chat group that village_recorder joined this week."""
    params = {"week": world.WEEK, "department_code": world.AGRI, "day": MONDAY, "request_id": "tap", "name": "工作群"}
    return int(run(session, "groups.join", "village_recorder", params).subject_id)


@example("weekly_logs.add_event", "village_recorder")
def _(_session: Session) -> Params:
    what = {"week": world.WEEK, "kind": "inspection", "department_code": world.AGRI, "day": MONDAY, "minutes": 90}
    return {**what, "request_id": "new", "title": "秋粮检查", "called_as": "guidance", "demands": ("scored",)}


@example("weekly_logs.join_event", "village_recorder")
def _(session: Session) -> Params:
    return {"week": world.WEEK, "event_id": _event(session), "request_id": "new"}


@example("repeats.take", "village_recorder")
def _(session: Session) -> Params:
    """One thing is left that came last week too; the others are taken."""
    last = world.WEEK - 1
    _event(session, "last", last)
    params = {"week": last, "kind": "meeting", "department_code": world.AGRI, "day": last.monday, "minutes": 60}
    run(session, "weekly_logs.add_event", "village_recorder", {**params, "title": "春耕会", "request_id": "mine"})
    run(session, "repeats.take", "village_recorder", {"week": world.WEEK})
    _event(session, "this")
    return {"week": world.WEEK}


@example("weekly_logs.change_entry", "recorder_a2")
def _(session: Session) -> Params:
    from models.rules.entry import Effort

    event_id = _event(session)
    seen = Effort(60, 0, 1, 1, frozenset())
    return {"week": world.WEEK, "event_id": event_id, "seen": seen, "minutes": 75}


@example("weekly_logs.remove_entry", "recorder_a2")
def _(session: Session) -> Params:
    return {"week": world.WEEK, "event_id": _event(session)}


def _untold(session: Session) -> Week:
    """Last week, which may be submitted today, with nothing of recorder_a2's in it."""
    week = world.WEEK - 1
    for table in (Entry, WeeklyLog):
        session.query(table).filter_by(county_code=world.COUNTY, week=week.monday, village_code=world.VILLAGE_A2).delete()
    session.commit()
    return week


@example("weekly_logs.submit", "recorder_a2")
def _(session: Session) -> Params:
    week = _untold(session)
    _event(session, week=week)
    return {"week": week}


@example("weekly_logs.submit_zero", "recorder_a2")
def _(session: Session) -> Params:
    return {"week": _untold(session)}


@example("groups.join", "village_recorder")
def _(_session: Session) -> Params:
    return {"week": world.WEEK, "department_code": world.AGRI, "day": MONDAY, "request_id": "new", "name": "工作群"}


@example("groups.rename", "village_recorder")
def _(session: Session) -> Params:
    return {"week": world.WEEK, "holding_id": _group(session), "seen": "工作群", "name": "另一个名字"}


@example("groups.forget", "village_recorder")
def _(session: Session) -> Params:
    _group(session)
    return {"week": world.WEEK, "request_id": "tap"}


@example("groups.leave", "village_recorder")
def _(_session: Session) -> Params:
    return {"week": world.WEEK, "holding_id": 1, "day": MONDAY}


@example("groups.stay", "village_recorder")
def _(session: Session) -> Params:
    run(session, "groups.leave", "village_recorder", {"week": world.WEEK, "holding_id": 1, "day": MONDAY})
    return {"week": world.WEEK, "holding_id": 1}


@example("log_sheets.apply", "township_liaison")
def _(_session: Session) -> Params:
    return {"files": VALUES["files"], "choices": {}}


@example("points.add", "task_force")
def _(session: Session) -> Params:
    ended = {"county_code": world.COUNTY, "village_code": world.VILLAGE_B2, "until": world.WEEK - 1, "reason": "合村"}
    run(session, "points.end", "task_force", ended)
    place = {"county_code": world.COUNTY, "village_code": world.VILLAGE_B2, "since": world.WEEK + 1}
    return {**place, "selection": "random", "reason": "补点"}


@example("points.end", "task_force")
def _(_session: Session) -> Params:
    return {"county_code": world.COUNTY, "village_code": world.VILLAGE_B2, "until": world.WEEK + 1, "reason": "合村"}


@example("quotas.revise", "task_force")
def _(_session: Session) -> Params:
    cell = {"county_code": world.COUNTY, "department_code": world.AGRI, "measure": "meeting", "year": world.TODAY.year}
    return {**cell, "allowance": 4, "basis": "县减负办〔2026〕3号", "seen_version": 1}


@example("targets.revise", "task_force")
def _(_session: Session) -> Params:
    goal = {"county_code": world.COUNTY, "measure": "meeting", "reduction": 0.4, "basis": "县减负办〔2026〕3号"}
    dates = {"baseline_from": date(2025, 6, 2), "baseline_weeks": 26, "starts": date(2026, 1, 5), "ends": date(2026, 12, 27)}
    return {**goal, **dates, "reason": "基期按州里的口径重新取数", "seen_version": 1}


ANEW = {"county_code": world.COUNTY, "measure": "inspection", "week": world.WEEK - 4, "reason": "撤乡并镇，监测点重新划分"}


@example("rebases.add", "task_force")
def _(_session: Session) -> Params:
    return ANEW


@example("rebases.withdraw", "task_force")
def _(session: Session) -> Params:
    run(session, "rebases.add", "task_force", ANEW)
    return ANEW


@example("accounts.create", "system_admin")
def _(_session: Session) -> Params:
    who = {"username": "newcomer", "name": "新人", "role": "village_recorder", "area_code": world.VILLAGE_B2}
    return {**who, "department_code": None, "password_hash": HASH}


@example("accounts.reset_password", "system_admin")
def _(_session: Session) -> Params:
    return {"username": "village_recorder", "password_hash": HASH}


@example("accounts.disable", "security_admin")
def _(_session: Session) -> Params:
    return {"username": "village_recorder", "reason": "调离"}


@example("accounts.enable", "security_admin")
def _(session: Session) -> Params:
    run(session, "accounts.disable", "security_admin", {"username": "village_recorder", "reason": "调离"})
    return {"username": "village_recorder"}


@example("accounts.change_role", "security_admin")
def _(_session: Session) -> Params:
    place = {"role": "township_liaison", "area_code": world.TOWN_A, "department_code": None}
    return {"username": "village_recorder", **place, "reason": "调到镇里"}


@example("accounts.unlock", "security_admin")
def _(_session: Session) -> Params:
    return {"username": "village_recorder"}


@example("accounts.end_sessions", "security_admin")
def _(_session: Session) -> Params:
    return {"username": "village_recorder"}


@example("sign_in.attempt", SIGNED_OUT)
def _(_session: Session) -> Params:
    return {"username": "task_force"}


@example("sign_in.refuse", SIGNED_OUT)
def _(_session: Session) -> Params:
    return {"username": "task_force"}


@example("sign_in.succeed", SIGNED_OUT)
def _(_session: Session) -> Params:
    return {"username": "village_recorder", "compared": world.PASSWORD_HASH, "session_id": "new-session", "ticket": "new-ticket"}


@example("sign_in.claim_cookie", SIGNED_OUT)
def _(session: Session) -> Params:
    run(
        session,
        "sign_in.succeed",
        SIGNED_OUT,
        {"username": "auditor", "compared": world.PASSWORD_HASH, "session_id": "s", "ticket": "t"},
    )
    return {"ticket": "t", "cookie": "c"}


@example("sign_in.sign_out", "task_force")
def _(_session: Session) -> Params:
    return {}


@example("sign_in.change_password", "task_force")
def _(_session: Session) -> Params:
    new = "another long word 7"
    return {"old": world.PASSWORD, "compared": world.PASSWORD_HASH, "new": new, "repeated": new, "new_hash": HASH}


@example("sign_in.set_preferences", "task_force")
def _(_session: Session) -> Params:
    return {"language": "en", "large_type": True}


@example("imports.accounts_apply", "system_admin")
def _(_session: Session) -> Params:
    hashes = {"from_a_file": HASH}
    return {"content": FILES["accounts"], "filename": "accounts.csv", "hashes": hashes}


HELD: Params = {"county_code": world.COUNTY, "kind": "meeting", "day": world.TODAY, "title": "秋粮收购推进会"}


@example("declarations.declare", "department")
def _(_session: Session) -> Params:
    return HELD | {"township_code": world.TOWN_A}


@example("declarations.withdraw", "department")
def _(session: Session) -> Params:
    run(session, "declarations.declare", "department", HELD)
    return HELD


@example("imports.declarations_apply", "department")
def _(_session: Session) -> Params:
    return {"county_code": world.COUNTY, "content": FILES["declarations"], "filename": "declarations.csv"}


@example("imports.departments_apply", "task_force")
def _(_session: Session) -> Params:
    return {"county_code": world.COUNTY, "content": FILES["departments"], "filename": "departments.csv"}


@example("imports.points_apply", "task_force")
def _(_session: Session) -> Params:
    return {"county_code": world.COUNTY, "content": FILES["points"], "filename": "points.csv"}


LATER = timedelta(days=400)


CLOSED = world.WEEK - 5
REOPENED: Params = {"county_code": world.COUNTY, "village_code": world.VILLAGE_A1, "week": CLOSED}


@example("corrections.reopen", "task_force")
def _reopen(session: Session) -> Params:
    return {**REOPENED, "reason": "漏报了两次会议，补报一下"}


@example("corrections.finish", "task_force")
def _finish(session: Session) -> Params:
    run(session, "corrections.reopen", "task_force", _reopen(session))
    return REOPENED


@example("corrections.done", "village_recorder")
def _done(session: Session) -> Params:
    run(session, "corrections.reopen", "task_force", _reopen(session))
    return {"week": CLOSED}
