"""`aep_flow_spec`: which kinds of source and target a flow can join."""

from provider_shim.resources.common import computed
from provider_shim.resources.data_sources.spec_attributes import chosen_by
from provider_shim.schema.attribute import Attribute, Presence
from provider_shim.schema.block import DataSource
from provider_shim.schema.block_rules import ExactlyOneOf
from provider_shim.schema.types import STRING, List

FLOW_SPEC = DataSource(
    type_name="aep_flow_spec",
    description="The flow spec of a dataset export to a destination.",
    rules=(ExactlyOneOf(attributes=("destination", "id"), noun="choice of a flow spec"),),
    attributes=(
        *chosen_by("flow spec"),
        computed("name", "Adobe's name for the flow spec."),
        computed("version", "The version of the flow spec."),
        computed("provider_id", "The id of the provider of the destination."),
        Attribute(
            name="source_connection_spec_ids",
            description="The connection specs that a source can have.",
            presence=Presence.COMPUTED,
            type=List(STRING),
        ),
        Attribute(
            name="target_connection_spec_ids",
            description="The connection specs that a target can have.",
            presence=Presence.COMPUTED,
            type=List(STRING),
        ),
        computed("document", "The whole flow spec as JSON, for `jsondecode`."),
    ),
)
