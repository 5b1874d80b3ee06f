"""The changes that replace an object instead of updating it in place."""

from __future__ import annotations

from provider_shim.lifecycle.state import credentials
from provider_shim.lifecycle.state.private_state import PrivateState
from provider_shim.schema.attribute import Attribute, Nesting
from provider_shim.schema.block import Resource
from provider_shim.schema.json_mapping import selected_destination, semantically_equal
from provider_shim.schema.paths import ROOT, Path, path
from provider_shim.schema.rules import is_given
from provider_shim.schema.values import UNKNOWN, Value


def requires_replace(
    resource: Resource, prior: Value, planned: Value, config: Value, private: PrivateState
) -> list[Path]:
    """Return the paths of the attributes whose change replaces the object."""
    return [
        *_declared(resource, prior, planned, private),
        *_other_destination(resource, prior, planned),
        *_replace_mode(resource, prior, planned),
        *_other_method(resource, planned, prior, config, private),
    ]


def _declared(resource: Resource, prior: Value, planned: Value, private: PrivateState) -> list[Path]:
    return [
        path(attribute.name)
        for attribute in resource.attributes
        if attribute.requires_replace
        and not semantically_equal(attribute, prior[attribute.name], planned[attribute.name])
        and not (private.imported and prior[attribute.name] is None and not _is_readable(attribute))
    ]


def _is_readable(attribute: Attribute) -> bool:
    parts = (attribute,) if attribute.nested is None else (attribute, *attribute.nested.attributes)
    return any(part.json is not None and part.json.readable for part in parts)


def _other_destination(resource: Resource, prior: Value, planned: Value) -> list[Path]:
    before, after = selected_destination(resource, prior), selected_destination(resource, planned)
    if before is None or planned[before.attribute] is not None:
        return []
    # The prior block is removed, so that the destination changes even if the new one is not known yet.
    return [path(each.attribute) for each in (before, after) if each is not None]


def _replace_mode(resource: Resource, prior: Value, planned: Value) -> list[Path]:
    """Return the changes below a JSON path for which the user has chosen replacement instead of patching."""
    if resource.replace_mode is None:
        return []
    attribute_name, value, json_path = resource.replace_mode
    if planned[attribute_name] != value:
        return []
    return [
        attribute_path
        for attribute in resource.attributes
        for attribute_path in _changed(
            attribute, prior[attribute.name], planned[attribute.name], json_path, ROOT
        )
    ]


def _changed(
    attribute: Attribute, prior: Value, planned: Value, json_path: str, parent_path: Path
) -> list[Path]:
    attribute_path = parent_path.attribute(attribute.name)
    if attribute.nested is not None and attribute.nested.nesting is Nesting.SINGLE:
        if not is_given(prior) or planned is None:
            return []
        if planned is UNKNOWN:  # it may be changed once it is known, when replacement is no longer possible
            return (
                [attribute_path]
                if any(_is_below(each, json_path) for each in attribute.nested.attributes)
                else []
            )
        return [
            changed
            for each in attribute.nested.attributes
            for changed in _changed(each, prior[each.name], planned[each.name], json_path, attribute_path)
        ]
    return (
        [attribute_path]
        if _is_below(attribute, json_path) and not semantically_equal(attribute, prior, planned)
        else []
    )


def _is_below(attribute: Attribute, json_path: str) -> bool:
    return attribute.json is not None and attribute.json.path.startswith(f"{json_path}.")


def _other_method(
    resource: Resource, planned: Value, prior: Value, config: Value, private: PrivateState
) -> list[Path]:
    """Return the path for a change of the authentication method.

    No source of Adobe's shows that `auth.specName` can be patched. The secrets are not in the state, so the
    path is that of `credentials_revision`.
    """
    method = credentials.method_of(resource, config)
    if method is None or private.method is None or method.spec_name == private.method:
        return []
    revision = planned[credentials.REVISION]
    if revision is not UNKNOWN and revision == prior[credentials.REVISION]:
        return []
    return [path(credentials.REVISION)]
