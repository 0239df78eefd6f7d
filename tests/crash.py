"""Stored POSTs under idempotency keys, sent by clients that try again until they are answered, whatever happens meanwhile."""

import http.client
import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock

from api.examples import AVOCADO

CLIENTS = 8
# Seconds after which a client gives up on one answer, all its tries together.
PATIENCE = 90


@dataclass
class Answers:
    """What the clients were told: the answer to each key, and every status that came on the way to it."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    locations: dict[str, str] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)
    without_retry_after: int = 0
    dropped: int = 0
    lock: Lock = field(default_factory=Lock)


def post_all(
    port: int, keys: Sequence[str], answers: Answers, answered: Callable[[int], None] = lambda _: None
) -> None:
    """Ask for a quote under each key until it is answered; `answered` hears how many are."""

    def post(key: str) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if _once(port, key, answers):
                answered(len(answers.bodies))
                return
            time.sleep(0.1)
        raise TimeoutError(f"{key} was not answered in {PATIENCE} seconds")

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(post, keys))


def read(port: int, path: str) -> tuple[int, bytes]:
    """The status and the body of a GET."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def _once(port: int, key: str, answers: Answers) -> bool:
    """One try; False where it has to be made again."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        connection.request("POST", "/v1/quotes", json.dumps(AVOCADO), headers)
        response = connection.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException):
        with answers.lock:
            answers.dropped += 1
        return False
    finally:
        connection.close()
    with answers.lock:
        answers.statuses.append(response.status)
        if response.status == 201:
            answers.bodies[key] = body
            answers.locations[key] = response.headers["Location"]
        elif response.status in (409, 503):
            answers.without_retry_after += response.headers["Retry-After"] is None
        else:
            raise AssertionError(f"{response.status}: {body!r}")
    return response.status == 201
