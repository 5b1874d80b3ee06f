"""`aep_flow`: a dataflow, which exports datasets on a schedule."""

from provider_shim.destinations import DESTINATIONS
from provider_shim.resources import common
from provider_shim.resources.managed.source_connection import SOURCE_CONNECTION
from provider_shim.resources.managed.target_connection import TARGET_CONNECTION
from provider_shim.schema.attribute import Attribute, JsonField, Nested, Presence
from provider_shim.schema.block import DestinationReference, Resource
from provider_shim.schema.block_rules import AllowedCombinations, AtLeastOneOf, Before, Consistent
from provider_shim.schema.codecs import (
    EPOCH_SECONDS,
    INTEGER,
    LOWER_CASE,
    OPTIONAL_TEXT,
    PLAIN,
    SINGLE_ITEM,
    STATE,
    UPPER_CASE,
    names,
)
from provider_shim.schema.rules import NotEmpty, OneOf, Timestamp
from provider_shim.schema.types import BOOL, NUMBER

_API = "OpenAPI 'Flow Service - Destinations' (2024-11-13), DatasetScheduleParams"
_DESTINATION = names({each.name: each.flow_spec for each in DESTINATIONS}, "destination")
_FLOW_SPECS = tuple(destination.flow_spec for destination in DESTINATIONS)

SCHEDULE_TABLE = (
    ("DAILY_FULL_EXPORT", "day", 0),
    ("FIRST_FULL_THEN_INCREMENTAL", "day", 1),
    *(("FIRST_FULL_THEN_INCREMENTAL", "hour", hours) for hours in (1, 3, 6, 9, 12)),
)
"""The schedules that Adobe documents (Export datasets, 2026 text; DatasetScheduleParams): a single full export,
or incremental exports daily or every few hours. There is no repeated full export. Every hour: the release notes of
28 July 2026; the interval 1 was in the enum of DatasetScheduleParams before."""

_DISPUTED_HOURS = (8, 24)
"""The menu of the web page offers 8 hours (UI guide, 2026), the tutorial of 2023 has 24; the OpenAPI file has neither."""

_SCHEDULE_PARTS = ("export_mode", "time_unit", "interval")
_SCHEDULES = (
    "Adobe documents these schedules: a single full export (DAILY_FULL_EXPORT, day, 0), and incremental exports daily "
    "(FIRST_FULL_THEN_INCREMENTAL, day, 1) or every 1, 3, 6, 9 or 12 hours (FIRST_FULL_THEN_INCREMENTAL, hour)."
)
_DISPUTED_SCHEDULES = (
    _SCHEDULES
    + " Every 8 hours is only in the menu of Adobe's web page, every 24 hours only in Adobe's tutorial of 2023."
)

SCHEDULE = Attribute(
    name="schedule",
    description="Schedule of the exports, which all datasets of the flow share. For a single full export, set "
    "`export_mode` to `DAILY_FULL_EXPORT`, `time_unit` to `day` and `interval` to 0. For a full export followed by "
    "incremental ones, set `FIRST_FULL_THEN_INCREMENTAL` with `day` and 1, or with `hour` and 1, 3, 6, 9 or 12.",
    presence=Presence.REQUIRED,
    nested=Nested(
        rules=(
            AllowedCombinations(
                attributes=_SCHEDULE_PARTS,
                allowed=SCHEDULE_TABLE,
                tolerated=tuple(("FIRST_FULL_THEN_INCREMENTAL", "hour", hours) for hours in _DISPUTED_HOURS),
                summary="No such schedule",
                explanation=_SCHEDULES,
                ignore_case=True,
            ),
            AllowedCombinations(
                attributes=_SCHEDULE_PARTS,
                allowed=SCHEDULE_TABLE,
                summary="Doubtful schedule",
                explanation=_DISPUTED_SCHEDULES,
                ignore_case=True,
                disputed=True,
            ),
            Before(first="start_time", second="end_time"),
        ),
        attributes=(
            Attribute(
                name="export_mode",
                description="Export mode: `FIRST_FULL_THEN_INCREMENTAL`, or `DAILY_FULL_EXPORT` for a single full "
                "export.",
                presence=Presence.REQUIRED,
                json=JsonField("scheduleParams.exportMode", UPPER_CASE),
                rules=(
                    OneOf(
                        values=("DAILY_FULL_EXPORT", "FIRST_FULL_THEN_INCREMENTAL"),
                        requirement='be "DAILY_FULL_EXPORT" or "FIRST_FULL_THEN_INCREMENTAL"',
                        ignore_case=True,
                    ),
                ),
                example="FIRST_FULL_THEN_INCREMENTAL",
                source=_API,
            ),
            Attribute(
                name="time_unit",
                description="Unit of `interval`: `hour` or `day`.",
                presence=Presence.REQUIRED,
                json=JsonField("scheduleParams.timeUnit", LOWER_CASE),
                rules=(OneOf(values=("hour", "day"), requirement='be "hour" or "day"', ignore_case=True),),
                example="hour",
                source=_API,
            ),
            Attribute(
                name="interval",
                description="Number of time units between two runs; 0 for a single export.",
                presence=Presence.REQUIRED,
                type=NUMBER,
                json=JsonField("scheduleParams.interval", INTEGER),
                example=3,
                source=_API
                + "; 0: its text, and Export datasets, 2026 text; 1 with hour: release notes of 28 July 2026",
            ),
            Attribute(
                name="start_time",
                description="Time of the first run, in RFC 3339 and whole seconds.",
                presence=Presence.REQUIRED,
                json=JsonField("scheduleParams.startTime", EPOCH_SECONDS),
                rules=(Timestamp(),),
                example="2031-12-01T00:00:00Z",
                source=_API,
            ),
            Attribute(
                name="end_time",
                description="End of the exports, in RFC 3339 and whole seconds. If it is not set, Flow Service chooses "
                "it: six months after creation, according to Adobe's text of 2024. Exports then stop silently and "
                "the flow can remain enabled, so setting it is recommended.",
                presence=Presence.OPTIONAL_COMPUTED,
                null_when=("interval", 0),
                json=JsonField("scheduleParams.endTime", EPOCH_SECONDS),
                rules=(Timestamp(),),
                example="2032-12-01T00:00:00Z",
                source=_API + "; default: Export datasets, text of September 2024; "
                "remains enabled: run-and-operate/health-checks/destinations.md, 2026 (written about audience flows)",
            ),
            Attribute(
                name="folder_name_template",
                description="Template of the folders below the path of the target connection, with macros such as "
                "`%DATASET_ID%` and `%DATETIME(YYYYMMdd_HHmmss)%`. Defaults to a folder for each dataset, with a folder "
                "for each export time in it.",
                presence=Presence.OPTIONAL,
                json=JsonField(
                    "scheduleParams.foldernameTemplate",
                    OPTIONAL_TEXT,
                    aliases=("scheduleParams.folderNameTemplate",),
                ),
                rules=(NotEmpty(example="%DATASET_ID%/%EXPORT_TIME%"),),
                example="%DATASET_ID%/%EXPORT_TIME%",
                source="Export datasets, 2026 text; the OpenAPI file spells the key folderNameTemplate",
            ),
        ),
    ),
)

FLOW = Resource(
    type_name="aep_flow",
    title="flow",
    identity=common.IDENTITY,
    description="Manages a dataflow, which exports the datasets of a source connection to the location of a target "
    "connection on a schedule.",
    collection="flows",
    constants={"flowSpec.version": common.SPEC_VERSION, "transformations": []},
    patch_paths=("name", "description", "scheduleParams", "sourceConnectionIds"),
    equivalents=(("destination", "flow_spec_id"),),
    list_filter="flowSpec.id==" + ",".join(_FLOW_SPECS),
    stable_states=("enabled", "disabled"),  # the two that the OpenAPI file lists
    action_attribute="enabled",
    schedule_attribute="schedule",
    references={"source_connection_id": SOURCE_CONNECTION, "target_connection_id": TARGET_CONNECTION},
    destination_reference=DestinationReference(
        attribute="target_connection_id",
        resource=TARGET_CONNECTION,
        reported_on="destination",
        advice="Take it from the target connection: destination = aep_target_connection.<name>.destination",
        read_if_unknown=True,
    ),
    rules=(
        AtLeastOneOf(attributes=("destination", "flow_spec_id"), noun="destination"),
        Consistent(attributes=(("destination", _DESTINATION), ("flow_spec_id", PLAIN))),
    ),
    attributes=(
        common.ID,
        common.name_of("flow"),
        common.description_of("flow"),
        Attribute(
            name="destination",
            description="Name of the destination, usually from the target connection's `destination`. At least one of "
            "`destination` and `flow_spec_id` must be set.",
            presence=Presence.OPTIONAL_COMPUTED,
            requires_replace=True,
            json=JsonField("flowSpec.id", _DESTINATION),
            rules=(common.DESTINATION_RULE,),
            example="amazon_s3",
        ),
        Attribute(
            name="flow_spec_id",
            description="ID of the flow spec of dataset exports to the destination, as an alternative to `destination`.",
            presence=Presence.OPTIONAL_COMPUTED,
            requires_replace=True,
            json=JsonField("flowSpec.id"),
            rules=(
                OneOf(
                    values=_FLOW_SPECS,
                    requirement="be the flow spec of a dataset export",
                    example=_FLOW_SPECS[0],
                ),
            ),
            example=_FLOW_SPECS[0],
            source="Adobe's tutorial 'Export datasets by using the Flow Service API' (2023)",
        ),
        Attribute(
            name="source_connection_id",
            description="ID of the source connection. It can be changed without replacing the flow.",
            presence=Presence.REQUIRED,
            json=JsonField("sourceConnectionIds", SINGLE_ITEM),
            rules=(common.UUID,),
        ),
        Attribute(
            name="target_connection_id",
            description="ID of the target connection.",
            presence=Presence.REQUIRED,
            requires_replace=True,
            json=JsonField("targetConnectionIds", SINGLE_ITEM),
            rules=(common.UUID,),
        ),
        SCHEDULE,
        Attribute(
            name="enabled",
            description="Set to `false` to disable the flow. Flow Service creates every flow enabled, so a new flow is "
            "disabled directly after its creation. According to Adobe's page on health checks (written about audience "
            "flows), a flow remains enabled after the end of its schedule, when it exports nothing any more.",
            presence=Presence.DEFAULT,
            type=BOOL,
            default=True,
            json=JsonField("state", STATE, writable=False),
        ),
        common.DELETION_PROTECTION,
        common.SANDBOX_NAME,
        common.TIMEOUTS,
    ),
)
