"""`aep_dataset`: one exportable dataset."""

from provider_shim.resources.common import computed
from provider_shim.resources.data_sources.datasets import FIELDS
from provider_shim.schema.attribute import Attribute, Presence
from provider_shim.schema.block import DataSource
from provider_shim.schema.rules import NotEmpty

DATASET = DataSource(
    type_name="aep_dataset",
    description="Looks up one exportable dataset by its name, which must be unique.",
    attributes=(
        Attribute(
            name="name",
            description="Name of the dataset. It is an error if no dataset or more than one has this name.",
            presence=Presence.REQUIRED,
            rules=(NotEmpty(),),
            example="Orders",
        ),
        *(computed(name, text) for name, text in FIELDS.items() if name != "name"),
    ),
)
