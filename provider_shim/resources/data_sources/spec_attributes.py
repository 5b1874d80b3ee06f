"""Attributes that the data sources of connection specs and flow specs share."""

from provider_shim.resources import common
from provider_shim.schema.attribute import Attribute, Presence


def chosen_by(kind: str) -> tuple[Attribute, Attribute]:
    """Return the attributes that select a spec: the destination's name, and the id. `kind` names the spec."""
    return (
        Attribute(
            name="destination",
            description=f"Destination of the {kind}. Exactly one of `destination` and `id` must be set.",
            presence=Presence.OPTIONAL,
            rules=(common.DESTINATION_RULE,),
            example="amazon_s3",
        ),
        Attribute(
            name="id",
            description=f"ID of the {kind}.",
            presence=Presence.OPTIONAL_COMPUTED,
            rules=(common.UUID,),
        ),
    )
