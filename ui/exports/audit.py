"""The audit trail as a file: the days and filters of the screen, with every fact in full."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd

from models.rules.errors import InvalidInput
from models.rules.week import ZONE, today_at
from services.queries import audits
from ui.audit_filters import deed
from ui.audit_trail import changes
from ui.exports.document import Column, Document, Form, Value
from ui.facts import Names
from ui.i18n import Translator

HEADS = {"seq": Form.WHOLE, "day": Form.DAY, "time": Form.TEXT, "who": Form.TEXT, "what": Form.TEXT, "code": Form.TEXT}
HEADS |= dict.fromkeys(("subject", "changed", "old", "new", "reason"), Form.TEXT)


def params(address: Mapping[str, str], as_of: datetime) -> dict[str, Any]:
    """The keywords of `audits.listing`; without days it is today."""
    today = today_at(as_of)
    filters = {name: address.get(name, "") for name in ("chain_code", "action", "username", "subject")}
    days = {name: _day(address.get(name, ""), today) for name in ("since", "until")}
    return {**filters, **days, "limit": audits.MOST}


def document(
    found: pd.DataFrame, address: Mapping[str, str], t: Translator, place: str, as_of: datetime, names: Names
) -> Document:
    """One row per event, newest first; what was recorded stands in words and as it is kept."""
    asked = params(address, as_of)
    about = [
        (t("audit.file_place"), place),
        (t("audit.chain"), asked["chain_code"]),
        (t("audit.days"), f"{t.full_day(asked['since'])} – {t.full_day(asked['until'])}"),
        (t("audit.file_made"), t.moment(as_of)),
    ]
    if len(found) == audits.MOST:
        about.append((t("audit.file_cut"), t.number(audits.MOST)))
    heads = [Column(t(f"audit.{name}"), form) for name, form in HEADS.items()]
    name = f"{place}-{t('audit.file_title')}-{asked['since']:%Y%m%d}-{asked['until']:%Y%m%d}"
    rows = [_row(t, row, names) for row in found.to_dict("records")]
    return Document(name, t("audit.file_title"), heads, rows, t("audit.file_about"), about)


def _row(t: Translator, row: Mapping[Any, Any], names: Names) -> list[Value]:
    at = row["at"].astimezone(ZONE)
    differing = changes(t, row["old"], row["new"], names)
    told = [f"{name}: {before} → {after}" if before else f"{name}: {after}" for name, before, after in differing]
    words = [row["username"], deed(t, row["action"]), row["action"], row["subject"], "; ".join(told)]
    return [row["seq"], at.date(), f"{at:%H:%M:%S}", *words, row["old"], row["new"], row["reason"]]


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text) if text else today
        return day.replace(year=min(max(day.year, 2000), 2998))  # the day after must exist too
    except ValueError as error:
        raise InvalidInput("bad_day", field="since", value=text[:20]) from error
