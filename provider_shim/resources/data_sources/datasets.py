"""`aep_datasets`: the exportable datasets."""

from provider_shim.resources.common import computed
from provider_shim.schema.attribute import Attribute, Nested, Nesting, Presence
from provider_shim.schema.block import DataSource

FIELDS = {
    "id": "ID of the dataset.",
    "name": "Name of the dataset.",
    "description": "Description of the dataset.",
    "state": "State of the dataset in Adobe's catalogue, such as `DRAFT` or `ENABLED`.",
    "format": "Format in which the data lake stores the dataset, such as `parquet`.",
}

DATASETS = DataSource(
    type_name="aep_datasets",
    description="Lists the exportable datasets of the sandbox, optionally filtered by name and state.",
    attributes=(
        Attribute(
            name="name",
            description="Return only the datasets of exactly this name.",
            presence=Presence.OPTIONAL,
        ),
        Attribute(
            name="state",
            description="Return only the datasets in this state. The case is ignored.",
            presence=Presence.OPTIONAL,
            example="ENABLED",
        ),
        Attribute(
            name="datasets",
            description="The matching datasets, sorted by name and then by ID.",
            presence=Presence.COMPUTED,
            nested=Nested(
                nesting=Nesting.LIST,
                attributes=tuple(computed(name, text) for name, text in FIELDS.items()),
            ),
        ),
    ),
)
