"""The product's figures beside the recount's, in one reading transaction, so that a save in between makes no difference."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from math import isclose
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from recount import product
from recount.by_hand import Recount

EXACT = 1e-9  # relative: only the order of additions may differ


@dataclass(frozen=True)
class Figure:
    """One figure twice; None where one side does not know it."""

    name: str
    product: tuple[Any, ...] | None
    recount: tuple[Any, ...] | None

    @property
    def same(self) -> bool:
        """Whether every number of it agrees."""
        if self.product is None or self.recount is None or len(self.product) != len(self.recount):
            return False
        return all(_equal(one, other) for one, other in zip(self.product, self.recount, strict=True))

    def __str__(self) -> str:
        told = "same" if self.same else "DIFFERENT"
        return f"{self.name:<36}  product {_text(self.product):<44}  recount {_text(self.recount):<44}  {told}"


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that cannot write and sees one state of the database until its end."""
    if engine.dialect.name == "sqlite":
        with Session(engine) as session:
            session.execute(text("PRAGMA query_only=ON"))
            try:
                yield session
            finally:
                session.execute(text("PRAGMA query_only=OFF"))  # the connection goes back to the pool
        return
    with Session(engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)) as session:
        yield session


def compare(session: Session, county: str, as_of: datetime) -> list[Figure]:
    """Every figure that either side knows, in the recount's order."""
    picture = product.picture(session, county, as_of)
    shown = product.figures(session, county, as_of, picture)
    counted = Recount(session, county, as_of, product.compared(picture)).figures()
    names = dict.fromkeys([*counted, *shown])
    return [Figure(name, shown.get(name), counted.get(name)) for name in names]


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, str) or isinstance(other, str) or one is None or other is None or hasattr(one, "year"):
        return bool(one == other)
    return isclose(one, other, rel_tol=EXACT)


def _text(numbers: tuple[Any, ...] | None) -> str:
    if numbers is None:
        return "—"
    return " ".join(f"{n:.6g}" if isinstance(n, float) else "—" if n is None else str(n) for n in numbers)
