"""The commands of `python -m seed`. Each but a `--check` first brings the database to the newest revision.

The clock is read here only.
"""

import argparse
import secrets
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from models.db import open_session
from models.migrate import upgrade
from models.rules.errors import AppError, ImportRefused
from models.rules.password import GROUP, GROUPS, initial_password
from models.rules.week import ZONE, today_at
from models.settings import data_folder
from seed.demo import counted, is_in_use
from seed.reference import put_reference
from seed.start import prepare, tell_logins, wants_demo

if TYPE_CHECKING:
    from ui.i18n import Translator

Run = Callable[[argparse.Namespace], int]
LISTS = {
    "points": "village_code,since[,until,selection]",
    "departments": "code,area_code,name,kind[,name_en,initials]",
    "accounts": "username,name,role,area_code[,department_code,password]",
}


def run(words: Sequence[str]) -> int:
    """Parses and runs one command; its exit code."""
    options = _parser().parse_args(words)
    command: Run = options.run
    try:
        return command(options)
    except ImportRefused as error:
        from seed.areas import refusal

        print("\n".join(refusal(_translator(options), error)), file=sys.stderr)
    except AppError as error:
        print(_translator(options)(f"error.{error.code}", **error.params), file=sys.stderr)
        if error.code == "no_threshold":  # nobody has to look for what is missing
            print("  python -m seed reference", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m seed", description="Fill the database.")
    parser.add_argument("--language", choices=("zh_CN", "en"), default="zh_CN", help="of what is printed about files")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="the fictional county, its story and its logins, into an empty database")
    demo.add_argument(
        "--if-empty",
        action="store_true",
        help="as the app does at its start: not into a database in use, not with DEMO=0; no refusal",
    )
    demo.add_argument("--today", type=date.fromisoformat, help="the day on which the story ends (default: today)")
    demo.set_defaults(run=_demo)
    reference = commands.add_parser("reference", help="the country-wide thresholds that are still missing")
    reference.set_defaults(run=_reference)
    areas = commands.add_parser("areas", help="an official list of areas: code,name,level as CSV (UTF-8) or .xlsx")
    areas.add_argument("file", type=_file)
    areas.add_argument("--since", type=date.fromisoformat, help="from when areas without a date of their own exist")
    areas.set_defaults(run=_areas)
    _add_lists(commands)
    admin = commands.add_parser("admin", help="the first accounts of a real installation, with a random password printed once")
    admin.add_argument("username")
    admin.add_argument("--role", choices=("system_admin", "security_admin", "auditor"), default="system_admin")
    admin.add_argument("--area", required=True, help="code of the county or prefecture, e.g. 522301")
    admin.set_defaults(run=_admin)
    _add_volume(commands)
    return parser


def _add_lists(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    for noun, columns in LISTS.items():
        one = commands.add_parser(noun, help=f"one county's {noun}: {columns}, as CSV (UTF-8) or .xlsx")
        one.add_argument("file", type=_file)
        one.add_argument("--check", action="store_true", help="only say what would change; nothing is changed")
        one.set_defaults(run=_list, noun=noun, passwords=None)
    one.add_argument(
        "--passwords",
        type=_new_file,
        metavar="FILE",
        help="where the first passwords of new accounts go, readable by you only (default: passwords-….csv in DATA_DIR)",
    )


def _add_volume(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    bulk = commands.add_parser("bulk", help="one more county with much data, for benchmarks")
    bulk.add_argument("--villages", type=int, default=1500)
    bulk.add_argument("--weeks", type=int, default=104)
    bulk.add_argument("--entries", type=int, default=8, help="per village and week")
    bulk.add_argument("--today", type=date.fromisoformat, help="the day on which it ends (default: today)")
    bulk.set_defaults(run=_bulk)
    made_up = commands.add_parser("generate-areas", help="print a made-up list of areas, for trying `areas` with")
    made_up.add_argument("--counties", type=int, default=2850)
    made_up.set_defaults(run=_generate_areas)


def _now(today: date | None = None) -> datetime:
    return datetime.combine(today, time(12), ZONE) if today else datetime.now(ZONE)


def _demo(options: argparse.Namespace) -> int:
    upgrade()
    if not options.if_empty and (reason := _why_not()):
        print(reason, file=sys.stderr)
        return 1
    if counts := prepare(_now(options.today)):
        print("放入：" + "，".join(counted(counts)))
    tell_logins(sys.stdout)
    return 0


def _why_not() -> str:
    """Why the demo cannot be put in; empty when it can."""
    if not wants_demo():
        return "已设 DEMO=0，没有放入演示数据。(DEMO=0 is set; nothing was changed.)"
    with open_session() as session:
        if is_in_use(session):
            return "数据库里已有数据，没有放入演示数据。(The database is in use; nothing was changed.)"
    return ""


def _reference(_options: argparse.Namespace) -> int:
    upgrade()
    with open_session(write=True) as session:
        added = put_reference(session, _now())
        session.commit()
    print(f"参数：新增 {added} 项")
    return 0


def _areas(options: argparse.Namespace) -> int:
    from seed.areas import store_file  # pandas and Excel are not needed to start the demo

    upgrade()
    counts = store_file(options.file, _now(), since=options.since)
    print(_translator(options)("seed.areas", new=counts.new, changed=counts.changed, same=counts.same))
    return 0


def _list(options: argparse.Namespace) -> int:
    from seed import lists  # pandas and Excel are not needed to start the demo

    t, now = _translator(options), _now()
    if options.check:
        said = lists.checked(t, lists.read(options.noun, options.file, now))
    else:
        upgrade()
        passwords = options.passwords or data_folder() / f"passwords-{now:%Y%m%d-%H%M%S}.csv"
        said = lists.taken_in(t, lists.read(options.noun, options.file, now), passwords, secrets.token_bytes)
    print("\n".join(said))
    return 0


def _admin(options: argparse.Namespace) -> int:
    from seed.administrator import add_administrator

    upgrade()
    password = initial_password(secrets.token_bytes(GROUPS * GROUP))
    with open_session(write=True) as session:
        put_reference(session, _now())
        account = add_administrator(session, _now(), options.username, options.role, options.area, password)
        session.commit()
    print(f"{account.username}  {account.role}  {account.area_code}\n{password}")
    return 0


def _bulk(options: argparse.Namespace) -> int:
    from seed.bulk import put_bulk

    upgrade()
    now = _now(options.today)
    with open_session(write=True) as session:
        size = {"villages": options.villages, "weeks": options.weeks, "entries": options.entries}
        stored = put_bulk(session, now, today_at(now), **size)
        session.commit()
    print(f"entry {stored:,}")
    return 0


def _generate_areas(options: argparse.Namespace) -> int:
    from seed.areas import made_up

    sys.stdout.writelines(f"{line}\n" for line in made_up(options.counties))
    return 0


def _translator(options: argparse.Namespace) -> "Translator":
    from ui.i18n import translator  # Babel is not needed to start the demo

    return translator(options.language)


def _file(word: str) -> Path:
    path = Path(word)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"no such file: {word}")
    return path


def _new_file(word: str) -> Path:
    path = Path(word)
    if path.exists() or not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there already, or in no folder: {word}")
    return path
