"""The demo's logins: one per role, a few neighbours of theirs, and a recorder for every other point. One password for all."""

from dataclasses import dataclass

from seed.offices import office
from seed.places import (
    COUNTIES,
    COUNTY,
    FIRST,
    NEWCOMER_VILLAGE,
    PREDECESSOR,
    PREFECTURE,
    RECORDER_VILLAGE,
    SECOND_COUNTY,
    SECOND_RECORDER_VILLAGE,
    Village,
)
from services.access import Role

PASSWORD = "jianfu-2026-demo"  # noqa: S105 - of the demo, printed by `make run`
_TOWN = FIRST.townships[0]


@dataclass(frozen=True)
class Login:
    """A demo account; `shown` ones stand in the printed table, with what they are for."""

    username: str
    name: str
    role: Role
    area_code: str
    department_code: str | None = None
    must_change: bool = False
    active: bool = True
    shown: str = ""


LOGINS = (
    Login("village", f"{RECORDER_VILLAGE.name}填报员", Role.VILLAGE_RECORDER, RECORDER_VILLAGE.code, shown="村级填报员：记本周"),
    Login(
        "village2",
        f"{SECOND_RECORDER_VILLAGE.name}填报员",
        Role.VILLAGE_RECORDER,
        SECOND_RECORDER_VILLAGE.code,
        shown="另一个村的填报员",
    ),
    Login("township", f"{_TOWN.name}联络员", Role.TOWNSHIP_LIAISON, _TOWN.code, shown="乡镇联络员"),
    Login("taskforce", f"{FIRST.name}减负专班", Role.TASK_FORCE, COUNTY, shown="县减负专班：趋势与目标"),
    Login("compliance", f"{FIRST.name}督查员", Role.COMPLIANCE_OFFICER, COUNTY, shown="督查：哪些部门超额"),
    Login(
        "department", "农业农村局联络员", Role.DEPARTMENT, COUNTY, office(FIRST, "农业农村局").code, shown="县直部门：只看本单位"
    ),
    Login("prefecture", "示例州减负办", Role.PREFECTURE_VIEWER, PREFECTURE, shown="州级：看各县"),
    Login("sysadmin", "系统管理员", Role.SYSTEM_ADMIN, COUNTY, shown="系统管理员：建账号"),
    Login("secadmin", "安全管理员", Role.SECURITY_ADMIN, COUNTY, shown="安全管理员：启用、授权"),
    Login("auditor", "审计管理员", Role.AUDITOR, COUNTY, shown="审计管理员：看操作记录"),
    Login("taskforce2", f"{COUNTIES[1].name}减负专班", Role.TASK_FORCE, SECOND_COUNTY, shown="另一个县的专班"),
    Login(
        "newcomer",
        f"{NEWCOMER_VILLAGE.name}填报员",
        Role.VILLAGE_RECORDER,
        NEWCOMER_VILLAGE.code,
        must_change=True,
        shown="第一次登录，要改密码",
    ),
)
_NAMED = {login.area_code: login.username for login in LOGINS if login.role is Role.VILLAGE_RECORDER}


def recorder_of(village: Village) -> str:
    """The username of the village's recorder."""
    return _NAMED.get(village.code) or f"cun{village.code[5:]}"


def all_logins() -> tuple[Login, ...]:
    """The named ones and a recorder for every other observation point; the one of a point that ended may not sign in."""
    others = [village for county in COUNTIES for village in county.points if village.code not in _NAMED]
    former = Login(recorder_of(PREDECESSOR), f"{PREDECESSOR.name}填报员", Role.VILLAGE_RECORDER, PREDECESSOR.code, active=False)
    return (
        *LOGINS,
        *(Login(recorder_of(one), f"{one.name}填报员", Role.VILLAGE_RECORDER, one.code) for one in others),
        former,
    )
