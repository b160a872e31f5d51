"""What came last week and comes again: logged with one tap. NotAllowedNow at `week` like weekly_logs."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.rules.entry import Effort, Occasion
from models.rules.week import Week, today_at
from services.access import Actor, Permission
from services.log import entering, shared_events
from services.log.offers import offers
from services.log.village_week import Saved, open_log, saved
from services.usecase import action


@action(Permission.EDIT_WEEKLY_LOG)
def take(session: Session, actor: Actor, *, week: Week, opened_at: datetime | None = None) -> Saved:
    """Logs everything offered that this village logged last week too, with its usual length and one attendee; each is an entry
    of its own that can be changed or dropped. Only what is offered: a thing of last week that nothing speaks for is not
    made up. Again, it finds nothing left.
    """
    log = open_log(session, actor, week)
    receipt = saved(log)
    for row in offers(session, actor, week, today_at(actor.now)):
        if not row.repeats:
            continue
        effort, tap = Effort(row.minutes), entering.Tap("repeats.take", row.token(week), opened_at)
        if row.event_id is None:
            wanted = Occasion(row.kind, row.department_code, row.day, row.title, row.called_as, row.emergency)
            receipt = entering.add(session, actor, log, wanted, effort, tap)
        else:
            event = shared_events.receivable(session, log, row.event_id, today_at(actor.now))
            receipt = entering.join(session, actor, log, event, effort, tap)
    return receipt
