"""What a browser is told not to do with our answers.

An answer is data: it may be read across origins where CORS allows it, and loads, runs and frames nothing. A page names its
own policy; nothing of ours needs a script or a style that stands in the page.
"""

import hashlib
from base64 import b64encode

from flask import Flask, Response, request

NOTHING = "default-src 'none'; frame-ancestors 'none'"
ALWAYS = (("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"))
# An API is called from the pages of others; who may read what is for CORS to say.
UNLESS_SET = (("Cross-Origin-Resource-Policy", "cross-origin"), ("Content-Security-Policy", NOTHING))
PAGE = (
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
# A year; whether the neighbouring names speak HTTPS too is not ours to say.
HTTPS_ALONE = "max-age=31536000"


def register_security(app: Flask) -> None:
    """Put the headers on every answer; a policy that a route has set stays."""

    @app.after_request
    def guarded(response: Response) -> Response:
        headers = response.headers
        headers.extend(ALWAYS if response.mimetype != "text/html" else ALWAYS + PAGE)
        headers.extend([each for each in UNLESS_SET if each[0] not in headers])
        environ = request.environ
        # Whoever lies about it reaches nobody: a browser overlooks this header where it came over plain HTTP.
        if "https" in (environ["wsgi.url_scheme"], environ.get("HTTP_X_FORWARDED_PROTO")):
            headers.add("Strict-Transport-Security", HTTPS_ALONE)
        return response


def picture_policy(style: str) -> str:
    """The policy of a picture that is opened by itself: its own style and nothing else."""
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"
