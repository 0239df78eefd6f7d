"""Who is calling: the holder of the key that came with the request, or nobody in particular on a server without keys."""

from dataclasses import dataclass

from flask import g


@dataclass(frozen=True, slots=True)
class Caller:
    """The holder of a key, and the id of the key; both are "" where the server has no keys."""

    owner: str = ""
    key_id: str = ""


NOBODY = Caller()


def caller() -> Caller:
    """Who makes the request being served."""
    return g.get("caller", NOBODY)
