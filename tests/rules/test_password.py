"""What a password, a user name, a name and a reason must be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.account import check_name, check_reason, check_username
from models.rules.errors import InvalidInput
from models.rules.password import check_new_password, check_password, initial_password

GOOD = "correct horse battery"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password_short"),
        ("123456789", "password_short"),
        ("1234567890", None),
        ("今天开了三个会没填表吧", None),
        ("x" * 72 + "y", "password_long"),
        ("abcd" * 18, None),
        ("中" * 25, "password_long"),
        (" leading space", "password_spaces"),
        ("trailing space ", "password_spaces"),
        ("with\x00a nul in it", "password_unprintable"),
        ("with\ta tab in it", "password_unprintable"),
        ("aaaaaaaaaa", "password_weak"),
        ("abcabcabcabc", "password_weak"),
        ("abcdabcdabcd", None),
        ("my zhangsan pass", "password_weak"),
        ("my ZhangSan pass", "password_weak"),
        (GOOD, None),
    ],
)
def test_what_a_password_must_be(password, code):
    if code is None:
        return check_password(password, "zhangsan")
    with pytest.raises(InvalidInput) as refused:
        check_password(password, "zhangsan")
    assert (refused.value.code, refused.value.field) == (code, "new")
    return None


def test_the_new_password_is_typed_twice_and_another_one():
    check_new_password(GOOD, GOOD, old="something else", username="ho")
    for repeated, old, code in ((GOOD + ".", "x", "passwords_differ"), (GOOD, GOOD, "password_unchanged")):
        with pytest.raises(InvalidInput, match=code):
            check_new_password(GOOD, repeated, old=old, username="zhangsan")


@given(st.binary(min_size=12, max_size=12))
def test_an_initial_password_is_easy_to_read_out(numbers):
    password = initial_password(numbers)
    assert len(password) == 14
    assert not set(password) & set("0o1ilI")
    assert password == initial_password(numbers)


@pytest.mark.parametrize(("typed", "kept"), [("zhangsan", "zhangsan"), (" Zhang.San-2_x ", "zhang.san-2_x"), ("a1", "a1")])
def test_a_user_name_is_kept_in_lower_case(typed, kept):
    assert check_username(typed) == kept


@pytest.mark.parametrize("typed", ["", "a", ".a", "张三", "a b", "a\x00b", "x" * 65, "a/b", "É1"])
def test_other_user_names_are_refused(typed):
    with pytest.raises(InvalidInput):
        check_username(typed)


def test_names_and_reasons_are_printable_and_not_endless():
    assert check_name(" 张三 ") == "张三"
    assert check_reason("调离\n本岗位  ") == "调离 本岗位"
    for bad in ("", "   ", "x" * 61, "a\x00b"):
        with pytest.raises(InvalidInput):
            check_name(bad)
    for bad in ("", " \n ", "x" * 501, "a\x00b"):
        with pytest.raises(InvalidInput):
            check_reason(bad)
