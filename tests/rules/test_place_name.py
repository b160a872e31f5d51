"""Names of places in a title that somebody typed: none is left over, short or long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.place_name import MASK, masker, short_forms

NAMES = [
    "青山村",
    "柳河村村民委员会",
    "高坪社区居委会",
    "青石镇",
    "马场布依族苗族乡",
    "和平村",
    "李村",
    "Qingshan Village",
    "Daping Town",
]
WITHOUT = masker(NAMES)


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("青山村村民委员会", {"青山村村民委员会", "青山村", "青山"}),
        ("青山村委会", {"青山村委会", "青山村", "青山"}),
        ("高坪社区居委会", {"高坪社区居委会", "高坪社区", "高坪"}),
        ("马场布依族苗族乡", {"马场布依族苗族乡", "马场布依族苗族", "马场"}),
        ("城关街道办事处", {"城关街道办事处", "城关街道", "城关"}),
        ("李村", {"李村"}),
        ("Qingshan Village", {"Qingshan Village", "Qingshan"}),
        ("East Lake Township", {"East Lake Township", "East Lake"}),
    ],
)
def test_a_name_has_short_forms_of_two_characters_and_more(name, forms):
    assert short_forms(name) == forms


@pytest.mark.parametrize(
    ("title", "masked"),
    [
        ("青山调研", f"{MASK}调研"),
        ("赴青山村村委会检查", f"赴{MASK}村委会检查"),
        ("柳河、高坪联合验收", f"{MASK}、{MASK}联合验收"),
        ("青石现场会", f"{MASK}现场会"),
        ("马场防火", f"{MASK}防火"),
        ("Visit to qingshan", f"Visit to {MASK}"),
        ("QINGSHAN VILLAGE audit", f"{MASK} audit"),
        ("qingshancun diaoyan", f"{MASK} diaoyan"),
        ("dapinghe survey", "dapinghe survey"),  # another word
        ("到和平检查", f"到{MASK}检查"),
        ("和平调研", f"{MASK}调研"),
        ("和平村走访", f"{MASK}走访"),
        ("维护和平稳定专题会", "维护和平稳定专题会"),  # a common word where no place stands
        ("李村的账", f"{MASK}的账"),
        ("行李检查", "行李检查"),
        ("", ""),
    ],
)
def test_names_are_masked_and_ordinary_words_stay(title, masked):
    assert WITHOUT(title) == masked


def test_without_names_nothing_is_masked():
    assert masker([])("青山调研") == "青山调研"


@given(
    st.text("青山柳河村检查a ", max_size=12),
    st.sampled_from(["青山", "青山村", "柳河", "柳河村"]),
    st.text("检查会 ", max_size=5),
)
def test_no_name_is_left_wherever_it_stands(before, name, after):
    assert name not in WITHOUT(before + name + after)
