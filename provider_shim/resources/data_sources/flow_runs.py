"""`aep_flow_runs`: what a flow has exported so far."""

from provider_shim.resources import common
from provider_shim.resources.common import computed
from provider_shim.schema.attribute import Attribute, Nested, Nesting, Presence
from provider_shim.schema.block import DataSource
from provider_shim.schema.rules import IntegerBetween
from provider_shim.schema.types import NUMBER

_TEXTS = {
    "id": "The run's id.",
    "status": "`queued`, `running`, `success`, `partial`, `failed` or `unknown`. Adobe's own words for it "
    "differ from answer to answer.",
    "created_at": "When the run was made, in RFC 3339.",
    "started_at": "When it started, in RFC 3339; null before.",
    "completed_at": "When it ended, in RFC 3339; null before.",
}
_COUNTS = {
    "input_records": "Records read.",
    "output_records": "Records written.",
    "failed_records": "Records that could not be exported.",
    "output_bytes": "Bytes written.",
    "output_files": "Files written.",
}

FLOW_RUNS = DataSource(
    type_name="aep_flow_runs",
    description="The runs of a flow, the newest first.",
    attributes=(
        Attribute(
            name="flow_id",
            description="The id of the flow.",
            presence=Presence.REQUIRED,
            rules=(common.UUID,),
        ),
        Attribute(
            name="limit",
            description="At most so many runs. 100 unless it is set.",
            presence=Presence.OPTIONAL,
            type=NUMBER,
            rules=(
                IntegerBetween(minimum=1, maximum=10000, requirement="be a whole number between 1 and 10000"),
            ),
            example=10,
        ),
        Attribute(
            name="runs",
            description="The runs. Flow Service leaves out what it has not counted; that is null here.",
            presence=Presence.COMPUTED,
            nested=Nested(
                nesting=Nesting.LIST,
                attributes=(
                    *(computed(name, text) for name, text in _TEXTS.items()),
                    *(computed(name, text, NUMBER) for name, text in _COUNTS.items()),
                    Attribute(
                        name="errors",
                        description="What went wrong.",
                        presence=Presence.COMPUTED,
                        nested=Nested(
                            nesting=Nesting.LIST,
                            attributes=tuple(
                                computed(name, text)
                                for name, text in {
                                    "code": "Adobe's code of the error.",
                                    "message": "Adobe's text of the error.",
                                }.items()
                            ),
                        ),
                    ),
                ),
            ),
        ),
    ),
)
