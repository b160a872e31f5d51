"""A drawing in the reader's size of letters: every length in it grows with them, as if it were drawn on a smaller sheet.

In an expression a length is written with its unit, `width - 62px`, for other numbers in it count or date something.
"""

import re
from typing import Any

from ui.i18n import Translator
from ui.look import DRAWN

_LENGTH = re.compile(r"(\d+(?:\.\d+)?)px\b")
_LENGTHS = {
    "fontSize", "labelFontSize", "labelPadding", "labelLimit", "limit", "dx", "dy", "xOffset", "yOffset", "height", "tickSize",
    "strokeWidth", "thickness",
}  # fmt: skip
_PLACES = {"x", "y", "x2", "y2", "range"}  # {"value": 14}: so many pixels from the corner
_WRAPS = {"value", "condition"}  # what they hold is of the sort of what holds them


def sized(spec: dict[str, Any], t: Translator) -> dict[str, Any]:
    """The spec with its lengths in the reader's pixels."""
    return {key: _sized(part, DRAWN if t.large else 1, key) for key, part in spec.items()}


def _sized(part: Any, factor: float, key: str) -> Any:
    if isinstance(part, dict):
        return {name: _sized(value, factor, key if name in _WRAPS else name) for name, value in part.items()}
    if isinstance(part, list):
        return [_sized(one, factor, key) for one in part]
    if isinstance(part, str):
        return _LENGTH.sub(lambda found: f"{float(found[1]) * factor:g}", part)
    if isinstance(part, bool) or not isinstance(part, int | float):
        return part
    if key in _LENGTHS | _PLACES:
        return part * factor
    return part * factor**2 if key == "size" else part  # an area
