"""Which changes can't be made in place."""

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
    """The attributes whose change makes a new object, in the order of the description."""
    return [
        *_declared(resource, prior, planned, private),
        *_other_variant(resource, prior, planned),
        *_switched(resource, prior, planned),
        *_other_method(resource, planned, prior, config, private),
    ]


def _declared(resource: Resource, prior: Value, planned: Value, private: PrivateState) -> list[Path]:
    return [
        path(attribute.name)
        for attribute in resource.attributes
        if attribute.requires_replace
        and not semantically_equal(attribute, prior[attribute.name], planned[attribute.name])
        and not (private.imported and prior[attribute.name] is None and not _can_be_read(attribute))
    ]


def _can_be_read(attribute: Attribute) -> bool:
    parts = (attribute,) if attribute.nested is None else (attribute, *attribute.nested.attributes)
    return any(part.json is not None and part.json.readable for part in parts)


def _other_variant(resource: Resource, prior: Value, planned: Value) -> list[Path]:
    before, after = selected_destination(resource, prior), selected_destination(resource, planned)
    if before is None or planned[before.attribute] is not None:
        return []
    # The block that is there goes, so the other one replaces it, also where it is not known yet.
    return [path(each.attribute) for each in (before, after) if each is not None]


def _switched(resource: Resource, prior: Value, planned: Value) -> list[Path]:
    """Changes below a wire place, where the user has asked for replacement instead of patching."""
    if resource.replace_mode is None:
        return []
    attribute_name, value, around = resource.replace_mode
    if planned[attribute_name] != value:
        return []
    return [
        place
        for attribute in resource.attributes
        for place in _changed(attribute, prior[attribute.name], planned[attribute.name], around, ROOT)
    ]


def _changed(attribute: Attribute, prior: Value, planned: Value, around: str, inside: Path) -> list[Path]:
    place = inside.attribute(attribute.name)
    if attribute.nested is not None and attribute.nested.nesting is Nesting.SINGLE:
        if not is_given(prior) or planned is None:
            return []
        if planned is UNKNOWN:  # it may turn out changed, and then it is too late to ask for a replacement
            return [place] if any(_stands_in(each, around) for each in attribute.nested.attributes) else []
        return [
            found
            for each in attribute.nested.attributes
            for found in _changed(each, prior[each.name], planned[each.name], around, place)
        ]
    return (
        [place] if _stands_in(attribute, around) and not semantically_equal(attribute, prior, planned) else []
    )


def _stands_in(attribute: Attribute, around: str) -> bool:
    return attribute.json is not None and attribute.json.path.startswith(f"{around}.")


def _other_method(
    resource: Resource, planned: Value, prior: Value, config: Value, private: PrivateState
) -> list[Path]:
    """Another way to authenticate: no source shows that `auth.specName` could be patched.

    The secrets themselves are in no state, so the replacement is asked for where the change shows.
    """
    method = credentials.method_of(resource, config)
    if method is None or private.method is None or method.spec_name == private.method:
        return []
    revision = planned[credentials.REVISION]
    if revision is not UNKNOWN and revision == prior[credentials.REVISION]:
        return []
    return [path(credentials.REVISION)]
