"""The departments of the demo: who sends work to villages, what about, and how much of it.

Three digits say how much: meetings, inspections, forms, each 0–9. Initials are what a recorder types to find a department.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from models.rules.measure import LOGGED_KINDS, Kind
from seed.places import COUNTIES, PREFECTURE, County, Township

_COUNTY_OFFICES = """
01 party 县委办公室 xwbgs 221 County Party Committee Office | 重点工作 作风建设
02 government 县政府办公室 xzfbgs 221 County Government Office | 民生实事 政务公开
03 party 县纪委监委 xjwjw 132 Discipline Inspection and Supervision Commission | 廉洁村居 群众身边问题整治
04 party 县委组织部 xwzzb 634 Organization Department | 基层党建 村干部管理
05 party 县委宣传部 xwxcb 433 Publicity Department | 文明实践 移风易俗
06 party 县委统战部 xwtzb 112 United Front Work Department | 民族团结 宗教事务
07 party 县委政法委 xwzfw 435 Political and Legal Affairs Commission | 平安建设 网格管理
08 party 县委社会工作部 xwshgzb 323 Social Work Department | 基层治理 志愿服务
09 party 县委网信办 xwwxb 111 Cyberspace Affairs Office | 网络安全 清朗行动
10 party 县委编办 xwbb 011 Staffing Commission Office | 职责清单 便民服务
11 government 发展和改革局 fzhggj 122 Development and Reform Bureau | 以工代赈 粮食安全
12 government 教育体育局 jytyj 223 Education and Sports Bureau | 防溺水 控辍保学
13 government 工业和信息化局 gyhxxhj 111 Industry and Information Technology Bureau | 通信设施 小微企业
14 government 公安局 gaj 333 Public Security Bureau | 反诈宣传 道路交通劝导
15 government 民政局 mzj 338 Civil Affairs Bureau | 低保核查 养老服务
16 government 司法局 sfj 222 Justice Bureau | 人民调解 法治宣传
17 government 财政局 czj 123 Finance Bureau | 惠农补贴 村级财务
18 government 人力资源和社会保障局 rlzyhshbzj 336 Human Resources and Social Security Bureau | 养老保险 就业帮扶
19 government 自然资源局 zrzyj 255 Natural Resources Bureau | 耕地保护 地质灾害
20 government 生态环境局 sthjj 352 Ecology and Environment Bureau | 秸秆禁烧 污水治理
21 government 住房和城乡建设局 zfhcxjsj 254 Housing and Urban-Rural Development Bureau | 危房改造 自建房排查
22 government 交通运输局 jtysj 242 Transport Bureau | 农村公路 路长制
23 government 水务局 swj 343 Water Affairs Bureau | 河长制 饮水安全
24 government 农业农村局 nyncj 967 Agriculture and Rural Affairs Bureau | 防返贫监测 人居环境
25 government 商务局 swj 112 Commerce Bureau | 电商服务 消费促进
26 government 文化广电旅游局 whgdlyj 222 Culture, Radio, Television and Tourism Bureau | 农家书屋 乡村旅游
27 government 卫生健康局 wsjkj 445 Health Bureau | 爱国卫生 老年健康
28 government 退役军人事务局 tyjrswj 213 Veterans Affairs Bureau | 优抚对象 退役军人服务站
29 government 应急管理局 yjglj 563 Emergency Management Bureau | 安全生产 防灾减灾
30 government 市场监督管理局 scjdglj 132 Market Regulation Bureau | 农村聚餐 药品安全
31 government 统计局 tjj 115 Statistics Bureau | 住户调查 农业统计
32 government 医疗保障局 ylbzj 325 Healthcare Security Bureau | 医保缴费 医疗救助
33 government 林业局 lyj 443 Forestry Bureau | 森林防火 林长制
34 government 信访局 xfj 122 Petitions Bureau | 信访积案 矛盾排查
35 mass 总工会 zgh 112 Federation of Trade Unions | 职工之家 困难帮扶
36 mass 团县委 txw 213 Communist Youth League County Committee | 青年之家 留守儿童关爱
37 mass 妇女联合会 fnlhh 224 Women's Federation | 妇女之家 家庭教育
38 mass 残疾人联合会 cjrlhh 125 Disabled Persons' Federation | 残疾人服务 辅具适配
39 mass 红十字会 hszh 111 Red Cross Society | 应急救护 人道救助
40 vertical 税务局 swj 112 Tax Bureau | 社保费征缴 税法宣传
41 vertical 消防救援大队 xfjydd 143 Fire and Rescue Brigade | 消防安全 微型消防站
42 vertical 烟草专卖局 yczmj 122 Tobacco Monopoly Bureau | 烤烟生产 烟叶收购
43 enterprise 供电公司 gdgs 121 Power Supply Company | 安全用电 线路通道
"""
_PREFECTURE_OFFICES = """
01 party 州委督查室 zwdcs 121 Prefecture Supervision Office | 重点任务 惠民政策
02 government 州农业农村局 znyncj 121 Prefecture Agriculture and Rural Affairs Bureau | 高标准农田 乡村建设
"""
_IN_SECOND = ("01", "04", "07", "15", "18", "20", "24", "27", "29", "33")  # that county has no story, only a border
_TOWNSHIP_INITIALS = {
    "青石镇": "qsz",
    "柳河镇": "lhz",
    "双桥镇": "sqz",
    "白沙镇": "bsz",
    "石门镇": "smz",
    "云岭乡": "ylx",
    "南湾乡": "nwx",
    "大坪乡": "dpx",
    "东岭镇": "dlz",
    "西湾乡": "xwx",
}


@dataclass(frozen=True, eq=False)
class Office:
    """A department with its usual subjects; `weights` say, 0–9, how often it calls a meeting, comes, or wants a form."""

    code: str
    area_code: str
    name: str
    name_en: str
    kind: str
    initials: str
    weights: Mapping[Kind, int]
    subjects: tuple[str, ...]


def _office(line: str, area_code: str, prefix: str) -> Office:
    left, subjects = line.split(" | ")
    number, kind, name, initials, weights, name_en = left.split(" ", 5)
    many = dict(zip(LOGGED_KINDS, map(int, weights), strict=True))
    return Office(f"{prefix}-{number}", area_code, name, name_en, kind, initials, many, tuple(subjects.split()))


@cache
def county_offices(county: County) -> tuple[Office, ...]:
    """The county's own departments and the prefecture's, who come as well."""
    own = [_office(line, county.code, county.code[:6]) for line in _COUNTY_OFFICES.strip().splitlines()]
    if county is not COUNTIES[0]:
        own = [office for office in own if office.code[-2:] in _IN_SECOND]
    return (*own, *prefecture_offices())


@cache
def prefecture_offices() -> tuple[Office, ...]:
    """Departments above the county."""
    return tuple(_office(line, PREFECTURE, PREFECTURE[:4]) for line in _PREFECTURE_OFFICES.strip().splitlines())


@cache
def township_office(township: Township) -> Office:
    """The township's own office, which calls the weekly meeting."""
    return Office(
        f"{township.code[:9]}-01",
        township.code,
        f"{township.name}党政办",
        f"{township.name_en} Office",
        "township",
        f"{_TOWNSHIP_INITIALS[township.name]}dzb",
        dict.fromkeys(LOGGED_KINDS, 0),
        ("中心工作", "村级事务"),
    )


def offices(county: County) -> tuple[Office, ...]:
    """Every department that sends work to the county's villages."""
    return (*county_offices(county), *(township_office(township) for township in county.townships))


def office(county: County, name: str) -> Office:
    """The department of that name."""
    return next(one for one in offices(county) if one.name == name)
