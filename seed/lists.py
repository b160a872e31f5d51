"""Points, departments and accounts from a file: the use-cases of the screens, asked for at the command line.

One county's file at a time, whole or not at all; who did it is the command line's operator.
"""

import csv
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from models.db import engine, open_session
from models.migrate import current, newest
from models.rules.area import Level, ancestor, level_of, pad
from models.rules.errors import AppError, InvalidInput, NotAllowedNow
from services.access import Actor, Role, operator
from services.actions import imports as actions
from services.imports import accounts, departments, points
from services.imports.files import Problems, code_text, lines
from services.imports.plan import Plan, State
from services.queries import imports as queries
from ui.i18n import Translator

PLACES = {  # noun → its columns, and the one that says which county's the file is
    "points": (points.COLUMNS, "village_code"),
    "departments": (departments.COLUMNS, "area_code"),
    "accounts": (accounts.COLUMNS, "area_code"),
}
NOWHERE = pad("999999")  # no county's code: a file that names no place has each of its lines refused


@dataclass(frozen=True)
class Sent:
    """A file, what it lists, and the operator of the county it is for."""

    noun: str
    content: bytes
    filename: str
    actor: Actor


def read(noun: str, path: Path, now: datetime) -> Sent:
    """The file and its county: that of most lines, so that a stray line is the one refused. ImportRefused if it is no table."""
    content = path.read_bytes()
    role = Role.SYSTEM_ADMIN if noun == "accounts" else Role.TASK_FORCE
    return Sent(noun, content, path.name, operator(_area(noun, content), now, role))


def checked(t: Translator, sent: Sent) -> list[str]:
    """What the file would do, in sentences. NotAllowedNow(database_old): a check does not even bring the database up to date."""
    if current(engine()) != newest():
        raise NotAllowedNow("database_old")
    plan = planned(sent)
    return [*changes(t, plan), t("seed.checked"), _counts(t, sent, plan)]


def taken_in(t: Translator, sent: Sent, passwords: Path, numbers: Callable[[int], bytes]) -> list[str]:
    """Takes the file in and says what was done; of accounts also in which file their first passwords are."""
    if sent.noun != "accounts":
        return [_counts(t, sent, store(sent))]
    plan = store_accounts(sent, passwords, (t("accounts.username"), t("accounts.first_password")), numbers)
    told = [t("seed.passwords", file=passwords)] if plan.new else []
    return [*told, _counts(t, sent, plan)]


def planned(sent: Sent) -> Plan:
    """What the file would do, as the screens' preview has it. ImportRefused with the lines that are wrong."""
    asked: dict[str, Any] = {"content": sent.content, "filename": sent.filename}
    with open_session() as session:
        if sent.noun == "accounts":
            return queries.accounts_plan(session, sent.actor, **asked)
        asked["county_code"] = sent.actor.area_code
        if sent.noun == "departments":
            return queries.departments_plan(session, sent.actor, **asked)
        return queries.points_plan(session, sent.actor, as_of=sent.actor.now, **asked)


def store(sent: Sent) -> Plan:
    """Takes points or departments in, and says what was done. ImportRefused: nothing was."""
    planned(sent)  # judged before the lock, so that nobody's save waits for a wrong file
    apply = actions.points_apply if sent.noun == "points" else actions.departments_apply
    with open_session(write=True) as session:
        return apply(session, sent.actor, county_code=sent.actor.area_code, content=sent.content, filename=sent.filename)


def store_accounts(sent: Sent, path: Path, heads: tuple[str, str], numbers: Callable[[int], bytes]) -> Plan:
    """Takes accounts in; the first passwords of new ones stand in a new file at `path` before their accounts are there.

    FileExistsError when something is at `path` already; a refused file leaves nothing there.
    """
    plan = planned(sent)
    made = accounts.first_passwords(sent.content, plan, numbers(accounts.NUMBERS * plan.new))
    hashes = accounts.hashed(made)
    if made:
        _keep(path, heads, made)
    try:
        with open_session(write=True) as session:
            return actions.accounts_apply(session, sent.actor, content=sent.content, filename=sent.filename, hashes=hashes)
    except AppError:
        if made:
            path.unlink()
        raise


def changes(t: Translator, plan: Plan) -> Iterator[str]:
    """A line for each that is new or changed, values as a file has them."""
    for row in plan.rows[plan.rows["state"] != State.SAME].to_dict("records"):
        values, old = row["values"], row["old"]
        told = [str(value) for fact, value in values.items() if value and fact != "name" and str(value) not in row["subject"]]
        if old:
            told = [t("audit.change", fact=t(f"audit.fact.{fact}"), old=old[fact] or "—", new=values[fact]) for fact in old]
        words = {"state": t(f"import_form.{row['state']}"), "subject": row["subject"], "name": row["name"]}
        yield t("imports.line", line=row["line"], sentence=t("seed.change", **words, detail=t.join(told)))


def _counts(t: Translator, sent: Sent, plan: Plan) -> str:
    return t(f"seed.counts_{sent.noun}", new=plan.new, changed=plan.changed, same=plan.same)


def _area(noun: str, content: bytes) -> str:
    """The county of most lines; for accounts a prefecture, if one of them stands there."""
    columns, place = PLACES[noun]
    codes = [pad(code) for line in lines(content, columns, Problems()) if _is_area(code := code_text(line[place]))]
    prefectures = [code for code in codes if level_of(code) is Level.PREFECTURE]
    if prefectures and noun == "accounts":
        return prefectures[0]
    counties = Counter(ancestor(code, Level.COUNTY) for code in codes if level_of(code) not in (Level.PROVINCE, Level.PREFECTURE))
    return counties.most_common(1)[0][0] if counties else NOWHERE


def _is_area(code: str) -> bool:
    try:
        return bool(level_of(code))
    except InvalidInput:
        return False


def _keep(path: Path, heads: tuple[str, str], made: Mapping[str, str]) -> None:
    """Readable by its owner from the first moment, and on disk before any account has such a password."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([heads, *made.items()])
        file.flush()
        os.fsync(file.fileno())
