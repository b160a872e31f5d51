"""Each page's rerun against a bare Streamlit page with the same number and kind of elements, in turn, over the protocol."""

import os
import statistics
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from models.db import open_session
from seed.accounts import LOGINS
from services import sessions
from services.access import ROLES, anonymous
from services.actions import sign_in
from tests.benchmarks.recorded import FOLDER, keep
from tests.benchmarks.visitor import Visitor
from tests.browser.server import Server
from ui.shell import PAGES
from ui.sign_in import COOKIE

WARM, TURNS = 4, 25
USUAL = "taskforce"


@dataclass(frozen=True)
class PageCost:
    """Medians in milliseconds; what stands on the page; kilobytes that one rerun sends."""

    stem: str
    username: str
    parts: Counter[str]
    ours: float
    bare: float
    kilobytes: float

    @property
    def ratio(self) -> float:
        """How many bare reruns one of ours costs."""
        return self.ours / self.bare


def measure(folder: Path) -> list[PageCost]:
    """All pages, each as the first demo login that may open it. `folder` is DATA_DIR and holds the demo."""
    os.environ[FOLDER] = str(folder)
    ours, bare = Server(folder), Server(folder, "tests.benchmarks.bare:app", "/_stcore/health")
    try:
        ours.start()
        bare.start()
        return [_page(ours, bare, stem) for stem in PAGES]
    finally:
        ours.stop()
        bare.stop()


def _page(ours: Server, bare: Server, stem: str) -> PageCost:
    allowed = [login.username for login in LOGINS if PAGES[stem] in ROLES[login.role].permissions and not login.must_change]
    username = USUAL if USUAL in allowed else allowed[0]
    visitor = Visitor(ours.port, stem, cookie=f"{COOKIE}={_signed_in(username, stem)}")
    for _ in range(WARM):
        drawn = visitor.run()
    parts = keep(ours.folder, stem, drawn.elements.values())
    plain = Visitor(bare.port, "", query=f"page={stem}")
    for _ in range(WARM):
        _same(drawn.elements.values(), plain.run().elements.values())
    turns = [(visitor.run().seconds, plain.run().seconds) for _ in range(TURNS)]
    visitor.close()
    plain.close()
    here, there = (statistics.median(times) * 1000 for times in zip(*turns, strict=True))
    return PageCost(stem, username, parts, here, there, drawn.size / 1024)


def _same(ours: object, bare: object) -> None:
    count = len(list(ours)), len(list(bare))  # type: ignore[call-overload]
    if count[0] != count[1]:
        raise RuntimeError(f"the bare page has {count[1]} elements instead of {count[0]}")


def _signed_in(username: str, stem: str) -> str:
    now, cookie = datetime.now(UTC), f"bench-{username}-{stem}"
    with open_session(write=True) as session:
        sessions.begin(session, username, f"bench-{stem}", cookie, now)
        session.commit()
        sign_in.claim_cookie(session, anonymous(now), ticket=cookie, cookie=cookie)
    return cookie
