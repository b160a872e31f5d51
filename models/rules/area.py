"""Official 12-digit statistical area codes: 2 province, 4 prefecture, 6 county, 9 township, 12 village.

Stored padded with zeros to 12 digits. Ranges from GB/T 2260 and the statistical code rules (domain.md §4.2):
prefecture 01–20 and 51–70 cities, 21–50 regions and prefectures; township 001–099 street, 100–199 town,
200–399 township, 400–599 enterprise-type; village from 001 residents', from 200 villagers' committee.
"""

from enum import StrEnum

from models.rules.errors import InvalidInput

CODE_LENGTH = 12


class Level(StrEnum):
    """The five levels, top first."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


DIGITS = {Level.PROVINCE: 2, Level.PREFECTURE: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}


def pad(code: str) -> str:
    """`5223` → `522300000000`."""
    return code.ljust(CODE_LENGTH, "0")


def level_of(code: str) -> Level:
    """The level a code stands for, by its trailing zeros. InvalidInput(bad_area_code) if it is none."""
    if not (code.isascii() and code.isdecimal()) or len(code) not in (*DIGITS.values(),) or code[:2] == "00":
        raise InvalidInput("bad_area_code", field="code", value=code[:20])
    full = pad(code)
    for level, digits in DIGITS.items():
        if int(full[digits:] or 0) == 0:
            return level
    raise InvalidInput("bad_area_code", field="code", value=code[:20])


def ancestor(code: str, level: Level) -> str:
    """The padded code of the area of that level which holds `code`."""
    return pad(pad(code)[: DIGITS[level]])


def parent_of(code: str) -> str | None:
    """The padded code one level up; None for a province."""
    levels = list(Level)
    at = levels.index(level_of(code))
    return ancestor(code, levels[at - 1]) if at else None


def last_within(code: str) -> str:
    """The greatest village code inside an area: `BETWEEN code AND last_within(code)` is the area."""
    return pad(code)[: DIGITS[level_of(code)]].ljust(CODE_LENGTH, "9")
