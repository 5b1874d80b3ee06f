"""`aep_source_connection`: the datasets of an export."""

from provider_shim.resources import common
from provider_shim.schema.attribute import Attribute, JsonField, Nested, Nesting, Presence
from provider_shim.schema.block import Resource
from provider_shim.schema.rules import NotEmpty

SOURCE_CONNECTION = Resource(
    type_name="aep_source_connection",
    title="source connection",
    identity=common.IDENTITY,
    description="The datasets that an export takes from the data lake. Flow Service can't change the datasets "
    "of a source connection: another set of datasets is another source connection, which the flow is then "
    "pointed to. Set `create_before_destroy` in the resource's `lifecycle`, so that the flow never stands "
    "without one.",
    collection="sourceConnections",
    constants={"connectionSpec": {"id": common.DATA_LAKE_SPEC, "version": common.SPEC_VERSION}},
    list_filter=f"connectionSpec.id=={common.DATA_LAKE_SPEC}",
    flows_filter="sourceConnectionIds[]=={id}",
    patch_paths=("name", "description"),
    attributes=(
        common.ID,
        common.name_of("source connection"),
        common.description_of("source connection"),
        Attribute(
            name="datasets",
            description="The datasets. All of them share the schedule of the flow that exports them.",
            presence=Presence.REQUIRED,
            requires_replace=True,
            json=JsonField("params.datasets"),
            rules=(NotEmpty(requirement="name at least one dataset"),),
            nested=Nested(
                nesting=Nesting.SET,
                attributes=(
                    Attribute(
                        name="id",
                        description="The dataset's id, as `aep_datasets` lists it.",
                        presence=Presence.REQUIRED,
                        json=JsonField("dataSetId"),
                        rules=(common.DATASET_ID,),
                        example="5ef3e3259ad2a1191ab7dd7d",
                    ),
                    Attribute(
                        name="name",
                        description="The dataset's name. Flow Service asks for it beside the id.",
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
        common.TIMEOUTS,
    ),
)
