"""Names of places in what people type, and how a title reads without them.

People leave out what everybody knows: 青山 for 青山村村民委员会, qingshan for Qingshan Village. Rather one word too many is
masked than one village named; only words that are common in titles stay where no place would stand (维护和平稳定).
"""

import re
from collections.abc import Callable, Iterable

MASK = "某地"
SHORTEST = 2  # one character alone is in too many words
_OFFICE = re.compile(r"(村民委员会|居民委员会|委员会|村委会|居委会|办事处|村委|居委)$| (committee|office)$", re.IGNORECASE)
_KIND = re.compile(r"(行政村|社区|街道|村|镇|乡)$| (village|community|town|township|subdistrict)$", re.IGNORECASE)
_PEOPLE = re.compile(r"((苗|彝|布依|侗|土家|仡佬|水|回|白|壮|瑶|满|蒙古|畲|傣|哈尼|黎|羌|藏)族)+$")
_COMMON = {
    "安全", "中心", "和平", "团结", "幸福", "平安", "民主", "文明", "卫生", "建设", "发展",
    "振兴", "新农村", "农场", "林场", "学校", "人民", "集体", "红旗", "胜利", "光明",
}  # fmt: skip
_HAN = "一-鿿"
_PLACE_STANDS = rf"(?:^|(?<=[^{_HAN}])|(?<=[到在赴去往至对和与查研访看导督]))"


def short_forms(name: str) -> set[str]:
    """The name, and the name without committee, without kind of place, without peoples: each of two characters at least."""
    office = _OFFICE.sub("", name)
    if name[len(office) :].startswith("村") and not office.endswith("村"):  # 青山村委会 is the committee of 青山村
        office += "村"
    kind = _KIND.sub("", office)
    return {form for form in (name, office, kind, _PEOPLE.sub("", kind)) if len(form) >= SHORTEST}


def masker(names: Iterable[str]) -> Callable[[str], str]:
    """A function that puts MASK for each of the names in a text, in all their forms, in any case; longest forms first."""
    forms = {form for name in names for form in short_forms(name)}
    if not forms:
        return lambda text: text
    pattern = re.compile("|".join(_found(form) for form in sorted(forms, key=lambda form: (-len(form), form))), re.IGNORECASE)
    return lambda text: pattern.sub(MASK, text)


def _found(form: str) -> str:
    """Latin names end where a word ends (qingshan, qingshancun); Chinese has no such end."""
    exact = rf"(?<![A-Za-z]){re.escape(form)}(?:cun|zhen|xiang)?(?![A-Za-z])" if form.isascii() else re.escape(form)
    return _PLACE_STANDS + exact if form in _COMMON else exact
