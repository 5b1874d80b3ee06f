"""`aep_target_connection`: where the files go and what they are like."""

from provider_shim.destinations import DESTINATIONS, Destination
from provider_shim.resources import common
from provider_shim.resources.fields import attribute_of
from provider_shim.resources.managed.base_connection import BASE_CONNECTION
from provider_shim.schema.attribute import Attribute, JsonField, Nested, Presence
from provider_shim.schema.block import DestinationBlock, DestinationReference, Resource
from provider_shim.schema.block_rules import AllowedCombinations, ExactlyOneOf
from provider_shim.schema.codecs import FLAG, UPPER_CASE
from provider_shim.schema.rules import OneOf
from provider_shim.schema.types import BOOL

_TUTORIAL = "Adobe's tutorial 'Export datasets by using the Flow Service API' (2023), targetSpec"


def _block(destination: Destination) -> Attribute:
    return Attribute(
        name=destination.name,
        description=f"{destination.title}: where the files go. A change is made in place; another destination is "
        "another connection.",
        presence=Presence.OPTIONAL,
        nested=Nested(tuple(attribute_of(field, "params") for field in destination.location)),
    )


def _destination_block(destination: Destination) -> DestinationBlock:
    return DestinationBlock(
        attribute=destination.name,
        title=destination.title,
        spec_id=destination.connection_spec,
        constants={
            "connectionSpec": {"id": destination.connection_spec, "version": common.SPEC_VERSION},
            "params.mode": "Server-to-server",  # in every sample of the tutorial, in no published schema
        },
        derived={"destination": destination.name, "flow_spec_id": destination.flow_spec},
    )


TARGET_CONNECTION = Resource(
    type_name="aep_target_connection",
    title="target connection",
    identity=common.IDENTITY,
    description="The place in a destination where an export puts its files, and what the files are like. "
    "Exactly one of the blocks named after the destinations is set, the same one as in the base connection.",
    collection="targetConnections",
    list_filter="connectionSpec.id==" + ",".join(each.connection_spec for each in DESTINATIONS),
    flows_filter="targetConnectionIds[]=={id}",
    patch_paths=("name", "description", "params"),
    destination_blocks=tuple(_destination_block(destination) for destination in DESTINATIONS),
    destination_reference=DestinationReference(
        attribute="base_connection_id",
        resource=BASE_CONNECTION,
        reported_on="base_connection_id",
        advice="Set it to the id of a base connection for the same destination.",
    ),
    replace_mode=("on_change", "replace", "params"),
    rules=(
        ExactlyOneOf(attributes=common.DESTINATION_NAMES, noun="destination"),
        AllowedCombinations(
            attributes=("file_type", "compression"),
            allowed=(("JSON", "GZIP"), ("PARQUET", "GZIP"), ("PARQUET", "NONE")),
            summary="JSON files must be compressed",
            explanation="Adobe documents that JSON is exported only compressed (Export datasets, 2026 text; "
            "guardrails.md), although its samples show JSON without compression.",
            ignore_case=True,
            disputed=True,
        ),
    ),
    attributes=(
        common.ID,
        common.name_of("target connection"),
        common.description_of("target connection"),
        Attribute(
            name="base_connection_id",
            description="The id of the base connection that holds the credentials.",
            presence=Presence.REQUIRED,
            requires_replace=True,
            json=JsonField("baseConnectionId"),
            rules=(common.UUID,),
        ),
        *(_block(destination) for destination in DESTINATIONS),
        Attribute(
            name="file_type",
            description="The format of the files: `JSON` (one object a line) or `PARQUET`.",
            presence=Presence.REQUIRED,
            json=JsonField("params.datasetFileType", UPPER_CASE),
            rules=(
                OneOf(values=("JSON", "PARQUET"), requirement='be "JSON" or "PARQUET"', ignore_case=True),
            ),
            example="PARQUET",
            source=_TUTORIAL,
        ),
        Attribute(
            name="compression",
            description="The compression of the files: `GZIP`, or `NONE`, which Adobe documents for PARQUET "
            "only.",
            presence=Presence.REQUIRED,
            json=JsonField("params.compression", UPPER_CASE),
            rules=(OneOf(values=("NONE", "GZIP"), requirement='be "GZIP" or "NONE"', ignore_case=True),),
            example="GZIP",
            source=_TUTORIAL,
        ),
        Attribute(
            name="include_file_manifest",
            description="Whether each run also writes a manifest, a JSON file that lists the run's files.",
            presence=Presence.OPTIONAL,
            type=BOOL,
            json=JsonField("params.includeFileManifest", FLAG),
            source="Adobe, connect-activate-batch-destinations.md; that dataset exports obey it is not stated",
        ),
        Attribute(
            name="on_change",
            description='What to do when the place or the format changes: `"patch"` changes the connection in '
            'place, `"replace"` makes a new one, and with it a new flow. Adobe\'s pages contradict each other '
            "on whether a running flow notices a patched target connection (edit-destination.md says that it "
            "does, update-dataflows.md that it does not); choose replacement where patching shows no effect.",
            presence=Presence.DEFAULT,
            default="patch",
            rules=(OneOf(values=("patch", "replace"), requirement='be "patch" or "replace"'),),
        ),
        Attribute(
            name="destination",
            description="The destination's name, for the flow's `destination`. It is known at plan.",
            presence=Presence.COMPUTED,
        ),
        Attribute(
            name="flow_spec_id",
            description="The id of the destination's flow spec for datasets. It is known at plan.",
            presence=Presence.COMPUTED,
        ),
        common.DELETION_PROTECTION,
        common.TIMEOUTS,
    ),
)
