"""No number stands without a basis, and none is loosened without a reason."""

import pytest

from models.rules.basis import check_basis, check_reason
from models.rules.errors import InvalidInput


@pytest.mark.parametrize(
    ("basis", "code"),
    [
        ("", "basis_missing"),
        (" 　", "basis_missing"),
        ("文" * 201, "text_long"),
        ("县发\x00号", "text_control"),
        ("a\nb", "text_control"),
    ],
)
def test_a_basis_is_refused_when_empty_long_or_with_control_characters(basis, code):
    with pytest.raises(InvalidInput) as refused:
        check_basis(basis)
    assert (refused.value.code, refused.value.field) == (code, "basis")


def test_a_basis_of_200_characters_is_kept_without_outer_spaces():
    assert check_basis(" " + "文" * 200 + " ") == "文" * 200


@pytest.mark.parametrize("reason", ["", "太少", "九个字还不够写理由", "九 个 字 还 不 够 写 理 由"])
def test_a_needed_reason_has_ten_characters(reason):
    with pytest.raises(InvalidInput) as refused:
        check_reason(reason, needed=True)
    assert (refused.value.code, refused.value.field) == ("reason_needed", "reason")


def test_ten_characters_are_a_reason_and_none_are_needed_otherwise():
    assert check_reason("上级新增专项检查任务", needed=True) == "上级新增专项检查任务"
    assert check_reason("", needed=False) == ""


@pytest.mark.parametrize(("reason", "code"), [("x" * 501, "text_long"), ("上级新增专项检查\x1b任务", "text_control")])
def test_a_reason_is_refused_when_long_or_with_control_characters(reason, code):
    with pytest.raises(InvalidInput) as refused:
        check_reason(reason, needed=False)
    assert refused.value.code == code
