"""What the data sources tell about a flow."""

from provider_shim.resources.common import computed
from provider_shim.schema.attribute import Attribute, Nested, Presence
from provider_shim.schema.types import BOOL, NUMBER

SCHEDULE = Attribute(
    name="schedule",
    description="When it exports.",
    presence=Presence.COMPUTED,
    nested=Nested(
        (
            computed(
                "export_mode", "`FIRST_FULL_THEN_INCREMENTAL` or `DAILY_FULL_EXPORT`; null for old flows."
            ),
            computed("time_unit", "`hour` or `day`."),
            computed(
                "interval", "How many of the units lie between two runs; 0 for a single export.", NUMBER
            ),
            computed("start_time", "When the first run is due, in RFC 3339."),
            computed("end_time", "When the exports end, in RFC 3339; null where none is set."),
            computed("folder_name_template", "The folders below the target's path."),
        )
    ),
)

LAST_RUN = Attribute(
    name="last_run",
    description="The newest run; null before the first.",
    presence=Presence.COMPUTED,
    nested=Nested(
        (
            computed("id", "The run's id."),
            computed("status", "Its status, in the words of `aep_flow_runs`."),
            computed("started_at", "When it started, in RFC 3339."),
            computed("completed_at", "When it ended, in RFC 3339; null before."),
        )
    ),
)

ABOUT = (
    computed("description", "What the flow is for."),
    computed("state", "Adobe's word for its state: `enabled`, `disabled`, or one on the way between them."),
    computed("enabled", "Whether it is on, or on the way to it.", BOOL),
    computed("destination", "The destination's name; null where the flow exports no datasets."),
    computed("flow_spec_id", "The id of its flow spec."),
    computed("source_connection_id", "The id of its source connection."),
    computed("target_connection_id", "The id of its target connection."),
    SCHEDULE,
    LAST_RUN,
    computed("created_at", "When it was made, in RFC 3339."),
    computed("updated_at", "When it was last changed, in RFC 3339."),
)
"""Everything but its id and its name."""
