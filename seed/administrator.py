"""The first accounts of a real installation: somebody must be there before accounts can be made on the screen."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.rules.account import check_username
from models.rules.area import pad
from models.rules.errors import NotAllowedNow, NotFound
from models.rules.password import check_password
from models.tables import Account, Area
from services import audit
from services.access import SYSTEM_CHAIN, chain_of, check_fit, operator
from services.passwords import hash_password


def add_administrator(session: Session, now: datetime, username: str, role: str, area: str, password: str) -> Account:
    """An enabled account that must choose its own password. NotFound, NotAllowedNow or InvalidInput as on the screen."""
    clean, area_code = check_username(username), pad(area)
    granted = check_fit(role, area_code, None)
    place = session.get(Area, area_code)
    if place is None:
        raise NotFound("no_such_area", field="area_code")
    if session.get(Account, clean):
        raise NotAllowedNow("username_taken", field="username")
    check_password(password, clean)
    account = Account(
        username=clean,
        name=f"{place.name} {clean}"[:60],
        role=granted.value,
        area_code=area_code,
        password_hash=hash_password(password),
        must_change=True,
        active=True,
        changed_at=now,
    )
    session.add(account)
    session.flush()
    new = {"role": granted.value, "area_code": area_code}
    audit.record(session, operator(SYSTEM_CHAIN, now), "seed.admin", clean, new=new, chain_code=chain_of(area_code))
    return account
