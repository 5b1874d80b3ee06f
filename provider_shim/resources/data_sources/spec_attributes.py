"""What the data sources of connection specs and flow specs share."""

from provider_shim.resources import common
from provider_shim.schema.attribute import Attribute, Presence


def chosen_by(kind: str) -> tuple[Attribute, Attribute]:
    """The two ways to choose a spec: by the destination's name, or by id."""
    return (
        Attribute(
            name="destination",
            description=f"The destination whose {kind} is looked up. Give this or `id`.",
            presence=Presence.OPTIONAL,
            rules=(common.DESTINATION_RULE,),
            example="amazon_s3",
        ),
        Attribute(
            name="id",
            description=f"The id of the {kind}.",
            presence=Presence.OPTIONAL_COMPUTED,
            rules=(common.UUID,),
        ),
    )
