"""`aep_flow_spec`: Adobe's specification of the flows to a destination."""

from provider_shim.resources.common import computed
from provider_shim.resources.data_sources.spec_attributes import chosen_by
from provider_shim.schema.attribute import Attribute, Presence
from provider_shim.schema.block import DataSource
from provider_shim.schema.block_rules import ExactlyOneOf
from provider_shim.schema.types import STRING, List

FLOW_SPEC = DataSource(
    type_name="aep_flow_spec",
    description="Reads the flow spec of dataset exports to a destination.",
    rules=(ExactlyOneOf(attributes=("destination", "id"), noun="choice of a flow spec"),),
    attributes=(
        *chosen_by("flow spec"),
        computed("name", "Adobe's name of the flow spec."),
        computed("version", "Version of the flow spec."),
        computed("provider_id", "ID of the destination's provider."),
        Attribute(
            name="source_connection_spec_ids",
            description="IDs of the connection specs that are valid for the source connection.",
            presence=Presence.COMPUTED,
            type=List(STRING),
        ),
        Attribute(
            name="target_connection_spec_ids",
            description="IDs of the connection specs that are valid for the target connection.",
            presence=Presence.COMPUTED,
            type=List(STRING),
        ),
        computed("document", "The complete flow spec as JSON text, for `jsondecode`."),
    ),
)
