"""The objects of this provider that a Terraform state holds.

A state is JSON in version 4 of Terraform's state file, the version since Terraform 0.12. Its instances
include those of modules, of `count` and `for_each`, tainted ones, and deposed ones, which
`create_before_destroy` leaves until they are destroyed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from provider_shim.resources import CATALOGUE

_VERSION = 4

_TYPES = frozenset(name for name, resource in CATALOGUE.resources.items() if resource.collection)
"""The resource types with objects in Flow Service.

The provider's address in the state is not compared: `flowbridge install --address` can give it any name, and
an object that another installation of this provider manages is no orphan either.
"""


class StateError(ValueError):
    """A text is not a state that can be read. The message completes "<name> ": "is empty"."""


class NoState(StateError):
    """There is no state, which is not the same as a state without objects: it may be lost."""


@dataclass(frozen=True, slots=True)
class HeldObjects:
    """The objects of this provider in one state.

    Attributes:
        name: Where the state was read, for messages.
        ids: Ids of the objects.
        sandboxes: Names of the sandboxes that the state records for them. States of earlier versions of the
            provider have none.
    """

    name: str
    ids: frozenset[str] = frozenset()
    sandboxes: frozenset[str] = frozenset()


def parse(name: str, content: bytes) -> HeldObjects:
    """Return the objects in a state. Raises `StateError` if the content is not a state."""
    if not content.strip():
        raise NoState("is empty")
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise StateError("is not JSON") from error
    attributes = list(_attributes(_resources(document)))
    return HeldObjects(name, _texts(attributes, "id"), _texts(attributes, "sandbox_name"))


def _resources(document: Any) -> list[Any]:
    if not isinstance(document, dict):
        raise StateError("is not a state file of Terraform")
    if "format_version" in document:
        raise StateError("is the output of `terraform show -json`, not that of `terraform state pull`")
    if "encrypted_data" in document:
        raise StateError("is encrypted: give the output of `tofu state pull`")
    version, resources = document.get("version"), document.get("resources", [])
    if version != _VERSION or not isinstance(resources, list):
        raise StateError(f"is not a state file of version {_VERSION}, which Terraform writes since 0.12")
    if (
        document.get("lineage") == ""
    ):  # what `terraform state pull` prints for a remote backend without a state
        raise NoState("was never saved")
    return resources


def _attributes(resources: list[Any]) -> Iterator[dict[str, Any]]:
    """Yield the attributes of all instances of managed resources of this provider.

    Raises `StateError` for an instance without an id, whose object would seem to be an orphan.
    """
    for resource in resources:
        if not isinstance(resource, dict) or not isinstance(resource.get("instances", []), list):
            raise StateError("has a resource that is not in Terraform's form")
        if resource.get("mode") != "managed" or resource.get("type") not in _TYPES:
            continue
        for instance in resource.get("instances", []):
            attributes = instance.get("attributes") if isinstance(instance, dict) else None
            if not isinstance(attributes, dict) or not isinstance(attributes.get("id"), str):
                raise StateError(f"has a {resource['type']}.{resource.get('name')} without an id")
            yield attributes


def _texts(attributes: list[dict[str, Any]], key: str) -> frozenset[str]:
    return frozenset(value for each in attributes if isinstance(value := each.get(key), str) and value)
