"""The use-cases by name, and values by keyword with which every query can be asked: a new keyword needs its value here."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import Any, get_type_hints

import services.actions
import services.queries
from models.rules.week import Week
from services.access import ROLES
from services.usecase import USE_CASES, UseCase
from tests import sheets, world

for package in (services.actions, services.queries):
    for found in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{found.name}")

ACTIONS = sorted(name for name, use_case in USE_CASES.items() if use_case.kind == "action")
QUERIES = sorted(name for name, use_case in USE_CASES.items() if use_case.kind == "query")
Params = dict[str, Any]

LAST, FIRST = world.WEEK - 1, world.WEEK - 9
VALUES: Params = {
    "as_of": world.NOW,
    "base_first": FIRST.monday,
    "base_last": (FIRST + 3).sunday,
    "baseline_weeks": 26,
    "chain_code": world.COUNTY,
    "choices": {},
    "codes": (world.COUNTY, world.TOWN_A, world.VILLAGE_A1),
    "cookie": "no such cookie",
    "county_code": world.COUNTY,
    "department_code": world.AGRI,
    "files": (("sheet.xlsx", sheets.simple(world.VILLAGE_A1)),),
    "first": FIRST,
    "kind": "meeting",
    "last": LAST,
    "level": "township",
    "measure": "meeting",
    "now_first": (LAST - 3).monday,
    "now_last": LAST.sunday,
    "period": "2026",  # a department is told whole years only
    "since": FIRST.monday,
    "through": LAST.sunday,
    "today": world.TODAY,
    "township_code": world.TOWN_A,
    "unit": "village_times",
    "until": world.TODAY,
    "username": "village_recorder",
    "village_codes": (world.VILLAGE_A1,),
    "week": LAST,
    "weeks": (LAST,),
    "year": world.TODAY.year,
}
FILES: dict[str, bytes] = {  # by what a file is about
    "accounts": f"username,name,role,area_code\nfrom_a_file,新人,village_recorder,{world.VILLAGE_B2}\n".encode(),
    "declarations": "kind,happened_on,title\nmeeting,2026-11-16,秋粮收购推进会\n".encode(),
    "departments": f"code,area_code,name,kind\n992121-09,{world.COUNTY},水利局,government\n".encode(),
    "points": f"village_code,since,until\n{world.VILLAGE_B2},2025-06-02,{(world.WEEK + 1).monday}\n".encode(),
}
# The same keywords, pointing at the other county: nothing of it may come back.
FOREIGN: Params = {
    "chain_code": world.CANARY,
    "codes": (),  # names of areas are public
    "county_code": world.CANARY,
    "department_code": world.CANARY_DEPT,
    "files": (("sheet.xlsx", sheets.simple(world.VILLAGE_C1, department=world.CANARY_DEPT)),),
    "parent_code": world.TOWN_C,
    "search": "CANARY",
    "township_code": world.TOWN_C,
    "username": "canary_recorder",
    "village_codes": (world.VILLAGE_C1,),
}


def query_params(name: str) -> Params:
    """Plausible values for the keywords that a query needs."""
    function = USE_CASES[name].function
    hints = get_type_hints(inspect.unwrap(function))
    needed = [p.name for p in _keywords(function) if p.default is inspect.Parameter.empty]
    file = {"content": FILES.get(name.split(".")[1].split("_")[0], b""), "filename": "list.csv"}
    return {keyword: _fitting(keyword, hints[keyword]) if keyword not in file else file[keyword] for keyword in needed}


def foreign_params(name: str) -> list[Params]:
    """The plausible values with one keyword at a time, also one that could be left out, pointing at the other county."""
    usual = query_params(name)
    names = [p.name for p in _keywords(USE_CASES[name].function)]
    return [usual | {keyword: FOREIGN[keyword]} for keyword in names if keyword in FOREIGN]


def users_of(use_case: UseCase) -> list[str]:
    """The personas of the tests' county that may call it."""
    return [str(role) for role, rights in ROLES.items() if use_case.permission in rights.permissions]


def _keywords(function: Callable[..., Any]) -> list[inspect.Parameter]:
    return [p for p in inspect.signature(function).parameters.values() if p.kind is inspect.Parameter.KEYWORD_ONLY]


def _fitting(keyword: str, hint: Any) -> Any:
    value = VALUES[keyword]
    if isinstance(value, Week) and hint is date:
        return value.monday
    return hint(value) if isinstance(hint, type) and issubclass(hint, Enum) else value
