"""Each page's rerun against a bare Streamlit page that draws the same, in turn, over the protocol."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from models.db import open_session
from seed.accounts import LOGINS
from services import sessions
from services.access import ROLES, anonymous
from services.actions import sign_in
from tests.benchmarks.ratio import Ratio
from tests.benchmarks.recorded import FOLDER, keep
from tests.benchmarks.visitor import Answer, Visitor
from tests.browser.server import Server
from ui.shell import PAGES
from ui.sign_in import COOKIE

WARM, TURNS = 4, 40
USUAL = "taskforce"


@dataclass(frozen=True)
class PageCost:
    """What stands on the page; kilobytes that one rerun of ours and of the bare page sends; how much longer ours takes."""

    stem: str
    username: str
    parts: Counter[str]
    kilobytes: tuple[float, float]
    ratio: Ratio


def measure(folder: Path) -> list[PageCost]:
    """All pages, each as the first demo login that may open it. `folder` is DATA_DIR and holds the demo."""
    os.environ[FOLDER] = str(folder)
    with _running(Server(folder)) as ours:
        visitors = {stem: _visitor(ours, stem) for stem in PAGES}
        parts = {stem: keep(folder, stem, _warm(visitor).deltas) for stem, (_, visitor) in visitors.items()}
        with _running(Server(folder, "tests.benchmarks.bare:app", "/_stcore/health")) as bare:
            return [_cost(stem, *visitors[stem], Visitor(bare.port, stem), parts[stem]) for stem in PAGES]


@contextmanager
def _running(server: Server) -> Iterator[Server]:
    try:
        server.start()
        yield server
    finally:
        server.stop()


def _visitor(server: Server, stem: str) -> tuple[str, Visitor]:
    allowed = [login.username for login in LOGINS if PAGES[stem] in ROLES[login.role].permissions and not login.must_change]
    username = USUAL if USUAL in allowed else allowed[0]
    return username, Visitor(server.port, stem, cookie=f"{COOKIE}={_signed_in(username, stem)}")


def _warm(visitor: Visitor) -> Answer:
    return [visitor.run() for _ in range(WARM)][-1]


def _cost(stem: str, username: str, ours: Visitor, bare: Visitor, parts: Counter[str]) -> PageCost:
    drawn, same = _warm(ours), _warm(bare)
    if len(drawn.deltas) != len(same.deltas):
        raise RuntimeError(f"{stem}: the bare page has {len(same.deltas)} parts instead of {len(drawn.deltas)}")
    ratio = Ratio.of((ours.run().seconds, bare.run().seconds) for _ in range(TURNS))
    ours.close()
    bare.close()
    return PageCost(stem, username, parts, (drawn.size / 1024, same.size / 1024), ratio)


def _signed_in(username: str, stem: str) -> str:
    now, cookie = datetime.now(UTC), f"bench-{username}-{stem}"
    with open_session(write=True) as session:
        sessions.begin(session, username, f"bench-{stem}", cookie, now)
        session.commit()
        sign_in.claim_cookie(session, anonymous(now), ticket=cookie, cookie=cookie)
    return cookie
