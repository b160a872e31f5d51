"""Which departments can send work to a county's villages: asked alike by filters, lists and checks."""

from datetime import date

from sqlalchemy import Select, or_, select

from models.rules.area import Level, ancestor
from models.tables import Department
from services.access import in_area


def senders(county_code: str, *, within: str | None = None, from_day: date | None = None) -> Select[str, str, str | None, str]:
    """(code, name, name_en, initials) of the county's departments, those above it and those below it (`within`: of that township
    alone), the highest area first and by name in each. With `from_day` without those that had ceased to exist before it."""
    above = [ancestor(county_code, level) for level in (Level.PROVINCE, Level.PREFECTURE, Level.COUNTY)]
    found = select(Department.code, Department.name, Department.name_en, Department.initials).where(
        or_(Department.area_code.in_(above), in_area(within or county_code, Department.area_code))
    )
    if from_day:
        found = found.where(or_(Department.valid_until.is_(None), Department.valid_until >= from_day))
    return found.order_by(Department.area_code, Department.initials, Department.code)
