"""The script of <galeon-quote>: the files of api/widget joined into one that pages load, made once, at the start.

The files are modules, so that editors and readers find their way; joined, they share one scope that nothing of the page can
reach. Nothing is compiled or shortened: what is served is what was written.
"""

import hashlib
import json
import re
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

DATA = {"ATTRIBUTES": "attributes.json", "TEXTS": "texts.json", "STYLE": "style.css"}
# A file stands after those that it imports from.
MODULES = (
    "dom.js",
    "words.js",
    "request.js",
    "fetching.js",
    "breakdown.js",
    "explanation.js",
    "controls.js",
    "view.js",
    "element.js",
)
_IMPORT = re.compile(r'^import .*? from "\./[a-z.]+";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(async )?(function|class|const) )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Script:
    """A script as served, and what names its bytes."""

    body: bytes

    @property
    def digest(self) -> str:
        """What the address of a copy carries: the beginning of the SHA-256."""
        return hashlib.sha256(self.body).hexdigest()[:16]

    @property
    def integrity(self) -> str:
        """What stands in the attribute `integrity` of a page (Subresource Integrity, W3C)."""
        return f"sha384-{b64encode(hashlib.sha384(self.body).digest()).decode()}"


def source(name: str) -> str:
    """A file of the widget."""
    return files("api").joinpath("widget", name).read_text(encoding="utf-8")


@cache
def attributes() -> tuple[str, ...]:
    """The attributes of <galeon-quote>."""
    return tuple(json.loads(source(DATA["ATTRIBUTES"])))


@cache
def widget() -> Script:
    """The script of the element."""
    data = [f"const {name} = {_literal(file)};\n" for name, file in DATA.items()]
    modules = [_EXPORT.sub("", _IMPORT.sub("", source(name))) for name in MODULES]
    return Script("".join(("(() => {\n", '"use strict";\n', *data, *modules, "})();\n")).encode())


@cache
def embedding() -> Script:
    """The script of the page that holds the element in a frame."""
    return Script(source("embed.js").encode())


def _literal(file: str) -> str:
    text = source(file)
    value = json.loads(text) if file.endswith(".json") else text
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
