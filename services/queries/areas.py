"""Names of areas and departments."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Area
from services.access import Actor, Permission
from services.usecase import query


@query(Permission.EDIT_OWN_ACCOUNT)
def names(session: Session, actor: Actor, *, codes: Sequence[str]) -> dict[str, tuple[str, str | None]]:
    """Code → (Chinese name, English name) of areas. Names of areas are public; what happened there is not."""
    rows = session.execute(select(Area.code, Area.name, Area.name_en).where(Area.code.in_(codes)))
    return {code: (name, name_en) for code, name, name_en in rows}
