"""`aep_source_connection`: the datasets of an export."""

from provider_shim.resources import common
from provider_shim.schema.attribute import Attribute, JsonField, Nested, Nesting, Presence
from provider_shim.schema.block import Resource
from provider_shim.schema.rules import NotEmpty, UniqueBy

SOURCE_CONNECTION = Resource(
    type_name="aep_source_connection",
    title="source connection",
    identity=common.IDENTITY,
    description="Manages a source connection, which selects the datasets to export from the data lake. Flow Service "
    "can't change the datasets of a source connection, so a change replaces it and updates the flow to the new one. "
    "Set `create_before_destroy` in the resource's `lifecycle`, so that the flow always has a source connection.",
    collection="sourceConnections",
    constants={"connectionSpec": {"id": common.DATA_LAKE_SPEC, "version": common.SPEC_VERSION}},
    list_filter=f"connectionSpec.id=={common.DATA_LAKE_SPEC}",
    flows_filter="sourceConnectionIds[]=={id}",
    patch_paths=("name", "description"),
    datasets_attribute="datasets",
    attributes=(
        common.ID,
        common.name_of("source connection"),
        common.description_of("source connection"),
        Attribute(
            name="datasets",
            description="Datasets to export. All of them share the flow's schedule.",
            presence=Presence.REQUIRED,
            requires_replace=True,
            json=JsonField("params.datasets"),
            rules=(
                NotEmpty(requirement="name at least one dataset"),
                UniqueBy(key="id", noun="dataset", requirement="name each dataset once"),
            ),
            nested=Nested(
                nesting=Nesting.SET,
                attributes=(
                    Attribute(
                        name="id",
                        description="ID of the dataset, as listed by `aep_datasets`.",
                        presence=Presence.REQUIRED,
                        json=JsonField("dataSetId"),
                        rules=(common.DATASET_ID,),
                        example="5ef3e3259ad2a1191ab7dd7d",
                    ),
                    Attribute(
                        name="name",
                        description="Name of the dataset, which Flow Service requires in addition to the ID.",
                        presence=Presence.REQUIRED,
                        json=JsonField("name"),
                        rules=(NotEmpty(),),
                        example="Orders",
                    ),
                ),
            ),
            source="Adobe's tutorial 'Export datasets by using the Flow Service API' (2023)",
        ),
        common.DELETION_PROTECTION,
        common.SANDBOX_NAME,
        common.TIMEOUTS,
    ),
)
