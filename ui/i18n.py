"""Sentences in Chinese and English from gettext catalogues (locale/<language>/<noun>.po), dates and numbers by Babel.

A message id is a stable key (`trends.title`); both languages hold every key with the same placeholders, and a test says so.
The .po files are read as they are: no compiled copy can go stale.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from models.rules.week import ZONE, Week
from models.settings import ROOT

LANGUAGES = {"zh_CN": "中文", "en": "English"}
DEFAULT = "zh_CN"


@cache
def catalogue(language: str) -> dict[str, str | tuple[str, ...]]:
    """Every message of a language; a plural is a tuple (one, other)."""
    messages: dict[str, str | tuple[str, ...]] = {}
    for path in sorted((ROOT / "locale" / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                key = message.id if isinstance(message.id, str) else message.id[0]
                if key:
                    messages[key] = message.string if isinstance(message.string, str) else tuple(message.string or ())
    return messages


@dataclass(frozen=True)
class Translator:
    """`t("trends.title", n=3)`. One object per language and size of letters, so a drawing can be kept for each."""

    language: str
    large: bool = False  # large type: what is drawn instead of written must know it too

    def __call__(self, key: str, **params: object) -> str:
        """The sentence, filled; `n` chooses the plural. KeyError for a key that no catalogue has."""
        message = catalogue(self.language)[key]
        if isinstance(message, tuple):
            message = message[0] if len(message) == 1 or params.get("n") in (1, "1") else message[-1]
        return message.format(**params) if params else message

    @property
    def chinese(self) -> bool:
        """Whether this is the Chinese one."""
        return self.language == "zh_CN"

    def name(self, name: str, name_en: str | None) -> str:
        """The name of an area or department in this language, if it has one."""
        return name if self.chinese or not name_en else name_en

    def day(self, day: date) -> str:
        """11月16日 · Nov 16."""
        return _skeleton(self.language, "MMMd", day)

    def full_day(self, day: date) -> str:
        """2026年11月16日 · Nov 16, 2026."""
        return _date(self.language, "long" if self.chinese else "medium", day)

    def weekday(self, day: date) -> str:
        """周一 · Mon."""
        return _date(self.language, "EEE", day)

    def month(self, day: date) -> str:
        """2026年11月 · Nov 2026."""
        return _skeleton(self.language, "yMMM", day)

    def week(self, week: Week) -> str:
        """11月16日–22日 · Nov 16 – 22: the days of a week."""
        if week.monday.month == week.sunday.month:
            last = f"{week.sunday.day}日" if self.chinese else str(week.sunday.day)
        else:
            last = self.day(week.sunday)
        return f"{self.day(week.monday)}–{last}"

    def moment(self, moment: datetime) -> str:
        """11月16日 14:03, in Asia/Shanghai."""
        local = moment.astimezone(ZONE)
        return f"{self.day(local.date())} {local:%H:%M}"

    def clock(self, moment: datetime) -> str:
        """14:03, in Asia/Shanghai."""
        return f"{moment.astimezone(ZONE):%H:%M}"

    def number(self, value: float, digits: int = 0) -> str:
        """With thousands separators and a fixed number of decimals; a true minus sign."""
        return _number(self.language, value, digits)

    def rate(self, value: float) -> str:
        """A rate per point and week: 3.4; two decimals below one, where 0.1 → 0.0 would say nothing, and none from 1,000 on."""
        return self.number(value, 0 if value >= 1000 else 1 if value >= 1 or value == 0 else 2)

    def percent(self, share: float, *, signed: bool = False, digits: int = 0) -> str:
        """0.41 → 41%; signed: +41% or −41%."""
        text = self.number(share * 100, digits) + "%"
        return f"+{text}" if signed and share > 0 else text

    def join(self, words: list[str]) -> str:
        """甲、乙、丙 · A, B and C."""
        if self.chinese:
            return "、".join(words)
        return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


@cache
def translator(language: str, *, large: bool = False) -> Translator:
    """The translator of a language; Chinese for one that we do not have."""
    return Translator(language if language in LANGUAGES else DEFAULT, large)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


@lru_cache(maxsize=10_000)
def _number(language: str, value: float, digits: int) -> str:
    """Kept, like days, because tables show the same few again and again and Babel takes its time."""
    pattern = "#,##0" + (f".{'0' * digits}" if digits else "")
    return format_decimal(value, format=pattern, locale=_locale(language)).replace("-", "−")


@lru_cache(maxsize=10_000)
def _skeleton(language: str, skeleton: str, day: date) -> str:
    return format_skeleton(skeleton, day, locale=_locale(language))


@lru_cache(maxsize=10_000)
def _date(language: str, pattern: str, day: date) -> str:
    return format_date(day, pattern, locale=_locale(language))
