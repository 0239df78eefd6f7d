"""Which language a person is answered in: the one the request names, else the one the client prefers, else English."""

from collections.abc import Mapping

from flask import g, has_request_context, request

LANGUAGES = ("en", "es", "zh")
DEFAULT = "en"


def language() -> str:
    """The language of the answer to the request being served, problems included."""
    if not has_request_context():
        return DEFAULT
    document = g.get("document")
    named = document.get("language") if isinstance(document, Mapping) else None
    if named in LANGUAGES:
        return str(named)
    # Not the language alone: "es-MX" and "zh-CN" are what browsers send.
    for wanted, quality in request.accept_languages:
        if quality <= 0:
            continue
        primary = wanted.partition("-")[0].lower()
        if primary in LANGUAGES:
            return primary
    return DEFAULT
