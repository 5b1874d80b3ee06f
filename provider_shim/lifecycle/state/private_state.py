"""The private data that Terraform keeps beside a resource's state, never shown to anyone."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateState:
    """`etag`: of the last read or write. `method`: the Adobe name of the authentication method in use.
    `salt` and `fingerprint`: hexadecimal, of the secrets that were sent last. `imported`: nothing was
    written since the import, so what can't be read is taken from the configuration as it is. `replaced_id`: the
    id of the object that a planned one takes the place of.
    """

    etag: str | None = None
    method: str | None = None
    salt: str | None = None
    fingerprint: str | None = None
    imported: bool = False
    replaced_id: str | None = None

    def encode(self) -> bytes:
        """As JSON, without what is absent."""
        return json.dumps({key: value for key, value in asdict(self).items() if value}).encode()

    def with_etag(self, etag: str | None) -> PrivateState:
        """The same with the etag of a read or a write; an answer without one leaves none."""
        return replace(self, etag=etag)

    def after_apply(self) -> PrivateState:
        """The same once the object is as configured, imported or not."""
        return replace(self, imported=False)


def decode(data: bytes) -> PrivateState:
    """The private data of a state; that of an older version may lack things or have more."""
    stored = json.loads(data) if data else {}
    known = {key: value for key, value in stored.items() if key in PrivateState.__slots__}
    return PrivateState(**known)
