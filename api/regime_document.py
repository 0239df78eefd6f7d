"""The JSON schema and the example of the regimes, and what each is for in three languages; held to by tests."""

from typing import Any

from api.documents import Schema, listed, nullable, record, ref, text
from api.meta_document import DAY, page_of

# What a regime is for, by its code; its name is among the labels.
PURPOSES = {
    "general_trade": {
        "en": (
            "Goods of any kind and value that a firm declares: customs duty, trade-remedy duties, consumption tax and "
            "import VAT, each in full."
        ),
        "es": (
            "Mercancías de cualquier clase y valor que declara una empresa: arancel, derechos de defensa comercial, "
            "impuesto al consumo e IVA de importación, cada uno completo."
        ),
        "zh": "企业申报的任何种类和价值的货物：关税、贸易救济关税、消费税和进口环节增值税均全额征收。",
    },
    "cbec_retail": {
        "en": (
            "Goods on the list of cross-border e-commerce retail imports that a person in China buys for own use through a "
            "platform: within the limits of an order and of a year, a duty of its own rate and a share of consumption tax "
            "and VAT."
        ),
        "es": (
            "Mercancías de la lista de importación minorista por comercio electrónico transfronterizo que una persona en "
            "China compra para uso propio en una plataforma: dentro de los límites por pedido y por año, un arancel con "
            "tasa propia y una parte del impuesto al consumo y del IVA."
        ),
        "zh": (
            "中国境内个人通过平台购买自用、列入跨境电子商务零售进口商品清单的商品：在单次和年度限值以内，"
            "关税适用专门税率，消费税和进口环节增值税按比例征收。"
        ),
    },
    "postal_articles": {
        "en": (
            "Articles for own use sent by post to a person in China: one tax at the rate of their class in place of duty, "
            "consumption tax and VAT, up to a value for each parcel."
        ),
        "es": (
            "Artículos de uso propio enviados por correo a una persona en China: un solo impuesto, a la tasa de su clase, "
            "en lugar de arancel, impuesto al consumo e IVA, hasta un valor por envío."
        ),
        "zh": "邮寄给中国境内个人的自用物品：在每件邮包限值以内，按所属类别税率征收一种税，代替关税、消费税和进口环节增值税。",
    },
}
FIGURE = record(
    {
        "code": text("The figure, as the tables name it."),
        "label": text("In the reader's language."),
        "value": text("An exact decimal.", pattern="^[0-9]+([.][0-9]+)?$"),
        "unit": text("As the tables write it (`CNY`, `share`, `day`, …); `text` has it in the reader's language."),
        "text": text("The value with its unit, in the reader's language."),
        "valid_from": DAY,
        "valid_to": nullable(DAY),
        "source": text("The document that it stands in; see /v1/sources."),
        "confidence": text(enum=["A", "B", "C"]),
        "note": nullable(text()),
    },
    description="A limit, rate, share or waiver of the day.",
    title="RegimeFigure",
)
REGIME: Schema = record(
    {
        "code": text("What `regime` of a request says.", enum=list(PURPOSES)),
        "name": text("In the reader's language."),
        "text": text("What it is for."),
        "covered_from": nullable({**DAY, "description": "The first day of which the tables hold a figure of it."}),
        "figures": listed(FIGURE, "Limits, rates and waivers in force on the day; none before the regime began."),
        "citations": listed(ref("Citation")),
    },
    description="A lawful way into China on a day.",
    title="Regime",
)
REGIMES = page_of(REGIME)
EXAMPLE: dict[str, Any] = {
    "items": [
        {
            "code": "cbec_retail",
            "name": "Cross-border e-commerce retail import",
            "text": PURPOSES["cbec_retail"]["en"],
            "covered_from": "2016-04-08",
            "figures": [
                {
                    "code": "cbec_order_limit",
                    "label": "E-commerce limit for an order",
                    "value": "5000",
                    "unit": "CNY",
                    "text": "5000 CNY",
                    "valid_from": "2019-01-01",
                    "valid_to": None,
                    "source": "caiguanshui-2018-49",
                    "confidence": "A",
                    "note": None,
                }
            ],
            "citations": [
                {
                    "source": "caiguanshui-2018-49",
                    "title": "Notice on improving the tax policy for cross-border e-commerce retail imports",
                    "article": None,
                    "url": None,
                    "effective_from": "2019-01-01",
                }
            ],
        }
    ],
    "total": 3,
    "next": None,
}
