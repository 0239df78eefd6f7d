"""<galeon-quote> in a real Chromium, on a shop's page of another origin under a strict policy."""

import json
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Witness
from tests.browser.gate import Gate
from tests.browser.host import NONCE, Host
from tests.browser.shop import LISTEN, avocado, priced, quotes, ready, until, yuan
from tests.servers import Serving

pytestmark = pytest.mark.slow
SECTIONS = "galeon-quote details.section > summary"


def test_one_line_gives_the_numbers_of_the_api(
    page: Page, host: Host, gate: Gate, server: Serving, witness: Witness, artefacts: Path
):
    page.add_init_script(LISTEN)
    page.goto(host.show(host.script() + avocado()))
    element = ready(page)
    own = priced(server.base)
    expect(element.locator(".amount")).to_have_text(yuan(own["totals"]["landed_cost"]))
    low, high = (own["outcome"]["range"][side]["landed_cost"] for side in ("low", "high"))
    expect(element.locator(".outcome")).to_have_text(f"Estimate Between {yuan(low)} and {yuan(high)}")
    shown = element.locator(".waterfall tbody tr .number").all_inner_texts()
    parts = ("goods", "freight", "destination_charges", "customs_duty", "vat", "landed_cost")
    assert shown == [yuan(own["totals"][part]) for part in parts]
    of = {each["unit"]: yuan(each["amount"]) for each in own["goods"][0]["per_unit"]}
    units = element.locator(".units li")
    assert units.all_inner_texts() == [
        f"{of['kg']}\nper kg",
        f"{of['jin']}\nper jin (500 g)",
        f"{of['carton-4kg']}\nper carton (4 kg)",
    ]
    expect(element.locator(".note")).to_contain_text("planning range")
    (heard,) = quotes(page)
    assert {**heard, "created_at": ""} == {**own, "created_at": ""}
    assert "id" not in heard
    assert witness.complaints == []
    assert witness.origins() == {host.base, gate.base}
    page.screenshot(path=artefacts / "widget-en.png", full_page=True)


def test_costs_before_loading_under_ex_works(page: Page, host: Host, server: Serving):
    costs = {"pre-carriage": "28000", "pre-carriage-currency": "MXN", "export-clearance": "6500.50"}
    costs |= {"export-clearance-currency": "MXN", "origin-handling": "350"}
    page.goto(host.show(host.script() + avocado(incoterm="EXW", place="Uruapan, MX", **costs)))
    origin = {
        "pre_carriage": {"amount": "28000", "currency": "MXN"},
        "export_clearance": {"amount": "6500.50", "currency": "MXN"},
        "origin_handling": {"amount": "350", "currency": "USD"},
    }
    own = priced(server.base, incoterm="EXW", place="Uruapan, MX", costs={"freight": "planning", "origin": origin})
    expect(ready(page).locator(".amount")).to_have_text(yuan(own["totals"]["landed_cost"]))
    all_in = {"all_in": {"amount": "2100", "currency": "USD"}}
    own = priced(server.base, incoterm="EXW", costs={"freight": "planning", "origin": all_in})
    page.goto(host.show(host.script() + avocado(incoterm="EXW", origin_charges="2100")))
    expect(ready(page).locator(".amount")).to_have_text(yuan(own["totals"]["landed_cost"]))


def test_a_shopper_changes_quantity_and_language(
    page: Page, host: Host, server: Serving, witness: Witness, artefacts: Path
):
    page.goto(host.show(host.script() + avocado(controls="quantity place mode regime payment language")))
    element = ready(page)
    element.get_by_label("Quantity").fill("5 000.5")
    element.get_by_label("Unit").select_option("kg")
    element.get_by_label("Language").select_option("es")
    amount = element.locator(".amount")
    goods = [{**priced_goods(), "quantity": "5000.5 kg"}]
    own = priced(server.base, goods=goods, language="es")
    expect(amount).to_have_text(yuan(own["totals"]["landed_cost"]))
    expect(element.locator(".label")).to_have_text("Costo puesto en China")
    expect(element.get_by_label("Cantidad")).to_have_value("5 000.5")
    expect(element.get_by_label("Llega a").locator("option:checked")).to_have_text("Shanghái")
    page.screenshot(path=artefacts / "widget-es.png", full_page=True)
    element.get_by_label("Por").select_option("air")
    route = {"mode": "air", "from": "MEX", "to": "PVG"}
    own = priced(server.base, goods=goods, language="es", route=route)
    expect(amount).to_have_text(yuan(own["totals"]["landed_cost"]))
    element.get_by_label("Llega a").select_option("CAN")
    element.get_by_label("Pago").select_option("swift-tt")
    element.get_by_label("Régimen aduanero").select_option("best")
    asked = {"route": {**route, "to": "CAN"}, "payment": {"rail": "swift-tt"}, "regime": "best"}
    own = priced(server.base, goods=goods, language="es", **asked)
    expect(amount).to_have_text(yuan(own["totals"]["landed_cost"]))
    expect(element.locator(".waterfall")).to_contain_text("Costo de pago")
    assert witness.complaints == []


def priced_goods() -> dict[str, object]:
    price = {"amount": "2.90", "currency": "USD", "per": "kg"}
    return {"product": "avocado-fresh", "price": price}


def test_chinese_with_its_own_forms(page: Page, host: Host, server: Serving, artefacts: Path):
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(host.show(host.script() + avocado(lang="zh-Hans-CN", display_currency="MXN")))
    element = ready(page)
    own = priced(server.base, language="zh", display_currency="MXN")
    expect(element.locator(".label")).to_have_text("到岸总成本（中国）")
    expect(element.locator(".units")).to_contain_text("每斤")
    expect(element.locator(".amount")).to_contain_text(yuan(own["totals"]["landed_cost"]))
    assert own["totals"]["landed_cost_display"]["currency"] == "MXN"
    pesos = yuan(own["totals"]["landed_cost_display"]).removeprefix("¥")
    expect(element.locator(".amount small")).to_have_text(f"约 MXN {pesos}")
    expect(element.locator(SECTIONS.removeprefix("galeon-quote ")).nth(3)).to_contain_text(f"{len(own['steps'])} 步")
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    page.screenshot(path=artefacts / "widget-phone-zh.png", full_page=True)


def test_every_step_is_explained_with_formula_figures_and_source(page: Page, host: Host, server: Serving):
    page.goto(host.show(host.script() + avocado()))
    element = ready(page)
    own = priced(server.base)
    assert element.locator(".steps").count() == 0
    element.get_by_text("How it was worked out").click()
    expect(element.locator(".steps > li")).to_have_count(len(own["steps"]))
    at = next(place for place, step in enumerate(own["steps"]) if step["code"] == "vat")
    step = own["steps"][at]
    shown = element.locator(".steps > li").nth(at)
    shown.locator("summary").click()
    expect(shown.locator("summary")).to_contain_text(step["label"])
    expect(shown.locator("summary .number")).to_have_text(yuan(step["amount"]))
    expect(shown.locator(".formula")).to_have_text(step["formula"])
    assert shown.locator(".inputs li").count() == len(step["inputs"])
    expect(shown.locator(".inputs")).to_contain_text("VAT rate: 9%")
    links = {each["url"] for each in step["citations"] if each["url"]}
    assert links
    assert links <= {link.get_attribute("href") for link in shown.locator(".sources a").all()}
    for remark in own["warnings"]:
        element.get_by_text("Warnings", exact=True).click()
        expect(element.locator(".remarks")).to_contain_text(remark["text"])
        element.get_by_text("Warnings", exact=True).click()
    element.get_by_text("Papers and permits").click()
    expect(element.locator(".remarks")).to_contain_text(own["requirements"][0]["text"])
    element.get_by_text("How sure this is").click()
    expect(element.locator(".body").first).to_contain_text(own["outcome"]["reasons"][0]["action"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme: Literal["light", "dark"], page: Page, host: Host, artefacts: Path):
    page.emulate_media(color_scheme=scheme)
    page.goto(
        host.show(host.script() + avocado(controls="quantity place mode regime payment language", rail="swift-tt"))
    )
    ready(page)
    for summary in page.locator(SECTIONS).all():
        summary.click()
    for summary in page.locator("galeon-quote .steps summary").all()[:12]:
        summary.click()
    page.wait_for_timeout(200)
    found = Axe().run(page, context="galeon-quote")
    assert found.response["violations"] == [], found.generate_report()
    assert {"color-contrast", "label"} & {rule["id"] for rule in found.response["passes"]}
    page.screenshot(path=artefacts / f"widget-open-{scheme}.png", full_page=True)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_theme_goes_before_the_readers_own_and_has_contrast(theme: str, page: Page, host: Host, artefacts: Path):
    page.emulate_media(color_scheme="light" if theme == "dark" else "dark")
    page.goto(host.show(host.script() + avocado(theme=theme)))
    element = ready(page)
    expect(element.locator(".box")).to_have_css(
        "background-color", {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 29)"}[theme]
    )
    assert Axe().run(page, context="galeon-quote").response["violations"] == []
    page.screenshot(path=artefacts / f"widget-theme-{theme}.png", full_page=True)


def test_the_page_may_theme_it(page: Page, host: Host):
    style = (
        f'<style nonce="{NONCE}">galeon-quote {{ --galeon-accent: rgb(120, 20, 90) }} '
        "galeon-quote::part(amount) { color: rgb(1, 2, 3) }</style>"
    )
    page.goto(host.show(style + host.script() + avocado()))
    element = ready(page)
    expect(element.locator(".amount")).to_have_css("color", "rgb(1, 2, 3)")
    expect(element.locator(".bar.goods")).to_have_css("fill", "rgb(120, 20, 90)")


def test_the_keyboard_alone_does_everything(page: Page, host: Host, server: Serving):
    page.goto(host.show(host.script() + avocado()))
    element = ready(page)
    page.keyboard.press("Tab")
    expect(element.get_by_label("Quantity")).to_be_focused()
    expect(element.get_by_label("Quantity")).to_have_css("outline-style", "solid")
    page.keyboard.press("Control+A")
    page.keyboard.type("40")
    own = priced(server.base, goods=[{**priced_goods(), "quantity": "40 t"}])
    expect(element.locator(".amount")).to_have_text(yuan(own["totals"]["landed_cost"]))
    expect(element.get_by_label("Quantity")).to_be_focused()
    page.keyboard.press("Tab")
    expect(element.get_by_label("Unit")).to_be_focused()
    page.keyboard.press("Tab")
    expect(element.get_by_label("Language")).to_be_focused()
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(element.locator(".steps > li")).to_have_count(len(own["steps"]))
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(element.locator(".steps details[open]")).to_have_count(1)
    expect(element.get_by_role("status")).to_contain_text(yuan(own["totals"]["landed_cost"]))


@pytest.mark.parametrize("width", [900, 375])
@pytest.mark.parametrize("more", [{}, {"rail": "swift-tt", "display_currency": "MXN"}])
@pytest.mark.parametrize("lang", ["en", "es", "zh"])
def test_nothing_around_it_moves(lang: str, more: dict[str, str], width: int, page: Page, host: Host, gate: Gate):
    page.set_viewport_size({"width": width, "height": 1400})
    gate.hold = True
    page.goto(host.show(host.script() + avocado(lang=lang, **more) + "<p id='after'>After</p>"))
    until(page, lambda: len(gate.asked) == 1)
    expect(page.locator("galeon-quote .empty")).to_be_visible()
    before = page.locator("#after").bounding_box()
    gate.shut.set()
    ready(page)
    assert page.locator("#after").bounding_box() == before


def test_still_where_motion_is_unwanted(page: Page, host: Host, gate: Gate):
    gate.hold = True
    page.emulate_media(reduced_motion="reduce")
    page.goto(host.show(host.script() + avocado()))
    expect(page.locator("galeon-quote .empty .amount")).to_have_css("animation-name", "none")
    page.emulate_media(reduced_motion="no-preference")
    expect(page.locator("galeon-quote .empty .amount")).to_have_css("animation-name", "wait")


def test_the_waterfall_runs_from_right_to_left_on_such_a_page(page: Page, host: Host, artefacts: Path):
    page.goto(host.show(host.script() + f"<div dir='rtl'>{avocado()}</div>"))
    element = ready(page)
    lane, goods = (element.locator(f"tbody tr:first-child rect.{name}").bounding_box() for name in ("lane", "bar"))
    assert lane is not None
    assert goods is not None
    assert goods["x"] + goods["width"] == pytest.approx(lane["x"] + lane["width"], abs=1)
    assert goods["x"] > lane["x"] + 1
    page.screenshot(path=artefacts / "widget-rtl.png", full_page=True)


def test_it_waits_until_it_is_seen(page: Page, host: Host, gate: Gate):
    high = f'<style nonce="{NONCE}">hr {{ height: 4000px }}</style><hr>{host.script()}'
    page.goto(host.show(high + avocado()))
    page.wait_for_timeout(500)
    assert gate.asked == []
    page.locator("galeon-quote").scroll_into_view_if_needed()
    ready(page)
    assert len(gate.asked) == 1


def test_attributes_and_properties_say_the_same(page: Page, host: Host, gate: Gate, server: Serving):
    page.goto(host.show(host.script() + avocado()))
    element = ready(page)
    assert element.evaluate("(each) => [each.quantity, each.hsCode, each.displayCurrency]") == ["20 t", "", ""]
    element.evaluate("(each) => { each.quantity = '3 t'; each.displayCurrency = 'MXN' }")
    assert element.get_attribute("quantity") == "3 t"
    assert element.get_attribute("display-currency") == "MXN"
    own = priced(server.base, goods=[{**priced_goods(), "quantity": "3 t"}], display_currency="MXN")
    expect(element.locator(".amount")).to_contain_text(yuan(own["totals"]["landed_cost"]))
    element.get_by_label("Quantity").fill("4")
    assert element.evaluate("(each) => each.quantity") == "4 t"
    element.evaluate("(each) => { each.displayCurrency = null }")
    assert element.get_attribute("display-currency") is None


def test_a_property_set_before_the_script_came_holds(page: Page, host: Host, gate: Gate):
    early = f'<script nonce="{NONCE}">document.querySelector("galeon-quote").quantity = "7 t"</script>'
    page.goto(host.show(host.script() + avocado(quantity="") + early))
    ready(page)
    assert gate.asked[-1]["goods"][0]["quantity"] == "7 t"


def test_a_stated_freight_holds_for_the_shipment_as_it_is_described(page: Page, host: Host, gate: Gate):
    page.goto(host.show(host.script() + avocado(freight="6200")))
    element = ready(page)
    assert gate.asked[-1]["costs"] == {"freight": {"amount": "6200", "currency": "USD"}}
    assert "route" not in gate.asked[-1]
    expect(element.locator(".note")).to_be_hidden()
    element.get_by_label("Quantity").fill("40")
    expect(element.locator(".note")).to_contain_text("planning range")
    assert gate.asked[-1]["costs"] == {"freight": "planning"}


def test_where_the_price_holds_the_freight_none_is_asked_for(page: Page, host: Host, gate: Gate):
    page.goto(host.show(host.script() + avocado(incoterm="CIF", place="CNSHA", insurance_rate="0.3%")))
    element = ready(page)
    assert "freight" not in gate.asked[-1]["costs"]
    assert "route" not in gate.asked[-1]
    expect(element.locator(".terms")).to_contain_text("20 t, CIF CNSHA")


def test_the_key_goes_in_the_header_and_nowhere_else(page: Page, host: Host, gate: Gate, witness: Witness):
    key = f"pk_0123456789ab_{'x' * 43}"
    page.goto(host.show(host.script() + avocado(key=key)))
    ready(page)
    assert gate.headers[-1]["Authorization"] == f"Bearer {key}"
    assert "Cookie" not in gate.headers[-1]
    assert "Referer" not in gate.headers[-1]
    assert all(key not in each.url for each in witness.called)


def test_two_copies_and_two_elements_ask_once(page: Page, host: Host, gate: Gate, witness: Witness):
    page.set_viewport_size({"width": 900, "height": 3000})
    page.add_init_script(LISTEN)
    page.goto(
        host.show(host.script() + host.script("/widget/v1.js?again") + avocado() + avocado() + avocado(lang="es"))
    )
    until(page, lambda: len(quotes(page)) == 3)
    assert sorted(each["language"] for each in gate.asked) == ["en", "es"]
    assert witness.complaints == []


def test_the_copy_under_its_hash_with_its_integrity(page: Page, host: Host, witness: Witness):
    told = json.loads(page.request.get(f"{host.api}/widget/v1.json").text())
    right = f'integrity="{told["integrity"]}" crossorigin="anonymous"'
    page.goto(host.show(host.script(told["src"], right) + avocado()))
    ready(page)
    assert witness.complaints == []
    wrong = f'integrity="sha384-{"A" * 64}" crossorigin="anonymous"'
    page.goto(host.show(host.script(told["src"], wrong) + avocado()))
    expect(page.get_by_text("Ask us for the price in China.")).to_be_visible()


def test_without_scripts_its_children_are_read(browser: Browser, host: Host):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(host.show(host.script() + avocado()))
    expect(page.get_by_text("Ask us for the price in China.")).to_be_visible()
    context.close()


def test_nothing_is_left_in_the_browser(page: Page, host: Host):
    page.goto(host.show(host.script() + avocado()))
    ready(page)
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.locator("galeon-quote style, galeon-quote [style]").count() == 0


# A consignment of 08119090, of which frozen avocado is a part: 10,000 USD x 7 = 70,000.
FROZEN = {
    "product": "",
    "hs_code": "08119090",
    "quantity": "1000 kg",
    "price": "10000",
    "per": "total",
    "incoterm": "CIF",
    "fx": "USD/CNY:7",
    "customs_fx": "USD/CNY:7",
    "package": "",
    "declared_on": "2026-11-23",
}


def test_a_shopper_says_whether_goods_are_the_part_of_a_line(page: Page, host: Host, witness: Witness, artefacts: Path):
    """Frozen avocado is a part of 08119090 with 7 %, where the line has 30 %."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(host.show(host.script() + avocado(**FROZEN, lang="es", controls="quantity tariff-part")))
    element = ready(page)
    # 70,000 at 30 % = 21,000; VAT 9 % of 91,000 = 8,190; in all 99,190.
    expect(element.locator(".amount bdi")).to_have_text("¥99,190.00")
    part = element.get_by_label("Parte de la línea arancelaria")
    said = ["Sin indicar: ambos resultados", "7% · 冷冻鳄梨", "No pertenecen a ella"]
    assert part.locator("option").all_inner_texts() == said
    page.screenshot(path=artefacts / "widget-part.png")
    part.select_option("7% · 冷冻鳄梨")
    # 70,000 at 7 % = 4,900; VAT 9 % of 74,900 = 6,741; in all 81,641.
    expect(element.locator(".amount bdi")).to_have_text("¥81,641.00")
    expect(part).to_have_value("true")
    part.select_option("No pertenecen a ella")
    expect(element.locator(".amount bdi")).to_have_text("¥99,190.00")
    assert part.locator("option").all_inner_texts() == said
    # Of other goods nothing is asked, and nothing that was said of these is taken along.
    page.evaluate("document.querySelector('galeon-quote').setAttribute('hs-code', '08044000')")
    expect(element.locator(".amount bdi")).to_have_text("¥81,641.00")
    expect(part).to_be_hidden()
    assert witness.complaints == []


def test_a_claimed_part_is_said_in_the_language_of_the_moment(page: Page, host: Host, gate: Gate):
    """Before the first answer, after a change of language, and of other goods: never the raw word, never the part of others."""
    shown = avocado(**FROZEN, lang="en", tariff_part="true", controls="language tariff-part")
    gate.hold = True
    page.goto(host.show(host.script() + shown))
    part = page.locator("galeon-quote select#tariff-part")
    until(page, lambda: gate.asked != [])
    offered = part.locator("option")
    assert offered.all_inner_texts() == [
        "Not said: both results",
        "They belong to the part",
        "They do not belong to it",
    ]
    gate.hold = False
    gate.shut.set()
    element = ready(page)
    part.select_option("")
    expect(offered.nth(1)).to_have_text("7% · 冷冻鳄梨")
    expect(offered.nth(1)).to_have_attribute("lang", "zh")
    part.select_option("true")
    expect(element.locator(".amount bdi")).to_have_text("¥81,641.00")
    page.locator("galeon-quote select#lang").select_option("es")
    said = ["Sin indicar: ambos resultados", "7% · 冷冻鳄梨", "No pertenecen a ella"]
    until(page, lambda: offered.all_inner_texts() == said)
    page.evaluate("document.querySelector('galeon-quote').setAttribute('hs-code', '08044000')")
    expect(offered.nth(1)).to_have_text("Pertenecen a la parte")
