"""The filters of the list resources. What is left out filters nothing; all that is given must hold."""

from provider_shim.resources import common
from provider_shim.schema.attribute import Attribute, Presence
from provider_shim.schema.block import ListResource
from provider_shim.schema.rules import NotEmpty, Rule
from provider_shim.schema.types import BOOL, STRING, Type


def _filter(name: str, description: str, *rules: Rule, kind: Type = STRING) -> Attribute:
    return Attribute(name=name, description=description, presence=Presence.OPTIONAL, type=kind, rules=rules)


def _list(type_name: str, noun: str, *filters: Attribute) -> ListResource:
    return ListResource(
        type_name=type_name,
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
        "aep_source_connection",
        "source connection",
        _filter("dataset_id", "Only those that have this dataset.", common.DATASET_ID),
    ),
    _list("aep_base_connection", "base connection", _DESTINATION),
    _list(
        "aep_target_connection",
        "target connection",
        _DESTINATION,
        _filter("base_connection_id", "Only those over this base connection.", common.UUID),
    ),
    _list(
        "aep_flow",
        "flow",
        _DESTINATION,
        _filter("source_connection_id", "Only those from this source connection.", common.UUID),
        _filter("target_connection_id", "Only those to this target connection.", common.UUID),
        _filter("enabled", "Only those that are enabled, or only those that are not.", kind=BOOL),
    ),
)
