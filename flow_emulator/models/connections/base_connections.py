"""Base connections: an account at a destination, with its credentials."""

from __future__ import annotations

from typing import Any, Final

from flow_emulator.errors import (
    BaseInUseError,
    EmulatedError,
    InvalidBodyError,
    PatchError,
    SpecChangeError,
    UnknownAuthSpecError,
    UnknownSpecError,
)
from flow_emulator.models import entities, json_patch
from flow_emulator.models.body_checks import require_known_fields, require_name, require_object, require_spec
from flow_emulator.models.context import Context
from flow_emulator.specs.catalogue import DATA_LAKE, SFTP
from flow_emulator.specs.secret_params import MaskedSecret, fingerprint, mask, with_marked_masks
from flow_emulator.specs.validation import Schema
from flow_emulator.store import Entity

COLLECTION: Final = "connections"
KIND: Final = "connection"
_FIELDS: Final = ("name", "description", "connectionSpec", "auth", "encryptionSpecs", "encryption")
# Three pages have three names for this; any of them is accepted.
_ENCRYPTION_NAMES: Final = ("Encryption spec", "File Encryption", "File PGP/GPG Encryption")
_SPEC_KEYS: Final = {"accessId": "s3AccessKey", "secretKey": "s3SecretKey"}
_ENCRYPTION_EXTRAS: Final[Schema] = {"encryptionAlgo": {"enum": ["PGPGPG", "PGP/GPG", "NONE"]}}


def create(context: Context, body: object) -> Entity:
    """Validate and store a new base connection."""
    doc = require_object(body, KIND)
    require_known_fields(doc, _FIELDS, KIND)
    missing = context.behaviour.missing_spec_version
    spec_id = require_spec(doc, "connectionSpec", context.catalogue.connection_specs, KIND, missing)
    if spec_id == DATA_LAKE:
        raise UnknownSpecError("The data lake has no base connections of users.", kind=KIND)
    _check(context, doc)
    entity = entities.new(context, COLLECTION, {})
    _set_document(context, entity, doc)
    return entities.add(context, entity)


def patch(context: Context, entity_id: str, operations: object, if_match: str | None) -> Entity:
    """Change name, description or credentials."""
    entity = entities.find_for_patch(context, COLLECTION, entity_id, if_match)
    current = dict(entity.doc)
    if current.get("auth"):
        current["auth"] = {
            **current["auth"],
            "params": with_marked_masks(current["auth"]["params"], _public_params(context, current)),
        }
    if context.behaviour.legacy_s3_keys:
        operations = _with_spec_keys(operations)
    changed = json_patch.apply(current, operations, _paths(context), context.behaviour)
    try:
        _check(context, changed)
    except InvalidBodyError as error:
        raise PatchError(error.details, entity=entity.id, kind=COLLECTION) from None
    _set_document(context, entity, changed)
    return entities.touch(context, entity)


def delete(context: Context, entity_id: str) -> None:
    """Delete, unless a flow, or by default a target connection, uses it."""
    entity = entities.find(context, COLLECTION, entity_id)
    entities.require_deletable(context, entity)
    users = entities.still_existing(context, context.tx.entities.referrers(entity.id))
    if not users and context.behaviour.base_delete_with_targets == "refuse":
        users = entities.still_existing(context, context.tx.entities.children("targetConnections", entity.id))
    if users:
        raise BaseInUseError(
            f"Connection {entity.id} is used by {', '.join(users)}.", entity=entity.id, kind=COLLECTION
        )
    entities.begin_delete(context, entity)


def show(context: Context, entity: Entity) -> dict[str, Any]:
    """Return a base connection as a GET shows it."""
    shown = entities.show(context, entity)
    auth = shown.get("auth")
    is_sftp = entity.doc["connectionSpec"]["id"] == SFTP
    if context.behaviour.sftp_key_spec_shown == "password" and is_sftp and auth and "SSH" in auth["specName"]:
        shown["auth"] = {**auth, "specName": "SFTP with Password"}
    if context.behaviour.encryption_shown == "renamed":
        return _renamed_encryption(shown)
    return shown


def _renamed_encryption(shown: dict[str, Any]) -> dict[str, Any]:
    """Return the encryption under the names of the migration guide's samples."""
    sent = shown.pop("encryptionSpecs", None) or shown.pop("encryption", None)
    if sent is None:
        return shown
    params = {**sent["params"], "encryptionAlgo": "PGP/GPG"}
    return {**shown, "encryption": {"specName": "File Encryption", "params": params}}


def _with_spec_keys(operations: object) -> object:
    """Return the operations with the keys of Adobe's S3 samples replaced by those of the spec."""
    if not isinstance(operations, list):
        return operations
    return [
        {**each, "value": {_SPEC_KEYS.get(name, name): value for name, value in each["value"].items()}}
        if isinstance(each, dict) and isinstance(each.get("value"), dict)
        else each
        for each in operations
    ]


def _paths(context: Context) -> json_patch.Allow:
    allowed: list[json_patch.Pointer] = [
        ("name",),
        ("description",),
        ("auth", "params"),
        ("auth", "params", "*"),
    ]
    if context.behaviour.undocumented_patch_paths:
        allowed += [("auth",), ("auth", "specName"), ("encryptionSpecs",), ("encryption",)]
    return json_patch.allow_paths(allowed, refuse_spec)


def refuse_spec(pointer: json_patch.Pointer) -> EmulatedError | None:
    """Return the error of a change of the connection spec, which never changes."""
    if pointer[0] == "connectionSpec":
        return SpecChangeError("The connection spec of a connection cannot be changed.")
    return None


def _check(context: Context, doc: dict[str, Any]) -> None:
    require_name(doc, KIND)
    spec_id = doc["connectionSpec"]["id"]
    spec = context.catalogue.connection_specs[spec_id]
    _check_auth(context, spec, doc.get("auth"))
    for key in ("encryptionSpecs", "encryption"):
        if doc.get(key) is not None:
            _check_encryption(context, spec, key, doc[key])


def _check_auth(context: Context, spec: dict[str, Any], auth: object) -> None:
    if not auth and not spec["authSpec"]:
        return  # the Data Landing Zone: absent, null and {} are accepted
    if not isinstance(auth, dict):
        raise InvalidBodyError(f"Cannot write {KIND}", "auth with specName and params is required")
    require_known_fields(auth, ("specName", "params"), f"auth of {KIND}")
    names = [each["name"] for each in spec["authSpec"]]
    name = auth.get("specName")
    if name not in names:
        raise UnknownAuthSpecError(
            f"auth.specName is not one that {spec['name']} has: {', '.join(names) or 'none'}.", kind=KIND
        )
    method = spec["authSpec"][names.index(name)]
    extras = context.catalogue.extra_auth_params(spec["id"], str(name))
    problems = context.engine.validator.problems(
        f"{spec['id']}/auth/{name}", method["spec"], auth.get("params"), extras
    )
    if problems:
        raise InvalidBodyError(f"Cannot write {KIND}", "auth.params: " + "; ".join(problems))


def _check_encryption(context: Context, spec: dict[str, Any], key: str, value: object) -> None:
    if not spec["encryptionSpecs"]:
        raise InvalidBodyError(f"Cannot write {KIND}", f"{spec['name']} has no encryption")
    if not isinstance(value, dict) or value.get("specName") not in _ENCRYPTION_NAMES:
        raise InvalidBodyError(
            f"Cannot write {KIND}", f"{key}.specName must be one of {', '.join(_ENCRYPTION_NAMES)}"
        )
    require_known_fields(value, ("specName", "params"), f"{key} of {KIND}")
    schema = spec["encryptionSpecs"][0]["spec"]
    problems = context.engine.validator.problems(
        "encryption", schema, value.get("params"), _ENCRYPTION_EXTRAS
    )
    if problems:
        raise InvalidBodyError(f"Cannot write {KIND}", f"{key}.params: " + "; ".join(problems))


def _public_params(context: Context, doc: dict[str, Any]) -> frozenset[str]:
    return context.catalogue.public_params(doc["connectionSpec"]["id"])


def _set_document(context: Context, entity: Entity, doc: dict[str, Any]) -> None:
    """Set the validated document of an entity, secrets masked unless the switch is ``echo``."""
    kept = {key: value for key, value in doc.items() if value is not None}
    auth = kept.get("auth")
    if isinstance(auth, dict) and auth.get("params"):
        params, public_params = auth["params"], _public_params(context, doc)
        # A mask from the store keeps its fingerprint.
        old = entity.meta.get("fingerprints", {})
        entity.meta["fingerprints"] = {
            name: old.get(name) if isinstance(value, MaskedSecret) else fingerprint(context.salt, value)
            for name, value in params.items()
            if name not in public_params
        }
        shown = dict(params) if context.behaviour.secrets == "echo" else mask(params, public_params)
        kept["auth"] = {**auth, "params": shown}
    entity.doc = kept
