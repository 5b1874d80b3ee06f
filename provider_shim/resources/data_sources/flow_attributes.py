"""What the data sources tell about a flow."""

from provider_shim.schema.attribute import Attribute, Nested, Presence
from provider_shim.schema.types import BOOL, NUMBER, STRING, Type


def answered(name: str, description: str, kind: Type = STRING) -> Attribute:
    """A value of the answer."""
    return Attribute(name=name, description=description, presence=Presence.COMPUTED, type=kind)


SCHEDULE = Attribute(
    name="schedule",
    description="When it exports.",
    presence=Presence.COMPUTED,
    nested=Nested(
        (
            answered(
                "export_mode", "`FIRST_FULL_THEN_INCREMENTAL` or `DAILY_FULL_EXPORT`; null for old flows."
            ),
            answered("time_unit", "`hour` or `day`."),
            answered(
                "interval", "How many of the units lie between two runs; 0 for a single export.", NUMBER
            ),
            answered("start_time", "When the first run is due, in RFC 3339."),
            answered("end_time", "When the exports end, in RFC 3339; null where none is set."),
            answered("folder_name_template", "The folders below the target's path."),
        )
    ),
)

LAST_RUN = Attribute(
    name="last_run",
    description="The newest run; null before the first.",
    presence=Presence.COMPUTED,
    nested=Nested(
        (
            answered("id", "The run's id."),
            answered("status", "Its status, in the words of `aep_flow_runs`."),
            answered("started_at", "When it started, in RFC 3339."),
            answered("completed_at", "When it ended, in RFC 3339; null before."),
        )
    ),
)

ABOUT = (
    answered("description", "What the flow is for."),
    answered("state", "Adobe's word for its state: `enabled`, `disabled`, or one on the way between them."),
    answered("enabled", "Whether it is on, or on the way to it.", BOOL),
    answered("destination", "The destination's name; null where the flow exports no datasets."),
    answered("flow_spec_id", "The id of its flow spec."),
    answered("source_connection_id", "The id of its source connection."),
    answered("target_connection_id", "The id of its target connection."),
    SCHEDULE,
    LAST_RUN,
    answered("created_at", "When it was made, in RFC 3339."),
    answered("updated_at", "When it was last changed, in RFC 3339."),
)
"""Everything but its id and its name."""
