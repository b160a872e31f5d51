"""`make bench`: ratios, not times, for times are the machine's. Prints one table and writes docs/benchmarks.md."""

import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from models.settings import ROOT

HEAD = """# Benchmarks

Written by `make bench`. Ratios, not times: each is a median over turns in which both sides took part, on the same machine, one
after the other. Times are told only to give an idea ({cores} cores, Python {python}, Streamlit {streamlit}).

## A rerun of each page against a bare Streamlit page

Over Streamlit's own protocol, signed in, on the demo. The bare page draws the same number and kind of texts, widgets, charts and
tables with fixed contents: no account, no database, no language, no figures. Above 1 is what our page does beside drawing.

| page | as | texts | widgets | charts | tables | ours, ms | bare, ms | ratio | kB sent |
|---|---|---:|---:|---:|---:|---:|---:|---:|---:|
"""
QUERY = """
## The trend query against its raw SQL

Meetings per week in village-times over 52 weeks, one county of {villages} points and {entries:,} entries, on SQLite: the use-case
(the actor read again, permission, scope, statement, figures, frame) against the SQL that one would write by hand for the same
figures. Both give the same numbers, or the benchmark fails.

| rows of `entry` | ours, ms | raw SQL, ms | ratio |
|---:|---:|---:|---:|
"""


def main() -> None:
    """Measure, print, write."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["DATA_DIR"] = name
        os.environ.pop("DATABASE_URL", None)
        from tests.benchmarks import pages, queries
        from tests.browser.server import Server

        Server(folder).seed()
        costs = pages.measure(folder)
        trend = queries.measure(folder)
    text = HEAD.format(cores=os.cpu_count(), python=platform.python_version(), streamlit=version("streamlit"))
    for cost in costs:
        parts = " | ".join(str(cost.parts[sort]) for sort in ("text", "widget", "chart", "table"))
        times = f"{cost.ours:.0f} | {cost.bare:.0f} | {cost.ratio:.1f} | {cost.kilobytes:.0f}"
        text += f"| {cost.stem} | {cost.username} | {parts} | {times} |\n"
    text += QUERY.format(villages=queries.VILLAGES, entries=trend.entries)
    text += f"| {trend.entries:,} | {trend.ours:.0f} | {trend.raw:.0f} | {trend.ratio:.2f} |\n"
    (ROOT / "docs" / "benchmarks.md").write_text(text, "utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
