"""`aep_base_connections`: the accounts at destinations that exist."""

from provider_shim.resources import common
from provider_shim.resources.common import computed
from provider_shim.schema.attribute import Attribute, Nested, Nesting, Presence
from provider_shim.schema.block import DataSource

BASE_CONNECTIONS = DataSource(
    type_name="aep_base_connections",
    description="The base connections of the sandbox to the destinations of dataset exports. What they hold of "
    "credentials is not shown.",
    attributes=(
        Attribute(
            name="destination",
            description="Only the connections to this destination.",
            presence=Presence.OPTIONAL,
            rules=(common.DESTINATION_RULE,),
            example="amazon_s3",
        ),
        Attribute(
            name="name", description="Only the connections of exactly this name.", presence=Presence.OPTIONAL
        ),
        Attribute(
            name="base_connections",
            description="The connections, ordered by name and then by id.",
            presence=Presence.COMPUTED,
            nested=Nested(
                nesting=Nesting.LIST,
                attributes=(
                    computed("id", "The connection's id."),
                    computed("name", "The connection's name."),
                    computed("description", "What the connection is for."),
                    computed("destination", "The destination's name."),
                    computed("authentication_method", "Adobe's name for the way to log in; null for none."),
                    computed("state", "Adobe's word for its state."),
                    computed("created_at", "When it was made, in RFC 3339."),
                    computed("updated_at", "When it was last changed, in RFC 3339."),
                ),
            ),
        ),
    ),
)
