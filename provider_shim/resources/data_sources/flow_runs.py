"""`aep_flow_runs`: the runs of a flow."""

from provider_shim.resources import common
from provider_shim.resources.common import computed
from provider_shim.schema.attribute import Attribute, Nested, Nesting, Presence
from provider_shim.schema.block import DataSource
from provider_shim.schema.rules import IntegerBetween
from provider_shim.schema.types import NUMBER

_TEXTS = {
    "id": "ID of the run.",
    "status": "Status of the run: `queued`, `running`, `success`, `partial`, `failed` or `unknown`. It is derived "
    "from Adobe's status, whose spelling differs between responses.",
    "created_at": "Time of creation, in RFC 3339.",
    "started_at": "Start of the run, in RFC 3339; null before it has started.",
    "completed_at": "End of the run, in RFC 3339; null before it has ended.",
}
_COUNTS = {
    "input_records": "Number of records read.",
    "output_records": "Number of records written.",
    "failed_records": "Number of records that could not be exported.",
    "output_bytes": "Number of bytes written.",
    "output_files": "Number of files written.",
}

FLOW_RUNS = DataSource(
    type_name="aep_flow_runs",
    description="Lists the runs of a flow, the newest first.",
    attributes=(
        Attribute(
            name="flow_id",
            description="ID of the flow.",
            presence=Presence.REQUIRED,
            rules=(common.UUID,),
        ),
        Attribute(
            name="limit",
            description="Maximum number of runs. Defaults to 100.",
            presence=Presence.OPTIONAL,
            type=NUMBER,
            rules=(
                IntegerBetween(minimum=1, maximum=10000, requirement="be a whole number between 1 and 10000"),
            ),
            example=10,
        ),
        Attribute(
            name="runs",
            description="The runs. Values that Flow Service does not return are null.",
            presence=Presence.COMPUTED,
            nested=Nested(
                nesting=Nesting.LIST,
                attributes=(
                    *(computed(name, text) for name, text in _TEXTS.items()),
                    *(computed(name, text, NUMBER) for name, text in _COUNTS.items()),
                    Attribute(
                        name="errors",
                        description="Errors of the run.",
                        presence=Presence.COMPUTED,
                        nested=Nested(
                            nesting=Nesting.LIST,
                            attributes=tuple(
                                computed(name, text)
                                for name, text in {
                                    "code": "Adobe's error code.",
                                    "message": "Adobe's error message.",
                                }.items()
                            ),
                        ),
                    ),
                ),
            ),
        ),
    ),
)
