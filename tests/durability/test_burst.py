"""Villages that save or submit at once lose nothing and double nothing; `make burst` and `make submit-rush` do more of it."""

from tests.durability import burst

SECONDS = 1.5
RUSHING = 30


def test_fifty_villages_saving_at_once_lose_nothing_and_double_nothing(engine):
    burst.settle_villages(engine)
    told = burst.save_for(engine, SECONDS, range(burst.VILLAGES), pause=0)
    assert len(told.tokens) == burst.VILLAGES
    burst.check(engine, told)


def test_villages_submitting_a_week_at_the_same_moment_lose_nothing_and_double_nothing(engine):
    burst.settle_villages(engine)
    told = burst.rush_of(engine, burst.WEEKS[0], range(RUSHING))
    assert len(told.whole) == sum(told.weeks.values()) == RUSHING
    assert len(told.seconds) == RUSHING * (burst.LOGGED + 1)
    assert told.busy == 0
    burst.check(engine, told)
