"""Detection of changed secrets, without storing the secrets.

Terraform passes write-only values to the provider and does not store them. Stored are 20 bits of a salted
fingerprint from a slow hash function. A changed secret is noticed, except once in a million times. A thief of
a state file can exclude guesses, each of which costs some milliseconds, but one in a million wrong ones
remains: a long list of guesses is not reduced to the right one. With `credentials_version`, no fingerprint is
stored.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import replace

from provider_shim.lifecycle.state.private_state import FINGERPRINT_DIGITS, PrivateState
from provider_shim.schema.block import AuthenticationMethod, DestinationBlock, Resource
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.json_mapping import selected_destination, selected_method, semantically_equal
from provider_shim.schema.paths import path
from provider_shim.schema.rules import is_given
from provider_shim.schema.values import UNKNOWN, Value

REVISION = "credentials_revision"
VERSION = "credentials_version"

_COST = {"n": 2**11, "r": 8, "p": 1}
"""Cost of scrypt: about 5 ms and 2 MiB for each connection, or half a second for a plan of a hundred."""


def given_secrets(resource: Resource, config: Value) -> dict[str, Value]:
    """Return the secrets in a configuration by attribute name."""
    destination = selected_destination(resource, config)
    if destination is None:
        return {}
    block = config[destination.attribute]
    names = [name for method in destination.methods for name in method.attributes]
    return {name: block[name] for name in names if block[name] is not None}


def method_of(resource: Resource, config: Value) -> AuthenticationMethod | None:
    """Return the authentication method to which a configuration's secrets belong, if there is exactly one."""
    destination = selected_destination(resource, config)
    return None if destination is None else selected_method(destination, config[destination.attribute])


def _fingerprint(values: Mapping[str, Value], salt: str) -> str:
    text = json.dumps(values, sort_keys=True).encode()
    return hashlib.scrypt(text, salt=bytes.fromhex(salt), **_COST).hex()


def _is_unchanged(values: Mapping[str, Value], private: PrivateState) -> bool:
    """Return True if these secrets have the stored fingerprint, of which older states have more digits."""
    if private.fingerprint is None or private.salt is None:
        return False
    stored = private.fingerprint[:FINGERPRINT_DIGITS]
    return hmac.compare_digest(_fingerprint(values, private.salt)[:FINGERPRINT_DIGITS], stored)


def after_send(resource: Resource, config: Value, private: PrivateState) -> PrivateState:
    """Return the private data after the configuration's secrets were sent.

    The same secrets keep their salt: with another one, two versions of a state would have twice as many bits.
    """
    method = method_of(resource, config)
    private = replace(private, method=method.spec_name if method else None)
    values = given_secrets(resource, config)
    if not values or config[VERSION] is not None:
        return replace(private, salt=None, fingerprint=None)
    if _is_unchanged(values, private):
        return private
    salt = secrets.token_hex(16)
    return replace(private, salt=salt, fingerprint=_fingerprint(values, salt)[:FINGERPRINT_DIGITS])


def planned_revision(resource: Resource, prior: Value, config: Value, private: PrivateState) -> Value:
    """Return the planned `credentials_revision`: the prior one, plus 1 if the secrets will be sent."""
    before = None if prior is None else prior[REVISION]
    after = (before or 0) + 1
    if any(config[destination.attribute] is UNKNOWN for destination in resource.destination_blocks):
        return UNKNOWN  # a block that is not known yet may have other secrets
    values = given_secrets(resource, config)
    if not values:
        return before or 0
    if prior is None:
        return after
    version = config[VERSION]
    if version is not None:
        if version is UNKNOWN:
            return UNKNOWN
        return before if version == prior[VERSION] else after
    if any(value is UNKNOWN for value in values.values()):
        return UNKNOWN
    return before if _is_unchanged(values, private) else after


def missing_secrets(resource: Resource, config: Value) -> list[Diagnostic]:
    """Return an error if a new object has no secrets. An existing object without them keeps its secrets."""
    destination = selected_destination(resource, config)
    if destination is None or not destination.methods or given_secrets(resource, config):
        return []
    choices = " or ".join(
        " and ".join(f"`{name}`" for name in method.attributes) for method in destination.methods
    )
    return [
        error(
            f"No credentials for {destination.title}",
            f"A new connection to {destination.title} needs {choices} in `{destination.attribute}`. Pass "
            "them in a variable marked `ephemeral`, so that Terraform does not store them.",
            path(destination.attribute),
        )
    ]


def unsendable_change(resource: Resource, prior: Value, config: Value) -> list[Diagnostic]:
    """Return an error for each changed credential that is not secret, if the secrets are not set too."""
    destination = selected_destination(resource, config)
    if destination is None or not destination.methods or given_secrets(resource, config):
        return []
    return [
        error(
            f"{name} can't be changed without the secrets",
            "Flow Service replaces the credentials of a connection as a whole. Set the secrets of "
            f"`{destination.attribute}` as well, so that they can be sent with the new {name}.",
            path(destination.attribute, name),
        )
        for name in changed_fields(resource, destination, prior, config)
        if config[destination.attribute][name] is not UNKNOWN  # it may be unchanged once it is known
    ]


def changed_fields(
    resource: Resource, destination: DestinationBlock, prior: Value, config: Value
) -> list[str]:
    """Return the names of the credentials that are not secret and differ from the prior state."""
    nested = resource.attribute(destination.attribute).nested
    before, after = prior[destination.attribute], config[destination.attribute]
    if nested is None or not is_given(before) or not is_given(after):
        return []
    return [
        each.name
        for each in nested.attributes
        if not each.write_only and not semantically_equal(each, before[each.name], after[each.name])
    ]
