"""`make bench`: ratios, not times, for times are the machine's. Prints one table and writes docs/benchmarks.md.

`make bench-check` does the same and exits with 1 when a ratio is past its bar (bars.py).
"""

import os
import platform
import sys
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from models.settings import ROOT
from tests.benchmarks.bars import AIM, BARS
from tests.benchmarks.ratio import Ratio

HEAD = """# Benchmarks

Written by `make bench`; `make bench-check` fails when a ratio is past its bar. Ratios, not times: each is one median over
another, of turns in which both sides took part, on the same machine, one after the other. Noise: the quartiles of the turns'
own ratios. Times are told only to give an idea ({cores} cores, Python {python}, Streamlit {streamlit}). What we aim at is
{aim}; a higher bar is not yet reached there and only prevents going back.

| measured | against | ratio | noise | bar | ms | against, ms |
|---|---|---:|---:|---:|---:|---:|
"""
WHAT = """
## What is measured

**Rerun of a page**: the whole script again after a tap, over Streamlit's own protocol, signed in, on the demo, with every answer
known already (the data is read again only when it has changed). The bare page is another Streamlit app in a process of its own:
the same menu, logo and containers, texts of the same length, widgets with the same words and options, charts and tables with the
same contents; nothing behind them, neither account nor database, language nor figures. What stands on each page, and how much
one rerun sends:

| page | as | containers | texts | widgets | charts | tables | kB | bare, kB |
|---|---|---:|---:|---:|---:|---:|---:|---:|
"""
QUERY = """
**Trend query**: meetings per week in village-times over 52 weeks, one county of {villages} points and {entries:,} entries, on
SQLite: the use-case (the actor read again, permission, scope, statement, figures, frame) against the SQL that one would write by
hand for the same figures. Both give the same numbers, or the benchmark fails.

**Growth of a page**: the processor's time for all queries of the page with nothing known before, on SQLite, for a county of
{points} points, {weeks} weeks and {small:,} entries; closed weeks are read from their summaries, as the app wrote them. "Other
counties": the same county in a database of {others:,} entries, the others in counties like it (`BENCH_COUNTIES`, 99 of them
where nothing else is said). "This county": the same points and weeks with {here:,} entries. What grows there: the verdicts read
the entries of the weeks they compare, for a summary holds sums and not their squares; the leads read those of the last twelve
weeks; and weeks that are still open are counted live.
"""


def main() -> None:
    """Measure, print, write; with --check compare."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["DATA_DIR"] = name
        os.environ.pop("DATABASE_URL", None)
        from tests.benchmarks import county, growth, pages, queries
        from tests.browser.server import Server

        Server(folder).seed()
        costs, trend, grown = pages.measure(folder), queries.measure(folder), growth.measure(folder)
    found = {f"rerun of {cost.stem}": ("bare page", cost.ratio) for cost in costs}
    found["trend query"] = ("raw SQL", trend.ratio)
    found |= {f"growth of {one.stem}, {one.where}": ("few entries", one.ratio) for one in grown}
    known = {"cores": os.cpu_count(), "python": platform.python_version(), "streamlit": version("streamlit"), "aim": AIM}
    text = HEAD.format(**known) + "".join(_line(name, *one) for name, one in found.items()) + WHAT
    for cost in costs:
        parts = " | ".join(str(cost.parts[sort]) for sort in ("container", "text", "widget", "chart", "table"))
        text += f"| {cost.stem} | {cost.username} | {parts} | {cost.kilobytes[0]:.0f} | {cost.kilobytes[1]:.0f} |\n"
    sizes = {"points": county.VILLAGES, "weeks": county.WEEKS, "small": grown[0].small}
    sizes |= {"others": grown[0].large, "here": grown[-1].large}
    text += QUERY.format(villages=queries.VILLAGES, entries=trend.entries, **sizes)
    (ROOT / "docs" / "benchmarks.md").write_text(text, "utf-8")
    sys.stdout.write(text)
    if "--check" in sys.argv:
        sys.exit(_past({name: ratio for name, (_, ratio) in found.items()}))


def _line(name: str, against: str, ratio: Ratio) -> str:
    bar = f"{BARS[name]:.1f}" + (" (not yet)" if BARS[name] > AIM else "")
    noise = f"{ratio.low:.2f}–{ratio.high:.2f}"
    return f"| {name} | {against} | {ratio.times:.2f} | {noise} | {bar} | {ratio.ours:.0f} | {ratio.floor:.0f} |\n"


def _past(found: Mapping[str, Ratio]) -> str | int:
    """What to say of those past their bars; 0 when none is."""
    past = [f"{name}: {ratio.times:.2f}, bar {BARS[name]}" for name, ratio in found.items() if ratio.times > BARS[name]]
    return "past the bar: " + "; ".join(past) if past else 0


if __name__ == "__main__":
    main()
