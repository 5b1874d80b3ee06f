"""Noticing that secrets have changed, without keeping them.

Terraform shows write-only values to the provider and stores them nowhere. What is stored is a salted
fingerprint, made slowly: whoever steals a state file pays some milliseconds for each guess. That protects
keys, which are long and random. For short passwords `credentials_version` is better: it keeps no fingerprint.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import replace

from provider_shim.lifecycle.state.private_state import PrivateState
from provider_shim.schema.block import DestinationBlock, Method, Resource
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.json_mapping import selected_destination, selected_method, semantically_equal
from provider_shim.schema.paths import path
from provider_shim.schema.rules import is_given
from provider_shim.schema.values import UNKNOWN, Value

REVISION = "credentials_revision"
VERSION = "credentials_version"

_COST = {"n": 2**11, "r": 8, "p": 1}
"""About 5 ms and 2 MiB for each connection: a hundred of them add half a second to a plan."""


def given_secrets(resource: Resource, config: Value) -> dict[str, Value]:
    """The secrets that a configuration gives, by name; empty where it gives none."""
    destination = selected_destination(resource, config)
    if destination is None:
        return {}
    block = config[destination.attribute]
    names = [name for method in destination.methods for name in method.attributes]
    return {name: block[name] for name in names if block[name] is not None}


def method_of(resource: Resource, config: Value) -> Method | None:
    """The authentication method that a configuration's secrets belong to."""
    destination = selected_destination(resource, config)
    return None if destination is None else selected_method(destination, config[destination.attribute])


def _fingerprint(values: Mapping[str, Value], salt: str) -> str:
    text = json.dumps(values, sort_keys=True).encode()
    return hashlib.scrypt(text, salt=bytes.fromhex(salt), **_COST).hex()


def after_send(resource: Resource, config: Value, private: PrivateState) -> PrivateState:
    """The private data after the configuration's secrets were sent."""
    method = method_of(resource, config)
    private = replace(private, method=method.spec_name if method else None, salt=None, fingerprint=None)
    values = given_secrets(resource, config)
    if not values or config[VERSION] is not None:
        return private
    salt = secrets.token_hex(16)
    return replace(private, salt=salt, fingerprint=_fingerprint(values, salt))


def planned_revision(resource: Resource, prior: Value, config: Value, private: PrivateState) -> Value:
    """The `credentials_revision` to plan: one more where the secrets are to be sent, else the prior one."""
    before = None if prior is None else prior[REVISION]
    after = (before or 0) + 1
    if any(config[destination.attribute] is UNKNOWN for destination in resource.destination_blocks):
        return UNKNOWN  # a whole block that is not known yet may hold other secrets
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
    if private.fingerprint is None or private.salt is None:
        return after
    same = hmac.compare_digest(_fingerprint(values, private.salt), private.fingerprint)
    return before if same else after


def missing_secrets(resource: Resource, config: Value) -> list[Diagnostic]:
    """What a new object lacks. An existing one may go without: it keeps the secrets that it has."""
    destination = selected_destination(resource, config)
    if destination is None or not destination.methods or given_secrets(resource, config):
        return []
    choices = " or ".join(
        " and ".join(f"`{name}`" for name in method.attributes) for method in destination.methods
    )
    return [
        error(
            f"No credentials for {destination.title}",
            f"A new connection to {destination.title} needs {choices} in `{destination.attribute}`. Give them "
            "through a variable marked `ephemeral`, so that Terraform stores them nowhere.",
            path(destination.attribute),
        )
    ]


def unsendable_change(resource: Resource, prior: Value, config: Value) -> list[Diagnostic]:
    """A change of an ordinary credential field without the secrets, which have to be sent along with it."""
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
        if config[destination.attribute][name] is not UNKNOWN  # it may turn out unchanged
    ]


def changed_fields(
    resource: Resource, destination: DestinationBlock, prior: Value, config: Value
) -> list[str]:
    """The names of the ordinary credential fields that differ."""
    nested = resource.attribute(destination.attribute).nested
    before, after = prior[destination.attribute], config[destination.attribute]
    if nested is None or not is_given(before) or not is_given(after):
        return []
    return [
        each.name
        for each in nested.attributes
        if not each.write_only and not semantically_equal(each, before[each.name], after[each.name])
    ]
