"""`aep_datasets`: the datasets that can be exported."""

from provider_shim.resources.common import computed
from provider_shim.schema.attribute import Attribute, Nested, Nesting, Presence
from provider_shim.schema.block import DataSource

FIELDS = {
    "id": "The dataset's id.",
    "name": "The dataset's name.",
    "description": "What the dataset is for.",
    "state": "Its state in the catalogue, such as `DRAFT` or `ENABLED`.",
    "format": "The format in which the data lake keeps it, such as `parquet`.",
}

DATASETS = DataSource(
    type_name="aep_datasets",
    description="The datasets that can be exported, all of them or those of a name or a state.",
    attributes=(
        Attribute(
            name="name", description="Only the datasets of exactly this name.", presence=Presence.OPTIONAL
        ),
        Attribute(
            name="state",
            description="Only the datasets in this state, in upper or lower case.",
            presence=Presence.OPTIONAL,
            example="ENABLED",
        ),
        Attribute(
            name="datasets",
            description="The datasets, ordered by name and then by id.",
            presence=Presence.COMPUTED,
            nested=Nested(
                nesting=Nesting.LIST,
                attributes=tuple(computed(name, text) for name, text in FIELDS.items()),
            ),
        ),
    ),
)
