"""Weekly sheets taken in: judged again inside the transaction, then stored whole or not at all."""

from collections.abc import Mapping
from hashlib import sha256

from sqlalchemy.orm import Session

from models.rules.errors import Conflict, InvalidInput
from services import audit
from services.access import Actor, Permission
from services.log.village_week import subject
from services.sheets.cells import RowState
from services.sheets.planning import Files, Plan, planned
from services.sheets.storing import facts, store
from services.usecase import action


@action(Permission.FILL_SHEETS)
def apply(session: Session, actor: Actor, *, files: Files, choices: Mapping[str, str]) -> Plan:
    """Stores what `log_sheets.plan` tells, for villages of the actor's area; the plan as it was done. The same files again
    change nothing. InvalidInput(sheets_rejected) at file, Conflict(sheets_asked) at file while a choice is open: nothing is
    stored then.
    """
    plan = planned(session, actor, files, choices, locked=True)
    if rejected := plan.count(RowState.REJECTED):
        raise InvalidInput("sheets_rejected", field="file", n=rejected)
    if asked := plan.count(RowState.ASKED):
        raise Conflict("sheets_asked", field="file", n=asked)
    sums: dict[str, list[str]] = {}
    for name, content in files:  # two phones call their files the same
        sums.setdefault(name, []).append(sha256(content).hexdigest())
    for sheet in plan.sheets:
        log = store(session, actor, sheet)
        if log is not None:
            old, new = facts(sheet)
            told = {"state": log.state, "zero": log.zero, "sha256": " ".join(sums[sheet.file])}
            audit.record(session, actor, "log_sheets.apply", subject(log), old=old, new={**new, **told})
    return plan
