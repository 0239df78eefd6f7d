"""What a shopper sees of <galeon-quote> when something is wrong, and that nothing that is wrong gets any further."""

import json
from functools import partial
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Witness
from tests.browser.gate import Gate, Spoiled
from tests.browser.host import Host
from tests.browser.shop import LISTEN, avocado, errors, priced, quotes, ready, until, yuan
from tests.servers import Serving

pytestmark = pytest.mark.slow
MARKUP = '"><img src=x onerror="document.title=1"><script>document.title=2</script>'


def message(page: Page) -> str:
    """What is said in place of a price."""
    said = page.locator("galeon-quote .message")
    said.wait_for(timeout=20_000)
    return said.inner_text()


def test_the_api_is_down_and_comes_back(page: Page, host: Host, gate: Gate, witness: Witness, artefacts: Path):
    page.add_init_script(LISTEN)
    page.route("**/v1/quotes*", lambda route: route.abort("connectionrefused"))
    page.goto(host.show(host.script() + avocado(lang="es")))
    assert "Por ahora no se puede consultar el precio" in message(page)
    assert [each["type"] for each in errors(page)] == ["about:blank#unreachable"]
    expect(page.locator("galeon-quote .result")).to_be_hidden()
    assert Axe().run(page, context="galeon-quote").response["violations"] == []
    page.screenshot(path=artefacts / "widget-down.png", full_page=True)
    page.unroute("**/v1/quotes*")
    page.get_by_role("button", name="Intentar de nuevo").click()
    ready(page)
    assert witness.complaints == []


def test_an_answer_that_takes_ten_seconds_is_not_waited_for(page: Page, host: Host, gate: Gate, witness: Witness):
    page.add_init_script(LISTEN)
    page.clock.install()
    gate.hold = True
    page.goto(host.show(host.script() + avocado()))
    until(page, lambda: len(gate.asked) == 1)
    page.clock.fast_forward(4_000)
    page.wait_for_timeout(100)
    expect(page.locator("galeon-quote .message")).to_be_hidden()
    page.clock.fast_forward(6_000)
    assert "taking too long" in message(page)
    assert [each["type"] for each in errors(page)] == ["about:blank#timeout"]
    gate.hold = False
    gate.shut.set()
    page.get_by_role("button", name="Try again").click()
    ready(page)
    assert witness.complaints == []


@pytest.mark.parametrize("status", [429, 503])
def test_too_many_are_asking(status: int, page: Page, host: Host, gate: Gate, artefacts: Path):
    page.add_init_script(LISTEN)
    page.clock.install()
    gate.spoil.append(Spoiled.problem(status, "The limit is reached.", Retry_After="30"))
    page.goto(host.show(host.script() + avocado()))
    assert "Trying again in 30 seconds." in message(page)
    page.screenshot(path=artefacts / f"widget-{status}.png", full_page=True)
    page.clock.fast_forward(10_000)
    page.wait_for_timeout(100)
    assert len(gate.asked) == 1
    page.clock.fast_forward(20_000)
    ready(page)
    assert len(gate.asked) == 2
    assert [each["status"] for each in errors(page)] == [status]


def enough(gate: Gate, asked: int) -> bool:
    return len(gate.asked) >= asked


def test_it_does_not_ask_for_ever(page: Page, host: Host, gate: Gate):
    page.clock.install()
    gate.always = Spoiled.problem(429, "The limit is reached.", Retry_After="30")
    page.goto(host.show(host.script() + avocado()))
    for asked in (1, 2, 3, 4):
        until(page, partial(enough, gate, asked))
        page.locator("galeon-quote").get_by_text("Many people are asking").wait_for()
        page.clock.fast_forward(30_000)
    page.clock.fast_forward(600_000)
    page.wait_for_timeout(200)
    assert len(gate.asked) == 4
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_a_long_wait_is_left_to_the_shopper(page: Page, host: Host, gate: Gate):
    gate.spoil.append(Spoiled.problem(429, "The quota is used up.", Retry_After="86400"))
    page.goto(host.show(host.script() + avocado()))
    assert "Many people are asking just now." in message(page)
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


@pytest.mark.parametrize("body", [b"", b"<html>Bad gateway</html>", b"[1]", b"null"])
def test_500_and_a_page_of_something_in_between(body: bytes, page: Page, host: Host, gate: Gate, witness: Witness):
    gate.spoil.append(Spoiled(500, {"Content-Type": "text/html"}, body))
    page.goto(host.show(host.script() + avocado()))
    assert "Something went wrong" in message(page)
    page.get_by_role("button", name="Try again").click()
    ready(page)
    assert witness.complaints == []


def test_an_answer_that_is_no_quote(page: Page, host: Host, gate: Gate):
    page.add_init_script(LISTEN)
    gate.spoil.append(Spoiled(200, {"Content-Type": "application/json"}, b'{"totals": 3}'))
    page.goto(host.show(host.script() + avocado()))
    assert "Something went wrong" in message(page)
    assert quotes(page) == []
    assert len(errors(page)) == 1


def test_a_quantity_that_cannot_be_read_is_said_at_its_field(
    page: Page, host: Host, server: Serving, witness: Witness, artefacts: Path
):
    page.add_init_script(LISTEN)
    page.goto(host.show(host.script() + avocado(lang="es")))
    element = ready(page)
    field = element.get_by_label("Cantidad")
    field.fill("1,5")
    assert "Revise la cantidad, por favor." in message(page)
    assert "1.5" in message(page)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(page.locator("galeon-quote #reason").inner_text())
    assert errors(page)[-1]["errors"][0]["pointer"] == "/goods/0/quantity"
    assert Axe().run(page, context="galeon-quote").response["violations"] == []
    page.screenshot(path=artefacts / "widget-quantity.png", full_page=True)
    field.fill("1.5")
    goods = [
        {"product": "avocado-fresh", "quantity": "1.5 t", "price": {"amount": "2.90", "currency": "USD", "per": "kg"}}
    ]
    own = priced(server.base, goods=goods, language="es")
    expect(element.locator(".amount")).to_have_text(yuan(own["totals"]["landed_cost"]))
    expect(field).not_to_have_attribute("aria-invalid", "true")
    field.fill("")
    assert "Revise la cantidad" in message(page)
    assert witness.complaints == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"product": "unobtainium"}, "There is no product “unobtainium”"),
        ({"price": ""}, "For the shop"),
        (
            {"product": "", "price": "", "quantity": "", "currency": "", "per": "", "incoterm": "", "fx": ""},
            "For the shop",
        ),
        ({"incoterm": "EXW"}, "Under EXW the buyer pays"),
        ({"lang": "en", "mode": "rocket"}, "rocket"),
        ({"fx": "nonsense"}, "For the shop"),
        ({"vat_recoverable": "perhaps"}, "For the shop"),
    ],
)
def test_what_the_shop_has_wrong_is_told_to_the_shop(
    changed: dict[str, str], said: str, page: Page, host: Host, witness: Witness
):
    page.add_init_script(LISTEN)
    page.goto(host.show(host.script() + avocado(**changed)))
    told = message(page)
    assert "This product cannot be priced with what the shop has entered." in told
    assert said in told
    assert [each["status"] for each in errors(page)] == [422]
    assert witness.complaints == []


def test_a_key_that_is_missing_or_refused(page: Page, host: Host, gate: Gate):
    gate.spoil.append(Spoiled.problem(401, "Send a valid key."))
    page.goto(host.show(host.script() + avocado()))
    told = message(page)
    assert "The price calculator is not set up for this page." in told
    assert "For the shop: Send a valid key." in told
    expect(page.get_by_role("button", name="Try again")).to_be_hidden()


def test_a_secret_key_is_never_sent(page: Page, host: Host, gate: Gate):
    page.goto(host.show(host.script() + avocado(key="sk_0123456789ab_secret")))
    assert "a secret key (sk_…) must never stand in a page" in message(page)
    assert gate.asked == []


@pytest.mark.parametrize("api", ["javascript:alert(1)", "data:text/html,x", "ftp://x"])
def test_the_api_is_an_address_of_the_web(api: str, page: Page, host: Host, gate: Gate, witness: Witness):
    page.goto(host.show(host.script() + avocado(api=api)))
    assert "not the address of an API" in message(page)
    assert gate.asked == []
    assert witness.complaints == []


def test_offline_and_back(page: Page, host: Host, gate: Gate):
    page.goto(host.show(host.script() + avocado()))
    element = ready(page)
    page.context.set_offline(True)
    element.get_by_label("Quantity").fill("21")
    assert "You are offline." in message(page)
    page.context.set_offline(False)
    ready(page)
    assert gate.asked[-1]["goods"][0]["quantity"] == "21 t"


def test_markup_in_attributes_and_answers_stays_text(page: Page, host: Host, gate: Gate, witness: Witness):
    written = MARKUP.replace("&", "&amp;").replace('"', "&quot;").replace("'", "&#39;")
    everywhere = dict.fromkeys(
        ("description", "product", "quantity", "package", "place", "mode", "lang", "rail", "to"), written
    )
    page.goto(
        host.show(
            host.script() + avocado(**everywhere, controls="quantity place mode regime payment language " + written)
        )
    )
    assert "For the shop" in message(page)
    spoiled = Spoiled.problem(422, MARKUP, "/goods/0/product")
    gate.spoil.append(spoiled)
    page.locator("galeon-quote").evaluate("(each) => each.refresh()")
    expect(page.locator("galeon-quote .message .aside")).to_have_text(f"For the shop: {MARKUP}")
    assert page.title() == "A shop"
    assert page.locator("galeon-quote img, galeon-quote script").count() == 0
    assert witness.complaints == []


def test_a_link_leads_to_the_web_or_nowhere(page: Page, host: Host, gate: Gate, server: Serving):
    own = priced(server.base)
    own["requirements"] = [
        {
            "code": "x",
            "goods": 0,
            "text": "Paper",
            "authority": MARKUP,
            "citations": [
                {"title": "Bad", "article": None, "url": "javascript:document.title=3"},
                {"title": "Good", "article": None, "url": "https://example.org/law"},
            ],
        }
    ]
    gate.spoil.append(Spoiled(200, {"Content-Type": "application/json"}, json.dumps(own).encode()))
    page.goto(host.show(host.script() + avocado()))
    element = ready(page)
    element.get_by_text("Papers and permits").click()
    expect(element.get_by_text("Bad")).to_be_visible()
    assert [each.get_attribute("href") for each in element.locator(".sources a").all()] == ["https://example.org/law"]
    assert element.locator("img").count() == 0


def test_removed_while_loading_nothing_goes_on(page: Page, host: Host, gate: Gate, witness: Witness):
    page.add_init_script(LISTEN)
    page.clock.install()
    gate.hold = True
    page.goto(host.show(host.script() + avocado()))
    until(page, lambda: len(gate.asked) == 1)
    ended = []
    page.on("requestfailed", lambda request: ended.append(request.failure))
    page.evaluate("window.kept = document.querySelector('galeon-quote'); kept.remove()")
    until(page, lambda: len(ended) == 1)
    gate.hold = False
    gate.shut.set()
    page.clock.fast_forward(600_000)
    page.wait_for_timeout(200)
    assert (quotes(page), errors(page), len(gate.asked)) == ([], [], 1)
    page.evaluate("document.querySelector('main').append(kept)")
    ready(page)
    assert len(gate.asked) == 2
    assert witness.complaints == []


def test_removed_while_it_waits_to_ask_again(page: Page, host: Host, gate: Gate):
    page.clock.install()
    gate.always = Spoiled.problem(429, "The limit is reached.", Retry_After="5")
    page.goto(host.show(host.script() + avocado()))
    message(page)
    page.evaluate("document.querySelector('galeon-quote').remove()")
    page.clock.fast_forward(60_000)
    page.wait_for_timeout(200)
    assert len(gate.asked) == 1


def test_a_thousand_quick_changes_are_one_call_at_a_time(
    page: Page, host: Host, gate: Gate, server: Serving, witness: Witness
):
    page.add_init_script(LISTEN)
    page.goto(host.show(host.script() + avocado()))
    element = ready(page)
    under_way: set[int] = set()
    most: list[int] = [0]

    def began(request: object) -> None:
        under_way.add(id(request))
        most.append(len(under_way))

    page.on("request", began)
    page.on("requestfinished", lambda request: under_way.discard(id(request)))
    page.on("requestfailed", lambda request: under_way.discard(id(request)))
    asked = len(gate.asked)
    # Ten bursts with pauses in which calls begin, each cut short by the next burst.
    page.evaluate("""async () => {
        const input = document.querySelector("galeon-quote").shadowRoot.querySelector("input");
        for (let burst = 1; burst <= 10; burst += 1) {
            for (let change = 1; change <= 100; change += 1) {
                input.value = String(burst * 100 + change);
                input.dispatchEvent(new InputEvent("input", {bubbles: true}));
            }
            await new Promise((done) => setTimeout(done, 470));
        }
    }""")
    goods = [
        {"product": "avocado-fresh", "quantity": "1100 t", "price": {"amount": "2.90", "currency": "USD", "per": "kg"}}
    ]
    own = priced(server.base, goods=goods)
    expect(element.locator(".amount")).to_have_text(yuan(own["totals"]["landed_cost"]), timeout=20_000)
    assert max(most) == 1
    assert len(gate.asked) - asked <= 10
    assert quotes(page)[-1]["totals"] == own["totals"]
    assert witness.complaints == []
