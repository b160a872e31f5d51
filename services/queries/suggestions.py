"""What this village probably received in a week, so that it is entered once and ticked elsewhere."""

from datetime import date

from sqlalchemy.orm import Session

from models.rules.week import Week
from services.access import Actor, Permission
from services.log.offered_groups import offered_groups
from services.log.offers import offers
from services.log.week_view import OfferedGroup, Row
from services.usecase import query


@query(Permission.VIEW_WEEKLY_LOG)
def week(session: Session, actor: Actor, *, week: Week, today: date) -> tuple[Row, ...]:
    """Events up to `today` that the village has not logged: entered by another point of its township, by the township or by a
    department that may ask the village; what it logs nearly every week, and what comes once a month. By day; `repeats` marks
    what it logged last week too. Never who entered it: what fewer neighbours have than are counted aloud is not offered when
    its title names one of them. Seven statements.
    """
    return offers(session, actor, week, today)


@query(Permission.VIEW_WEEKLY_LOG)
def groups(session: Session, actor: Actor, *, week: Week, today: date) -> tuple[OfferedGroup, ...]:
    """Chat groups with a name that points of its township joined in the week or the one before and are still in, and that
    the village has not; most members first, ten at the most. Never who joined: a group named after a village is not offered.
    """
    return offered_groups(session, actor, week, today)
