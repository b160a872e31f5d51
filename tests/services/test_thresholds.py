"""Rules take their numbers from rows."""

from datetime import date

import pytest

from models.rules.errors import NotFound
from models.tables import Threshold
from services.thresholds import EVERYWHERE, threshold
from tests import world


def _row(county: str, version: int, value: float, since: date) -> Threshold:
    return Threshold(county_code=county, name="near_share", version=version, value=value, since=since, basis="test")


def test_the_newest_version_in_force_counts(session):
    session.add(_row(world.COUNTY, 2, 0.7, date(2026, 1, 1)))
    assert threshold(session, world.COUNTY, "near_share", date(2025, 12, 31)) == 0.8
    assert threshold(session, world.COUNTY, "near_share", date(2026, 1, 1)) == 0.7


def test_a_county_without_its_own_row_uses_the_country_wide_one(session):
    session.add(_row(EVERYWHERE, 1, 0.9, date(2025, 1, 1)))
    assert threshold(session, "992199000000", "near_share", world.TODAY) == 0.9
    assert threshold(session, world.COUNTY, "near_share", world.TODAY) == 0.8


def test_a_number_that_nobody_set_is_an_error(session):
    with pytest.raises(NotFound):
        threshold(session, world.COUNTY, "unheard_of", world.TODAY)
