"""The bodies of requests: JSON by our own reader, as long as it may be and no longer, and whole or not at all."""

from typing import Any

from flask import Request, g
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.wsgi import get_content_length

from api.errors import LONGEST_BODY, WrongEncoding
from api.later import DescribedLater
from api.reading import read_json

CHARSETS = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
PIECE = 64 * 1024
LONGEST_LEFT = 16 * 1024 * 1024


class StrictParser(FlaskParser):
    """Bodies are read by our own reader, and only where they say that they are JSON."""

    def load_json(self, req: Any, schema: Any) -> Any:
        # Any other charset would be a guess: what is no UTF-8 is no JSON (RFC 8259).
        if req.mimetype != "application/json" or req.mimetype_params.get("charset", "utf-8").lower() not in CHARSETS:
            raise UnsupportedMediaType
        if req.headers.get("Content-Encoding", "").strip().lower() not in ("", "identity"):
            raise WrongEncoding
        g.document = read_json(body_of(req))
        return g.document


def body_of(req: Request) -> bytes:
    """The body, refused where it is longer than it may be, or than what came; one sent in pieces does not tell its length."""
    if req.content_length is None and req.environ.get("wsgi.input_terminated"):
        body: bytes = _read(req.environ["wsgi.input"], LONGEST_BODY + 1)
        if len(body) > LONGEST_BODY:
            raise RequestEntityTooLarge
    else:
        body = req.get_data()
        if len(body) < (req.content_length or 0):
            # What came may look whole; who sent it was cut off, and will send it again.
            raise ClientDisconnected
    g.body_read = True
    return body


def leave_unread(environ: dict[str, Any]) -> None:
    """Take in what a refused client is still sending, so that it comes to read the refusal; all things within reason."""
    length = get_content_length(environ)
    if g.get("body_read") or (length is None and not environ.get("wsgi.input_terminated")):
        return
    left = LONGEST_LEFT if length is None else min(length, LONGEST_LEFT)
    stream = environ["wsgi.input"]
    while left > 0 and (piece := stream.read(min(left, PIECE))):
        left -= len(piece)


def _read(stream: Any, most: int) -> bytes:
    found = bytearray()
    while len(found) < most and (piece := stream.read(min(PIECE, most - len(found)))):
        found += piece
    return bytes(found)


class Routes(DescribedLater):
    """A blueprint whose arguments are read strictly."""

    ARGUMENTS_PARSER = StrictParser()
