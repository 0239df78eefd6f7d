"""The JSON schema of a quote as a file; held to by tests."""

from typing import Any

from api.carried import FORMAT, PARTS, VERSION
from api.corrected_document import SUPERSEDING
from api.documents import listed, record, ref, text
from api.examples import AVOCADO, EXAMPLE_ID, EXAMPLE_MOMENT
from api.signed import SIGNATURE, SUPERSEDED
from api.signing import ALGORITHM

# A name of a key: the SHA-256 of RFC 7638 as base64url.
THUMBPRINT = "^[A-Za-z0-9_-]{43}$"
_ROWS = {"type": "object", "additionalProperties": True}
CARRIED = record(
    {
        "format": text("What it is.", const=FORMAT),
        "version": text("The version of the form.", const=VERSION),
        "engine_version": text("The engine that the quote was reckoned with."),
        "release": text("The data release of its tables."),
        "fx_release": text("The release of its exchange rates."),
        "id": text("Under which the quote is kept."),
        "created_at": text("When it was computed.", format="date-time"),
        "language": text("The language of the answer.", enum=["en", "es", "zh"]),
        "request": {**_ROWS, "description": "What was asked."},
        "dossier": {**_ROWS, "description": "The rows that the quote rests on."},
        "sources": {**_ROWS, "description": "The documents that they cite."},
        "quote": {**ref("Quote"), "description": "The answer."},
        "sha256": record(
            {name: text() for name in PARTS}, description="Of each part as JSON with sorted keys, no spaces."
        ),
        SIGNATURE: record(
            {
                "algorithm": text("How it is signed (RFC 8032).", const=ALGORITHM),
                "key_id": text("The key, as `/.well-known/galeon-keys.json` names it.", pattern=THUMBPRINT),
                "value": text("64 bytes as base64url.", pattern="^[A-Za-z0-9_-]{86}$"),
            },
            title="QuoteSignature",
            description="Over the file without it, as JSON with sorted keys, no spaces; where the server has a signing key.",
        ),
        SUPERSEDED: listed(SUPERSEDING, "Corrections of rows that the quote used, made after it; not signed."),
    },
    optional=(SIGNATURE, SUPERSEDED),
    title="CarriedQuote",
    description="A quote with all that it rests on.",
)
# All of it but the answer.
CARRIED_EXAMPLE: dict[str, Any] = {
    "format": FORMAT,
    "version": VERSION,
    "engine_version": "2",
    "release": "a release of /v1/meta",
    "fx_release": "2026-11-20",
    "id": EXAMPLE_ID,
    "created_at": EXAMPLE_MOMENT.isoformat(),
    "language": "en",
    "request": AVOCADO,
    "dossier": {},
    "sources": {},
    "sha256": dict.fromkeys(PARTS, "…"),
}
