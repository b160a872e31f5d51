"""What tests of accounts share: a new account's values, and what an act was refused with."""

import pytest

from models.rules.errors import AppError
from services.actions import accounts
from tests import world

FIRST = "$2b$12$" + "first password hash".ljust(53, ".")
NEW = {
    "username": "zhang.san",
    "name": "张三",
    "role": "village_recorder",
    "area_code": world.VILLAGE_B2,
    "department_code": None,
    "password_hash": FIRST,
}


def create(session, actor, **values):
    return accounts.create(session, actor, **(NEW | values))


def refusal(act, *args, **params):
    with pytest.raises(AppError) as refused:
        act(*args, **params)
    return refused.value.code
