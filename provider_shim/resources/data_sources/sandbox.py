"""`aep_sandbox`: the provider's sandbox, or another one."""

from provider_shim.resources.common import computed
from provider_shim.schema.attribute import Attribute, Presence
from provider_shim.schema.block import DataSource
from provider_shim.schema.rules import NotEmpty
from provider_shim.schema.types import BOOL

SANDBOX = DataSource(
    type_name="aep_sandbox",
    description="Reads a sandbox of the organisation: the one of the provider's configuration, or another by name.",
    attributes=(
        Attribute(
            name="name",
            description="Name of the sandbox. Defaults to the provider's `sandbox_name`.",
            presence=Presence.OPTIONAL_COMPUTED,
            rules=(NotEmpty(),),
            example="prod",
        ),
        computed("title", "Title of the sandbox, as shown in Adobe's web page."),
        computed("state", "State of the sandbox, as Adobe returns it, such as `active`."),
        computed("type", "Type of the sandbox: `production` or `development`."),
        computed("region", "Region of the sandbox's data, such as `VA7`."),
        computed("is_default", "`true` for the organisation's default sandbox.", BOOL),
    ),
)
