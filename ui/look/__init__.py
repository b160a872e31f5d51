"""Colours and type, once: charts import them, the style sheets get them as CSS variables.

`base.css` goes to every screen; `<stem>.css`, if there is one, only to its page.
"""

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


@cache
def base_style(language: str) -> str:
    """The style of every screen, and a mark that tells chrome.js the language."""
    variables = "".join(f"--{name}:{value};" for name, value in _VARIABLES.items())
    marker = f'<span data-burden-language="{language}"></span>'
    return f"{marker}<style>:root{{{variables}}}{(_HERE / 'base.css').read_text('utf-8')}</style>"


@cache
def page_style(stem: str) -> str:
    """The style of one page only; an empty one if it has none."""
    path = _HERE / f"{stem}.css"
    return f"<style>{path.read_text('utf-8') if path.exists() else ''}</style>"


LARGE_TYPE = "<style>html{font-size:20px!important}</style>"
