"""The commands of `python -m seed`. Each brings the database to the newest revision first; the clock is read here only."""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime, time

from models.db import open_session
from models.migrate import upgrade
from models.rules.week import ZONE
from seed.accounts import LOGINS, PASSWORD
from seed.demo import counted, has_demo, is_in_use, put_demo
from seed.reference import put_reference
from seed.start import is_exposed

Run = Callable[[argparse.Namespace], int]


def run(words: Sequence[str]) -> int:
    """Parses and runs one command; its exit code."""
    options = _parser().parse_args(words)
    command: Run = options.run
    return command(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m seed", description="Fill the database.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="the fictional county, its story and its logins, into an empty database")
    demo.add_argument("--if-empty", action="store_true", help="do nothing when the database is in use, instead of refusing")
    demo.add_argument("--today", type=date.fromisoformat, help="the day on which the story ends (default: today)")
    demo.set_defaults(run=_demo)
    reference = commands.add_parser("reference", help="the country-wide thresholds that are still missing")
    reference.set_defaults(run=_reference)
    return parser


def _now(today: date | None = None) -> datetime:
    return datetime.combine(today, time(12), ZONE) if today else datetime.now(ZONE)


def _demo(options: argparse.Namespace) -> int:
    upgrade()
    with open_session() as session:
        in_use = is_in_use(session)
    if in_use and not options.if_empty:
        print("数据库里已有数据，没有放入演示数据。(The database is in use; nothing was changed.)", file=sys.stderr)
        return 1
    if not in_use:
        with open_session(write=True) as session:
            counts = put_demo(session, _now(options.today))
            session.commit()
        print("演示数据：" + "，".join(counted(counts)))
    _print_logins()
    return 0


def _print_logins() -> None:
    with open_session() as session:
        if not has_demo(session):
            return
        exposed = is_exposed(session)
    print(f"\n演示账号（密码都是 {PASSWORD}，数据全部虚构）· demo logins, one password for all:")
    for login in LOGINS:
        print(f"  {login.username:<12}{login.shown}")
    print()
    if exposed:
        print("警告：演示账号的密码是公开的，而 HOST 不是本机地址。正式使用请设 DEMO=0 并换一个空数据库。", file=sys.stderr)
        print("WARNING: HOST is not a loopback address and the demo password is public. Use DEMO=0.\n", file=sys.stderr)


def _reference(_options: argparse.Namespace) -> int:
    upgrade()
    with open_session(write=True) as session:
        added = put_reference(session, _now())
        session.commit()
    print(f"参数：新增 {added} 项")
    return 0
