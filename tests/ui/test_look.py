"""The style sheets: what a browser showed to be wrong once."""

import re

import pytest

from models.settings import ROOT
from ui import look

SHEETS = sorted(path.stem for path in (ROOT / "ui" / "look").glob("*.css"))


def test_large_type_does_not_zoom_drawings():
    screen = look.base_style("en", large=True).split("@media print")[0]
    assert "zoom:" not in screen  # Streamlit measures their width without it: they would run out of their column


@pytest.mark.parametrize("stem", SHEETS)
def test_in_large_type_nothing_is_smaller_than_the_text_and_narrow_windows_begin_earlier(stem):
    usual, large = look.page_style(stem), look.page_style(stem, large=True)
    assert [float(size) for size in re.findall(r"font-size: ([\d.]+)rem", large) if float(size) < 1] == []
    windows = [re.findall(r"@media \(max-width: ([\d.]+)px\)", css) for css in (usual, large)]
    assert [float(width) * look.LARGE for width in windows[0]] == [float(width) for width in windows[1]]


def _luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(one, other):
    dark, light = sorted(_luminance(colour) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


WRITTEN = [
    *((text, at) for text in ("INK", "INK2", "INK3", "TEAL", "AMBER_TEXT", "VERMILION_TEXT") for at in ("GROUND", "PANEL")),
    ("INK", "SHADE"), ("INK2", "SHADE"), ("INK", "BAND"), ("INK", "AMBER"), ("PANEL", "VERMILION"), ("PANEL", "TEAL"),
    ("TEAL", "TEAL_SOFT"), ("INK2", "TEAL_SOFT"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "ground"), WRITTEN)
def test_what_is_written_stands_out_from_its_ground(text, ground):
    assert _contrast(getattr(look, text), getattr(look, ground)) >= 4.5
