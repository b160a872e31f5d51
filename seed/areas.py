"""The official list of areas from a file, and a made-up list as large as the country's to try it with."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from models.db import open_session
from models.rules.errors import ImportRefused
from services.access import SYSTEM_CHAIN, operator
from services.imports.areas import AreaCounts, read_areas, store_areas
from ui.i18n import Translator

COUNTIES_A_PREFECTURE, PREFECTURES_A_PROVINCE = 19, 15
TOWNSHIPS, VILLAGES = 15, 14
FIRST_PROVINCE = 90  # no province has these numbers


def store_file(path: Path, now: datetime, *, since: date | None = None) -> AreaCounts:
    """Takes the list in, whole or not at all; judged before the lock, so that nobody's save waits for a large file."""
    content = path.read_bytes()
    with open_session() as session:
        rows = read_areas(session, content)
    with open_session(write=True) as session:
        counts = store_areas(session, operator(SYSTEM_CHAIN, now), rows, path.name, since=since)
        session.commit()
    return counts


def refusal(t: Translator, error: ImportRefused) -> Iterator[str]:
    """What is wrong, a sentence per line of the file."""
    yield t("seed.refused", count=len(error.problems))
    for problem in error.problems:
        sentence = t(f"problem.{problem.code}", value=problem.value)
        yield t("imports.line", line=problem.line, sentence=sentence) if problem.line else t("imports.file", sentence=sentence)


def made_up(counties: int) -> Iterator[str]:
    """The lines of a list with that many counties, 15 townships each, 14 villages each; at most 2,850."""
    yield "code,name,level"
    for number in range(counties):
        prefecture, county = divmod(number, COUNTIES_A_PREFECTURE)
        province, prefecture = divmod(prefecture, PREFECTURES_A_PROVINCE)
        province_code = f"{FIRST_PROVINCE + province}"
        prefecture_code = f"{province_code}{21 + prefecture}"
        county_code = f"{prefecture_code}{21 + county}"
        if county == prefecture == 0:
            yield f"{province_code},虚构{province_code}省,province"
        if county == 0:
            yield f"{prefecture_code},虚构{prefecture_code}州,prefecture"
        yield f"{county_code},虚构{county_code}县,county"
        for township in range(TOWNSHIPS):
            yield f"{county_code}{100 + township},虚构{township + 1}镇,township"
            for village in range(VILLAGES):
                yield f"{county_code}{100 + township}{201 + village},虚构{township + 1}镇{village + 1}村,village"
