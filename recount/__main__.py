"""`python -m recount [COUNTY…]`: does the Overview say what the rows say? Changes nothing; exits with 1 on a difference.

What the numbers of a line are:
  reports WEEK TOWNSHIP   village-weeks expected, submitted, zero, missing, not due, late
  MEASURE WEEK            total, emergency, weekly rate, closed
  MEASURE now | base      first and last week compared, how many, total, village-weeks, rate; of the points compared
  MEASURE base, weighed   base rate with each point weighing as it reports now
  MEASURE points compared n, N
  MEASURE reported        of the present weeks: village-weeks reported, expected, weeks still open; so also leads and cost
  MEASURE baseline        total, village-weeks reported, expected, rate
  MEASURE target          on the path at the end of the present weeks, at its end
  quota MEASURE WHO       allowance, used, emergency, status, day on which it was crossed
  quotas completeness     village-weeks expected, reported, missing, not due, of open weeks; enough
  silent TOWNSHIP         points, closed weeks without a report at least
  provisional weeks       those shown that may still change

Not recounted, only tested against worked examples (tests/rules): what is computed from these numbers, that is intervals, p and
verdict, and the chance of overrun. Which weeks of two periods are paired is taken from the product and held to the periods.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from models import db
from models.migrate import current, newest
from recount.by_hand import counties
from recount.compare import compare, reading


def run(words: Sequence[str]) -> int:
    """Compares, prints, and returns the exit code."""
    raw = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m recount", description=__doc__, formatter_class=raw)
    parser.add_argument("county", nargs="*", help="12-digit codes; all counties with observation points when left out")
    parser.add_argument("--at", type=datetime.fromisoformat, help="a moment with its zone (default: now)")
    parser.add_argument("--differences", action="store_true", help="print only the figures that differ")
    options = parser.parse_args(words)
    as_of = options.at or _now()
    if as_of.tzinfo is None:
        parser.error("--at needs a zone, e.g. 2026-11-21T08:30+08:00")
    if current(db.engine()) != newest():
        parser.error("the database is not at this version's revision: start the app once")
    figures = different = 0
    with reading(db.engine()) as session:
        for county in options.county or counties(session):
            for figure in compare(session, county, as_of):
                figures, different = figures + 1, different + (not figure.same)
                if not (figure.same and options.differences):
                    sys.stdout.write(f"{county}  {figure}\n")
    sys.stdout.write(f"{figures} figures, {different} different\n")
    return 1 if different else 0


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
