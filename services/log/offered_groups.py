"""The chat groups that neighbours have just joined, so that they are entered once and ticked elsewhere."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.rules.area import Level, ancestor
from models.rules.entry import same_title, title_key
from models.rules.measure import HoldingKind
from models.rules.place_name import masker
from models.rules.week import Week
from models.tables import Department, Holding
from services.access import Actor, in_area, in_scope
from services.log.village_week import asking_areas, names_in, own_village
from services.log.week_view import OfferedGroup
from services.thresholds import threshold

MOST = 10


def offered_groups(session: Session, actor: Actor, week: Week, today: date) -> tuple[OfferedGroup, ...]:
    """As the query `suggestions.groups` answers. Four statements."""
    county, village = own_village(actor)
    township = ancestor(village, Level.TOWNSHIP)
    least = threshold(session, county, "least_villages", today)
    of_groups = (Holding.county_code == county, Holding.kind == HoldingKind.GROUP)
    own = select(Holding.department_code, Holding.name).where(*of_groups, Holding.village_code == village)
    held = session.execute(own.where(in_scope(actor, Holding.county_code, Holding.village_code))).all()
    mask = masker(name for code, (name, _) in names_in(session, township).items() if code != township)
    joined = session.execute(
        select(Holding.name, Department, Holding.village_code)
        .join(Department, Department.code == Holding.department_code)
        .where(
            *of_groups,
            in_area(township, Holding.village_code),
            Holding.village_code != village,
            Holding.name != "",
            Holding.since.between((week - 1).monday, min(week.sunday, today)),
            or_(Holding.until.is_(None), Holding.until > today),
            Department.area_code.in_(asking_areas(village)),
        )
        .order_by(Holding.since, Holding.id)
    )
    found: dict[tuple[str, str], tuple[str, Department, set[str]]] = {}
    for name, owner, neighbour in joined:
        known = any(code == owner.code and same_title(name, other) for code, other in held)
        if not known and mask(name) == name:
            found.setdefault((owner.code, title_key(name)), (name, owner, set()))[2].add(neighbour)
    offered = sorted(found.values(), key=lambda one: -len(one[2]))[:MOST]
    return tuple(
        OfferedGroup(name, owner.code, owner.name, owner.name_en, len(villages) if len(villages) >= least else 0)
        for name, owner, villages in offered
    )
