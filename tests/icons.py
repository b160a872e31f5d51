"""The icon font, cut to what is drawn: `make icons` writes ui/look/icons.woff2, 15 kB instead of 366, from Streamlit's own.

Material Symbols Rounded, by Google, under the Apache License 2.0. An icon is a ligature of its name's letters; kept are
those that our sources name, and those that Streamlit's own elements do.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import streamlit

from models.settings import ROOT

LOOK = ROOT / "ui" / "look"
LIST, CUT = LOOK / "icons.txt", LOOK / "icons.woff2"
LIBRARY = Path(streamlit.__file__).parent
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_"
UNKNOWN = {"star_filled", "icon_name"}  # Streamlit names them, its font does not have them


def named() -> set[str]:
    """Every icon that is named anywhere."""
    return {name for text in _sources() for name in re.findall(r":material/([a-z0-9_]+)", text)} - UNKNOWN


def font() -> Path:
    """Streamlit's font, whose name says which one it is."""
    return next((LIBRARY / "static" / "static" / "media").glob("MaterialSymbols-Rounded.*.woff2"))


def _sources() -> Iterator[str]:
    ours = [path for folder in ("ui", "pages", "locale") for path in (ROOT / folder).rglob("*")]
    theirs = [*(LIBRARY / "static" / "static" / "js").glob("*.js"), *LIBRARY.rglob("*.py")]
    for path in [*ours, *theirs]:
        if path.suffix in (".py", ".po", ".js"):
            yield path.read_text("utf-8")


def main() -> None:
    """Cut and write both files."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    whole, names = TTFont(font()), sorted(named())
    letter, icons = whole.getBestCmap(), {}
    for lookup in whole["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            for first, ligatures in getattr(getattr(table, "ExtSubTable", table), "ligatures", {}).items():
                icons |= {(first, *one.Component): one.LigGlyph for one in ligatures}
    options = subset.Options(layout_closure=False, layout_features=["*"], notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(glyphs=[icons[tuple(letter[ord(c)] for c in name)] for name in names], unicodes=[ord(c) for c in LETTERS])
    cutter.subset(whole)
    whole.flavor = "woff2"
    whole.save(CUT)
    LIST.write_text("\n".join((font().name, *names)) + "\n", "utf-8")


if __name__ == "__main__":
    main()
