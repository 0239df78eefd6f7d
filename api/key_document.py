"""What the specification says of keys: how they are sent, and what every operation answers that needs one."""

from http import HTTPStatus
from typing import Any

from apispec import APISpec, BasePlugin

from api.scopes import is_open

SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": (
        "A secret key (`sk_…`), or on registered web pages a publishable one (`pk_…`). A server without keys, which answers "
        "on its own machine alone, asks for none."
    ),
}
REFUSALS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS)


class Keyed(BasePlugin):
    """Says of every operation behind the door that it takes a key and how it refuses."""

    def init_spec(self, spec: APISpec) -> None:
        """Name the one way in which keys are sent."""
        spec.components.security_scheme("key", SCHEME)

    def operation_helper(self, path: str | None = None, operations: dict[str, Any] | None = None, **_: Any) -> None:
        """Add the key, and the answers to calls without a sound one."""
        if path is None or operations is None or is_open(path):
            return
        for operation in operations.values():
            operation["security"] = [{"key": []}, {}]
            for status in REFUSALS:
                operation.setdefault("responses", {}).setdefault(str(status.value), status.name)
