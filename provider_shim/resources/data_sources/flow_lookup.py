"""`aep_flow` and `aep_flows`, the data sources: dataflows that exist."""

from provider_shim.resources import common
from provider_shim.resources.data_sources.flow_attributes import ABOUT, answered
from provider_shim.schema.attribute import Attribute, Nested, Nesting, Presence
from provider_shim.schema.block import DataSource
from provider_shim.schema.block_rules import ExactlyOneOf

FLOW_LOOKUP = DataSource(
    type_name="aep_flow",
    description="One dataflow, found by its id or by a name that only it has.",
    rules=(ExactlyOneOf(attributes=("id", "name"), what="choice of a flow"),),
    attributes=(
        Attribute(
            name="id",
            description="The flow's id. Give this or `name`.",
            presence=Presence.OPTIONAL_COMPUTED,
            rules=(common.UUID,),
        ),
        Attribute(
            name="name",
            description="The flow's name. That several flows have it is an error, which lists them.",
            presence=Presence.OPTIONAL_COMPUTED,
        ),
        *ABOUT,
    ),
)

FLOWS = DataSource(
    type_name="aep_flows",
    description="All dataflows of the sandbox that export datasets, with their ends, states and last runs; "
    "also those that were made in Adobe's web page.",
    attributes=(
        Attribute(
            name="destination",
            description="Only the flows to this destination.",
            presence=Presence.OPTIONAL,
            rules=(common.DESTINATION_RULE,),
            example="amazon_s3",
        ),
        Attribute(
            name="name", description="Only the flows of exactly this name.", presence=Presence.OPTIONAL
        ),
        Attribute(
            name="state",
            description="Only the flows in this state, in upper or lower case.",
            presence=Presence.OPTIONAL,
            example="enabled",
        ),
        Attribute(
            name="flows",
            description="The flows, ordered by name and then by id.",
            presence=Presence.COMPUTED,
            nested=Nested(
                nesting=Nesting.LIST,
                attributes=(
                    answered("id", "The flow's id."),
                    answered("name", "The flow's name."),
                    *ABOUT,
                ),
            ),
        ),
    ),
)
