"""`aep_flow`: one existing dataflow."""

from provider_shim.resources import common
from provider_shim.resources.data_sources.flow_attributes import ABOUT
from provider_shim.schema.attribute import Attribute, Presence
from provider_shim.schema.block import DataSource
from provider_shim.schema.block_rules import ExactlyOneOf

FLOW_LOOKUP = DataSource(
    type_name="aep_flow",
    description="Looks up one dataflow by its ID, or by its name, which must be unique.",
    rules=(ExactlyOneOf(attributes=("id", "name"), noun="choice of a flow"),),
    attributes=(
        Attribute(
            name="id",
            description="ID of the flow. Exactly one of `id` and `name` must be set.",
            presence=Presence.OPTIONAL_COMPUTED,
            rules=(common.UUID,),
        ),
        Attribute(
            name="name",
            description="Name of the flow. It is an error if no flow or more than one has this name.",
            presence=Presence.OPTIONAL_COMPUTED,
        ),
        *ABOUT,
    ),
)
