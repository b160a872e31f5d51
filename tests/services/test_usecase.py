"""What a use-case makes of a broken constraint: a key that was there is a conflict, anything else a fault of ours."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from models.rules.errors import Conflict
from models.tables import Account, Area
from services.access import Permission
from services.usecase import USE_CASES, action
from tests import world

ROW = {
    "username": "new",
    "name": "x",
    "role": "auditor",
    "area_code": world.COUNTY,
    "password_hash": "x",
    "changed_at": world.NOW,
}


@action(Permission.CREATE_ACCOUNTS)
def add(session, actor, *, row):
    """Adds an account as it is given."""
    session.add(Area(code="999999000000", name="x", level="county", parent_code=None))
    session.flush()
    session.add(Account(**(ROW | row)))
    session.flush()
    return True


del USE_CASES["test_usecase.add"]  # other tests walk the register


def test_a_key_that_is_there_already_means_that_somebody_was_faster(session, as_):
    with pytest.raises(Conflict, match="saved_elsewhere"):
        add(session, as_("system_admin"), row={"username": "task_force"})


@pytest.mark.parametrize("row", [{"area_code": "999999999999"}, {"name": None}, {"username": "Upper"}])
def test_any_other_broken_constraint_is_no_conflict_and_nothing_is_saved(session, as_, row):
    with pytest.raises(IntegrityError):
        add(session, as_("system_admin"), row=row)
    assert session.scalar(select(func.count()).where(Area.code == "999999000000")) == 0


def test_what_fits_is_saved(session, as_):
    assert add(session, as_("system_admin"), row={})
    assert session.get_one(Account, "new").active
