"""What the look-ups of lines and goods share: their parameters, and how they are sent.

An answer is the same until the release changes or another day is asked, so each carries an ETag over its bytes.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from flask import Response, g, request

from api.fields import CONTROL, FIRST_DAY, LAST_DAY, Choice, Day
from api.languages import LANGUAGES, language
from api.later import DescribedLater
from api.queries import CURSOR, NotThere, Page, limit_documented, limit_read, next_link
from api.reading import LONGEST_ECHO
from calculator.errors import Unreadable
from tariffs.folding import folded
from tariffs.search import LONGEST_QUERY

Item = TypeVar("Item")
MOST, USUAL = 100, 20
# On one line, and not only spaces.
SAYS_SOMETHING = (
    r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*[^\s\x00-\x1f\x7f-\x9f\u2028\u2029][^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"
)
DAY = {"type": "string", "format": "date"}
# The days from 1980 to 2099 and no other, so that a client learns it before it asks.
DAY_OF_LAW = (
    r"^((19[89][0-9]|20[0-9]{2})-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    r"|02-(0[1-9]|1[0-9]|2[0-8]))|(19(8[048]|9[26])|20([02468][048]|[13579][26]))-02-29)$"
)
Q = {
    "name": "q",
    "in": "query",
    "description": (
        "Words in English, Spanish or Chinese, pinyin, or the first digits of a code. Accents, plurals and endings are "
        "optional, and a slip of the keyboard is forgiven."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_QUERY, "pattern": SAYS_SOMETHING},
    "examples": {
        "es": {"value": "aguacates frescos"},
        "zh": {"value": "鳄梨"},
        "pinyin": {"value": "niuyouguo"},
        "code": {"value": "0804.40"},
    },
}


def asked_words(description: str, example: str) -> dict[str, Any]:
    """The parameter `q` of a list that is searched as it stands, without an index."""
    return {"name": "q", "in": "query", "description": description, "schema": Q["schema"], "example": example}


LANGUAGE = {
    "name": "language",
    "in": "query",
    "description": "The language of the answer; it goes before Accept-Language.",
    "schema": {"type": "string", "enum": list(LANGUAGES)},
    "example": "es",
}
LIMIT = limit_documented(MOST, USUAL)
ON = {
    "name": "on",
    "in": "query",
    "description": f"The day whose law is asked for, {FIRST_DAY} to {LAST_DAY}; without it, today in Shanghai.",
    "schema": {**DAY, "pattern": DAY_OF_LAW},
    "example": "2026-11-23",
}
NOT_CHANGED = "Not changed since the ETag given in If-None-Match"
LISTED = [Q, LIMIT, CURSOR, LANGUAGE]

limit = limit_read(MOST, USUAL)
named_language = Choice(*LANGUAGES).read
day_of_law = Day().read


class LookupRoutes(DescribedLater):
    """A blueprint of look-ups: they speak the language that the address names, and 404 says what is near."""

    def __init__(self, name: str, description: str) -> None:
        super().__init__(name, name, description=description)
        self.before_request(_speak_the_named_language)


def _speak_the_named_language() -> None:
    named = request.args.get("language")
    if named in LANGUAGES:
        g.document = {"language": named}


def question(text: str) -> str:
    """What to search for: one line of at most a hundred characters, and not nothing."""
    if len(text) > LONGEST_QUERY:
        raise Unreadable("text_too_long", text=text[:LONGEST_ECHO], longest=LONGEST_QUERY)
    if CONTROL.search(text):
        raise Unreadable("control_character")
    if not text.strip():
        raise Unreadable("empty_text", "", ("aguacate", "鳄梨", "0804.40"))
    return text.strip()


def with_words(items: Iterable[Item], text: str, spelled: Callable[[Item], str]) -> list[Item]:
    """The items whose spellings have every word of a text, whatever its case and accents; all of them for no text."""
    wanted = folded(text).split()
    return [each for each in items if all(word in folded(spelled(each)) for word in wanted)]


def cursor(text: str) -> str:
    """The name of an entry."""
    if not 1 <= len(text) <= LONGEST_QUERY or CONTROL.search(text):
        raise NotThere(Unreadable("unknown_cursor", "?/cursor", text=text[:LONGEST_ECHO]))
    return text


def sent(document: Mapping[str, Any], worded: bool = True) -> Response:
    """A document, or 304 where the client has it; whoever keeps it asks again, since a new release may be there.

    One that is not `worded` is the same in every language and says so.
    """
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    response = Response(body, mimetype="application/json")
    if worded:
        response.content_language.add(language())
        response.vary.add("Accept-Language")
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = "public, no-cache"
    response.make_conditional(request)
    return response


def listed(found: Page, worded: bool = True, **beside: Any) -> Response:
    """A page of a list, with the address of the next one, and what the whole list has in common."""
    response = sent({"items": found.items, "total": found.total, "next": found.next, **beside}, worded)
    if following := next_link(found):
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response
