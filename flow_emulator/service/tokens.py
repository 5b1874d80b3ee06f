"""The token endpoint: OAuth server-to-server, ``POST /ims/token/v3``.

Fields and response: "Server to Server authentication" (developer.adobe.com). Parameters are read from
the form, and from the query string, as in the older samples.
"""

from __future__ import annotations

import hmac
from urllib.parse import parse_qsl

from flow_emulator.errors import TokenRequestError
from flow_emulator.http.gateway import token_digest
from flow_emulator.http.messages import Request, Response
from flow_emulator.identity import SCOPES, Identity
from flow_emulator.store.tokens import IssuedToken


def issue_token(request: Request) -> Response:
    """Issue an access token, of which only the digest is stored."""
    form = dict(request.query)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        form |= dict(parse_qsl(request.content.decode("latin-1"), keep_blank_values=True))
    if form.get("grant_type") != "client_credentials":
        raise TokenRequestError("unsupported_grant_type", "grant_type must be client_credentials")
    client = _client(request, form.get("client_id", ""), form.get("client_secret", ""))
    _check_scope(form.get("scope", ""))
    token = request.engine.new_token()
    seconds = request.engine.behaviour.token_lifetime_seconds
    expires = request.now + seconds * 1000
    issued = IssuedToken(client.client_id, client.organization_id, expires)
    request.tx.tokens.add(token_digest(token), issued)
    return Response(body={"access_token": token, "token_type": "bearer", "expires_in": seconds})


def _client(request: Request, client_id: str, client_secret: str) -> Identity:
    for known in request.engine.identities:
        same = hmac.compare_digest(known.client_secret.encode(), client_secret.encode("utf-8", "replace"))
        if known.client_id == client_id and same:
            return known
    raise TokenRequestError("invalid_client", "client_id and client_secret do not belong together")


def _check_scope(text: str) -> None:
    known = SCOPES.split(",")
    asked = [scope for scope in text.replace(" ", ",").split(",") if scope]
    if not asked:
        raise TokenRequestError("invalid_scope", "scope is missing")
    if not set(asked) <= set(known):
        raise TokenRequestError("invalid_scope", f"scope may have: {SCOPES}")
