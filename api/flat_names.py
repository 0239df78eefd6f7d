"""What a request says under one flat name: for cells, whose questions are addresses, and for rows, whose columns have headings.

Each name stands for one place of the JSON request and has a short form, because the address of a cell has room for 2,048
characters, and headings in Spanish and Chinese. The table knows places and no values: what may stand there is for the schema of
the request to say, so that a row and a body are refused alike.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from api.flat_values import attributes, flag, listed, plain, rates, remedies
from api.templates import spaced
from calculator.incoterms import ALL_IN, DESTINATION_LEGS, ORIGIN_LEGS
from tariffs.importing.headings import plain as signless

GOODS = "/goods/0"


@dataclass(frozen=True, slots=True)
class FlatName:
    """A name, its place in the request, its other spellings, and how its text is read.

    `headings` are words for it in Spanish and Chinese, the usual one of each language first; `money` is the name that says the
    currency of an amount, "" where there is none to be said.
    """

    name: str
    pointer: str
    short: str
    es: tuple[str, ...]
    zh: tuple[str, ...]
    example: str
    read: Callable[[str], object] = plain
    money: str = ""

    @property
    def path(self) -> str:
        """The place joined by underscores: price_currency for /goods/0/price/currency."""
        return self.pointer.removeprefix(GOODS).strip("/").replace("/", "_")

    def title(self, language: str) -> str:
        """The usual word for it in a language."""
        return {"es": self.es[0], "zh": self.zh[0]}.get(language, spaced(self.name))


def _of(
    name: str,
    pointer: str,
    short: str,
    es: str,
    zh: str,
    example: str,
    read: Callable[[str], object] = plain,
    money: str = "",
) -> FlatName:
    return FlatName(name, pointer, short, tuple(es.split("|")), tuple(zh.split("|")), example, read, money)


def _charge(side: str, leg: str, short: str, es: str, zh: str) -> tuple[FlatName, FlatName]:
    """A charge by leg and its currency."""
    name, where = f"{side}_{leg}", f"/costs/{side}/{leg}"
    currency = f"{name}_currency"
    return (
        _of(name, f"{where}/amount", short, es, zh, "120.00", money=currency),
        _of(currency, f"{where}/currency", f"{short}c", f"moneda {es}", f"{zh}币种", "USD"),
    )


CHARGES = {
    ("origin", "pre_carriage"): ("opc", "acarreo previo", "起运地陆运费"),
    ("origin", "export_clearance"): ("oec", "despacho de exportación", "出口报关费"),
    ("origin", "origin_handling"): ("ooh", "maniobras en origen", "起运港操作费"),
    ("origin", "all_in"): ("oai", "gastos en origen", "起运地费用"),
    ("destination", "destination_handling"): ("ddh", "maniobras en destino", "目的港操作费"),
    ("destination", "import_clearance"): ("dic", "despacho de importación", "进口报关费"),
    ("destination", "delivery"): ("ddl", "entrega", "送货费"),
    ("destination", "all_in"): ("dai", "gastos en destino", "目的地费用"),
}
_LEGS = [("origin", each) for each in (*ORIGIN_LEGS, ALL_IN)] + [
    ("destination", each) for each in (*DESTINATION_LEGS, ALL_IN)
]


FLAT_NAMES: tuple[FlatName, ...] = (
    _of("product", f"{GOODS}/product", "p", "producto|mercancía", "产品|商品", "avocado-fresh"),
    _of(
        "hs_code",
        f"{GOODS}/hs_code",
        "hs",
        "código arancelario|código SA|código HS",
        "税则号列|税号|商品编码|HS编码",
        "08044000",
    ),
    _of(
        "fraccion",
        f"{GOODS}/fraccion",
        "mxf",
        "fracción arancelaria|fracción mexicana",
        "墨西哥税号|墨西哥税则号列",
        "0804.40.01",
    ),
    _of("description", f"{GOODS}/description", "d", "descripción", "商品名称|品名|描述", "Hass avocado"),
    _of("quantity", f"{GOODS}/quantity", "q", "cantidad", "数量", "20.16 t"),
    _of("package", f"{GOODS}/package", "pk", "empaque|embalaje", "包装", "carton-4kg"),
    _of("net_weight", f"{GOODS}/net_weight", "nw", "peso neto", "净重", "20.16 t"),
    _of("gross_weight", f"{GOODS}/gross_weight", "gw", "peso bruto", "毛重", "22.5 t"),
    _of("volume", f"{GOODS}/volume", "v", "volumen", "体积", "46 m3"),
    _of("density", f"{GOODS}/density", "den", "densidad", "密度", "0.95 kg/L"),
    _of("statutory", f"{GOODS}/statutory", "st", "cantidad legal", "法定数量", "20160 kg", listed),
    _of("price", f"{GOODS}/price/amount", "pr", "precio", "价格|单价", "2.90", money="currency"),
    _of("currency", f"{GOODS}/price/currency", "c", "moneda|divisa", "币种|货币", "USD"),
    _of("per", f"{GOODS}/price/per", "u", "por|unidad de precio", "计价单位", "kg"),
    _of("origin", f"{GOODS}/origin", "o", "país de origen", "原产国|原产地", "MX"),
    _of("preference", f"{GOODS}/preference", "pf", "preferencia", "协定优惠", "false", flag),
    _of("related_party", f"{GOODS}/related_party", "rp", "vinculación", "特殊关系", "false", flag),
    _of("advance_ruling", f"{GOODS}/advance_ruling", "ar", "resolución anticipada", "预裁定", "2026-0001"),
    _of("duty_rate", f"{GOODS}/tariff/duty", "dr", "arancel|tasa de arancel", "关税税率", "7%"),
    _of("vat_rate", f"{GOODS}/tariff/vat", "vr", "tasa de IVA|IVA", "增值税税率|增值税率", "9%"),
    _of(
        "consumption_tax_rate",
        f"{GOODS}/tariff/consumption_tax",
        "cr",
        "tasa de impuesto al consumo",
        "消费税税率|消费税率",
        "20% and 1 CNY/kg",
    ),
    _of(
        "trade_remedies",
        f"{GOODS}/tariff/trade_remedies",
        "tr",
        "defensa comercial|cuotas compensatorias",
        "贸易救济",
        "anti_dumping:13.5%",
        remedies,
    ),
    _of("cbec", f"{GOODS}/tariff/cbec", "cb", "lista de comercio electrónico", "跨境电商清单", "true", flag),
    _of("tariff_quota", f"{GOODS}/tariff_quota", "tq", "cupo arancelario|cupo", "关税配额", "true", flag),
    _of("tariff_part", f"{GOODS}/tariff_part", "tp", "parte de la línea", "子目部分", "true", flag),
    _of(
        "attributes",
        f"{GOODS}/attributes",
        "at",
        "atributos",
        "属性",
        "displacement_cc:1998; mercury_free:yes",
        attributes,
    ),
    _of("incoterm", "/incoterm", "i", "término de comercio", "贸易术语|成交方式", "FOB"),
    _of("place", "/place", "pl", "lugar", "地点|交货地点", "MXZLO"),
    _of("mode", "/route/mode", "m", "modo|modo de transporte", "运输方式", "sea"),
    _of("from", "/route/from", "f", "desde|puerto de salida", "起运港", "MXZLO"),
    _of("to", "/route/to", "t", "hasta|puerto de llegada", "目的港", "CNSHA"),
    _of("equipment", "/route/equipment", "eq", "equipo|contenedor", "箱型", "40RH"),
    _of("containers", "/route/containers", "n", "contenedores", "箱量", "1"),
    _of("freight", "/costs/freight/amount", "fr", "flete", "运费", "6200.00", money="freight_currency"),
    _of("freight_currency", "/costs/freight/currency", "frc", "moneda del flete", "运费币种", "USD"),
    _of("insurance", "/costs/insurance/amount", "in", "seguro", "保险费|保费", "120.00", money="insurance_currency"),
    _of("insurance_currency", "/costs/insurance/currency", "inc", "moneda del seguro", "保险费币种|保费币种", "USD"),
    _of("insurance_rate", "/costs/insurance/rate", "ir", "tasa de seguro|prima", "保险费率|保费率", "0.3%"),
    _of("insured", "/costs/insurance/insured", "is", "valor asegurado", "投保加成", "110%"),
    _of("allocate_by", "/costs/allocate_by", "ab", "reparto", "分摊方式", "value"),
    *(flat for leg in _LEGS for flat in _charge(leg[0], leg[1], *CHARGES[leg[0], f"{leg[1]}"])),
    _of("finance_rate", "/holding/finance_rate", "hr", "tasa de financiamiento", "资金年利率", "9.5%"),
    _of("finance_days", "/holding/finance_days", "hd", "días de financiamiento", "资金占用天数", "30"),
    _of("finance_year", "/holding/year", "hy", "días del año", "年天数", "360"),
    _of("storage_days", "/holding/storage_days", "sd", "días de almacenaje", "仓储天数", "2"),
    _of("plug_days", "/holding/plug_days", "pd", "días de conexión", "插电天数", "3"),
    _of("loss", "/holding/loss", "l", "merma", "损耗", "3%"),
    _of("regime", "/regime", "r", "régimen", "进口方式|监管方式", "general_trade"),
    _of("rail", "/payment/rail", "rl", "forma de pago", "付款方式", "swift-tt"),
    _of("payment_currency", "/payment/currency", "pc", "moneda de pago", "付款币种", "USD"),
    _of("payment_charges", "/payment/charges", "pch", "comisiones a cargo de", "费用承担", "SHA"),
    _of("buyer_margin", "/payment/buyer_margin", "bm", "margen del comprador", "买方汇兑差", "0.1%"),
    _of("seller_margin", "/payment/seller_margin", "sm", "margen del vendedor", "卖方汇兑差", "0.8%"),
    _of("vat_recoverable", "/importer/vat_recoverable", "vc", "IVA acreditable", "增值税可抵扣", "true", flag),
    _of(
        "cbec_used",
        "/importer/cbec_used/amount",
        "cu",
        "consumo del año",
        "年度已用额度",
        "3200.00",
        money="cbec_used_currency",
    ),
    _of("cbec_used_currency", "/importer/cbec_used/currency", "cuc", "moneda del consumo", "已用额度币种", "CNY"),
    _of("late_days", "/importer/late_days", "ld", "días de pago tardío|días de mora", "滞纳天数", "10"),
    _of("paid_on", "/importer/paid_on", "po", "fecha de pago", "缴税日期", "2026-12-08"),
    _of(
        "counts_first_day",
        "/importer/counts_first_day",
        "cf",
        "cuenta el primer día",
        "含填发日",
        "false",
        flag,
    ),
    _of(
        "late_declaration_days",
        "/importer/late_declaration_days",
        "ldd",
        "días de declaración tardía",
        "滞报天数",
        "3",
    ),
    _of("fx", "/fx", "x", "tipo de cambio", "汇率", "USD/CNY:6.7628", rates),
    _of("customs_fx", "/customs_fx", "cx", "tipo de cambio aduanero", "海关汇率", "USD/CNY:6.7628", rates),
    _of("fx_band", "/fx_band", "xb", "banda cambiaria", "汇率浮动幅度", "5%"),
    _of("display_currency", "/display_currency", "dc", "moneda de presentación", "显示币种", "MXN"),
    _of("declared_on", "/declared_on", "on", "fecha de declaración|fecha", "申报日期", "2026-11-23"),
    _of("tables", "/tables", "tb", "tablas", "数据版本", "latest"),
)
BY_NAME = {flat.name: flat for flat in FLAT_NAMES}
_BY_SPELLING = {
    signless(spelling): flat
    for flat in FLAT_NAMES
    for spelling in (flat.name, flat.short, flat.path, *flat.es, *flat.zh)
}


@lru_cache(maxsize=1024)
def flat_name(spelling: str) -> FlatName | None:
    """What a heading or a parameter stands for, whatever its case, accents and signs; None for what nobody knows."""
    return _BY_SPELLING.get(signless(spelling))


def flat_name_of(pointer: str) -> str:
    """The flat name for a place of the request; of an object, that of its first part; "" for the request as a whole."""
    if not pointer:
        return ""
    for flat in FLAT_NAMES:
        if pointer == flat.pointer or pointer.startswith(f"{flat.pointer}/"):
            return flat.name
    return next((flat.name for flat in FLAT_NAMES if flat.pointer.startswith(f"{pointer}/")), "")
