"""What every installation needs before anybody works with it: the country-wide thresholds, each with its basis, unconfirmed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Threshold
from services import audit
from services.access import operator
from services.thresholds import EVERYWHERE

SINCE = date(2020, 1, 1)


class Default(NamedTuple):
    """A threshold's value and where it comes from."""

    value: float
    basis: str


DEFAULTS: Mapping[str, Default] = {
    "due_days": Default(3, "默认：周日结束后3天内填报，依据县级方案确定"),
    "close_days": Default(14, "默认：周日结束后14天关账，与半月调度衔接，依据县级方案确定"),
    "correction_days": Default(7, "默认：已关账的周重新打开后7天内改完，依据县级方案确定"),
    "near_share": Default(0.8, "默认：用到额度的八成提醒，依据县级年度计划确定"),
    "least_villages": Default(3, "默认：少于3个村的数字不向部门显示，保护填报人"),
    "least_events": Default(5, "默认：少于5件事的数字不向部门显示，保护填报人"),
    "least_coverage": Default(0.8, "默认：前后两期都报的点不足八成时不作比较"),
    "significance": Default(0.01, "默认：检验的显著性水平"),
    "missing_weeks": Default(3, "默认：连续3周没有填报，请乡镇了解情况"),
    "omission_share": Default(0.6, "默认：同乡镇已报的点里六成以上记了，个别点没有记，请核实"),
    "omission_villages": Default(3, "默认：至少3个点记了的事，才提醒没有记的点"),
    "same_day_units": Default(3, "默认：同一天同一村来了3个以上单位算扎堆，参照各地通报案例"),
    "forecast_share": Default(0.25, "默认：全期四分之一的日子报齐了，才按现在的速度推算期末"),
    "match_days": Default(3, "默认：部门申报和村里所报相差不过3天、名称相近的算同一件，一件事连着几天的隔3天以内算一件"),
    "most_cv": Default(0.33, "默认：误差超过推算数的三分之一就不给出推算数，参照官方统计的通行界限"),
    "log_seconds": Default(180, "默认：填一周不应超过3分钟（中位数）"),
}


def missing_reference(session: Session) -> dict[str, Default]:
    """The thresholds that nobody has set for the country."""
    there = set(session.scalars(select(Threshold.name).where(Threshold.county_code == EVERYWHERE)))
    return {name: default for name, default in DEFAULTS.items() if name not in there}


def put_reference(session: Session, now: datetime) -> int:
    """Adds what is missing and touches nothing else; how many were added. The caller commits."""
    missing = missing_reference(session)
    for name, default in missing.items():
        session.add(
            Threshold(county_code=EVERYWHERE, name=name, version=1, value=default.value, since=SINCE, basis=default.basis)
        )
    if missing:
        new = {name: default.value for name, default in missing.items()}
        audit.record(session, operator(EVERYWHERE, now), "seed.reference", "thresholds", new=new)
    return len(missing)
