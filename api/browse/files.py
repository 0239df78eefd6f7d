"""The script and the style of the pages at /tariff, joined from files of their own and of the page at /."""

from functools import cache

from api.browse.pages import PLACE
from api.front_page import FOLDER, front_texts
from api.languages import LANGUAGES
from api.widget_script import Script, joined, source

# A file stands after those that it imports from.
OF_WIDGET = ("dom.js", "words.js", "fetching.js")
OF_FRONT = ("calls.js", "combobox.js")
SAID = ("found", "found.n", "offline", "unreachable")


@cache
def browse_script() -> Script:
    """Search as you type, and files that take a key."""
    words = {said: {code: front_texts()[said][code] for code in SAID} for said in LANGUAGES}
    codes = [*map(source, OF_WIDGET), *(source(name, FOLDER) for name in OF_FRONT), source("tariff.js", PLACE)]
    return joined({"TEXTS": words}, codes)


@cache
def browse_style() -> Script:
    """What the pages have beside the style of the page at /."""
    return Script(source("tariff.css", PLACE).encode())
