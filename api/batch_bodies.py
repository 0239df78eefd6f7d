"""A file of rows as the body of a call: laid aside on the disk, as long as it may be and no longer, in a form that is named.

The name of the form is that of `?format=`, else what Content-Type says. Nothing is guessed from the bytes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from flask import Request, g
from werkzeug.exceptions import ClientDisconnected

from api.batches.names import MEDIA_TYPES
from api.bodies import CHARSETS, PIECE
from api.errors import UnknownForm, WrongEncoding

if TYPE_CHECKING:
    from api.batches.forms import Form

# Bytes of the largest file.
LONGEST_FILE = 200 * 1024 * 1024
# The name that problems of a file tell it by.
FILE = "rows"
_BY_MEDIA_TYPE = {media_type: name for name, media_type in MEDIA_TYPES.items()} | {
    "application/vnd.apache.arrow.stream": "arrow",
    "application/jsonl": "ndjson",
}


def form_of(request: Request, said: str | None) -> "Form":
    """The form of the body. Raises UnknownForm, also for texts that are said to be no UTF-8."""
    from api.batches.forms import forms

    name = said or _BY_MEDIA_TYPE.get(request.mimetype)
    if name is None or request.mimetype_params.get("charset", "utf-8").lower() not in CHARSETS:
        raise UnknownForm
    if request.headers.get("Content-Encoding", "").strip().lower() not in ("", "identity"):
        raise WrongEncoding
    return forms()[name]


@contextmanager
def laid_aside(request: Request, name: str) -> Iterator[Path]:
    """The body as a file of this name, gone afterwards. Raises RequestEntityTooLarge, ClientDisconnected."""
    request.max_content_length = LONGEST_FILE
    with TemporaryDirectory(prefix="galeon-rows-") as folder:
        path, length = Path(folder, name), 0
        with path.open("wb") as file:
            while piece := request.stream.read(PIECE):
                length += len(piece)
                file.write(piece)
        if length < (request.content_length or 0):
            raise ClientDisconnected
        g.body_read = True
        yield path
