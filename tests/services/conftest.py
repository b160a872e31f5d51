"""What several tests of services need."""

import pytest

from services import passwords
from services.access import Role
from tests import world


@pytest.fixture
def cheap_hashes(monkeypatch):
    """Passwords hashed in a millisecond."""
    monkeypatch.setattr(passwords, "HASH_COST", 4)
    passwords.nobody_hash.cache_clear()
    yield
    passwords.nobody_hash.cache_clear()


@pytest.fixture
def pref_admins(session):
    """A system and a security administrator of the prefecture."""
    world.add_account(session, "pref_system", Role.SYSTEM_ADMIN, world.PREFECTURE)
    world.add_account(session, "pref_security", Role.SECURITY_ADMIN, world.PREFECTURE)
    session.commit()
