"""The examples of the documentation: requests that work as they stand. Their answers are priced, not written."""

from datetime import UTC, datetime
from typing import Any

AVOCADO: dict[str, Any] = {
    "goods": [
        {
            "product": "avocado-fresh",
            "quantity": "20.16 t",
            "price": {"amount": "2.90", "currency": "USD", "per": "kg"},
        }
    ],
    "incoterm": "FOB",
    "place": "MXZLO",
    "costs": {"freight": {"amount": "6200.00", "currency": "USD"}},
    "fx": {"USD/CNY": "6.7628"},
    "declared_on": "2026-11-23",
    "language": "en",
}
OWN_RATES: dict[str, Any] = {
    "goods": [
        {
            "description": "Hot sauce, bottled",
            "quantity": {"value": "1200", "unit": "kg"},
            "price": {"amount": "5400.00", "currency": "USD", "per": "total"},
            "tariff": {"duty": "12%", "vat": "13%", "consumption_tax": "0%"},
        }
    ],
    "incoterm": "CIF",
    "place": "CNSHA",
    "fx": {"USD/CNY": "6.7628"},
    "importer": {"vat_recoverable": True},
}
BEST: dict[str, Any] = {
    "goods": [
        {
            "product": "tequila",
            "quantity": "4.5 L",
            "price": {"amount": "1500.00", "currency": "CNY", "per": "total"},
            "tariff": {"cbec": True},
        }
    ],
    "incoterm": "CIF",
    "regime": "best",
    "importer": {"cbec_used": {"amount": "3200.00", "currency": "CNY"}},
}
QUOTA: dict[str, Any] = {
    "goods": [
        {
            "hs_code": "52010000",
            "quantity": "50 t",
            "price": {"amount": "13.20", "currency": "CNY", "per": "kg"},
            "tariff_quota": "sliding",
        }
    ],
    "incoterm": "CIF",
    "declared_on": "2026-11-23",
}
BY_SEA: dict[str, Any] = {
    **AVOCADO,
    "route": {"mode": "sea", "from": "MXZLO", "to": "CNSHA", "equipment": "40RH"},
    "holding": {"finance_rate": "9.5%", "finance_days": 30, "year": 360, "loss": "3%"},
}
PLANNED: dict[str, Any] = {**BY_SEA, "costs": {"freight": "planning"}}
PAID: dict[str, Any] = {
    **AVOCADO,
    "payment": {"rail": "swift-tt", "currency": "USD", "charges": "SHA"},
    "fx": {"USD/CNY": "6.7628", "USD/MXN": "18.20"},
}
COMPARED: dict[str, Any] = {**AVOCADO, "payment": {"compare": True}}
OWN_BANK: dict[str, Any] = {
    **AVOCADO,
    "payment": {
        "own": {
            "name": "My bank",
            "fees": [
                {"code": "remittance", "payer": "buyer", "share": "0.1%", "maximum": "200", "currency": "CNY"},
                {"code": "incoming", "payer": "seller", "fixed": "12", "currency": "USD", "tax": "16%"},
            ],
            "days": 2,
        },
        "buyer_margin": "0.1%",
        "seller_margin": "0.5%",
    },
}
QUOTE_REQUESTS: dict[str, dict[str, Any]] = {
    "avocado": {"summary": "Fresh avocados, FOB Manzanillo", "value": AVOCADO},
    "route": {"summary": "The same with its way, and what its days cost the buyer", "value": BY_SEA},
    "planning": {"summary": "The same with the planning range of the lane for its freight", "value": PLANNED},
    "own-rates": {"summary": "A good outside the tables, at the user's own rates", "value": OWN_RATES},
    "best": {"summary": "Six bottles of tequila by the cheapest lawful way", "value": BEST},
    "payment": {"summary": "The same paid by a bank transfer, and what the seller receives in pesos", "value": PAID},
    "payment-compared": {"summary": "The same with every way of paying compared", "value": COMPARED},
    "payment-own": {"summary": "The same paid through the buyer's own bank", "value": OWN_BANK},
    "sliding-quota": {"summary": "Cotton under the sliding duty", "value": QUOTA},
}
EXAMPLE_ID = "q_2lUXUYoF5qmHkRWvPYyE3w"
EXAMPLE_MOMENT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PROBLEM: dict[str, Any] = {
    "type": "/problems/unknown-currency",
    "title": "The currency is unknown",
    "status": 422,
    "detail": "There is no rate for the currency “USDD”. Known: USD.",
    "instance": "/v1/quotes",
    "errors": [
        {
            "pointer": "/goods/0/price/currency",
            "code": "unknown_currency",
            "detail": "There is no rate for the currency “USDD”. Known: USD.",
            "allowed": ["USD"],
        }
    ],
}
