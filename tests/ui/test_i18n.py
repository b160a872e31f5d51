"""Sentences, numbers and dates in both languages."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.week import Week
from ui.i18n import LANGUAGES, catalogue, translator

ZH, EN = translator("zh_CN"), translator("en")


def test_both_languages_hold_the_same_keys():
    assert set(catalogue("zh_CN")) == set(catalogue("en"))


def test_an_unknown_language_is_chinese_and_an_unknown_key_an_error():
    assert translator("fr") is not None
    assert translator("fr").language == "zh_CN"
    with pytest.raises(KeyError):
        ZH("no.such.key")


def test_plurals_follow_n():
    assert EN("accounts.open_sessions", n=1) == "signed in on 1 browser"
    assert EN("accounts.open_sessions", n=0) == "signed in on 0 browsers"
    assert ZH("accounts.open_sessions", n=1) == "现在登录着 1 处"


def test_a_value_with_braces_is_not_a_placeholder():
    assert "{x}" in ZH("error.bad_week", value="{x}")


def test_days_weeks_and_moments():
    day = date(2026, 11, 16)
    assert (ZH.day(day), EN.day(day)) == ("11月16日", "Nov 16")
    assert (ZH.full_day(day), EN.full_day(day)) == ("2026年11月16日", "Nov 16, 2026")
    assert (ZH.weekday(day), EN.weekday(day)) == ("周一", "Mon")
    assert (ZH.month(day), EN.month(day)) == ("2026年11月", "Nov 2026")
    assert (ZH.week(Week.of(day)), EN.week(Week.of(day))) == ("11月16日–22日", "Nov 16–22")
    assert ZH.week(Week.of(date(2026, 11, 30))) == "11月30日–12月6日"


def test_a_moment_is_told_in_shanghai_whatever_the_server_thinks():
    late = datetime(2026, 11, 16, 17, 5, tzinfo=UTC)
    assert ZH.moment(late) == "11月17日 01:05"
    assert EN.clock(late) == "01:05"


def test_numbers():
    assert [ZH.number(1234567), ZH.number(-3.14159, 2), EN.number(0.5, 1)] == ["1,234,567", "−3.14", "0.5"]
    assert [ZH.percent(0.41), ZH.percent(-0.41, signed=True), ZH.percent(0.41, signed=True), ZH.percent(0, signed=True)] == [
        "41%", "−41%", "+41%", "0%",
    ]  # fmt: skip


def test_lists_are_joined_as_each_language_does():
    assert [ZH.join(["甲", "乙", "丙"]), EN.join(["A", "B", "C"]), EN.join(["A"]), EN.join([])] == [
        "甲、乙、丙",
        "A, B and C",
        "A",
        "",
    ]


def test_names_have_an_english_form_only_where_there_is_one():
    assert [ZH.name("青石镇", "Qingshi"), EN.name("青石镇", "Qingshi"), EN.name("青山村", None)] == [
        "青石镇",
        "Qingshi",
        "青山村",
    ]


@given(st.integers(-(10**12), 10**12))
def test_a_whole_number_reads_back(value):
    for language in LANGUAGES:
        assert int(translator(language).number(value).replace(",", "").replace("−", "-")) == value


def test_a_rate_below_one_keeps_two_decimals():
    zh = translator("zh_CN")
    assert [zh.rate(value) for value in (9990.4, 3.44, 1, 0.05, 0)] == ["9,990", "3.4", "1.0", "0.05", "0.0"]
