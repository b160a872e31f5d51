"""Colours and type, once: charts import them, the style sheets get them as CSS variables.

`base.css` goes to every screen, `large.css` to those in large type; `<stem>.css`, if there is one, only to its page.
"""

import re
from functools import cache
from pathlib import Path

INK, INK2, INK3, QUIET = "#16242A", "#46555B", "#626F75", "#918A79"  # text: first, second, third; lines that step back
GROUND, PANEL, RULE, GRID, SHADE, BAND = "#FBFAF6", "#FFFFFF", "#DAD5C8", "#EAE6DC", "#F1EEE5", "#DFDBCF"
TEAL, TEAL_MID, TEAL_SOFT = "#0B5A63", "#629A9C", "#DCEAE8"  # the accent and its tints
AMBER, AMBER_TEXT = "#F0B93A", "#7A4E00"  # near (Okabe–Ito orange, lighter, for ink on it)
VERMILION, VERMILION_SOFT, VERMILION_TEXT = (
    "#C24A00",
    "#E7B596",
    "#A33C00",
)  # over (Okabe–Ito vermilion, for white on it)
SANS = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Source Han Sans SC',system-ui,sans-serif"
SERIF = "'Songti SC','STZhongsong','Noto Serif CJK SC','Source Han Serif SC','SimSun',serif"

_HERE = Path(__file__).parent
_VARIABLES = {
    "ink": INK, "ink2": INK2, "ink3": INK3, "quiet": QUIET, "ground": GROUND, "panel": PANEL, "rule": RULE, "grid": GRID,
    "shade": SHADE, "band": BAND, "teal": TEAL, "teal-mid": TEAL_MID, "teal-soft": TEAL_SOFT, "amber": AMBER,
    "amber-text": AMBER_TEXT, "vermilion": VERMILION, "vermilion-soft": VERMILION_SOFT, "vermilion-text": VERMILION_TEXT,
    "sans": SANS, "serif": SERIF,
}  # fmt: skip


LARGE = 1.5  # large type: 24 pixels, which are 18 points, where usual type has 16
DRAWN = 2.0  # and what is drawn: its usual 12 pixels become as many


@cache
def base_style(language: str, *, large: bool = False) -> str:
    """The style of every screen, and a mark that tells chrome.js the language."""
    variables = "".join(f"--{name}:{value};" for name, value in _VARIABLES.items())
    marker = f'<span data-burden-language="{language}"></span>'
    added = _sheet("large", large=False) if large else ""
    return f"{marker}<style>:root{{{variables}}}{_sheet('base', large=large)}{added}</style>"


@cache
def page_style(stem: str, *, large: bool = False) -> str:
    """The style of one page only; an empty one if it has none."""
    return f"<style>{_sheet(stem, large=large)}</style>"


def _sheet(stem: str, *, large: bool) -> str:
    """A style sheet. In large type nothing is smaller than the text, and a window is as wide as the letters it has room for."""
    path = _HERE / f"{stem}.css"
    css = path.read_text("utf-8") if path.exists() else ""
    if not large:
        return css
    css = re.sub(r"font-size: 0?\.\d+rem", "font-size: 1rem", css)
    return re.sub(r"(max-width: )(\d+)(px\) \{)", lambda found: f"{found[1]}{int(found[2]) * LARGE:g}{found[3]}", css)
