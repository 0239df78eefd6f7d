"""Arguments of a tool read as exactly as the body of a request.

The SDK of the protocol reads JSON by itself: its numbers are floats, of a name that stands twice it takes the second, and it
takes NaN. So a call of a tool reaches it with the whole message as one text in the place of the arguments, and what is in that
is read by our own reader. Nothing else of a message is changed, and one that is no JSON is left for the SDK to refuse.
"""

import json
from collections.abc import Mapping
from typing import Any

from api.reading import Malformed, Refused, read_json
from calculator.errors import Unpriceable

CALL = "tools/call"
WHOLE = "message"
PLACE = "/params/arguments"


def carried(message: bytes) -> bytes:
    """A message for the SDK, with the arguments of a tool as text."""
    try:
        text = message.decode()
        found = json.loads(text)
    except (ValueError, RecursionError):
        return message
    match found:
        case {"method": str(method), "params": {"arguments": dict()} as params} if method == CALL:
            params["arguments"] = {WHOLE: text}
            return json.dumps(found, separators=(",", ":")).encode()
    return message


def arguments_of(taken: Mapping[str, Any] | None) -> dict[str, Any]:
    """The arguments of a tool as they were written. Raises Malformed; its pointers begin at the arguments."""
    if not taken:
        return {}
    try:
        message: Any = read_json(str(taken[WHOLE]).encode())
    except Malformed as malformed:
        errors = [_inside(each) for each in malformed.errors]
        raise Malformed(malformed.code, *errors, **malformed.facts) from None
    arguments: dict[str, Any] = message["params"]["arguments"]
    return arguments


def placed(failure: Exception, prefix: str) -> Exception:
    """A refusal of what is a part of the arguments, as one of the whole."""
    if isinstance(failure, Refused):
        return Refused(each.at(prefix) for each in failure.refusals)
    return failure.at(prefix) if isinstance(failure, Unpriceable) else failure


def _inside(error: Unpriceable) -> Unpriceable:
    pointer = error.pointer.removeprefix(PLACE)
    return type(error)(error.code, pointer, error.allowed, **error.facts)
