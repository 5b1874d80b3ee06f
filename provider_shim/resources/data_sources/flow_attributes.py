"""Attributes of a flow in data sources."""

from provider_shim.resources.common import computed
from provider_shim.schema.attribute import Attribute, Nested, Presence
from provider_shim.schema.types import BOOL, NUMBER

SCHEDULE = Attribute(
    name="schedule",
    description="Schedule of the exports.",
    presence=Presence.COMPUTED,
    nested=Nested(
        (
            computed(
                "export_mode", "`FIRST_FULL_THEN_INCREMENTAL` or `DAILY_FULL_EXPORT`; null for old flows."
            ),
            computed("time_unit", "Unit of `interval`: `hour` or `day`."),
            computed("interval", "Number of time units between two runs; 0 for a single export.", NUMBER),
            computed("start_time", "Time of the first run, in RFC 3339."),
            computed(
                "end_time",
                "End of the exports, in RFC 3339; null if none is set. Whether the exports have ended follows from this "
                "time alone, because a flow's `state` does not change at its end, according to Adobe's page on health "
                "checks (written about audience flows).",
            ),
            computed(
                "folder_name_template", "Template of the folders below the path of the target connection."
            ),
        )
    ),
)

LAST_RUN = Attribute(
    name="last_run",
    description="The latest run; null before the first run.",
    presence=Presence.COMPUTED,
    nested=Nested(
        (
            computed("id", "ID of the run."),
            computed("status", "Status of the run, as in `aep_flow_runs`."),
            computed("started_at", "Start of the run, in RFC 3339."),
            computed("completed_at", "End of the run, in RFC 3339; null while it is running."),
        )
    ),
)

ABOUT = (
    computed("description", "Description of the flow."),
    computed(
        "state",
        "State of the flow, as Adobe returns it: `enabled`, `disabled`, or a state between the two. It does "
        "not change at the end of the schedule (run-and-operate/health-checks/destinations.md, 2026, written about "
        "audience flows).",
    ),
    computed("enabled", "`true` if the flow is enabled or is being enabled.", BOOL),
    computed("destination", "Name of the destination; null if the flow does not export datasets."),
    computed("flow_spec_id", "ID of the flow spec."),
    computed("source_connection_id", "ID of the source connection."),
    computed("target_connection_id", "ID of the target connection."),
    SCHEDULE,
    LAST_RUN,
    computed("created_at", "Time of creation, in RFC 3339."),
    computed("updated_at", "Time of the last change, in RFC 3339."),
)
"""All attributes except the id and the name."""
