"""GET /.well-known/galeon-keys.json: the public keys that quotes as files are signed with, for anybody."""

from typing import Any

from flask import Response

from api.carried_document import THUMBPRINT
from api.documents import listed, record, text
from api.embedding import SHORTLY
from api.later import DescribedLater
from api.lookups import NOT_CHANGED, sent
from api.openapi import HEADERS, IF_NONE_MATCH, REQUEST_HEADERS
from api.scopes import PUBLIC_KEYS
from api.signing import ALGORITHM, PublicKey, jwks

SET = record(
    {
        "keys": listed(
            record(
                {
                    "kty": text("Of an octet pair (RFC 8037).", const="OKP"),
                    "crv": text("Its curve.", const=ALGORITHM),
                    "x": text("The public key: 32 bytes as base64url.", pattern=THUMBPRINT),
                    "kid": text("Its thumbprint (RFC 7638), by which a signature names it.", pattern=THUMBPRINT),
                    "use": text("What it is for.", const="sig"),
                    "alg": text("As JOSE calls it.", const="EdDSA"),
                },
                title="SigningKey",
            )
        )
    },
    title="SigningKeys",
    description="A set of keys (RFC 7517): the one in use first, then those that signed before.",
)
# The public key of RFC 8037, appendix A.
EXAMPLE: dict[str, Any] = jwks(
    (PublicKey(bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")),)
)


def signing_routes(keys: tuple[PublicKey, ...]) -> DescribedLater:
    """The route of the keys of an installation."""
    routes = DescribedLater("signing", "signing", description="Who signed a quote as a file.")
    document = jwks(keys)

    @routes.get(PUBLIC_KEYS)
    @routes.doc(
        operationId="getSigningKeys",
        summary="The keys that quotes as files are signed with",
        description="Empty where this installation signs none. `galeon verify FILE --key KEYS` takes this answer as a file.",
        parameters=[IF_NONE_MATCH, *REQUEST_HEADERS],
    )
    @routes.response(200, SET, description="The public keys", example=EXAMPLE, headers=HEADERS["kept"])
    @routes.alt_response(304, description=NOT_CHANGED, success=True)
    def keys_of_here() -> Response:
        response = sent(document, worded=False)
        response.headers["Cache-Control"] = SHORTLY
        return response

    return routes
