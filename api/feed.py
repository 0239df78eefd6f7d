"""Changes of the tables for people and for feed readers: a sentence in the reader's language, and Atom (RFC 4287).

An entry keeps its id for as long as the row it tells of, and its day is that of the release: the feed of one release is
the same whenever it is asked for, and a new release is what makes a reader look again.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

from api.line_figures import amount_words, part_words, rate_words
from api.wording import Wording, percent, plain
from calculator.dossier import Parameter
from calculator.tariff_line import Excise, ExcisePerUnit
from tariffs.changes import ANNOUNCED, BEGAN, ENDED, EXPIRES, NOT_READ, SPACE, Change, Figure

MEDIA_TYPE = "application/atom+xml"
FEED_TITLE = {
    "en": "Galeón: changes of the tables",
    "es": "Galeón: cambios de las tablas",
    "zh": "Galeón：税则数据变更",
}
SENTENCES = {
    "en": {
        "new": "{what}, {subject}: {after} from {on}",
        "changed": "{what}, {subject}: {after} instead of {before} from {on}",
        "unchanged": "{what}, {subject}: still {after}, on a new basis from {on}",
        "ended": "{what}, {subject}: {before} ends on {on}",
        "corrected": "Corrected on {on}: {what}, {subject}: {after}, not {before}, for declarations from {since}",
    },
    "es": {
        "new": "{what}, {subject}: {after} desde el {on}",
        "changed": "{what}, {subject}: {after} en vez de {before} desde el {on}",
        "unchanged": "{what}, {subject}: sigue {after}, con nuevo fundamento desde el {on}",
        "ended": "{what}, {subject}: {before} termina el {on}",
        "corrected": "Corregido el {on}: {what}, {subject}: {after}, no {before}, para declaraciones desde el {since}",
    },
    "zh": {
        "new": "{what}（{subject}）：自{on}起为{after}",
        "changed": "{what}（{subject}）：自{on}起由{before}改为{after}",
        "unchanged": "{what}（{subject}）：自{on}起依新规定仍为{after}",
        "ended": "{what}（{subject}）：{before}于{on}终止",
        "corrected": "{on}更正：{what}（{subject}）：自{since}起申报的应为{after}，而非{before}",
    },
}
WORDS = {
    "mfn": ("MFN rate", "arancel NMF", "最惠国税率"),
    "provisional": ("Provisional rate", "arancel provisional", "暂定税率"),
    "general": ("General rate", "arancel general", "普通税率"),
    "tariff_quota": ("Rate inside the quota", "arancel dentro del cupo", "关税配额税率"),
    "quota_provisional": ("Provisional rate inside the quota", "arancel provisional dentro del cupo", "配额暂定税率"),
    "anti_dumping": ("Anti-dumping duty", "cuota antidumping", "反倾销税"),
    "countervailing": ("Countervailing duty", "cuota compensatoria", "反补贴税"),
    "safeguard": ("Safeguard duty", "salvaguardia", "保障措施关税"),
    "retaliatory": ("Retaliatory duty", "arancel de represalia", "报复性关税"),
    "vat": ("Import VAT", "IVA de importación", "进口环节增值税"),
    "consumption_tax": ("Consumption tax", "impuesto al consumo", "消费税"),
    "market_access": ("Admission to the market", "admisión al mercado", "市场准入"),
    "all": ("all goods", "todas las mercancías", "全部货物"),
    "row": ("Row", "fila", "数据行"),
    # classes of VAT
    "standard": ("standard rate", "tasa general", "基本税率"),
    "reduced": ("reduced rate", "tasa reducida", "低税率"),
    "exempt": ("exempt goods", "mercancías exentas", "免税货物"),
    "medicine": ("listed medicines", "medicamentos de las listas", "清单药品"),
    # figures of the rules
    "cbec_annual_limit": (
        "E-commerce limit for a year",
        "límite anual del comercio electrónico transfronterizo",
        "跨境电商年度交易限值",
    ),
    "cbec_duty_rate": (
        "E-commerce duty rate",
        "arancel del comercio electrónico transfronterizo",
        "跨境电商关税税率",
    ),
    "cbec_order_limit": (
        "E-commerce limit for an order",
        "límite por pedido del comercio electrónico transfronterizo",
        "跨境电商单次交易限值",
    ),
    "cbec_tax_share": (
        "E-commerce share of the taxes",
        "parte de los impuestos en el comercio electrónico transfronterizo",
        "跨境电商税款征收比例",
    ),
    "duty_waiver": ("Duty waiver", "exención de arancel", "关税免征额"),
    "consumption_tax_waiver": ("Consumption tax waiver", "exención del impuesto al consumo", "消费税免征额"),
    "late_declaration_rate": ("Fee for late declaration", "recargo por declaración tardía", "滞报金"),
    "late_declaration_minimum": (
        "Least fee for late declaration",
        "recargo mínimo por declaración tardía",
        "滞报金起征点",
    ),
    "late_payment_minimum": ("Least surcharge for late payment", "recargo mínimo por pago tardío", "滞纳金起征点"),
    "postal_tax_waiver": (
        "Postal articles tax waiver",
        "exención del impuesto sobre artículos postales",
        "行邮税免征额",
    ),
    "postal_value_limit": ("Value limit of postal articles", "límite de valor de los envíos postales", "邮寄物品限值"),
    "presumed_insurance": ("Presumed insurance", "seguro presunto", "推定保险费"),
    # what the market asks
    "certificate_of_origin": ("Certificate of origin", "certificado de origen", "原产地证书"),
    "contract": ("Contract", "contrato", "合同"),
    "crt_certificate": ("CRT certificate", "certificado del CRT", "龙舌兰酒监管委员会证书"),
    "food_safety": ("Food safety", "inocuidad de los alimentos", "食品安全"),
    "foreign_producer_registration": (
        "Registration of the foreign producer",
        "registro del productor extranjero",
        "境外生产企业注册",
    ),
    "invoice": ("Invoice", "factura", "发票"),
    "label": ("Label", "etiqueta", "标签"),
    "label_registration": ("Registration of the label", "registro de la etiqueta", "标签备案"),
    "nutrition_label": ("Nutrition label", "etiqueta nutrimental", "营养标签"),
    "orchard_registration": ("Registration of the orchard", "registro del huerto", "果园注册"),
    "packing_list": ("Packing list", "lista de empaque", "装箱单"),
    "phytosanitary_certificate": ("Phytosanitary certificate", "certificado fitosanitario", "植物检疫证书"),
    "quarantine_permit": ("Quarantine permit", "permiso de cuarentena", "检疫许可证"),
    "spirits_standard": ("Standard for spirits", "norma de bebidas destiladas", "烈性酒标准"),
    "transport_document": ("Transport document", "documento de transporte", "运输单证"),
    "veterinary_certificate": ("Veterinary certificate", "certificado veterinario", "兽医卫生证书"),
    # states of a trade remedy
    "investigation": ("under investigation", "en investigación", "调查中"),
    "deposit": ("deposit collected", "se cobra depósito", "征收保证金"),
    "collected": ("collected", "se cobra", "征收"),
    "conditional": ("conditional", "condicional", "附条件"),
    # what figures are said to be
    "not_read": ("not read", "no leída", "未读取"),
    "none": ("none", "ninguno", "无"),
    "yes": ("yes", "sí", "是"),
    "no": ("no", "no", "否"),
    "day": ("days", "días", "天"),
    "CNY": ("CNY", "CNY", "元"),
    "of price and freight": ("of price and freight", "del precio y el flete", "（货价加运费）"),
    "of the statutory tax": ("of the statutory tax", "del impuesto legal", "（法定应纳税额）"),
    "of the customs value a day": (
        "of the customs value a day",
        "del valor en aduana por día",
        "（计税价格，每日）",
    ),
    "of the unpaid tax a day": ("of the unpaid tax a day", "del impuesto adeudado por día", "（滞纳税款，每日）"),
}
BY_VALUE = (
    "{upper} from {threshold}, below it {lower}",
    "{upper} desde {threshold}, por debajo {lower}",
    "{threshold}及以上{upper}，以下{lower}",
)
LANGUAGES = ("en", "es", "zh")
KINDS = (BEGAN, ANNOUNCED, ENDED, EXPIRES)


def title(change: Change, language: str) -> str:
    """The change in one sentence."""
    series = change.series
    subject = series.hs_code or word(series.subject, language)
    if series.origins:
        subject = f"{subject}, {' '.join(series.origins)}"
    if series.part:
        subject = f"{subject} ({part_words(series.part, language)})"
    before, after = (
        figure_words(figure, language).rstrip(".。") if figure else "" for figure in (change.before, change.after)
    )
    since = change.figure.row.validity.valid_from
    told = SENTENCES[language][change.change].format(
        what=word(series.what, language), subject=subject, before=before, after=after, on=change.on, since=since
    )
    return told[:1].upper() + told[1:]


def figure_words(figure: Figure, language: str) -> str:
    """What a row says, in the reader's language."""
    match figure.of:
        case None:
            said = figure.texts.get(language) or (
                word("not_read", language) if figure.text.endswith(NOT_READ) else figure.text
            )
        case Parameter():
            said = parameter_words(figure.of, language)
        case Excise():
            said = _excise_words(figure.of, language)
        case rate:
            said = rate_words(rate, language)
    return f"{word(figure.state, language)}{'：' if language == 'zh' else ': '}{said}" if figure.state else said


def parameter_words(figure: Parameter, language: str) -> str:
    """The value of a dated figure with its unit, in the reader's language."""
    shared, share, of_what = figure.unit.partition("share")
    if share and not shared:
        about = word(of_what.strip(), language) if of_what else ""
        # Chinese puts it in brackets of full width, which take no space.
        return ("" if language == "zh" else " ").join(filter(None, (percent(figure.value), about)))
    if figure.unit == "yes":
        return word("yes" if figure.value else "no", language)
    return f"{plain(figure.value)} {word(figure.unit, language)}"


def _excise_words(excise: Excise, language: str) -> str:
    def said(rate: Decimal | None, amounts: tuple[ExcisePerUnit, ...]) -> str:
        parts = [] if rate is None else [percent(rate)]
        parts += [amount_words(each.amount, "CNY", each.unit, language) for each in amounts[:1]]
        return " + ".join(parts) or word("none", language)

    upper = said(excise.rate, excise.per_unit)
    if not excise.thresholds:
        return upper
    least = excise.thresholds[0]
    return BY_VALUE[LANGUAGES.index(language)].format(
        upper=upper,
        threshold=amount_words(least.value, least.currency, least.unit, language),
        lower=said(excise.rate_below, excise.per_unit_below),
    )


def atom(changes: Iterable[Change], today: date, released: date, language: str, here: str, following: str) -> str:
    """The changes as an Atom feed; `here` and `following` are the addresses of this page and of the next, "" for none."""
    updated = f"{released}T00:00:00Z"
    name = uuid5(NAMESPACE_URL, f"{SPACE}feed/{here}")
    links = [f'<link rel="self" type="{MEDIA_TYPE}" href={quoteattr(here)}/>']
    if following:
        links.append(f'<link rel="next" type="{MEDIA_TYPE}" href={quoteattr(following)}/>')
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">',
        f"<id>urn:uuid:{name}</id>",
        f"<title>{escape(FEED_TITLE[language])}</title>",
        f"<updated>{updated}</updated>",
        "<author><name>Galeón</name></author>",
        *links,
    ]
    for change in changes:
        row = change.figure.row
        told = escape(". ".join(filter(None, (title(change, language), row.note, f"{row.source}, {row.confidence}"))))
        parts += [
            "<entry>",
            f"<id>urn:uuid:{change.id}</id>",
            f"<title>{escape(title(change, language))}</title>",
            f"<updated>{updated}</updated>",
            f'<category term="{change.kind(today)}"/>',
            f'<category term="{change.series.table}"/>',
            f'<content type="text">{told}</content>',
            "</entry>",
        ]
    return "\n".join((*parts, "</feed>", ""))


def word(code: str, language: str) -> str:
    """What a figure, a column or a state is called."""
    said = WORDS.get(code)
    return said[LANGUAGES.index(language)] if said else Wording.of(language).label(code)
