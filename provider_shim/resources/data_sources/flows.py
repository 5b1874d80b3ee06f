"""`aep_flows`: the dataflows that export datasets."""

from provider_shim.resources import common
from provider_shim.resources.common import computed
from provider_shim.resources.data_sources.flow_attributes import ABOUT
from provider_shim.schema.attribute import Attribute, Nested, Nesting, Presence
from provider_shim.schema.block import DataSource

FLOWS = DataSource(
    type_name="aep_flows",
    description="Lists the dataflows of the sandbox that export datasets, with their schedules, states and last "
    "runs. Flows that were created in Adobe's web page are included.",
    attributes=(
        Attribute(
            name="destination",
            description="Return only the flows to this destination.",
            presence=Presence.OPTIONAL,
            rules=(common.DESTINATION_RULE,),
            example="amazon_s3",
        ),
        Attribute(
            name="name", description="Return only the flows of exactly this name.", presence=Presence.OPTIONAL
        ),
        Attribute(
            name="state",
            description="Return only the flows in this state. The case is ignored.",
            presence=Presence.OPTIONAL,
            example="enabled",
        ),
        Attribute(
            name="flows",
            description="The matching flows, sorted by name and then by ID.",
            presence=Presence.COMPUTED,
            nested=Nested(
                nesting=Nesting.LIST,
                attributes=(
                    computed("id", "ID of the flow."),
                    computed("name", "Name of the flow."),
                    *ABOUT,
                ),
            ),
        ),
    ),
)
