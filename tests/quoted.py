"""Kept quotes for tests of their other forms: made by the application, or of a document that a test writes itself."""

import json
import tomllib
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from api.renderings.shown import PARTS, Shown
from api.store import KeptQuote

CASES = sorted((Path(__file__).parent / "cases").rglob("*.toml"))
MOMENT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
# The texts of a quote that a user, a table or a translation may have written.
TEXTS = frozenset(
    {
        *(
            "label",
            "text",
            "description",
            "formula",
            "source",
            "title",
            "article",
            "url",
            "action",
            "authority",
            "what",
        ),
        *("not_used_because", "due", "expires_because", "product", "hs_code", "published_as", "name", "version"),
    }
)


def kept(document: dict[str, Any], language: str = "en") -> KeptQuote:
    """A quote with this document, as the ledger gives it."""
    return KeptQuote(
        id=document["id"],
        created_at=MOMENT,
        expires_at=None,
        declared_on=date(2026, 11, 23),
        regime=document["regime"],
        language=language,
        landed_cost_cny=Decimal(document["totals"]["landed_cost"]["amount"]),
        request={},
        quote=json.dumps(document, ensure_ascii=True).encode(),
        release="",
        fx_release="",
        engine_version="",
        owner="",
        dossier="",
    )


def shown(document: dict[str, Any], language: str = "en") -> Shown:
    """The same, about to be shown."""
    return Shown(kept(document, language))


def request_of(path: Path, language: str = "en") -> dict[str, Any]:
    """The request of a golden case, in a language."""
    return {**tomllib.loads(path.read_text(encoding="utf-8"))["request"], "language": language}


def quoted(client: FlaskClient, request: dict[str, Any]) -> dict[str, Any]:
    """The document of a quote that is kept."""
    made = client.post("/v1/quotes", json=request)
    assert made.status_code == 201, made.text
    document: dict[str, Any] = made.get_json()
    return document


def composed(amounts: dict[str, str], **outcome: Any) -> dict[str, Any]:
    """The document of a quote that comes to these amounts, with nothing behind them."""
    total = sum((Decimal(each) for each in amounts.values()), Decimal(0))
    figures = {name: amounts.get(name, "0.00") for name in PARTS} | {
        **dict.fromkeys(("customs_value", "presumed_insurance", "taxes"), "0.00"),
        **dict.fromkeys(("landed_cost", "landed_cost_net_of_vat", "landed_cost_display"), f"{total}"),
    }
    totals = {name: {"amount": amount, "currency": "CNY"} for name, amount in figures.items()}
    quantity = {"value": "1", "unit": "kg"}
    return {
        "id": "q_composed",
        "created_at": "2026-11-23T09:30:00+00:00",
        "expires_at": None,
        "expires_because": None,
        "outcome": {"status": "complete", "confidence": "A", "reasons": []} | outcome,
        "declared_on": "2026-11-23",
        "regime": "general_trade",
        "totals": totals,
        "goods": [
            {
                "product": None,
                "hs_code": "08044000",
                "description": "Avocado",
                "quantity": quantity,
                **totals,
                "per_unit": [],
            }
        ],
        "alternatives": [],
        "steps": [],
        "rates": {"fx": [], "fx_release": "", "tables": [], "release": ""},
        "payment": {"rail": None, "cost": totals["payment_cost"], "lines": []},
        "assumptions": [],
        "warnings": [],
        "requirements": [],
    }


def with_texts(part: Any, text: str) -> Any:
    """A document in which every text that somebody wrote is this one."""
    match part:
        case dict():
            return {
                name: text if name in TEXTS and isinstance(each, str) else with_texts(each, text)
                for name, each in part.items()
            }
        case list():
            return [with_texts(each, text) for each in part]
        case _:
            return part
