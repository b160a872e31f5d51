"""What a target or quota rests on: a basis in words, and a reason where it is loosened. No number stands without one."""

import unicodedata

from models.rules.errors import InvalidInput

LONGEST_BASIS = 200
SHORTEST_REASON, LONGEST_REASON = 10, 500


def check_basis(basis: str) -> str:
    """The basis without outer spaces; InvalidInput at `basis` when empty, longer than 200 or with control characters."""
    text = basis.strip()
    if not text:
        raise InvalidInput("basis_missing", field="basis")
    return _plain(text, "basis", LONGEST_BASIS)


def check_reason(reason: str, *, needed: bool) -> str:
    """The reason without outer spaces; InvalidInput at `reason` when one of at least 10 characters is needed and missing."""
    text = reason.strip()
    if needed and len("".join(text.split())) < SHORTEST_REASON:
        raise InvalidInput("reason_needed", field="reason", least=SHORTEST_REASON)
    return _plain(text, "reason", LONGEST_REASON)


def _plain(text: str, field: str, most: int) -> str:
    if len(text) > most:
        raise InvalidInput("text_long", field=field, most=most, length=len(text))
    if any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in text):
        raise InvalidInput("text_control", field=field)
    return text
