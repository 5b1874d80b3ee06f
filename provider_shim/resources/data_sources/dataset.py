"""`aep_dataset`: one dataset that can be exported."""

from provider_shim.resources.common import computed
from provider_shim.resources.data_sources.datasets import FIELDS
from provider_shim.schema.attribute import Attribute, Presence
from provider_shim.schema.block import DataSource
from provider_shim.schema.rules import NotEmpty

DATASET = DataSource(
    type_name="aep_dataset",
    description="One dataset that can be exported, found by a name that only it has.",
    attributes=(
        Attribute(
            name="name",
            description="The dataset's name. That none or several have it is an error, which lists candidates.",
            presence=Presence.REQUIRED,
            rules=(NotEmpty(),),
            example="Orders",
        ),
        *(computed(name, text) for name, text in FIELDS.items() if name != "name"),
    ),
)
