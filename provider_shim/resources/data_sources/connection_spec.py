"""`aep_connection_spec`: Adobe's specification of the connections to a destination."""

from provider_shim.resources.common import computed
from provider_shim.resources.data_sources.spec_attributes import chosen_by
from provider_shim.schema.attribute import Attribute, Presence
from provider_shim.schema.block import DataSource
from provider_shim.schema.block_rules import ExactlyOneOf
from provider_shim.schema.types import STRING, List

CONNECTION_SPEC = DataSource(
    type_name="aep_connection_spec",
    description="Reads the connection spec of a destination, which defines the credentials and the location of its "
    "connections.",
    rules=(ExactlyOneOf(attributes=("destination", "id"), noun="choice of a connection spec"),),
    attributes=(
        *chosen_by("connection spec"),
        computed("name", "Adobe's name of the destination."),
        computed("version", "Version of the connection spec."),
        computed("provider_id", "ID of the destination's provider, which is the same for all destinations."),
        Attribute(
            name="authentication_methods",
            description="Names of the authentication methods; empty if no credentials are needed.",
            presence=Presence.COMPUTED,
            type=List(STRING),
        ),
        computed("document", "The complete connection spec as JSON text, for `jsondecode`."),
    ),
)
