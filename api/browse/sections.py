"""The sections of the Harmonized System with their chapters, and what they and the chapters are called.

Which chapters a section holds is a fact of the Harmonized System. The names are ours, short ones, and every page says so:
no table of the release has those of the sections, or the Chinese ones of the chapters.
"""

from typing import NamedTuple


class Section(NamedTuple):
    """A section: its Roman number, its first and last chapter, and its names by language."""

    number: str
    first: str
    last: str
    names: dict[str, str]

    def holds(self, chapter: str) -> bool:
        """Whether a chapter of two digits is in it."""
        return self.first <= chapter <= self.last


def _section(number: str, first: str, last: str, en: str, es: str, zh: str) -> Section:
    return Section(number, first, last, {"en": en, "es": es, "zh": zh})


SECTIONS = (
    _section("I", "01", "05", "Animals and animal products", "Animales y productos de origen animal", "动物和动物产品"),
    _section("II", "06", "14", "Vegetable products", "Productos vegetales", "植物产品"),
    _section("III", "15", "15", "Fats, oils and waxes", "Grasas, aceites y ceras", "动、植物或微生物油、脂和蜡"),
    _section(
        *("IV", "16", "24", "Prepared food, beverages, vinegar, tobacco"),
        *("Alimentos preparados, bebidas, vinagre y tabaco", "食品、饮料、酒、醋和烟草"),
    ),
    _section("V", "25", "27", "Mineral products", "Productos minerales", "矿产品"),
    _section(
        "VI", "28", "38", "Products of the chemical industries", "Productos de las industrias químicas", "化学工业产品"
    ),
    _section("VII", "39", "40", "Plastics and rubber", "Plástico y caucho", "塑料和橡胶"),
    _section(
        *("VIII", "41", "43", "Hides, leather, furskins, travel goods"),
        *("Pieles, cueros, peletería y artículos de viaje", "皮、革、毛皮和旅行用品"),
    ),
    _section(
        *("IX", "44", "46", "Wood, cork, plaiting materials"),
        *("Madera, corcho y materias trenzables", "木、软木和编结材料制品"),
    ),
    _section("X", "47", "49", "Pulp, paper, printed matter", "Pasta de madera, papel e impresos", "木浆、纸和印刷品"),
    _section("XI", "50", "63", "Textiles and clothing", "Textiles y prendas de vestir", "纺织原料和纺织制品"),
    _section(
        *("XII", "64", "67", "Footwear, headgear, umbrellas, feathers"),
        *("Calzado, sombreros, paraguas y plumas", "鞋、帽、伞和羽毛制品"),
    ),
    _section("XIII", "68", "70", "Stone, ceramics, glass", "Piedra, cerámica y vidrio", "石料制品、陶瓷和玻璃"),
    _section(
        *("XIV", "71", "71", "Pearls, precious stones and metals"),
        *("Perlas, piedras y metales preciosos", "珍珠、宝石和贵金属"),
    ),
    _section("XV", "72", "83", "Base metals", "Metales comunes", "贱金属及其制品"),
    _section(
        *("XVI", "84", "85", "Machinery and electrical equipment"),
        *("Máquinas y material eléctrico", "机器和电气设备"),
    ),
    _section("XVII", "86", "89", "Vehicles, aircraft, vessels", "Vehículos, aeronaves y barcos", "车辆、航空器和船舶"),
    _section(
        *("XVIII", "90", "92", "Optical and medical instruments, clocks, musical instruments"),
        *("Instrumentos ópticos y médicos, relojes, instrumentos musicales", "光学和医疗仪器、钟表和乐器"),
    ),
    _section("XIX", "93", "93", "Arms and ammunition", "Armas y municiones", "武器和弹药"),
    _section(
        "XX", "94", "96", "Furniture, toys, miscellaneous", "Muebles, juguetes y diversos", "家具、玩具和杂项制品"
    ),
    _section("XXI", "97", "97", "Works of art, antiques", "Objetos de arte y antigüedades", "艺术品和古物"),
)
# What a chapter is called in Chinese, from 01 on; 77 is kept free in the Harmonized System.
_ZH = (
    "活动物 肉及食用杂碎 鱼、甲壳动物和软体动物 乳品、蛋品和天然蜂蜜 其他动物产品 活树和花卉 食用蔬菜 食用水果及坚果 "
    "咖啡、茶和调味香料 谷物 制粉工业产品 含油子仁、药用植物和饲料 虫胶、树胶和树脂 编结用植物材料 动植物油、脂和蜡 "
    "肉类和水产制品 糖及糖食 可可及可可制品 谷物制品和糕饼 蔬菜、水果制品 杂项食品 饮料、酒及醋 食品工业残渣和饲料 "
    "烟草及其代用品 盐、硫磺、石料和水泥 矿砂、矿渣及矿灰 矿物燃料和矿物油 无机化学品 有机化学品 药品 肥料 "
    "鞣料、染料、涂料和油墨 精油和化妆品 肥皂、洗涤剂和蜡 蛋白类物质、胶和酶 炸药和烟火制品 照相及电影用品 杂项化学产品 "
    "塑料及其制品 橡胶及其制品 生皮及皮革 皮革制品和旅行用品 毛皮及其制品 木及木制品 软木及其制品 编结制品 木浆和回收纸 "
    "纸及纸板 书籍和印刷品 蚕丝 羊毛和动物毛 棉花 其他植物纺织纤维 化学纤维长丝 化学纤维短纤 絮胎、毡呢和绳缆 "
    "地毯及铺地用品 特种机织物和刺绣品 涂层和工业用纺织品 针织物 针织服装 非针织服装 其他纺织制成品 鞋靴 帽类 "
    "雨伞和手杖 羽毛、人造花和人发制品 石料和水泥制品 陶瓷产品 玻璃及其制品 珍珠、宝石和贵金属 钢铁 钢铁制品 铜及其制品 "
    "镍及其制品 铝及其制品 （保留） 铅及其制品 锌及其制品 锡及其制品 其他贱金属 工具、刀具和餐具 贱金属杂项制品 机器和机械器具 "
    "电机、电气设备 铁道车辆和设备 车辆及其零件 航空器和航天器 船舶 光学和医疗仪器 钟表 乐器 武器和弹药 家具和灯具 "
    "玩具和运动用品 杂项制品 艺术品和古物"
)
CHAPTERS_ZH = {f"{number:02}": name for number, name in enumerate(_ZH.split(" "), 1)}


def section_of(chapter: str) -> Section | None:
    """The section of a chapter, None for a chapter outside the Harmonized System."""
    return next((each for each in SECTIONS if each.holds(chapter)), None)


def section_called(number: str) -> Section | None:
    """The section of a Roman number, in letters of either case."""
    return next((each for each in SECTIONS if each.number == number.upper()), None)
