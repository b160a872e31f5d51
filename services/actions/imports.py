"""Files taken in: planned again inside the transaction, then stored whole or not at all."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from hashlib import sha256

from sqlalchemy.orm import Session

from models.rules.week import today_at
from services import audit
from services.access import Actor, Permission, chain_of, county_of
from services.imports.accounts import plan_accounts, store_accounts
from services.imports.declarations import own_department, plan_declarations, store_declarations
from services.imports.departments import plan_departments, store_departments
from services.imports.plan import Change, Plan, facts, plan_of
from services.imports.points import plan_points, store_points
from services.usecase import action

LONGEST_FILENAME = 100


@action(Permission.EDIT_POINTS)
def departments_apply(session: Session, actor: Actor, *, county_code: str, content: bytes, filename: str) -> Plan:
    """Makes and corrects departments of the county and its townships; what was done. ImportRefused: nothing was."""
    county = county_of(actor, county_code)
    changes = plan_departments(session, county, content)
    store_departments(session, changes)
    return _told(session, actor, "imports.departments_apply", county, changes, content, filename)


@action(Permission.EDIT_POINTS)
def points_apply(session: Session, actor: Actor, *, county_code: str, content: bytes, filename: str) -> Plan:
    """Makes villages observation points and ends that, from open weeks on; what was done. ImportRefused: nothing was."""
    county = county_of(actor, county_code)
    changes = plan_points(session, county, content, actor.now)
    store_points(session, county, changes)
    return _told(session, actor, "imports.points_apply", county, changes, content, filename)


@action(Permission.DECLARE_EVENTS)
def declarations_apply(session: Session, actor: Actor, *, county_code: str, content: bytes, filename: str) -> Plan:
    """Declares events of the actor's own department, and corrects where they went; what was done. ImportRefused: nothing was."""
    county = county_of(actor, county_code)
    changes = plan_declarations(session, county, own_department(actor), content, today_at(actor.now))
    store_declarations(session, actor, county, changes)
    return _told(session, actor, "imports.declarations_apply", county, changes, content, filename)


@action(Permission.CREATE_ACCOUNTS)
def accounts_apply(session: Session, actor: Actor, *, content: bytes, filename: str, hashes: Mapping[str, str]) -> Plan:
    """Makes accounts, disabled and with a password to be changed, and corrects names; what was done.

    `hashes`: new user name → bcrypt hash, made before by `services.imports.accounts.first_passwords` and `hashed`, since
    hashing takes long and the county's other writers wait meanwhile. ImportRefused, InvalidInput(import_no_password).
    """
    changes = plan_accounts(session, actor, content)
    chains: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        chains[chain_of(change.values["area_code"])].append(change)
    audit.lock(session, actor.chain_code, *chains)
    store_accounts(session, actor, changes, hashes)
    for chain_code, here in sorted(chains.items()):
        _told(session, actor, "imports.accounts_apply", chain_code, here, content, filename)
    return plan_of(changes)


def _told(
    session: Session, actor: Actor, name: str, chain_code: str, changes: Sequence[Change], content: bytes, filename: str
) -> Plan:
    """Writes it into the audit trail, counts and all; a file that changes nothing leaves a mark too."""
    plan = plan_of(changes)
    file = "".join(character for character in filename if character.isprintable())[-LONGEST_FILENAME:]
    counts = {"new": plan.new, "changed": plan.changed, "same": plan.same, "sha256": sha256(content).hexdigest()}
    old = {"rows": {one.subject: dict(one.old) for one in changes if one.old}}
    audit.record(session, actor, name, file, old=old, new=counts | {"rows": facts(changes)}, chain_code=chain_code)
    return plan
