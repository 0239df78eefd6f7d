"""What /widget/… and /embed take and give, as the specification has it: every attribute of the element with an example."""

from typing import Any

from api.documents import record, text
from api.languages import LANGUAGES
from api.lookups import SAYS_SOMETHING
from api.widget_script import attributes

LONGEST, LONGEST_KEY = 200, 100
CONTROLS = ("quantity", "place", "mode", "regime", "tariff-part", "payment", "language")
THEMES = ("light", "dark")
SCRIPT_EXAMPLE = "(() => {…})();"
PAGE_EXAMPLE = '<!DOCTYPE html><html lang="es">…</html>'
VERSION = record(
    {
        "src": text("The address of this copy, which never changes."),
        "integrity": text("For the attribute `integrity` of the script."),
        "version": text("The version of Galeón that it belongs to."),
    },
    description="The copy of the script that this server has.",
)
EXAMPLES = {
    "product": "avocado-fresh",
    "hs-code": "08044000",
    "fraccion": "0804.40.01",
    "description": "Hass avocado",
    "quantity": "20 t",
    "package": "carton-4kg",
    "net-weight": "20 t",
    "gross-weight": "22.5 t",
    "volume": "46 m3",
    "price": "2.90",
    "currency": "USD",
    "per": "kg",
    "origin": "MX",
    "tariff-part": "false",
    "duty-rate": "7%",
    "vat-rate": "9%",
    "consumption-tax-rate": "0%",
    "incoterm": "FOB",
    "place": "MXZLO",
    "mode": "sea",
    "from": "MXZLO",
    "to": "CNSHA",
    "equipment": "40RH",
    "pre-carriage": "28000",
    "pre-carriage-currency": "MXN",
    "export-clearance": "6500",
    "export-clearance-currency": "MXN",
    "origin-handling": "350",
    "origin-handling-currency": "USD",
    "origin-charges": "2100",
    "origin-charges-currency": "USD",
    "freight": "6200",
    "freight-currency": "USD",
    "insurance": "120",
    "insurance-currency": "USD",
    "insurance-rate": "0.3%",
    "insured": "110%",
    "regime": "general_trade",
    "vat-recoverable": "true",
    "rail": "swift-tt",
    "payment-currency": "USD",
    "fx": "USD/CNY:6.7628",
    "customs-fx": "USD/CNY:6.7628",
    "fx-band": "5%",
    "declared-on": "2026-11-23",
    "display-currency": "MXN",
    "lang": "es",
    "controls": "quantity place language",
    "theme": "light",
    "key": "pk_0123456789ab_secret",
}
_SPECIAL: dict[str, dict[str, Any]] = {
    "lang": {"enum": list(LANGUAGES)},
    "theme": {"enum": list(THEMES)},
    "controls": {"pattern": f"^({'|'.join(CONTROLS)})?( ({'|'.join(CONTROLS)}))*$", "maxLength": LONGEST},
    "key": {"pattern": "^pk_[A-Za-z0-9_-]+$", "maxLength": LONGEST_KEY},
}
_LINE = {"minLength": 1, "maxLength": LONGEST, "pattern": SAYS_SOMETHING}


def taken() -> tuple[str, ...]:
    """The attributes that an address may state: the page asks its own server, so that `api` is none of them."""
    return tuple(name for name in attributes() if name != "api")


def parameters() -> list[dict[str, Any]]:
    """The attributes as parameters of the address."""
    return [
        {
            "name": name,
            "in": "query",
            "description": f"The attribute `{name}` of the element.",
            "schema": {"type": "string", **_SPECIAL.get(name, _LINE)},
            "example": EXAMPLES[name],
        }
        for name in taken()
    ]
