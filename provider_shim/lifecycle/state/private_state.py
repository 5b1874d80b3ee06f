"""Private data, which Terraform stores with a resource's state for the provider and does not show."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateState:
    """The private data of a resource.

    Attributes:
        etag: Etag of the last read or write.
        method: Adobe's name for the authentication method in use.
        salt: Salt of the fingerprint, hexadecimal.
        fingerprint: Fingerprint of the secrets that were sent last, hexadecimal.
        imported: True if nothing was written since the import. Values that can't be read are then taken from
            the configuration.
        replaced_id: Id of the object that the planned one replaces.
    """

    etag: str | None = None
    method: str | None = None
    salt: str | None = None
    fingerprint: str | None = None
    imported: bool = False
    replaced_id: str | None = None

    def encode(self) -> bytes:
        """Return the data as JSON, without absent values."""
        return json.dumps({key: value for key, value in asdict(self).items() if value}).encode()

    def with_etag(self, etag: str | None) -> PrivateState:
        """Return a copy with the etag of a read or a write; `None` if the response had none."""
        return replace(self, etag=etag)

    def after_apply(self) -> PrivateState:
        """Return a copy for the time after an apply: all values are as configured, also after an import."""
        return replace(self, imported=False)


def decode(data: bytes) -> PrivateState:
    """Return the private data from JSON. Unknown keys, from other versions, are ignored."""
    stored = json.loads(data) if data else {}
    if "replaces" in stored:  # a plan that version 0.1.0 saved
        stored["replaced_id"] = stored["replaces"]
    known = {key: value for key, value in stored.items() if key in PrivateState.__slots__}
    return PrivateState(**known)
