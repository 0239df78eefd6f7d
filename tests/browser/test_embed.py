"""The iframe: the element in a page of our own, inside the page of a shop."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Witness
from tests.browser.gate import Gate
from tests.browser.host import NONCE, Host
from tests.browser.shop import AVOCADO, priced, until, yuan
from tests.servers import Serving

pytestmark = pytest.mark.slow
LISTENER = f"""<script nonce="{NONCE}">
addEventListener("message", (event) => {{
  const frame = document.querySelector("iframe");
  if (event.source === frame.contentWindow && event.data.galeon === "height") frame.height = event.data.height;
}});
</script>"""


def frame(base: str, **more: str) -> str:
    query = urlencode({**AVOCADO, **more}).replace("&", "&amp;")
    return f'<iframe title="Price in China" width="700" src="{base}/embed?{query}"></iframe>'


def test_the_frame_gives_the_numbers_of_the_api_and_its_height(
    page: Page, host: Host, gate: Gate, server: Serving, witness: Witness
):
    page.goto(host.show(LISTENER + frame(gate.base, lang="es", controls="quantity")))
    inside = page.frame_locator("iframe")
    own = priced(server.base, language="es")
    expect(inside.locator("galeon-quote .amount")).to_have_text(yuan(own["totals"]["landed_cost"]))
    heights = "[document.querySelector('iframe').height, frames.length]"
    box = inside.locator("galeon-quote .box")

    def fits() -> bool:
        framed, within = float(page.evaluate(heights)[0] or 0), box.bounding_box()
        return within is not None and abs(framed - within["height"]) <= 1

    until(page, fits)
    before = float(page.evaluate(heights)[0])
    inside.get_by_text("Cómo se calculó").click()
    until(page, lambda: float(page.evaluate(heights)[0]) > before + 500)
    inside.get_by_text("Cómo se calculó").click()
    until(page, lambda: float(page.evaluate(heights)[0]) == before)
    assert witness.complaints == []
    assert witness.origins() == {host.base, gate.base}


def test_markup_in_its_address_stays_text(page: Page, gate: Gate, witness: Witness):
    markup = '"><img src=x onerror="document.title=1"><script>document.title=2</script>'
    query = urlencode({**AVOCADO, "product": markup, "description": f"</galeon-quote>{markup}"})
    page.goto(f"{gate.base}/embed?{query}")
    expect(page.locator("galeon-quote .message")).to_contain_text("For the shop")
    assert page.title() == "Galeón"
    assert page.locator("body > *").count() == 1
    assert page.locator("img").count() == 0
    assert witness.complaints == []


def test_a_page_elsewhere_may_not_frame_it(page: Page, host: Host, gate: Gate, witness: Witness):
    near = host.show(frame(gate.base))
    page.goto(near.replace("localhost", "shop.example"))
    until(page, lambda: page.frames[-1].url.startswith("chrome-error:"))
    assert any("frame-ancestors" in each for each in witness.complaints), witness.complaints
    assert gate.asked == []
    page.goto(near)
    expect(page.frame_locator("iframe").locator("galeon-quote .amount")).to_contain_text("¥")
