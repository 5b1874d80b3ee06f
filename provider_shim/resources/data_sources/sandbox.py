"""`aep_sandbox`: the sandbox that everything is in, or another one."""

from provider_shim.resources.common import computed
from provider_shim.schema.attribute import Attribute, Presence
from provider_shim.schema.block import DataSource
from provider_shim.schema.rules import NotEmpty
from provider_shim.schema.types import BOOL

SANDBOX = DataSource(
    type_name="aep_sandbox",
    description="A sandbox of the organisation: the one of the provider's configuration, or another by name.",
    attributes=(
        Attribute(
            name="name",
            description="The sandbox's name; that of the provider's configuration unless it is set.",
            presence=Presence.OPTIONAL_COMPUTED,
            rules=(NotEmpty(),),
            example="prod",
        ),
        computed("title", "The name that Adobe's web page shows."),
        computed("state", "Adobe's word for its state, such as `active`."),
        computed("type", "`production` or `development`."),
        computed("region", "The region of its data, such as `VA7`."),
        computed("is_default", "Whether it is the organisation's default sandbox.", BOOL),
    ),
)
