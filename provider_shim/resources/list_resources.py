"""The list resources, with their filters. An object is listed if it matches all filters that are set."""

from provider_shim.resources import common
from provider_shim.resources.managed.base_connection import BASE_CONNECTION
from provider_shim.resources.managed.flow import FLOW
from provider_shim.resources.managed.source_connection import SOURCE_CONNECTION
from provider_shim.resources.managed.target_connection import TARGET_CONNECTION
from provider_shim.schema.attribute import Attribute, Presence
from provider_shim.schema.block import ListResource, Resource
from provider_shim.schema.rules import NotEmpty, Rule
from provider_shim.schema.types import BOOL, STRING, Type


def _filter(name: str, description: str, *rules: Rule, kind: Type = STRING) -> Attribute:
    return Attribute(name=name, description=description, presence=Presence.OPTIONAL, type=kind, rules=rules)


def _list(resource: Resource, *filters: Attribute) -> ListResource:
    noun = resource.title
    return ListResource(
        type_name=resource.type_name,
        description=f"Lists the {noun}s of the sandbox that this provider can manage, created by any client.",
        attributes=(
            _filter("name", f"Return only {noun}s of exactly this name.", NotEmpty()),
            _filter("name_prefix", f"Return only {noun}s whose names start with this prefix.", NotEmpty()),
            *filters,
        ),
    )


_DESTINATION = _filter("destination", "Return only objects for this destination.", common.DESTINATION_RULE)

LIST_RESOURCES = (
    _list(
        SOURCE_CONNECTION,
        _filter("dataset_id", "Return only source connections with this dataset.", common.DATASET_ID),
    ),
    _list(BASE_CONNECTION, _DESTINATION),
    _list(
        TARGET_CONNECTION,
        _DESTINATION,
        _filter("base_connection_id", "Return only target connections of this base connection.", common.UUID),
    ),
    _list(
        FLOW,
        _DESTINATION,
        _filter("source_connection_id", "Return only flows from this source connection.", common.UUID),
        _filter("target_connection_id", "Return only flows to this target connection.", common.UUID),
        _filter("enabled", "Return only enabled flows (`true`) or only disabled ones (`false`).", kind=BOOL),
    ),
)
