"""Checks of our own beside those of schemathesis; it loads this file by its path."""

from typing import Any

import schemathesis
from schemathesis.core.failures import Failure

# What a schema says: a request that keeps to it is never refused for these.
OF_THE_SCHEMA = frozenset(
    {
        "wrong_type",
        "unknown_field",
        "null_not_allowed",
        "too_many",
        "no_goods",
        "text_too_long",
        "not_a_choice",
        "not_a_country",
        "not_a_whole_number",
        "duplicate_key",
        "malformed_json",
        "invalid_request",
    }
)
# Any operation may meet these; the specification has them under `default`.
ANYWHERE = frozenset({401, 403, 405, 429, 500, 503})


@schemathesis.check
def refused_for_its_meaning(ctx: Any, response: Any, case: Any) -> None:
    """What the schema allows is refused only for what no schema could say."""
    if case.operation.path.startswith(("/v1/sheet", "/v1/batches")):
        # What a text says by a flat name, or a file by its headings, is for the schema of a request, which nothing here has.
        return
    if response.status_code != 422 or case.meta is None or not case.meta.generation.mode.is_positive:
        return
    codes = {error["code"] for error in response.json()["errors"]}
    if said := sorted(codes & OF_THE_SCHEMA):
        raise Failure(
            operation=case.operation.label,
            title="The schema does not say what is refused",
            message=f"{', '.join(said)}: {response.text[:2000]}",
        )


@schemathesis.check
def written_out(ctx: Any, response: Any, case: Any) -> None:
    """Every status is documented by its number, not by `default` alone."""
    if case.method.upper() == "OPTIONS":  # what may be done at an address is no operation of its own
        return
    documented = {int(status) for status in case.operation.responses.status_codes if status.isdigit()}
    if response.status_code not in documented | ANYWHERE:
        raise Failure(
            operation=case.operation.label,
            title="A status that is not written out",
            message=f"{response.status_code}: {response.text[:2000]}",
        )
