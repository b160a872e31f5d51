"""Files over HTTP: `GET /export/<name>.<csv|xlsx>?…`, asked anew for who is signed in, on every request.

To add one, register its name: `EXPORTS["points"] = Export(query, params, document)`, where

- `query` is a use-case of services.queries, the very one the screen reads;
- `params(address, moment)` makes its keywords from the query string, wrong values falling back to defaults;
- `document(answer, asked)` makes the ui.exports.document.Document from its answer; `asked` holds the rest: the address,
  the translator of the reader's language, the moment, the place's name, and the names of codes in the address;
- `names(session, actor, address)` looks those up (optional);
- `writers` says which kinds of file there are, if not those of a Document (optional).

The cookie is the only key: 401 without a session, 403 without the permission, 404 for a county that is not the reader's and
for a name that nobody registered, 400 for what cannot be asked.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from anyio.to_thread import run_sync
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from models.db import open_session
from models.rules.errors import AppError, InvalidInput, NotFound, PermissionDenied, SignedOut
from models.rules.week import ZONE, Week, today_at
from services.access import Actor, actor_of, anonymous, county_of
from services.actions import sign_in
from services.queries import areas, audits, charts, departments, log_sheets, trends
from services.sheets.layout import Sheet
from ui import clock, trends_choice
from ui.exports import audit as audit_file
from ui.exports import control as control_file
from ui.exports import csv_file, excel, log_paper, log_sheet, log_words
from ui.exports import departments as departments_file
from ui.exports import trends as trends_file
from ui.exports.document import Document
from ui.i18n import Translator, translator
from ui.sign_in import COOKIE
from ui.trends_choice import Names

WRITERS: dict[str, tuple[Callable[[Document], bytes], str]] = {
    "csv": (csv_file.csv_bytes, csv_file.MEDIA_TYPE),
    "xlsx": (excel.workbook, excel.MEDIA_TYPE),
}
STATUS = {SignedOut: 401, PermissionDenied: 403, NotFound: 404, InvalidInput: 400}


@dataclass(frozen=True)
class Asked:
    """What a file was asked for, by whom, and when."""

    address: Mapping[str, str]
    t: Translator
    place: str
    as_of: datetime
    names: Names


@dataclass(frozen=True)
class Export:
    """A file that can be asked for by name."""

    query: Callable[..., Any]
    params: Callable[[Mapping[str, str], datetime], dict[str, Any]]
    document: Callable[[Any, Asked], Any]
    names: Callable[[Session, Actor, Mapping[str, str]], Names] = lambda *_asked: {}
    writers: Mapping[str, tuple[Callable[[Any], bytes], str]] = field(default_factory=lambda: WRITERS)


def _trends_params(address: Mapping[str, str], as_of: datetime) -> dict[str, Any]:
    return trends_choice.read(address).params(address.get("county", ""), as_of, today_at(as_of))


def _trends_context(asked: Asked) -> trends_file.Context:
    return trends_file.Context(asked.place, asked.as_of, {code: asked.t.name(*name) for code, name in asked.names.items()})


def _trends_document(found: trends.Picture, asked: Asked) -> Document:
    return trends_file.document(found, trends_choice.read(asked.address), asked.t, _trends_context(asked))


def _control_document(found: charts.Control, asked: Asked) -> Document:
    return control_file.document(found, trends_choice.read(asked.address), asked.t, _trends_context(asked))


def _trends_names(session: Session, actor: Actor, address: Mapping[str, str]) -> Names:
    offered = trends.choices(session, actor, county_code=address.get("county", ""))
    return offered.townships | offered.departments


def _departments_document(found: departments.Report, asked: Asked) -> Document:
    return departments_file.document(found, asked.address, asked.t, asked.place, asked.as_of)


def _audit_document(found: Any, asked: Asked) -> Document:
    return audit_file.document(found, asked.address, asked.t, asked.place, asked.as_of, asked.names)


def _audit_names(session: Session, actor: Actor, address: Mapping[str, str]) -> Names:
    return audits.names(session, actor, chain_code=address.get("chain_code", ""))


@dataclass(frozen=True)
class Sheets:
    """Weekly sheets to be filled in; `nonce` tells the blank rows of this workbook from any other's."""

    name: str
    sheets: Sequence[Sheet]
    t: Translator
    nonce: str


def _sheets_params(address: Mapping[str, str], as_of: datetime) -> dict[str, Any]:
    today = today_at(as_of)
    weeks = [Week.parse(label) for label in address.get("weeks", "").split(",") if label]
    villages = tuple(code for code in address.get("villages", "").split(",") if code)
    return {"weeks": weeks or [Week.of(today)], "village_codes": villages, "as_of": as_of, "today": today}


def _sheets_document(found: Sequence[Sheet], asked: Asked) -> Sheets:
    return Sheets(log_words.name_of(asked.t, found), found, asked.t, secrets.token_hex(4))


SHEET_WRITERS: dict[str, tuple[Callable[[Sheets], bytes], str]] = {
    "xlsx": (lambda one: log_sheet.workbook(one.sheets, one.t, one.nonce), excel.MEDIA_TYPE),
    "html": (lambda one: log_paper.page(one.sheets, one.t), log_paper.MEDIA_TYPE),
}
EXPORTS: dict[str, Export] = {
    "audit": Export(audits.listing, audit_file.params, _audit_document, _audit_names),
    "control": Export(charts.control, _trends_params, _control_document, _trends_names),
    "trends": Export(trends.picture, _trends_params, _trends_document, _trends_names),
    "departments": Export(departments.report, departments_file.params, _departments_document),
    "weekly_sheets": Export(log_sheets.blank, _sheets_params, _sheets_document, writers=SHEET_WRITERS),
}


async def export(request: Request) -> Response:
    """The file, made in a worker thread; or a status and the error's code."""
    cookie, name, kind = request.cookies.get(COOKIE, ""), request.path_params["name"], request.path_params["kind"]
    try:
        document, body, media_type = await run_sync(_made, cookie, name, kind, dict(request.query_params))
    except AppError as error:
        return JSONResponse({"error": error.code}, STATUS.get(type(error), 400))
    shown = "inline" if kind == "html" else attachment(document.name, kind)  # what is printed is opened, not kept
    headers = {"content-disposition": shown, "cache-control": "no-store"}
    return Response(body, media_type=media_type, headers=headers)


def attachment(name: str, kind: str) -> str:
    """The header that names the file: in its own script (RFC 5987), and in ASCII for who cannot read that."""
    return f"attachment; filename=\"export.{kind}\"; filename*=UTF-8''{quote(f'{name}.{kind}', safe='')}"


def _made(cookie: str, name: str, kind: str, address: dict[str, str]) -> tuple[Any, bytes, str]:
    moment = clock.now()
    as_of = moment.astimezone(ZONE).replace(minute=0, second=0, microsecond=0)  # as the screens have it
    with open_session() as session:
        actor = _actor(session, cookie, moment)
        if name not in EXPORTS or kind not in EXPORTS[name].writers:
            raise NotFound("no_such_export")
        wanted = EXPORTS[name]
        answer = wanted.query(session, actor, **wanted.params(address, as_of))
        place = actor.area_code if len(actor.county_codes) < 2 else county_of(actor, address.get("county", ""))
        t = translator(actor.language)
        named = t.name(*areas.names(session, actor, codes=[place])[place])
        asked = Asked(address, t, named, as_of, wanted.names(session, actor, address))
    document = wanted.document(answer, asked)
    writer, media_type = wanted.writers[kind]
    return document, writer(document), media_type


def _actor(session: Session, cookie: str, moment: datetime) -> Actor:
    session_id = sign_in.session_of_cookie(session, anonymous(moment), cookie=cookie) if cookie else None
    if not session_id:
        raise SignedOut("signed_out")
    return actor_of(session, session_id, moment)


ROUTES = [Route("/export/{name:str}.{kind:str}", export, methods=["GET"])]
