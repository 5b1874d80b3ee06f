"""`aep_base_connections`: existing base connections, which Adobe calls accounts."""

from provider_shim.resources import common
from provider_shim.resources.common import computed
from provider_shim.schema.attribute import Attribute, Nested, Nesting, Presence
from provider_shim.schema.block import DataSource

BASE_CONNECTIONS = DataSource(
    type_name="aep_base_connections",
    description="Lists the base connections of the sandbox to the destinations of dataset exports, without their "
    "credentials.",
    attributes=(
        Attribute(
            name="destination",
            description="Return only the connections to this destination.",
            presence=Presence.OPTIONAL,
            rules=(common.DESTINATION_RULE,),
            example="amazon_s3",
        ),
        Attribute(
            name="name",
            description="Return only the connections of exactly this name.",
            presence=Presence.OPTIONAL,
        ),
        Attribute(
            name="base_connections",
            description="The matching connections, sorted by name and then by ID.",
            presence=Presence.COMPUTED,
            nested=Nested(
                nesting=Nesting.LIST,
                attributes=(
                    computed("id", "ID of the connection."),
                    computed("name", "Name of the connection."),
                    computed("description", "Description of the connection."),
                    computed("destination", "Name of the destination."),
                    computed(
                        "authentication_method", "Adobe's name of the authentication method; null for none."
                    ),
                    computed("state", "State of the connection, as Adobe returns it."),
                    computed("created_at", "Time of creation, in RFC 3339."),
                    computed("updated_at", "Time of the last change, in RFC 3339."),
                ),
            ),
        ),
    ),
)
