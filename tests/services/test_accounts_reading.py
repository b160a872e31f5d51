"""The list of accounts: the own area, every state, and as many statements for thousands as for ten."""

from datetime import timedelta

from sqlalchemy import event, update

from models.tables import Account
from services.access import anonymous
from services.actions import accounts, sign_in
from services.queries import accounts as queries
from tests import world
from tests.services.administered import create


def test_the_list_holds_the_own_area_and_nothing_else(session, as_):
    found = queries.listing(session, as_("system_admin"), as_of=world.NOW, limit=200)
    assert "CANARY" not in found.to_string()
    assert "prefecture_viewer" not in set(found["username"])
    assert {"task_force", "recorder_b1", "township_liaison", "auditor"} <= set(found["username"])
    for reader in ("security_admin", "auditor"):
        assert len(queries.listing(session, as_(reader), as_of=world.NOW, limit=200)) == len(found)


def test_the_prefecture_sees_every_county_of_it_and_itself(session, as_, pref_admins):
    found = set(queries.listing(session, as_("pref_system"), as_of=world.NOW, limit=200)["username"])
    assert {"canary_task_force", "task_force", "prefecture_viewer", "pref_system"} <= found


def test_the_list_never_carries_a_hash(session, as_):
    found = queries.listing(session, as_("auditor"), as_of=world.NOW)
    assert world.PASSWORD_HASH not in found.to_string()
    assert world.PASSWORD_HASH not in repr(queries.one(session, as_("auditor"), username="task_force", as_of=world.NOW))


def test_states_are_told_apart_and_counted(session, as_):
    security, system = as_("security_admin"), as_("system_admin")
    create(session, system)  # waits to be enabled
    create(session, system, username="li.si")
    accounts.enable(session, security, username="li.si")  # never signed in
    accounts.disable(session, security, username="recorder_b1", reason="x")
    session.execute(update(Account).where(Account.username == "recorder_a2").values(must_change=True))
    for _ in range(5):
        sign_in.attempt(session, anonymous(world.NOW), username="task_force")  # locked
    states = {
        row["username"]: row["state"] for row in queries.listing(session, system, as_of=world.NOW, limit=200).to_dict("records")
    }
    assert (states["zhang.san"], states["li.si"], states["recorder_b1"]) == ("waiting", "never", "disabled")
    assert (states["recorder_a2"], states["task_force"], states["auditor"]) == ("must_change", "locked", "active")
    tally = queries.tally(session, system, as_of=world.NOW)
    assert tally == {state: list(states.values()).count(state) for state in queries.STATES}
    later = world.NOW + timedelta(minutes=15)
    assert queries.one(session, system, username="task_force", as_of=later).state == "active"
    assert list(queries.listing(session, system, as_of=world.NOW, state="never")["username"]) == ["li.si"]


def test_search_looks_at_names_places_and_departments(session, as_):
    with_underscore = {"recorder_a2", "recorder_b1", "village_recorder", "township_liaison", "task_force", "compliance_officer"}
    wanted = {
        "RECORDER_A2": {"recorder_a2"},
        "柳河": {"recorder_a2"},
        "大坪": {"recorder_b1"},
        "daping": {"recorder_b1"},
        "农业": {"department"},
        "%": set(),
        "_": with_underscore | {"system_admin", "security_admin"},
        "canary": set(),
    }
    for search, found in wanted.items():
        listed = queries.listing(session, as_("auditor"), as_of=world.NOW, search=search, limit=200)
        assert set(listed["username"]) == found, search
        assert sum(queries.tally(session, as_("auditor"), as_of=world.NOW, search=search).values()) == len(found)


def test_a_role_can_be_chosen_and_pages_do_not_overlap(session, as_):
    actor = as_("auditor")
    recorders = queries.listing(session, actor, as_of=world.NOW, role="village_recorder")
    assert set(recorders["role"]) == {"village_recorder"}
    whole = list(queries.listing(session, actor, as_of=world.NOW, limit=200)["username"])
    pages = [
        list(queries.listing(session, actor, as_of=world.NOW, limit=4, offset=at)["username"]) for at in range(0, len(whole), 4)
    ]
    assert [name for page in pages for name in page] == whole


def test_the_list_costs_the_same_statements_for_thousands(session, as_):
    system = as_("system_admin")

    def statements():
        seen = []

        def note(*_args):
            seen.append(1)

        event.listen(session.get_bind(), "before_cursor_execute", note)
        queries.listing(session, system, as_of=world.NOW)
        queries.tally(session, system, as_of=world.NOW)
        event.remove(session.get_bind(), "before_cursor_execute", note)
        return len(seen)

    few = statements()
    session.add_all(
        Account(
            username=f"many{n}",
            name="many",
            role="village_recorder",
            area_code=world.VILLAGE_A1,
            password_hash="x",
            must_change=True,
            active=True,
            changed_at=world.NOW,
        )
        for n in range(1500)
    )
    session.flush()
    assert statements() == few
    assert len(queries.listing(session, system, as_of=world.NOW, limit=5000)) == queries.MOST
    assert queries.tally(session, system, as_of=world.NOW)["never"] == 1500


def test_one_account_tells_failures_and_open_browsers(session, as_):
    sign_in.attempt(session, anonymous(world.NOW), username="task_force")
    sign_in.attempt(session, anonymous(world.NOW), username="recorder_a2")
    sign_in.succeed(
        session, anonymous(world.NOW), username="recorder_a2", compared=world.PASSWORD_HASH, session_id="s", ticket="t"
    )
    card = queries.one(session, as_("security_admin"), username="task_force", as_of=world.NOW)
    assert (card.failures, card.locked_until, card.open_sessions, card.state) == (1, None, 1, "active")
    card = queries.one(session, as_("security_admin"), username="recorder_a2", as_of=world.NOW)
    assert (card.failures, card.open_sessions) == (0, 2)


def test_places_to_choose_are_those_of_the_own_area(session, as_):
    system = as_("system_admin")
    assert list(queries.areas(session, system, level="county")) == [world.COUNTY]
    assert list(queries.areas(session, system, level="village", parent_code=world.TOWN_B)) == [world.VILLAGE_B1, world.VILLAGE_B2]
    assert queries.areas(session, system, level="village", parent_code=world.TOWN_C) == {}
    assert queries.areas(session, system, level="prefecture") == {}
    assert world.CANARY_DEPT not in queries.departments(session, system, county_code=world.COUNTY)
    assert queries.departments(session, system, county_code=world.CANARY) == {}
