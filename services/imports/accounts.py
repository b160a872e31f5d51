"""Accounts from a file: username, name, role, area_code, and perhaps department_code and a first password.

A file makes accounts, disabled until the security administrator enables them, and corrects names. It never changes what an
account may do: that is the security administrator's.
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.account import check_name, check_username
from models.rules.area import last_within
from models.rules.errors import AppError, InvalidInput
from models.rules.password import GROUP, GROUPS, check_password, initial_password
from models.tables import Account, Area, Department
from services.access import Actor, Role, check_fit, in_area
from services.imports.files import Columns, Line, Problems, code_text, is_scientific, lines
from services.imports.plan import Change, Plan, State, compared
from services.passwords import has_todays_cost, hash_password

COLUMNS = Columns(
    ("username", "name", "role", "area_code"),
    ("department_code", "password"),
    {
        "用户名": "username",
        "姓名": "name",
        "角色": "role",
        "区划代码": "area_code",
        "部门代码": "department_code",
        "初始密码": "password",
    },
)
ROLE_NAMES: dict[Role, tuple[str, ...]] = {  # what the screens say, in both languages, and what else people write
    Role.VILLAGE_RECORDER: ("村级填报员", "village recorder"),
    Role.TOWNSHIP_LIAISON: ("乡镇联络员", "township liaison"),
    Role.TASK_FORCE: ("县减负专班", "county task force", "县级专班"),
    Role.COMPLIANCE_OFFICER: ("督查", "compliance officer", "督查人员"),
    Role.DEPARTMENT: ("县直部门", "department"),
    Role.PREFECTURE_VIEWER: ("市州查看", "prefecture viewer", "州级查看"),
    Role.SYSTEM_ADMIN: ("系统管理员", "system administrator"),
    Role.SECURITY_ADMIN: ("安全管理员", "security administrator"),
    Role.AUDITOR: ("审计管理员", "auditor", "审计员"),
}
ROLES = {name: role.value for role, names in ROLE_NAMES.items() for name in (role.value, *names)}
MOST = 500  # each costs a quarter of a second of hashing
FORMULA = ("=", "+", "-", "@")  # a spreadsheet would run it, and the file of first passwords would have to alter it
NUMBERS = GROUPS * GROUP  # random bytes for one password
Row = dict[str, Any]


def plan_accounts(session: Session, actor: Actor, content: bytes) -> list[Change]:
    """What the file would do to the accounts of the actor's area. ImportRefused with the lines that are wrong."""
    problems = Problems()
    typed: dict[int, str] = {}  # areas as the file has them: that is what a refusal quotes
    rows = []
    for line in lines(content, COLUMNS, problems):
        typed[line.number] = line["area_code"]
        if found := _row(line, problems):
            rows.append(found)
    if len(rows) > MOST:
        problems.add(0, "accounts_many", str(len(rows)))
        problems.raise_any()
    _check_places(session, actor, rows, typed, problems)
    _check_twice(rows, problems)
    names = [row["username"] for _, row in rows]
    stored = {one.username: one for one in session.scalars(select(Account).where(Account.username.in_(names)))}
    changes = [_change(number, row, stored.get(row["username"]), actor, problems) for number, row in rows]
    problems.raise_any()
    return changes


def first_passwords(content: bytes, plan: Plan, numbers: bytes) -> dict[str, str]:
    """New user name → its first password: the file's, else one made from `numbers`, 12 random bytes for each new account."""
    new = set(plan.rows.loc[plan.rows["state"] == State.NEW, "subject"])
    given = {line["username"].lower(): line["password"] for line in lines(content, COLUMNS, Problems())}
    parts = (numbers[start : start + NUMBERS] for start in range(0, len(numbers), NUMBERS))
    return {username: given[username] or initial_password(next(parts)) for username in given if username in new}


def hashed(passwords: Mapping[str, str]) -> dict[str, str]:
    """User name → hash to store. Slow on purpose (a quarter of a second each), so it is done outside any transaction."""
    with ThreadPoolExecutor() as pool:
        return dict(zip(passwords, pool.map(hash_password, passwords.values()), strict=True))


def store_accounts(session: Session, actor: Actor, changes: Iterable[Change], hashes: Mapping[str, str]) -> None:
    """Does what was planned; InvalidInput(import_no_password) when a new account has no proper hash. The caller commits."""
    for change in changes:
        if change.state is State.NEW:
            password_hash = hashes.get(change.subject, "")
            if not has_todays_cost(password_hash):
                raise InvalidInput("import_no_password", field="file", username=change.subject)
            made = Account(username=change.subject, password_hash=password_hash, must_change=True, active=False, **change.values)
            made.changed_at = actor.now
            session.add(made)
        elif change.state is State.CHANGED:
            session.get_one(Account, change.subject).name = change.values["name"]
    session.flush()


def _row(line: Line, problems: Problems) -> tuple[int, Row] | None:
    before = len(problems.found)
    row: Row = {}
    for column, check in (("username", check_username), ("name", check_name)):
        try:
            row[column] = check(line[column])
        except AppError as error:
            problems.add(line.number, error.code, line[column])
    role = ROLES.get(line["role"].lower())
    if role is None:
        problems.add(line.number, "no_such_role", line["role"])
    for column in ("area_code", "department_code"):
        if is_scientific(line[column]):
            problems.add(line.number, "code_scientific", line[column])
    if line["password"]:
        _check_password(line, problems)
    if len(problems.found) > before:
        return None
    area_code = code_text(line["area_code"]).ljust(12, "0")
    return line.number, row | {
        "role": role,
        "area_code": area_code,
        "department_code": code_text(line["department_code"]) or None,
    }


def _check_password(line: Line, problems: Problems) -> None:
    try:
        check_password(line["password"], line["username"])
    except AppError as error:
        problems.add(line.number, error.code)  # without the password itself
    if line["password"].startswith(FORMULA):
        problems.add(line.number, "password_formula")


def _check_places(
    session: Session, actor: Actor, rows: list[tuple[int, Row]], typed: Mapping[int, str], problems: Problems
) -> None:
    """Areas exist inside the actor's, departments exist, and the role fits both."""
    areas = select(Area.code).where(Area.code.in_({row["area_code"] for _, row in rows}), in_area(actor.area_code, Area.code))
    known = set(session.scalars(areas))
    wanted = select(Department.code, Department.area_code).where(Department.code.in_({row["department_code"] for _, row in rows}))
    departments = {row[0]: row[1] for row in session.execute(wanted)}
    for number, row in rows:
        if row["area_code"] not in known:
            problems.add(number, "area_outside", typed[number])
        elif row["department_code"] and row["department_code"] not in departments:
            problems.add(number, "department_missing", row["department_code"])
        else:
            try:
                check_fit(row["role"], row["area_code"], departments.get(row["department_code"] or ""))
            except AppError as error:
                problems.add(number, error.code, row["role"])


def _check_twice(rows: list[tuple[int, Row]], problems: Problems) -> None:
    first: dict[str, int] = {}
    for number, row in rows:
        if row["username"] in first:
            problems.add(number, "username_twice", str(first[row["username"]]))
        first.setdefault(row["username"], number)


def _change(number: int, row: Row, stored: Account | None, actor: Actor, problems: Problems) -> Change:
    values = {column: value for column, value in row.items() if column != "username"}
    there = {column: getattr(stored, column) for column in values} if stored else None
    change = compared(number, row["username"], row["name"], values, there)
    if stored and not actor.area_code <= stored.area_code <= last_within(actor.area_code):
        problems.add(number, "username_taken", row["username"])
    elif set(change.old) - {"name"}:
        problems.add(number, "account_rights", row["username"])
    return change
