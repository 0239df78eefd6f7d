"""Answers are packed for those who can unpack them, and a packed one never passes for the plain one.

Flask-Compress packs. Three things are ours, because it has them otherwise: what the client takes is read with its weights
(`gzip;q=0` is a refusal), If-None-Match is answered before anything is packed, and large answers that anybody may have are
packed once and kept. Nothing secret stands beside what a client sent (no cookie, no key is ever in an answer), so the
length of a packed answer tells nothing to those who guess (BREACH).
"""

import re
from collections import OrderedDict
from functools import lru_cache
from threading import Lock

from flask import Flask, Request, Response, g, request
from flask_compress import Compress
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

# In the order in which they are taken where the client takes them alike. The levels are those that pack a quote of 23 kB to
# 5 kB in 60 µs, 85 µs and 220 µs; the next ones take up to four times as long for a twentieth less.
LEVELS = {"zstd": 1, "br": 1, "gzip": 3}
KINDS = frozenset(
    {
        *(
            "application/json",
            "application/atom+xml",
            "image/svg+xml",
            "text/csv",
            "text/plain",
            "text/html",
            "text/css",
        ),
        *("text/javascript", "application/javascript"),
    }
)
# Bytes: what fits one packet gains nothing; from where an answer is worth keeping packed; how much is kept in all.
SMALLEST, WORTH_KEEPING, MOST_KEPT = 1400, 16 * 1024, 8 * 1024 * 1024
LONGEST_HEADER = 200
_PACKED_TAG = re.compile(rf':(?:{"|".join(LEVELS)})"')


class Shelf:
    """Packed answers by their tag and encoding, the least used of them forgotten first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, key: str) -> bytes | None:
        """What is kept, as Flask-Compress asks for it."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def set(self, key: str, value: bytes) -> None:
        """Keep an answer that has a name."""
        if key.endswith(";"):
            return
        with self._lock:
            self._size += len(value) - len(self._kept.pop(key, b""))
            self._kept[key] = value
            while self._size > MOST_KEPT:
                self._size -= len(self._kept.popitem(last=False)[1])


def register_compression(app: Flask) -> None:
    """Pack what is worth it."""
    app.config.update(
        COMPRESS_REGISTER=False,
        COMPRESS_ALGORITHM=list(LEVELS),
        COMPRESS_ZSTD_LEVEL=LEVELS["zstd"],
        COMPRESS_BR_LEVEL=LEVELS["br"],
        COMPRESS_LEVEL=LEVELS["gzip"],
        COMPRESS_MIMETYPES=sorted(KINDS),
        COMPRESS_MIN_SIZE=SMALLEST,
        COMPRESS_STREAMS=False,
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,
        COMPRESS_CACHE_BACKEND=Shelf,
        COMPRESS_CACHE_KEY=_name,
    )
    compress = Compress(app)

    @app.before_request
    def asked() -> None:
        # The routes know the tags of plain answers alone.
        if tags := request.environ.get("HTTP_IF_NONE_MATCH"):
            g.tags = tags
            request.environ["HTTP_IF_NONE_MATCH"] = _PACKED_TAG.sub('"', tags)

    @app.after_request
    def packed(response: Response) -> Response:
        if response.mimetype not in KINDS:
            return response
        encoding = encoding_for(request.environ.get("HTTP_ACCEPT_ENCODING", ""))
        if response.status_code == 304:
            _retag(response, encoding)
        if encoding is None or response.status_code == 304:
            _varying(response)
            return response
        if response.is_streamed and "ETag" in response.headers:
            # With a validator it is one document, whatever it was written by.
            response.set_data(response.get_data())
        request.environ["HTTP_ACCEPT_ENCODING"] = encoding
        g.shelf = _shelf(response)
        response = compress.after_request(response)
        if response.headers.get("Content-Encoding") == "gzip":
            # Gzip notes the time in four bytes, and what has one tag has the same bytes.
            body = response.get_data()
            response.set_data(body[:4] + bytes(4) + body[8:])
        return response


def encoding_for(accepted: str) -> str | None:
    """The encoding that an Accept-Encoding likes best, None for none at all."""
    return _chosen(accepted) if accepted and len(accepted) <= LONGEST_HEADER else None


@lru_cache(maxsize=256)
def _chosen(accepted: str) -> str | None:
    wanted = parse_accept_header(accepted, Accept)
    liked = max(LEVELS, key=wanted.quality)
    plain = max((quality for name, quality in wanted if name.lower() == "identity"), default=0)
    return liked if wanted.quality(liked) > 0 and wanted.quality(liked) >= plain else None


def _retag(response: Response, encoding: str | None) -> None:
    """Name what has not changed by the tag under which the client has it."""
    tag, weak = response.get_etag()
    if tag is None or weak or f'"{tag}' not in g.tags:
        return
    had = [name for name in (encoding, *LEVELS) if f'"{tag}:{name}"' in g.tags]
    if had and (had[0] == encoding or f'"{tag}"' not in g.tags):
        response.set_etag(f"{tag}:{had[0]}")


def _varying(response: Response) -> None:
    varies = response.headers.get("Vary")
    response.headers["Vary"] = f"{varies}, Accept-Encoding" if varies else "Accept-Encoding"


def _shelf(response: Response) -> str:
    """The name under which a packed answer is kept: its tag, where anybody may have it and it is large."""
    public = response.headers.get("Cache-Control", "").startswith("public")
    return response.headers.get("ETag", "") if public and (response.content_length or 0) >= WORTH_KEEPING else ""


def _name(_request: Request) -> str:
    name: str = g.shelf
    return name
