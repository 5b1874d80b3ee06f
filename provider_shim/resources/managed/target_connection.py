"""`aep_target_connection`: the location and the format of the exported files."""

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
        description=f"Location of the files in {destination.title}. Changing the destination replaces the connection.",
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
    description="Manages a target connection, which defines the location and the format of the exported files. Exactly "
    "one of the blocks named after the destinations must be set, for the same destination as in the base connection.",
    collection="targetConnections",
    list_filter="connectionSpec.id==" + ",".join(each.connection_spec for each in DESTINATIONS),
    flows_filter="targetConnectionIds[]=={id}",
    patch_paths=("name", "description", "params"),
    destination_blocks=tuple(_destination_block(destination) for destination in DESTINATIONS),
    references={"base_connection_id": BASE_CONNECTION},
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
            description="ID of the base connection with the credentials.",
            presence=Presence.REQUIRED,
            requires_replace=True,
            json=JsonField("baseConnectionId"),
            rules=(common.UUID,),
        ),
        *(_block(destination) for destination in DESTINATIONS),
        Attribute(
            name="file_type",
            description="Format of the files: `JSON` (one object per line) or `PARQUET`. A dataset of at most 50,000 records "
            "is always exported as one file.",
            presence=Presence.REQUIRED,
            json=JsonField("params.datasetFileType", UPPER_CASE),
            rules=(
                OneOf(values=("JSON", "PARQUET"), requirement='be "JSON" or "PARQUET"', ignore_case=True),
            ),
            example="PARQUET",
            source=_TUTORIAL + "; one file: release notes of June 2026",
        ),
        Attribute(
            name="compression",
            description="Compression of the files: `GZIP`, or `NONE`, which Adobe documents for PARQUET only.",
            presence=Presence.REQUIRED,
            json=JsonField("params.compression", UPPER_CASE),
            rules=(OneOf(values=("NONE", "GZIP"), requirement='be "GZIP" or "NONE"', ignore_case=True),),
            example="GZIP",
            source=_TUTORIAL,
        ),
        Attribute(
            name="include_file_manifest",
            description="Set to `true` to write a manifest with each run: a JSON file that lists the run's files.",
            presence=Presence.OPTIONAL_OR_EMPTY,
            type=BOOL,
            json=JsonField("params.includeFileManifest", FLAG),
            source="Adobe, connect-activate-batch-destinations.md; it does not state if this applies to dataset exports",
        ),
        Attribute(
            name="on_change",
            description='How to change the location or the format: `"patch"` (default) updates the connection in place, '
            '`"replace"` replaces it, and the flow with it. Adobe\'s pages disagree about the effect of an update on an '
            "existing flow (edit-destination.md: the flow uses it; update-dataflows.md: it does not), so use replacement "
            "if an update has no effect.",
            presence=Presence.DEFAULT,
            default="patch",
            rules=(OneOf(values=("patch", "replace"), requirement='be "patch" or "replace"'),),
        ),
        Attribute(
            name="destination",
            description="Name of the destination, for the flow's `destination`. It is known at plan.",
            presence=Presence.COMPUTED,
        ),
        Attribute(
            name="flow_spec_id",
            description="ID of the flow spec of dataset exports to the destination. It is known at plan.",
            presence=Presence.COMPUTED,
        ),
        common.DELETION_PROTECTION,
        common.SANDBOX_NAME,
        common.TIMEOUTS,
    ),
)
