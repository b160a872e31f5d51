"""A process that closes weeks until it is killed: `python -m tests.durability.closer URL`. A line once a week is published."""

import sys

from models.db import make_engine
from services.closing import close_due
from tests import world

if __name__ == "__main__":
    for county, week in close_due(world.NOW, make_engine(sys.argv[1])):
        print(county, week.label, flush=True)
