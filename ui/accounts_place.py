"""What somebody is for, and where: role, area step by step from the top, department where the role needs one."""

from dataclasses import dataclass

import streamlit as st

from models.rules.area import Level, level_of
from services.access import ROLES, Role
from services.queries import accounts
from ui.shell import Page

STEPS = {
    Level.PREFECTURE: [Level.PREFECTURE],
    Level.COUNTY: [Level.COUNTY],
    Level.TOWNSHIP: [Level.COUNTY, Level.TOWNSHIP],
    Level.VILLAGE: [Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE],
}


@dataclass(frozen=True)
class Place:
    """What was chosen; an empty area where something is still open."""

    role: Role
    area_code: str
    department_code: str | None


def choose(page: Page, key: str, role: str = Role.VILLAGE_RECORDER, department_code: str | None = None) -> Place:
    """The widgets, with their refusals below them."""
    t = page.t
    possible = [r for r in Role if _levels(page, r)]
    first = possible.index(Role(role)) if role in possible else 0
    chosen = st.selectbox(t("accounts.role"), possible, index=first, format_func=lambda r: t(f"role.{r}"), key=f"{key}_role")
    page.show_problem("role")
    area = _area(page, f"{key}_{chosen}", _level(page, key, chosen))
    page.show_problem("area_code")
    department = None
    if ROLES[chosen].needs_department and area:
        named = page.read(accounts.departments, county_code=area)
        department = st.selectbox(
            t("accounts.department"),
            list(named),
            index=list(named).index(department_code) if department_code in named else None,
            format_func=lambda code: t.name(*named[code]),
            placeholder=t("accounts.choose"),
            key=f"{key}_{area}_department",
        )
        page.show_problem("department_code")
    return Place(chosen, area, department)


def _levels(page: Page, role: Role) -> list[Level]:
    """Where accounts of this role may stand inside the actor's area, lowest first."""
    order = list(Level)
    own = order.index(level_of(page.actor.area_code))
    return [level for level in reversed(order) if level in ROLES[role].levels and order.index(level) >= own]


def _level(page: Page, key: str, role: Role) -> Level:
    levels = _levels(page, role)
    if len(levels) == 1:
        return levels[0]
    chosen = st.segmented_control(
        page.t("accounts.level"),
        levels,
        default=levels[0],
        required=True,
        format_func=lambda level: page.t(f"accounts.level_{level}"),
        key=f"{key}_{role}_level",
    )
    return chosen or levels[0]


def _area(page: Page, key: str, level: Level) -> str:
    code = ""
    for step in STEPS[level]:
        named = page.read(accounts.areas, level=step, parent_code=code)
        code = next(iter(named)) if len(named) == 1 else _chosen(page, f"{key}_{code}_{step}", step, named)
        if not code:
            break
    return code


def _chosen(page: Page, key: str, step: Level, named: dict[str, tuple[str, str | None]]) -> str:
    t = page.t
    label, words = t(f"accounts.level_{step}"), {code: t.name(*names) for code, names in named.items()}
    placeholder = t("accounts.choose")
    return st.selectbox(label, list(words), index=None, format_func=words.__getitem__, placeholder=placeholder, key=key) or ""
