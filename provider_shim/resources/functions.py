"""The provider's functions. They need no provider configuration, make no request and read no clock."""

from provider_shim.resources import common
from provider_shim.schema.block import Function, Parameter
from provider_shim.schema.types import DYNAMIC, NUMBER, STRING, List, Map

MOST_RUNS = 1000
"""How many run times are computed at most in one call."""

_DESTINATION = Parameter(
    name="destination",
    description="The destination: " + ", ".join(f"`{name}`" for name in common.DESTINATION_NAMES) + ".",
)

SCHEDULE_RUNS = Function(
    name="schedule_runs",
    summary="The times at which a schedule is due",
    description="The first `n` times after `after` at which a flow with this schedule is due, in RFC 3339 and "
    "UTC: fewer where the schedule ends earlier, none where it has ended. A single export is due once, at its "
    "start. A run that is due exactly at `after` is not among them; one that is due exactly at the end is, "
    "for Adobe does not say which side the end belongs to. It computes, and asks nobody: Adobe does not "
    "document what becomes of a start that lies in the past when the flow is made.",
    parameters=(
        Parameter(
            name="schedule",
            description="The schedule: `time_unit`, `interval`, `start_time` and perhaps `end_time`, as in "
            "`aep_flow`. What else is in it is not looked at, so a flow's whole `schedule` can be given.",
            type=DYNAMIC,
        ),
        Parameter(
            name="after",
            description="The time after which the runs are wanted, in RFC 3339 and whole seconds.",
        ),
        Parameter(name="n", description=f"How many run times, from 1 to {MOST_RUNS}.", type=NUMBER),
    ),
    returns=List(STRING),
    example='provider::aep::schedule_runs(aep_flow.orders.schedule, "2031-12-01T00:00:00Z", 3)',
)

CONNECTION_SPEC_ID = Function(
    name="connection_spec_id",
    summary="The id of a destination's connection spec",
    description="The id of the connection spec of a destination, as Adobe publishes it in the tutorial on "
    "exporting datasets.",
    parameters=(_DESTINATION,),
    returns=STRING,
    example='provider::aep::connection_spec_id("amazon_s3")',
)

FLOW_SPEC_ID = Function(
    name="flow_spec_id",
    summary="The id of a destination's flow spec",
    description="The id of the flow spec with which datasets are exported to a destination, as Adobe publishes "
    "it in the tutorial on exporting datasets.",
    parameters=(_DESTINATION,),
    returns=STRING,
    example='provider::aep::flow_spec_id("amazon_s3")',
)

PREVIEW_FOLDER = Function(
    name="preview_folder",
    summary="The folder that a template stands for",
    description="The folder below the target's path for given values of the macros: `%DATASET_ID%`, "
    "`%DATASET_NAME%`, `%DESTINATION%`, `%DESTINATION_INSTANCE_NAME%`, `%DESTINATION_INSTANCE_ID%`, "
    "`%SANDBOX_NAME%`, `%ORGANIZATION_NAME%`, `%DATETIME(...)%` and `%EXPORT_TIME%`. The format of "
    "`DATETIME` is made of `YYYY`, `MM`, `dd`, `HH`, `mm` and `ss`; Adobe documents `YYYYMMdd_HHmmss`. A null "
    "template stands for the folders that Adobe uses without one.",
    parameters=(
        Parameter(
            name="template",
            description="The template, as in `schedule.folder_name_template`.",
            allow_null=True,
        ),
        Parameter(
            name="values",
            description="A value for each macro in the template, under the macro's name in lower case "
            "(`dataset_id`, `sandbox_name`, ...); and for `DATETIME` and `EXPORT_TIME` the run's time as "
            "`time`, in RFC 3339. What no macro asks for is not looked at.",
            type=Map(STRING),
        ),
    ),
    returns=STRING,
    example='provider::aep::preview_folder("%DATASET_ID%/%EXPORT_TIME%", '
    '{ dataset_id = "5ef3e3259ad2a1191ab7dd7d", time = "2031-12-01T00:00:00Z" })',
)

FUNCTIONS = (SCHEDULE_RUNS, CONNECTION_SPEC_ID, FLOW_SPEC_ID, PREVIEW_FOLDER)
