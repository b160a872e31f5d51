"""Pinyin initials of Chinese words: 农业农村局 → nyncj. The 3,755 common characters of GB 2312 stand in pinyin order."""

from bisect import bisect_right

_FIRST = [
    *(0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC, 0xC2E8),
    *(0xC4C3, 0xC5B6, 0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9, 0xD4D1),
]
_LETTERS = "abcdefghjklmnopqrstwxyz"
_LAST = 0xD7F9
LONGEST = 30


def initials(name: str) -> str:
    """The initials, at most 30; rare characters are left out, and a few with two readings get the more usual one."""
    return "".join(_initial(character) for character in name)[:LONGEST]


def _initial(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    try:
        code = int.from_bytes(character.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return ""
    return _LETTERS[bisect_right(_FIRST, code) - 1] if _FIRST[0] <= code <= _LAST else ""
