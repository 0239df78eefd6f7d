"""Idempotency keys: the same call, made again or made a hundred times at once, is worked on once and answered alike."""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime
from time import monotonic, sleep

from flask import g, request
from werkzeug.exceptions import Conflict

from api.caller import caller
from api.errors import StillWorked
from api.reading import plain
from api.store import Claim, IdempotencyKey, Store
from calculator.errors import Unpriceable

# Visible ASCII characters, as many as any client library sends.
FORM = re.compile("[!-~]{1,200}")
# Seconds for which a call waits for the same call that came before it, and between two looks.
WAIT, LOOK = 2.0, 0.01


def given_key() -> str | None:
    """The Idempotency-Key of the request, None where there is none. Raises Unpriceable."""
    key = request.headers.get("Idempotency-Key")
    return None if key is None else sound(key)


def sound(key: str) -> str:
    """The key, where it is of the right form. Raises Unpriceable."""
    if not FORM.fullmatch(key):
        raise Unpriceable("idempotency_key_wrong")
    return key


def key_of(written_in: str) -> IdempotencyKey | None:
    """The key of this call, with a hash of the document that it asked and of the language of the answer."""
    key = given_key()
    if key is None:
        return None
    asked = json.dumps([plain(g.document), written_in], sort_keys=True, separators=(",", ":"))
    return IdempotencyKey(caller().owner, key, hashlib.sha256(asked.encode()).hexdigest())


def claimed(store: Store, key: IdempotencyKey, clock: Callable[[], datetime]) -> Claim:
    """A claim of ours, or the answer that the same call got before.

    Raises Conflict where something else was asked under the key, StillWorked where the first call is not done in time.
    """
    until = monotonic() + WAIT
    while True:
        claim = store.claim(key, clock())
        if claim.request_hash != key.request_hash:
            raise Conflict
        if claim.ours or claim.kept is not None:
            return claim
        if monotonic() >= until:
            raise StillWorked
        sleep(LOOK)
