"""Area codes say where they lie."""

import pytest

from models.rules.area import Level, ancestor, last_within, level_of, pad, parent_of
from models.rules.errors import InvalidInput

VILLAGE = "522301102201"


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("52", Level.PROVINCE, None),
        ("5223", Level.PREFECTURE, "520000000000"),
        ("522301", Level.COUNTY, "522300000000"),
        ("522301102", Level.TOWNSHIP, "522301000000"),
        (VILLAGE, Level.VILLAGE, "522301102000"),
        ("520000000000", Level.PROVINCE, None),
        ("522301000000", Level.COUNTY, "522300000000"),
    ],
)
def test_a_code_tells_its_level_and_its_parent(code, level, parent):
    assert (level_of(code), parent_of(code)) == (level, parent)


@pytest.mark.parametrize("wrong", ["", "5", "522", "52230", "5223011", "00", "0012", "52x3", "５２", "5223011022011", "-52"])
def test_what_is_not_a_code_is_refused(wrong):
    with pytest.raises(InvalidInput) as refused:
        level_of(wrong)
    assert refused.value.code == "bad_area_code"


def test_ancestors_are_padded_codes():
    assert [ancestor(VILLAGE, level) for level in Level] == [
        "520000000000", "522300000000", "522301000000", "522301102000", VILLAGE,
    ]  # fmt: skip


@pytest.mark.parametrize("level", list(Level))
def test_a_range_holds_the_area_and_nothing_beside_it(level):
    area = ancestor(VILLAGE, level)
    assert pad(area) <= VILLAGE <= last_within(area)
    beside = str(int(last_within(area)) + 1)
    assert beside > last_within(area)
