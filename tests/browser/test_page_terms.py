"""Each of the eleven Incoterms, completed in the form of the page by a person who knows what the truck costs."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Witness
from tests.browser.front import USUAL, answered, carried, link, own
from tests.browser.shop import until, yuan
from tests.servers import Serving

pytestmark = pytest.mark.slow
TRUCK, CLEARANCE, HANDLING, ONE_SUM = "pre-carriage", "export-clearance", "origin-handling", "origin-charges"
# What somebody pays before loading, and in which money.
COSTS = {TRUCK: ("28000", "MXN"), CLEARANCE: ("6500.50", "MXN"), HANDLING: ("350", "USD")}
IN_REQUEST = {TRUCK: "pre_carriage", CLEARANCE: "export_clearance", HANDLING: "origin_handling", ONE_SUM: "all_in"}
FREIGHT = {"freight": "planning"}
# The term, the place that is written, and the costs that the form then asks for: those that the buyer pays up to the ship's
# rail, as everybody's table of the Incoterms 2020 has them.
CASES: list[tuple[str, str, list[str]]] = [
    ("EXW", "Uruapan, MX", [TRUCK, CLEARANCE, HANDLING]),
    ("FCA", "Uruapan, MX", [TRUCK, HANDLING]),
    ("FCA", "", [HANDLING]),
    ("FAS", "MXZLO", [HANDLING]),
    ("FOB", "MXZLO", []),
    ("CFR", "CNSHA", []),
    ("CIF", "CNSHA", []),
    ("CPT", "Suzhou, CN", []),
    ("CIP", "Suzhou, CN", []),
    ("DAP", "Suzhou, CN", []),
    ("DPU", "CNSHA", []),
    ("DDP", "Suzhou, CN", []),
]


def shown(page: Page) -> list[str]:
    """The costs before loading that the form shows."""
    names = page.locator(".inner input").evaluate_all(
        "all => all.filter((one) => one.checkVisibility()).map(({ id }) => id)"
    )
    return [str(name) for name in names]


def fill(page: Page, name: str, amount: str, currency: str) -> None:
    """Write a cost."""
    page.locator(f"#{name}").fill(amount)
    page.locator(f"#{name}-currency").select_option(currency)


@pytest.mark.parametrize(("term", "place", "asked"), CASES, ids=lambda each: each if isinstance(each, str) else "")
def test_every_term_is_completed_in_the_form(
    term: str, place: str, asked: list[str], page: Page, server: Serving, witness: Witness
):
    page.goto(f"{server.base}/?lang=en{link(USUAL)}")
    answered(page)
    page.get_by_label("Incoterm").select_option(term)
    page.get_by_label("Named place").fill(place)
    expect(page.locator("#incoterm-hint")).to_contain_text("The price")
    for name in asked:
        expect(page.locator(f"#{name}-error")).to_have_text(
            "Write what this costs for the whole shipment; 0 if it costs nothing."
        )
        expect(page.locator(".answer .message")).to_contain_text("One cost before loading is still missing.")
        assert shown(page) == [*asked, ONE_SUM] if len(asked) > 1 else asked
        fill(page, name, *COSTS[name])
    origin = {IN_REQUEST[name]: dict(zip(("amount", "currency"), COSTS[name], strict=True)) for name in asked}
    costs: dict[str, Any] = {
        **(FREIGHT if term in ("EXW", "FCA", "FAS", "FOB") else {}),
        **({"origin": origin} if origin else {}),
    }
    request = {**USUAL, "incoterm": term, **({"place": place} if place else {})}
    request.pop("costs")
    request |= {"costs": costs} if costs else {}
    until(page, lambda: carried(page.url) == request)
    whole = own(server, **{**request, "costs": costs})["totals"]
    expect(page.locator(".answer .amount")).to_have_text(yuan(whole["landed_cost"]), timeout=20_000)
    answered(page)
    assert page.locator("#form [aria-invalid]").count() == 0
    assert shown(page) == ([*asked, ONE_SUM] if len(asked) > 1 else asked)
    assert witness.complaints == []


def test_one_sum_for_all_costs_before_loading(page: Page, server: Serving):
    page.goto(f"{server.base}/?lang=en{link({**USUAL, 'incoterm': 'EXW'})}")
    expect(page.locator("#pre-carriage-error")).not_to_be_empty()
    fill(page, ONE_SUM, "36000", "MXN")
    answered(page)
    one = {"amount": "36000", "currency": "MXN"}
    whole = own(server, incoterm="EXW", costs={**FREIGHT, "origin": {"all_in": one}})["totals"]
    expect(page.locator(".answer .amount")).to_have_text(yuan(whole["landed_cost"]))
    fill(page, TRUCK, "28000", "MXN")
    expect(page.locator("#pre-carriage-error")).to_contain_text("keep one")
    page.locator(f"#{TRUCK}").fill("")
    expect(page.locator(".answer .amount")).to_have_text(yuan(whole["landed_cost"]))
    answered(page)


def test_costs_are_laid_aside_with_a_term_that_contains_them(page: Page, server: Serving):
    origin = {"pre_carriage": "28000", "export_clearance": "6500", "origin_handling": "4000"}
    costs = {**FREIGHT, "origin": {name: {"amount": amount, "currency": "MXN"} for name, amount in origin.items()}}
    request = {**USUAL, "incoterm": "EXW", "place": "Uruapan, MX", "costs": costs}
    page.goto(f"{server.base}/?lang=en{link(request)}")
    first = answered(page).locator(".amount").inner_text()
    expect(page.locator(".notice")).to_be_empty()
    page.get_by_label("Incoterm").select_option("FOB")
    fob = yuan(own(server)["totals"]["landed_cost"])
    expect(page.locator(".answer .amount")).to_have_text(fob)
    assert shown(page) == []
    assert carried(page.url) == {**USUAL, "place": "Uruapan, MX"}
    page.get_by_label("Incoterm").select_option("EXW")
    expect(page.locator(".answer .amount")).to_have_text(first)
    assert carried(page.url) == request
    page.get_by_label("Incoterm").select_option("DAP")
    expect(page.get_by_label("Named place")).to_have_value("")
    answered(page)


def test_the_form_says_who_pays_what_in_spanish(page: Page, server: Serving, artefacts: Path):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{server.base}/?lang=es{link({**USUAL, 'incoterm': 'FCA', 'place': 'Uruapan, MX'})}")
    expect(page.locator("#incoterm-hint")).to_contain_text("El comprador paga además:")
    expect(page.get_by_role("group", name="Gastos antes de embarcar, a cargo del comprador")).to_be_visible()
    expect(page.locator(".answer .message")).to_contain_text("Todavía falta un gasto antes de embarcar.")
    page.screenshot(path=artefacts / "page-fca-es.png", full_page=True)


def test_where_the_terms_are_not_told_the_refusal_shows_the_field(page: Page, server: Serving):
    page.route("**/v1/incoterms*", lambda route: route.abort())
    page.goto(f"{server.base}/?lang=en{link({**USUAL, 'incoterm': 'FAS'})}")
    expect(page.locator("#origin-handling-error")).not_to_be_empty()
    assert shown(page) == [HANDLING]
    fill(page, HANDLING, "0", "USD")
    answered(page)
