"""Scripts as they are served: that of <galeon-quote>, and how files are joined into one that pages load, once, at the start.

The files are modules, so that editors and readers find their way; joined, they share one scope that nothing of the page can
reach. Nothing is compiled or shortened: what is served is what was written.
"""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
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
    "parts.js",
    "controls.js",
    "view.js",
    "element.js",
)
_IMPORT = re.compile(r'^import .*? from "\.{1,2}/[a-z_./]+";\n', re.MULTILINE)
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


def source(name: str, folder: str = "widget") -> str:
    """A file of the widget, or of another folder of scripts."""
    return files("api").joinpath(folder, name).read_text(encoding="utf-8")


@cache
def attributes() -> tuple[str, ...]:
    """The attributes of <galeon-quote>."""
    return tuple(json.loads(source(DATA["ATTRIBUTES"])))


@cache
def widget() -> Script:
    """The script of the element."""
    data = {name: _value(file) for name, file in DATA.items()}
    return joined(data, [source(name) for name in MODULES])


@cache
def embedding() -> Script:
    """The script of the page that holds the element in a frame."""
    return Script(source("embed.js").encode())


def joined(data: Mapping[str, object], modules: Iterable[str]) -> Script:
    """Modules as one script with their data before them, in one scope: no two may give the same name."""
    values = [f"const {name} = {_literal(value)};\n" for name, value in data.items()]
    codes = [_EXPORT.sub("", _IMPORT.sub("", code)) for code in modules]
    return Script("".join(("(() => {\n", '"use strict";\n', *values, *codes, "})();\n")).encode())


def _value(file: str) -> object:
    text = source(file)
    return json.loads(text) if file.endswith(".json") else text


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
