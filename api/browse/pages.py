"""The pages at /tariff as HTML, from templates that escape whatever stands in them; nothing in them is inline."""

import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from api.browse import links
from api.front_page import FOLDER, NAMES
from api.languages import LANGUAGES
from api.locales import days_in
from api.templates import spaced
from api.widget_script import source
from api.wording import Wording

PLACE = f"{FOLDER}/tariff"


@cache
def texts() -> dict[str, dict[str, str]]:
    """What the pages say beside the words of the API."""
    return dict(json.loads(source("texts.json", PLACE)))


@cache
def _environment() -> Environment:
    made = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=FunctionLoader(lambda name: files("api").joinpath(PLACE, name).read_text(encoding="utf-8")),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(names=NAMES, address=links.address)
    return made


def render(template: str, wording: Wording, **facts: Any) -> bytes:
    """A page in a language."""
    language = wording.language
    body = (
        _environment()
        .get_template(template)
        .render(
            **facts,
            language=language,
            languages=LANGUAGES,
            text=_said(language),
            heading=wording.heading,
            vat_class=lambda each: texts()[language].get(f"vat_{each}", spaced(each)),
            day=lambda each: days_in(each or "", language),
        )
    )
    return body.encode()


def _said(language: str) -> Callable[..., str]:
    own = texts()[language]

    def said(code: str, /, **values: object) -> str:
        return own[code].format(**values)

    return said
