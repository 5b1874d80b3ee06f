"""`aep_connection_spec`: what a destination asks for, in Adobe's words."""

from provider_shim.resources.common import computed
from provider_shim.resources.data_sources.spec_attributes import chosen_by
from provider_shim.schema.attribute import Attribute, Presence
from provider_shim.schema.block import DataSource
from provider_shim.schema.block_rules import ExactlyOneOf
from provider_shim.schema.types import STRING, List

CONNECTION_SPEC = DataSource(
    type_name="aep_connection_spec",
    description="The connection spec of a destination: which credentials and which place it asks for.",
    rules=(ExactlyOneOf(attributes=("destination", "id"), noun="choice of a connection spec"),),
    attributes=(
        *chosen_by("connection spec"),
        computed("name", "Adobe's name for the destination."),
        computed("version", "The version of the connection spec."),
        computed("provider_id", "The id of the provider of the destination, the same for all of them."),
        Attribute(
            name="authentication_methods",
            description="The names of the authentication methods; empty where no credentials are needed.",
            presence=Presence.COMPUTED,
            type=List(STRING),
        ),
        computed("document", "The whole connection spec as JSON, for `jsondecode`."),
    ),
)
