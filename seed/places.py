"""The fictional areas of the demo: a province prefix that is not allocated, invented names, official code ranges."""

from dataclasses import dataclass
from functools import cached_property

from models.rules.area import pad

PROVINCE, PREFECTURE = pad("99"), pad("9921")
COUNTY, SECOND_COUNTY = pad("992121"), pad("992122")
ABOVE = {PROVINCE: ("示例省", "Example Province"), PREFECTURE: ("示例州", "Example Prefecture")}


@dataclass(frozen=True, eq=False)
class Village:
    """A village; not every one is an observation point."""

    code: str
    name: str
    name_en: str
    is_point: bool


@dataclass(frozen=True, eq=False)
class Township:
    """A township and the minutes it takes to the county town."""

    code: str
    name: str
    name_en: str
    travel: int
    villages: tuple[Village, ...]

    @cached_property
    def points(self) -> tuple[Village, ...]:
        """Its observation points."""
        return tuple(village for village in self.villages if village.is_point)


@dataclass(frozen=True, eq=False)
class County:
    """A county of the demo."""

    code: str
    name: str
    name_en: str
    townships: tuple[Township, ...]

    @cached_property
    def points(self) -> dict[Village, Township]:
        """Its observation points, each with its township."""
        return {village: township for township in self.townships for village in township.points}


def _township(code: str, name: str, name_en: str, travel: int, villages: str, points: int = 4) -> Township:
    """`villages`: `青山 Qingshan, …`; the first `points` are observation points. Villagers' committees count from 201."""
    names = [pair.split() for pair in villages.split(",")]
    rows = [
        Village(f"{code}{201 + n}", f"{name_zh}村", f"{name_pinyin} Village", n < points)
        for n, (name_zh, name_pinyin) in enumerate(names)
    ]
    return Township(pad(code), name, name_en, travel, tuple(rows))


FIRST = County(
    COUNTY,
    "示例县",
    "Example County",
    (
        _township(
            "992121100",
            "青石镇",
            "Qingshi Town",
            25,
            "青山 Qingshan,石桥 Shiqiao,柏树 Baishu,前进 Qianjin,龙井 Longjing,红岩 Hongyan",
        ),
        _township(
            "992121101",
            "柳河镇",
            "Liuhe Town",
            35,
            "柳林 Liulin,河口 Hekou,新民 Xinmin,杨家湾 Yangjiawan,桃园 Taoyuan,长坡 Changpo",
        ),
        _township(
            "992121102",
            "双桥镇",
            "Shuangqiao Town",
            30,
            "双桥 Shuangqiao,东升 Dongsheng,竹林 Zhulin,马鞍 Ma'an,清水 Qingshui,高坎 Gaokan",
        ),
        _township(
            "992121103",
            "白沙镇",
            "Baisha Town",
            20,
            "白沙 Baisha,渡口 Dukou,金竹 Jinzhu,和平 Heping,团结 Tuanjie,枣林 Zaolin",
        ),
        _township(
            "992121104",
            "石门镇",
            "Shimen Town",
            45,
            "石门 Shimen,下坝 Xiaba,松林 Songlin,大水井 Dashuijing,磨盘 Mopan,兴隆 Xinglong",
        ),
        _township(
            "992121200",
            "云岭乡",
            "Yunling Township",
            70,
            "云岭 Yunling,老鹰岩 Laoyingyan,茶山 Chashan,半坡 Banpo,雾坪 Wuping,箐口 Qingkou",
        ),
        _township(
            "992121201",
            "南湾乡",
            "Nanwan Township",
            55,
            "南湾 Nanwan,沙坪 Shaping,芦塘 Lutang,永丰 Yongfeng,水碾 Shuinian,花桥 Huaqiao",
        ),
        _township(
            "992121202",
            "大坪乡",
            "Daping Township",
            60,
            "大坪 Daping,岩脚 Yanjiao,梨树 Lishu,光明 Guangming,木厂 Muchang,凉风 Liangfeng",
        ),
    ),
)
SECOND = County(
    SECOND_COUNTY,
    "样本县",
    "Sample County",
    (
        _township("992122100", "东岭镇", "Dongling Town", 30, "东岭 Dongling,平安 Ping'an,胜利 Shengli,榕树 Rongshu", 3),
        _township("992122200", "西湾乡", "Xiwan Township", 50, "西湾 Xiwan,和睦 Hemu,银杏 Yinxing,石板 Shiban", 3),
    ),
)
COUNTIES = (FIRST, SECOND)
RECORDER_VILLAGE = FIRST.townships[0].villages[0]  # the demo recorder's: its current week is still to be logged
SECOND_RECORDER_VILLAGE = FIRST.townships[1].villages[0]
NEWCOMER_VILLAGE = FIRST.townships[2].villages[0]
SUCCESSOR, PREDECESSOR = FIRST.townships[6].villages[3:5]  # a point, and the village that was one before it
REBOUND_TOWNSHIP = FIRST.townships[1]  # meetings fell there too, and came back
CLUSTER_TOWNSHIP = FIRST.townships[3]  # where four departments came on one day
