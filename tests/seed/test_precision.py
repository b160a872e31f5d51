"""Offers are mostly right: measured on the demo's history, a sample of what `make precision` prints."""

import pytest

from models.db import open_session
from seed.places import COUNTY
from tests.benchmarks import precision


@pytest.mark.parametrize("demo_engine", ["sqlite"], indirect=True)
def test_most_of_what_is_offered_is_taken_and_most_of_what_is_logged_was_offered(demo_engine):
    with open_session(demo_engine, write=True) as session:
        told = precision.measure(session, COUNTY, villages=6, weeks=4)
    print("\n".join(told.lines()))
    assert told.weeks == 24
    assert told.precision("all") >= 0.75
    assert told.precision("as last week") >= 0.9
    assert told.precision("weekly") >= 0.7  # what comes again is really there: the township's weekly meeting, its monthly form
    assert told.precision("three neighbours or more") > told.precision("one or two neighbours")  # the order is right
    assert told.found >= 0.6 * told.logged
