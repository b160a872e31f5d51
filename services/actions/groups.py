"""Chat groups joined and left, as part of a village's week. All actions raise NotAllowedNow at `week` like weekly_logs."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.entry import check_day, clean_title, same_title
from models.rules.errors import Conflict, InvalidInput, NotFound
from models.rules.measure import HoldingKind
from models.rules.week import Week, today_at
from models.tables import Holding, WeeklyLog
from services import audit
from services.access import Actor, Permission
from services.log.village_week import Saved, check_token, department, keep, next_id, open_log, put_in, saved, subject, take_out
from services.usecase import action

_HIGHEST_ID = 2**63 - 1


@action(Permission.EDIT_WEEKLY_LOG)
def join(
    session: Session,
    actor: Actor,
    *,
    week: Week,
    department_code: str,
    day: date,
    request_id: str,
    name: str = "",
    opened_at: datetime | None = None,
    seen: int | None = None,
) -> Saved:
    """Logs a chat group the village was put into. The same `request_id` again is the same group. `seen`: the week's version
    that the screen showed; Conflict(added_meanwhile) at event when another phone has logged the same group since.

    InvalidInput at department, day, name, or event for a token that a group of another department has.
    """
    log = open_log(session, actor, week)
    if (done := _group_of_tap(session, log, request_id)) is not None:
        if done.department_code != department_code:
            raise InvalidInput("bad_request_id", field="event")
        return saved(log, done.id)
    if seen not in (None, log.version) and _has_joined(session, log, department_code, day, name):
        raise Conflict("added_meanwhile", field="event")
    check_day(day, week, today_at(actor.now))
    department(session, log.village_code, department_code, day)
    group = Holding(
        county_code=log.county_code,
        id=next_id(session, Holding, log.county_code),
        village_code=log.village_code,
        kind=HoldingKind.GROUP,
        name=clean_title(name, "name"),
        department_code=department_code,
        since=day,
        request_id=request_id,
        saved_at=actor.now,
    )
    session.add(group)
    return put_in(session, actor, log, opened_at, "groups.join", group.id, _facts(group))


@action(Permission.EDIT_WEEKLY_LOG)
def rename(
    session: Session, actor: Actor, *, week: Week, holding_id: int, seen: str, name: str, opened_at: datetime | None = None
) -> Saved:
    """Names a group joined in that week; `seen` is the name that the screen showed.

    InvalidInput at name, Conflict(title_changed) with `theirs` at name, NotFound(no_such_group) at group.
    """
    log = open_log(session, actor, week)
    group = _own_group(session, log, holding_id)
    if group.since not in week:
        raise NotFound("no_such_group", field="group")
    old, wanted = _facts(group), clean_title(name, "name")
    if group.name not in (seen, wanted):
        raise Conflict("title_changed", field="name", theirs=group.name)
    group.name, group.saved_at = wanted, actor.now
    if (new := _facts(group)) != old:
        keep(session, actor, log, opened_at)
        audit.record(session, actor, "groups.rename", subject(log, holding_id), old=old, new=new)
    return saved(log, holding_id)


@action(Permission.EDIT_WEEKLY_LOG)
def forget(
    session: Session, actor: Actor, *, week: Week, request_id: str, seen: str | None = None, opened_at: datetime | None = None
) -> Saved:
    """Takes back a join of that week that was a slip. Found by its token, because a number may be given again. `seen` is the
    name that the screen showed: Conflict(removed_unseen) with `theirs` at group when another phone has changed it since.
    """
    log = open_log(session, actor, week)
    group = _group_of_tap(session, log, request_id)
    if group is None:
        return saved(log)
    if group.since not in week or (group.until is not None and group.until not in week):  # another week tells of it too
        raise NotFound("no_such_group", field="group")
    if seen not in (None, group.name):
        raise Conflict("removed_unseen", field="group", theirs=group.name)
    session.delete(group)
    return take_out(session, actor, log, opened_at, "groups.forget", group.id, _facts(group))


@action(Permission.EDIT_WEEKLY_LOG)
def leave(session: Session, actor: Actor, *, week: Week, holding_id: int, day: date, opened_at: datetime | None = None) -> Saved:
    """Logs that the village is out of a group from that day on.

    The same day again is no error; another day, or one before it was joined, is InvalidInput at day.
    """
    log = open_log(session, actor, week)
    group = _own_group(session, log, holding_id)
    if group.until not in (None, day):
        raise InvalidInput("left_already", field="day", day=group.until)
    if group.until is not None:
        return saved(log, holding_id)
    check_day(day, week, today_at(actor.now))
    if day < group.since:
        raise InvalidInput("left_before_joined", field="day", day=group.since)
    group.until, group.saved_at = day, actor.now
    return put_in(session, actor, log, opened_at, "groups.leave", holding_id, _facts(group))


@action(Permission.EDIT_WEEKLY_LOG)
def stay(session: Session, actor: Actor, *, week: Week, holding_id: int, opened_at: datetime | None = None) -> Saved:
    """Takes back a leave of that week that was a slip."""
    log = open_log(session, actor, week)
    group = _own_group(session, log, holding_id)
    if group.until is None:
        return saved(log, holding_id)
    if group.until not in week:
        raise NotFound("no_such_group", field="group")
    old = _facts(group)
    group.until, group.saved_at = None, actor.now
    return take_out(session, actor, log, opened_at, "groups.stay", holding_id, old)


def _own_group(session: Session, log: WeeklyLog, holding_id: int) -> Holding:
    group = session.get(Holding, (log.county_code, holding_id)) if 0 < holding_id <= _HIGHEST_ID else None
    if group is None or group.village_code != log.village_code or group.kind != HoldingKind.GROUP:
        raise NotFound("no_such_group", field="group")
    return group


def _has_joined(session: Session, log: WeeklyLog, department_code: str, day: date, name: str) -> bool:
    mine = (Holding.county_code == log.county_code, Holding.village_code == log.village_code)
    alike = (Holding.kind == HoldingKind.GROUP, Holding.department_code == department_code, Holding.since == day)
    return any(same_title(name, other) for other in session.scalars(select(Holding.name).where(*mine, *alike)))


def _group_of_tap(session: Session, log: WeeklyLog, request_id: str) -> Holding | None:
    check_token(request_id)
    mine = select(Holding).where(Holding.county_code == log.county_code, Holding.village_code == log.village_code)
    return session.scalar(mine.where(Holding.request_id == request_id))


def _facts(group: Holding) -> dict[str, object]:
    return {"name": group.name, "department": group.department_code, "since": group.since, "until": group.until}
