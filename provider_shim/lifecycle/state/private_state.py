"""Private data, which Terraform stores with a resource's state for the provider and does not show."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, replace
from typing import Any

from provider_shim.schema.scalars import numbers

FINGERPRINT_DIGITS = 5
"""Hexadecimal digits of a fingerprint that are stored: 20 bits.

A changed secret has the same ones once in a million times, and so has each wrong guess. So a state does not
confirm which of many guesses is right.
"""

_HEX = re.compile(r"(?:[0-9a-f]{2})+")
_DIGITS = re.compile(rf"[0-9a-f]{{{FINGERPRINT_DIGITS},}}")
_HEADER_SAFE = re.compile(r"[\x20-\x7e]+")
_MAX_LENGTH = 1000
"""Maximum length of a text. All that the provider writes are shorter, and some are shown in messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateState:
    """The private data of a resource.

    Attributes:
        etag: Etag of the last read or write.
        method: Adobe's name for the authentication method in use.
        salt: Salt of the fingerprint, hexadecimal.
        fingerprint: Fingerprint of the secrets that were sent last, hexadecimal. `FINGERPRINT_DIGITS` of it
            are stored; version 0.1.0 stored all.
        imported: True if nothing was written since the import. Values that can't be read are then taken from
            the configuration.
        id: Id of the object, in the private data of a plan. Terraform passes them from the first plan of a
            replacement to the plan of the new object, where this is the id of the object that is replaced.
        sandbox_name: Sandbox in which the object was created, read or imported.
        organization_id: Organisation of that sandbox.
        announced: True in the private data of a replacement's plan whose warnings Terraform shows.
    """

    etag: str | None = None
    method: str | None = None
    salt: str | None = None
    fingerprint: str | None = None
    imported: bool = False
    id: str | None = None
    sandbox_name: str | None = None
    organization_id: str | None = None
    announced: bool = False

    def encode(self) -> bytes:
        """Return the data as JSON, without absent values. Of the fingerprint only the first digits remain."""
        short = replace(self, fingerprint=(self.fingerprint or "")[:FINGERPRINT_DIGITS])
        return json.dumps({key: value for key, value in asdict(short).items() if value}).encode()

    def with_etag(self, etag: str | None) -> PrivateState:
        """Return a copy with the etag of a read or a write; `None` if the response had none."""
        return replace(self, etag=etag)

    def with_sandbox(self, sandbox_name: str | None, organization_id: str | None) -> PrivateState:
        """Return a copy with the sandbox of the object. A part that is `None` or empty stays as it is."""
        return replace(
            self,
            sandbox_name=sandbox_name or self.sandbox_name,
            organization_id=organization_id or self.organization_id,
        )

    def after_apply(self) -> PrivateState:
        """Return a copy for the time after an apply: all values are as configured, also after an import."""
        return replace(self, imported=False, id=None, announced=False)


_FORMATS = {"etag": _HEADER_SAFE, "salt": _HEX, "fingerprint": _DIGITS}
"""The formats of texts that go into a request's header or into a cryptographic function."""

_FORMER_NAMES = ("replaces", "replaced_id")
"""Names of `id` in the private data of plans that version 0.1.0 and later ones saved."""


def decode(data: bytes) -> PrivateState:
    """Return the private data from JSON. Unknown keys, from other versions, are ignored.

    A value of another type or format is absent, and so are all of them if the data is not a JSON object: a
    state can be damaged or edited by hand, and the next read completes it.
    """
    try:
        stored = numbers.load_json(data) if data else {}
    except ValueError:
        return PrivateState()
    if not isinstance(stored, dict):
        return PrivateState()
    for name in _FORMER_NAMES:
        stored.setdefault("id", stored.get(name))
    known = {key: value for key, value in stored.items() if _is_usable(key, value)}
    return PrivateState(**known)


def _is_usable(name: str, value: Any) -> bool:
    if name not in PrivateState.__slots__:
        return False
    if name in ("imported", "announced"):
        return isinstance(value, bool)
    if not isinstance(value, str) or not value.isprintable() or len(value) > _MAX_LENGTH:
        return False
    return name not in _FORMATS or _FORMATS[name].fullmatch(value) is not None
