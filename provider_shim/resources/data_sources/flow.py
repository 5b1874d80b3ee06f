"""`aep_flow`: one dataflow that exists."""

from provider_shim.resources import common
from provider_shim.resources.data_sources.flow_attributes import ABOUT
from provider_shim.schema.attribute import Attribute, Presence
from provider_shim.schema.block import DataSource
from provider_shim.schema.block_rules import ExactlyOneOf

FLOW_LOOKUP = DataSource(
    type_name="aep_flow",
    description="One dataflow, found by its id or by a name that only it has.",
    rules=(ExactlyOneOf(attributes=("id", "name"), noun="choice of a flow"),),
    attributes=(
        Attribute(
            name="id",
            description="The flow's id. Give this or `name`.",
            presence=Presence.OPTIONAL_COMPUTED,
            rules=(common.UUID,),
        ),
        Attribute(
            name="name",
            description="The flow's name. That several flows have it is an error, which lists them.",
            presence=Presence.OPTIONAL_COMPUTED,
        ),
        *ABOUT,
    ),
)
