"""The page at / in a real Chromium, before a real server: what a person at a packing house does with it."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, Locator, Page, Route, expect

from tests.browser.conftest import Witness
from tests.browser.front import USUAL, answered, carried, link, own
from tests.browser.gate import Gate, Spoiled
from tests.browser.host import Host
from tests.browser.shop import ASKED, ready, until, yuan
from tests.servers import Serving

pytestmark = pytest.mark.slow
PRICING = re.compile(r"/v1/quotes\?store=false")
HOSTILE = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{0}&amp;\u202e=cmd|'/c'!A1"


def opened(page: Page, title: str) -> Locator:
    """The cards of a comparison, which are asked for when it is opened."""
    section = page.locator("details").filter(has=page.get_by_text(title, exact=True))
    section.locator("summary").click()
    return section.locator(".cards")


def downloaded(page: Page, name: str, folder: Path) -> Path:
    """The file that a button gives, under its own name."""
    with page.expect_download() as got:
        page.get_by_role("button", name=name, exact=True).click()
    path = folder / got.value.suggested_filename
    got.value.save_as(path)
    return path


@pytest.fixture(autouse=True)
def no_dialogue(page: Page) -> Iterator[None]:
    """Nothing that is typed runs."""
    opened: list[str] = []

    def shut(dialog: Dialog) -> None:
        opened.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", shut)
    yield
    assert opened == []


def test_two_minutes_in_spanish(browser: Browser, server: Serving, artefacts: Path):
    context = browser.new_context(locale="es-MX", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    witness = Witness(page)
    page.goto(server.base)
    expect(page).to_have_title("Galeón: Lo que cuesta puesto en China")
    product = page.get_by_role("combobox", name="Producto")
    product.press_sequentially("aguacate")
    page.get_by_role("option", name="aguacate Hass fresco").click()
    page.get_by_role("textbox", name="Cantidad").fill("20")
    page.get_by_role("textbox", name="Precio").fill("2.90")
    page.get_by_label("Día de la declaración").fill("2026-11-23")
    answer = answered(page)
    quote = own(server, language="es")
    totals = quote["totals"]
    expect(answer.locator(".amount")).to_have_text(yuan(totals["landed_cost"]))
    parts = ("goods", "freight", "destination_charges", "customs_duty", "vat", "landed_cost")
    assert answer.locator(".waterfall tbody .number").all_inner_texts() == [yuan(totals[part]) for part in parts]
    assert answer.locator(".units bdi").all_inner_texts() == [
        yuan(each["amount"]) for each in quote["goods"][0]["per_unit"] if each["unit"] != "t"
    ]
    expect(answer.locator(".note")).to_contain_text("rango de planeación")
    expect(page.get_by_label("Desde").locator("option:checked")).to_have_text("Manzanillo")
    expect(page.get_by_label("Hasta").locator("option:checked")).to_have_text("Shanghái")
    answer.get_by_text("Cómo se calculó").click()
    expect(answer.locator(".steps > li")).to_have_count(len(quote["steps"]))
    answer.get_by_text("Cómo se calculó").click()
    page.get_by_label("El comprador recupera el IVA").check()
    net = own(server, language="es", importer={"vat_recoverable": True})["totals"]["landed_cost_net_of_vat"]
    expect(page.locator(".net")).to_contain_text(yuan(net))
    assert witness.complaints == []
    assert witness.origins() == {server.base}
    assert context.cookies() == []
    posts = [each for each in witness.called if each.method == "POST"]
    assert all(each.url.endswith("?store=false") for each in posts)
    page.screenshot(path=artefacts / "page-es.png", full_page=True)
    context.close()


def test_a_problem_stands_at_its_field_with_what_is_allowed(page: Page, server: Serving, witness: Witness):
    page.goto(f"{server.base}/{link({**USUAL, 'incoterm': 'FAB'})}")
    incoterm = page.get_by_label("Incoterm")
    expect(incoterm).to_have_attribute("aria-invalid", "true")
    expect(incoterm).to_have_value("FAB")
    expect(page.locator("#incoterm-error")).to_contain_text("FOB, FCA, FAS, EXW")
    quantity = page.get_by_role("textbox", name="Quantity")
    quantity.fill("1,5")
    expect(page.locator("#quantity-error")).to_contain_text("1.5 t")
    expect(page.locator(".answer .message")).to_contain_text("Please mend what is marked.")
    incoterm.select_option("FOB")
    quantity.fill("1.5")
    answer = answered(page)
    goods = [{**ASKED["goods"][0], "quantity": "1.5 t"}]
    expect(answer.locator(".amount")).to_have_text(yuan(own(server, goods=goods)["totals"]["landed_cost"]))
    assert page.locator("#form [aria-invalid]").count() == 0
    product = page.get_by_role("combobox", name="Product")
    product.fill("no such fruit")
    product.blur()
    expect(product).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#product-error")).not_to_be_empty()
    assert witness.complaints == []


def test_with_the_keyboard_alone(page: Page, server: Serving):
    page.goto(server.base)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the form")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    product = page.get_by_role("combobox", name="Product")
    expect(product).to_be_focused()
    page.keyboard.type("avocado")
    expect(product).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(product).to_have_attribute("aria-expanded", "false")
    page.keyboard.type(" oil")
    expect(page.get_by_role("option").first).to_contain_text("avocado oil")
    page.keyboard.press("ArrowDown")
    option = page.locator(".found [aria-selected=true]")
    assert product.get_attribute("aria-activedescendant") == option.get_attribute("id")
    page.keyboard.press("Enter")
    expect(product).to_have_value("avocado oil, bottled")
    page.keyboard.press("Tab")
    page.keyboard.type("2")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.type("9.5")
    expect(page.get_by_role("textbox", name="Price")).to_have_value("9.5")
    answered(page)
    asked = carried(page.url)
    assert asked["goods"][0]["product"] == "avocado-oil"
    assert asked["goods"][0]["quantity"] == "2 t"


@pytest.mark.parametrize(("scheme", "said"), [("light", "en"), ("dark", "es")])
def test_axe_finds_nothing(scheme: Literal["light", "dark"], said: str, page: Page, server: Serving, artefacts: Path):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{server.base}/?lang={said}")
    until(page, lambda: page.get_by_role("button", name="20 t").is_visible())
    page.wait_for_timeout(300)
    assert Axe().run(page).response["violations"] == []
    page.goto(f"{server.base}/?lang={said}{link(USUAL)}")
    page.reload()
    answered(page)
    for summary in page.locator("#page > section summary, .key summary").all():
        summary.click()
    page.locator(".cards").nth(2).wait_for(timeout=30_000)
    page.locator(".answer .section > summary").nth(1).click()
    page.get_by_role("combobox").first.fill("a")
    page.get_by_role("option").first.wait_for()
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    page.keyboard.press("Escape")
    page.screenshot(path=artefacts / f"page-{scheme}.png", full_page=True)


def test_a_phone_in_chinese(browser: Browser, server: Serving, artefacts: Path):
    context = browser.new_context(
        locale="zh-CN", viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True
    )
    page = context.new_page()
    page.goto(server.base)
    page.get_by_role("combobox", name="商品").press_sequentially("鲜牛油果")
    page.get_by_role("option", name="鲜牛油果").first.tap()
    page.get_by_role("textbox", name="数量").fill("20")
    page.get_by_role("textbox", name="价格").fill("2.90")
    page.get_by_label("申报日期").fill("2026-11-23")
    answer = answered(page)
    amount = yuan(own(server, language="zh")["totals"]["landed_cost"])
    expect(answer.locator(".amount")).to_have_text(amount)
    bar = page.locator(".glance")
    page.evaluate("scrollTo(0, 0)")
    expect(bar).to_contain_text(amount)
    expect(bar).to_be_visible()
    page.screenshot(path=artefacts / "page-phone-form.png")
    bar.tap()
    expect(answer.locator(".amount")).to_be_in_viewport()
    expect(bar).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.screenshot(path=artefacts / "page-phone-zh.png", full_page=True)
    context.close()


def test_regimes_ways_and_rails_side_by_side(
    page: Page, gate: Gate, server: Serving, witness: Witness, artefacts: Path
):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(gate.base + "/" + link(USUAL))
    answered(page)
    before = len(gate.asked)
    regimes, ways, rails = (opened(page, each) for each in ("Customs regimes", "Ways to carry it", "Ways to pay"))
    rails.wait_for(timeout=30_000)
    best = own(server, regime="best")["regimes"]
    assert regimes.locator("h3").all_inner_texts() == [each["label"] for each in best]
    for each in best:
        card = regimes.locator(".card").filter(has_text=each["label"])
        expect(card).to_contain_text(yuan(each["totals"]["landed_cost"]) if each["totals"] else each["reason"]["text"])
    air = own(server, route={"mode": "air", "from": "MEX", "to": "PVG"})["totals"]["landed_cost"]
    expect(ways.locator(".card").filter(has_text="MEX → PVG").first).to_contain_text(yuan(air))
    options = own(server, payment={"compare": True})["payment"]["options"]
    assert rails.locator(".figure").all_inner_texts() == [yuan(each["cost"]) for each in options]
    # One call for each, and no other when one is opened again.
    page.get_by_text("Customs regimes").click()
    page.get_by_text("Customs regimes").click()
    assert sorted(next(iter(each["vary"])) for each in gate.asked[before:]) == ["payment", "regime", "route"]
    page.screenshot(path=artefacts / "page-compared.png", full_page=True)
    rails.get_by_role("button", name=f"Choose: {options[1]['label']}", exact=True).click()
    quote = own(server, payment={"rail": options[1]["rail"]})
    expect(page.locator(".answer .amount")).to_have_text(yuan(quote["totals"]["landed_cost"]))
    expect(page.get_by_label("Payment").first).to_have_value(options[1]["rail"])
    assert witness.complaints == []


def test_a_comparison_can_be_had_as_files(page: Page, gate: Gate, witness: Witness, tmp_path: Path):
    page.goto(f"{gate.base}/?lang=es{link(USUAL)}")
    answered(page)
    figures = opened(page, "Formas de transporte").locator(".figure")
    figures.first.wait_for()
    names = {form: f"Descargar {form}: Formas de transporte" for form in ("CSV", "XLSX", "Barras (SVG)")}
    table, workbook, bars = (downloaded(page, name, tmp_path) for name in names.values())
    assert [each.name for each in (table, workbook, bars)] == ["galeon-mode.csv", "galeon-mode.xlsx", "galeon-mode.svg"]
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8-sig"))))
    landed = [{"amount": row["landed_cost"]} for row in rows]
    assert figures.all_inner_texts() == [yuan(each) for each in landed]
    assert zipfile.is_zipfile(workbook)
    drawn = bars.read_text(encoding="utf-8")
    assert drawn.startswith("<svg")
    assert "Aire MEX–PVG" in drawn
    gate.spoil.append(Spoiled.problem(429, "Demasiadas llamadas."))
    page.get_by_role("button", name=names["CSV"]).click()
    expect(page.locator(".section > .body > .error")).to_have_text("Demasiadas llamadas.")
    downloaded(page, names["CSV"], tmp_path)
    expect(page.locator(".section > .body > .error")).to_be_empty()
    assert witness.complaints == []


def test_the_freight_that_is_stated_is_that_of_one_way(page: Page, server: Serving):
    stated = {"freight": {"amount": "6200", "currency": "USD"}}
    page.goto(f"{server.base}/{link({**USUAL, 'costs': stated})}")
    answered(page)
    ways = opened(page, "Ways to carry it")
    # The texts of several cards are read as they are, without waiting for any.
    ways.wait_for(timeout=30_000)
    sea, air = own(server, costs=stated), own(server, route={"mode": "air", "from": "MEX", "to": "PVG"})
    for code, quote in (("MXZLO → CNSHA", sea), ("MEX → PVG", air)):
        figures = ways.locator(".card").filter(has_text=code).locator(".figure").all_inner_texts()
        assert yuan(quote["totals"]["landed_cost"]) in figures


def test_a_comparison_that_failed_is_asked_again(page: Page, gate: Gate, witness: Witness):
    page.goto(f"{gate.base}/?lang=en{link(USUAL)}")
    answered(page)
    gate.spoil.append(Spoiled.problem(503, "Not now."))
    cards = opened(page, "Customs regimes")
    expect(page.locator(".section > .body > .error")).to_have_text("Not now.")
    page.get_by_text("Customs regimes", exact=True).click()
    page.get_by_text("Customs regimes", exact=True).click()
    expect(cards.locator(".card")).to_have_count(3)
    assert witness.complaints == []


def test_under_the_cheapest_regime_each_way_has_its_own(page: Page, gate: Gate, server: Serving):
    page.goto(gate.base + "/" + link({**USUAL, "regime": "best"}))
    answered(page)
    before = len(gate.asked)
    ways, rails = (opened(page, each) for each in ("Ways to carry it", "Ways to pay"))
    rails.wait_for(timeout=30_000)
    expect(ways.locator(".card")).to_have_count(4, timeout=30_000)
    air = own(server, regime="best", route={"mode": "air", "from": "MEX", "to": "PVG"})["totals"]["landed_cost"]
    expect(ways.locator(".card").filter(has_text="MEX → PVG").first).to_contain_text(yuan(air))
    options = own(server, regime="best", payment={"compare": True})["payment"]["options"]
    assert rails.locator(".figure").all_inner_texts() == [yuan(each["cost"]) for each in options]
    assert len(gate.asked) == before + 2


def test_a_link_carries_the_request_and_stores_nothing(page: Page, browser: Browser, server: Serving):
    request = {**USUAL, "place": "MXZLO", "importer": {"vat_recoverable": True}, "payment": {"rail": "swift-tt"}}
    request["costs"] = {"freight": {"amount": "6200", "currency": "USD"}}
    page.goto(f"{server.base}/{link(request)}")
    answer = answered(page)
    expect(answer.locator(".amount")).to_have_text(yuan(own(server, **request)["totals"]["landed_cost"]))
    expect(page.locator(".notice")).to_be_empty()
    shared = page.get_by_label("Link with the request in it").input_value()
    assert carried(shared) == request
    assert shared.startswith(f"{server.base}/?lang=en#q=")
    other = browser.new_context(locale="es-MX").new_page()
    witness = Witness(other)
    other.goto(shared.replace("lang=en", "lang=zh"))
    expect(answered(other).locator(".amount")).to_have_text(answer.locator(".amount").inner_text())
    other.get_by_role("link", name="Español").click()
    expect(other.get_by_label("Flete del embarque")).to_have_value("6200")
    expect(answered(other).locator(".amount")).to_have_text(answer.locator(".amount").inner_text())
    assert all("#" not in each.url and "q=ey" not in each.url for each in witness.called if each.method == "POST")
    other.context.close()


def test_quick_changes_are_one_call(page: Page, gate: Gate, server: Serving):
    page.goto(gate.base + "/" + link(USUAL))
    answered(page)
    before = len(gate.asked)
    page.evaluate("""() => {
      const field = document.getElementById("quantity");
      for (let n = 1; n <= 300; n += 1) {
        field.value = String(n);
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }""")
    goods = [{**ASKED["goods"][0], "quantity": "300 t"}]
    expected = yuan(own(server, goods=goods)["totals"]["landed_cost"])
    expect(page.locator(".answer .amount")).to_have_text(expected)
    assert [each["goods"][0]["quantity"] for each in gate.asked[before:]] == ["300 t"]
    assert gate.most_open == 1


@pytest.mark.parametrize("fragment", ["#q=%%%", "#q=W10", "#q=bnVsbA", "#q=" + "A" * 30_000, "#q=_w"])
def test_a_link_that_cannot_be_read_says_so(fragment: str, page: Page, server: Serving, witness: Witness):
    page.goto(f"{server.base}/{fragment}")
    expect(page.locator(".notice")).to_have_text("The link could not be read; the form is empty.")
    assert witness.complaints == []


def test_a_link_that_says_more_than_the_form(page: Page, server: Serving):
    page.goto(f"{server.base}/{link({**USUAL, 'allocate_by': 'volume'})}")
    expect(page.locator(".notice")).to_contain_text("The link says more than this form can show.")
    answered(page)


def test_hostile_text_in_every_field_and_in_the_link(page: Page, server: Serving, witness: Witness):
    line = dict.fromkeys(("product", "hs_code", "description", "quantity", "package", "origin"), HOSTILE)
    goods = [{**line, "price": dict.fromkeys(("amount", "currency", "per"), HOSTILE), "tariff": {"duty": HOSTILE}}]
    route = dict.fromkeys(("mode", "from", "to", "equipment"), HOSTILE)
    rest = dict.fromkeys(("incoterm", "place", "regime", "declared_on", "display_currency", "__proto__"), HOSTILE)
    money = {"amount": HOSTILE, "currency": HOSTILE}
    asked = {**rest, "goods": goods, "route": route, "costs": {"freight": money}, "fx": {HOSTILE: HOSTILE}}
    asked |= {"payment": {"rail": HOSTILE}, "importer": {"vat_recoverable": HOSTILE}}
    page.goto(f"{server.base}/{link(asked)}")
    expect(page.locator("#quantity-error")).not_to_be_empty(timeout=20_000)
    assert page.locator("#form [aria-invalid]").count() >= 5
    assert "<img" in page.get_by_label("The line to paste").input_value().replace("&lt;", "<")
    assert "<img" not in page.get_by_label("The line to paste").input_value()
    page.goto(f"{server.base}/?lang=en{link(USUAL)}")
    page.reload()
    answered(page)
    for name in ("product", "quantity", "price", "place", "freight", "snippet-key"):
        page.locator(f"#{name}").fill(HOSTILE)
    page.locator("#freight").blur()
    expect(page.locator("#price-error")).not_to_be_empty()
    assert page.locator("img[src=x]").count() == 0
    assert page.locator("#page script").count() == 0
    assert witness.complaints == []
    assert witness.origins() == {server.base}


def test_a_saved_quote_has_its_page_and_files(page: Page, server: Serving, artefacts: Path):
    page.goto(f"{server.base}/?lang=es{link(USUAL)}")
    answer = answered(page)
    with page.expect_request(lambda each: each.method == "POST" and each.url.endswith("/v1/quotes")) as sent:
        page.get_by_role("button", name="Guardar esta cotización").click()
    assert re.fullmatch("[0-9a-f]{32}", sent.value.headers["idempotency-key"])
    files = page.locator(".files")
    amount = answer.locator(".amount").inner_text().removeprefix("¥").replace(",", "")
    with page.expect_download() as got:
        files.get_by_role("link", name="JSON").click()
    quote = json.loads(Path(got.value.path()).read_bytes())
    assert quote["totals"]["landed_cost"]["amount"] == amount
    assert got.value.suggested_filename == f"{quote['id']}.json"
    with page.expect_download() as got:
        files.get_by_role("link", name="CSV").click()
    rows = list(csv.reader(io.StringIO(Path(got.value.path()).read_text(encoding="utf-8-sig"))))
    assert any(amount in row for row in rows)
    with page.expect_download() as got:
        files.get_by_role("link", name="XLSX").click()
    assert "xl/workbook.xml" in zipfile.ZipFile(got.value.path()).namelist()
    with page.context.expect_page() as opened:
        files.get_by_role("link", name="Imprimir").click()
    expect(opened.value.locator("body")).to_contain_text(answer.locator(".amount").inner_text().removeprefix("¥"))
    page.get_by_role("button", name="Crear una dirección para otros").click()
    address = page.get_by_label("Dirección de la cotización, por treinta días").input_value()
    assert re.fullmatch(rf"{server.base}/v1/shared/s_[A-Za-z0-9_-]{{22}}\.html", address)
    opened.value.goto(address)
    expect(opened.value.locator("body")).to_contain_text(answer.locator(".amount").inner_text().removeprefix("¥"))
    page.screenshot(path=artefacts / "page-saved.png", full_page=True)
    page.get_by_role("textbox", name="Cantidad").fill("21")
    expect(files).to_have_count(0)


@pytest.mark.parametrize(
    ("language", "save", "delete", "sure", "yes", "no", "said"),
    [
        ("en", "Save this quote", "Delete this quote", "for good?", "Delete it", "Keep it", "is deleted."),
        (
            "es",
            "Guardar esta cotización",
            "Borrar esta cotización",
            "¿Borrar definitivamente",
            "Borrarla",
            "Conservarla",
            "está borrada.",
        ),
        ("zh", "保存此报价", "删除此报价", "确定永久删除", "删除", "保留", "已删除。"),
    ],
)
def test_a_saved_quote_is_deleted_once_that_is_meant(
    language: str, save: str, delete: str, sure: str, yes: str, no: str, said: str, page: Page, server: Serving
):
    """Asked first: no leaves it as it was; yes deletes it, its shared addresses too. It may be saved anew under another id."""
    page.goto(f"{server.base}/?lang={language}{link(USUAL)}")
    answered(page)
    page.get_by_role("button", name=save).click()
    files = page.locator(".files")
    at = files.get_by_role("link", name="JSON").get_attribute("href")
    assert at is not None
    saved, asking = page.locator(".saved", has=files), page.get_by_role("button", name=delete, exact=True)
    asking.click()
    expect(saved).to_contain_text(sure)
    expect(saved).to_contain_text(at.rpartition("/")[2])
    expect(page.get_by_role("button", name=no, exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(saved).not_to_contain_text(sure)
    expect(asking).to_be_focused()
    assert page.request.get(f"{server.base}{at}").status == 200
    page.keyboard.press("Enter")
    page.get_by_role("button", name=yes, exact=True).click()
    expect(page.get_by_text(said)).to_have_count(1)
    expect(page.get_by_text(said)).to_be_focused()
    expect(files).to_have_count(0)
    assert page.request.get(f"{server.base}{at}").status == 410
    page.get_by_role("button", name=save).click()
    expect(files).to_have_count(1)
    assert files.get_by_role("link", name="JSON").get_attribute("href") != at


def test_a_quote_that_cannot_be_deleted_stays_and_is_told(page: Page, server: Serving):
    page.goto(f"{server.base}/?lang=en{link(USUAL)}")
    answered(page)
    page.get_by_role("button", name="Save this quote").click()
    files = page.locator(".files")
    expect(files).to_have_count(1)
    page.route("**/v1/quotes/*", lambda route: route.abort())
    for told in ("Not deleted:", "is deleted."):
        page.get_by_role("button", name="Delete this quote").click()
        page.get_by_role("button", name="Delete it").click()
        expect(page.get_by_text(told)).to_have_count(1)
        page.unroute("**/v1/quotes/*")
    expect(files).to_have_count(0)


def test_what_is_deleted_leaves_the_links_of_a_quote_that_was_saved_meanwhile(page: Page, server: Serving):
    held: list[Route] = []
    priced: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    def hold_price(route: Route) -> None:
        priced.append(route)

    page.goto(f"{server.base}/?lang=en{link(USUAL)}")
    answered(page)
    save = page.get_by_role("button", name="Save this quote")
    save.click()
    page.route("**/v1/quotes/*", hold)
    page.get_by_role("button", name="Delete this quote").click()
    page.get_by_role("button", name="Delete it").click()
    until(page, lambda: held != [])
    page.route(PRICING, hold_price)
    page.get_by_role("textbox", name="Quantity").fill("21")
    until(page, lambda: priced != [])
    expect(save).to_be_disabled()
    page.unroute(PRICING)
    priced[0].continue_()
    expect(save).to_be_enabled()
    save.click()
    files = page.locator(".files")
    expect(files).to_have_count(1)
    with page.expect_response(lambda response: response.request.method == "DELETE"):
        held[0].continue_()
    page.wait_for_timeout(300)
    expect(files).to_have_count(1)


@pytest.mark.parametrize("fixed", [False, True])
def test_the_line_to_paste_works_on_another_page(
    fixed: bool, page: Page, browser: Browser, gate: Gate, host: Host, server: Serving
):
    page.goto(f"{gate.base}/?lang=es{link(USUAL)}")
    answer = answered(page)
    page.get_by_label("Fijar el script").set_checked(fixed)
    code = page.get_by_label("La línea para pegar")
    if fixed:
        expect(code).to_have_value(re.compile('integrity="sha384-'))
    line = code.input_value()
    assert "\n" not in line
    shop = browser.new_context(locale="en-GB").new_page()
    shop.goto(host.show(line.replace("<script ", '<script nonce="bm9uY2U" ')))
    element = ready(shop)
    expect(element.locator(".amount")).to_have_text(answer.locator(".amount").inner_text())
    expect(element.locator(".label")).to_have_text("Costo puesto en China")
    shop.context.close()
