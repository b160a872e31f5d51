"""Fifty villages saving at once lose nothing and double nothing; `make burst` does the same for two minutes."""

from tests.durability import burst

SECONDS = 1.5


def test_fifty_villages_saving_at_once_lose_nothing_and_double_nothing(engine):
    burst.settle_villages(engine)
    told = burst.save_for(engine, SECONDS, range(burst.VILLAGES), pause=0)
    assert len(told.tokens) == burst.VILLAGES
    burst.check(engine, told)
