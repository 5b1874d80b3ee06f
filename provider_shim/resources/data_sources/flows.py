"""`aep_flows`: the dataflows that export datasets."""

from provider_shim.resources import common
from provider_shim.resources.common import computed
from provider_shim.resources.data_sources.flow_attributes import ABOUT
from provider_shim.schema.attribute import Attribute, Nested, Nesting, Presence
from provider_shim.schema.block import DataSource

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
                    computed("id", "The flow's id."),
                    computed("name", "The flow's name."),
                    *ABOUT,
                ),
            ),
        ),
    ),
)
