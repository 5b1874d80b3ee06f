"""The filters of the list resources. What is left out filters nothing; all that is given must hold."""

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
        description=f"The {noun}s of the sandbox that this provider can manage, made by whomever.",
        attributes=(
            _filter("name", f"Only {noun}s of exactly this name.", NotEmpty()),
            _filter("name_prefix", f"Only {noun}s whose names begin so.", NotEmpty()),
            *filters,
        ),
    )


_DESTINATION = _filter("destination", "Only those for this destination.", common.DESTINATION_RULE)

LIST_RESOURCES = (
    _list(
        SOURCE_CONNECTION,
        _filter("dataset_id", "Only those that have this dataset.", common.DATASET_ID),
    ),
    _list(BASE_CONNECTION, _DESTINATION),
    _list(
        TARGET_CONNECTION,
        _DESTINATION,
        _filter("base_connection_id", "Only those over this base connection.", common.UUID),
    ),
    _list(
        FLOW,
        _DESTINATION,
        _filter("source_connection_id", "Only those from this source connection.", common.UUID),
        _filter("target_connection_id", "Only those to this target connection.", common.UUID),
        _filter("enabled", "Only those that are enabled, or only those that are not.", kind=BOOL),
    ),
)
