# mypy: disable-error-code="attr-defined"
"""A client that a public generator writes from the specification prices a quote on a running server."""

import importlib
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.servers import Serving

pytestmark = pytest.mark.slow
SPECIFICATION = Path(__file__).parents[2] / "docs" / "openapi.json"
# Worked out by hand: customs value 313378.68 at 6.7628 yuan for a dollar, duty 7%, VAT 9%.
AVOCADO: dict[str, Any] = {
    "goods": [
        {
            "product": "avocado-fresh",
            "quantity": "20 t",
            "price": {"amount": "40000", "currency": "USD", "per": "total"},
            "tariff": {"duty": "7%", "vat": "9%"},
        }
    ],
    "incoterm": "FOB",
    "costs": {"freight": {"amount": "6200", "currency": "USD"}},
    "fx": {"USD/CNY": "6.7628"},
    "declared_on": "2026-11-23",
}


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The package that openapi-python-client writes."""
    folder = tmp_path_factory.mktemp("generated")
    program = Path(sysconfig.get_path("scripts")) / "openapi-python-client"
    command = [str(program), "generate", "--path", str(SPECIFICATION), "--meta", "none"]
    told = subprocess.run(
        [*command, "--output-path", str(folder / "galeon_client")], check=False, capture_output=True, text=True
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert "removal" not in told.stdout
    assert "will not be generated" not in told.stdout
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield importlib.import_module("galeon_client")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server."""
    with Serving(f"sqlite:///{tmp_path_factory.mktemp('served') / 'quotes.sqlite3'}", workers=1) as server:
        yield server.base


@pytest.fixture
def client(generated: ModuleType, served: str) -> Iterator[Any]:
    with generated.Client(base_url=served, raise_on_unexpected_status=True) as client:
        yield client


def models() -> Any:
    return importlib.import_module("galeon_client.models")


def called(group: str, name: str) -> Any:
    return importlib.import_module(f"galeon_client.api.{group}.{name}").sync_detailed


def test_a_quote_is_priced_and_read_again(client: Any):
    asked = models().QuoteRequest.from_dict(AVOCADO)
    made = called("quotes", "create_quote")(client=client, body=asked)
    assert made.status_code == 201
    quote = made.parsed
    assert type(quote).__name__ == "Quote"
    # The worked example MX-AVO-7: goods 270512.00, freight 41929.36, taxes 52114.88; nobody pays the presumed premium.
    assert quote.totals.customs_value.amount == "313378.68"
    assert quote.totals.customs_duty.amount == "21936.51"
    assert quote.totals.vat.amount == "30178.37"
    assert quote.totals.landed_cost.amount == "364556.24"
    again = called("quotes", "get_quote")(quote.id, client=client)
    assert again.parsed.to_dict() == quote.to_dict()
    part = called("quotes", "get_quote")(quote.id, client=client, fields="totals")
    assert type(part.parsed).__name__ == "QuotePart"
    assert part.parsed.totals.landed_cost.amount == "364556.24"


def test_a_wrong_request_gets_a_typed_problem(client: Any):
    wrong = {**AVOCADO, "goods": [{**AVOCADO["goods"][0], "quantity": "20 tonn"}]}
    refused = called("quotes", "create_quote")(client=client, body=models().QuoteRequest.from_dict(wrong))
    problem = refused.parsed
    assert (refused.status_code, type(problem).__name__) == (422, "Problem")
    assert problem.type_ == "/problems/unknown-unit"
    (error,) = problem.errors
    assert (error.pointer, error.code) == ("/goods/0/quantity", "unknown_unit")
    assert "t" in error.allowed


def test_look_ups_are_typed(client: Any):
    line = called("tariff_lines", "get_tariff_line")("0804.40.00", client=client).parsed
    assert (type(line).__name__, line.hs_code, line.rates.mfn.rate) == ("TariffLine", "08044000", "25%")
    page = called("products", "search_products")(client=client, q="tequila").parsed
    assert "tequila" in [each.slug for each in page.items]
    missing = called("products", "get_product")("avocado-frsh", client=client)
    assert (missing.status_code, missing.parsed.errors[0].allowed[0]) == (404, "avocado-fresh")
