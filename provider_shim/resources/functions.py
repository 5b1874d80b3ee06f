"""The provider's functions. They need no provider configuration, make no requests and do not use the clock."""

from provider_shim.resources import common
from provider_shim.resources.s3_trust_policy import ADOBE_PRINCIPAL
from provider_shim.schema.block import Function, Parameter
from provider_shim.schema.types import DYNAMIC, NUMBER, STRING, List, Map

MAX_RUNS = 1000
"""Maximum number of run times that one call returns."""

_DESTINATION = Parameter(
    name="destination",
    description="Name of the destination: "
    + ", ".join(f"`{name}`" for name in common.DESTINATION_NAMES)
    + ".",
)

SCHEDULE_RUNS = Function(
    name="schedule_runs",
    summary="Computes the next run times of a schedule",
    description="Returns the first `n` run times of a flow with this schedule after the time `after`, in RFC 3339 and "
    "UTC. The list is shorter, or empty, if the schedule ends earlier. A single export has one run, at its start. A "
    "run exactly at `after` is not included. A run exactly at the end is included, because Adobe does not document "
    "if the end is inclusive. The times are computed from the arguments alone. Adobe does not document when a flow "
    "runs whose start is in the past when it is created.",
    parameters=(
        Parameter(
            name="schedule",
            description="Object with `time_unit`, `interval`, `start_time` and optionally `end_time`, as in `aep_flow`. "
            "Other attributes are ignored, so that the complete `schedule` of a flow is valid.",
            type=DYNAMIC,
        ),
        Parameter(
            name="after",
            description="Time after which runs are returned, in RFC 3339 and whole seconds.",
        ),
        Parameter(name="n", description=f"Number of run times, from 1 to {MAX_RUNS}.", type=NUMBER),
    ),
    returns=List(STRING),
    example='provider::aep::schedule_runs(aep_flow.orders.schedule, "2031-12-01T00:00:00Z", 3)',
)

CONNECTION_SPEC_ID = Function(
    name="connection_spec_id",
    summary="Returns the ID of a destination's connection spec",
    description="Returns the ID of the connection spec of a destination, as published in Adobe's tutorial on "
    "exporting datasets.",
    parameters=(_DESTINATION,),
    returns=STRING,
    example='provider::aep::connection_spec_id("amazon_s3")',
)

FLOW_SPEC_ID = Function(
    name="flow_spec_id",
    summary="Returns the ID of a destination's flow spec",
    description="Returns the ID of the flow spec of dataset exports to a destination, as published in Adobe's "
    "tutorial on exporting datasets.",
    parameters=(_DESTINATION,),
    returns=STRING,
    example='provider::aep::flow_spec_id("amazon_s3")',
)

PREVIEW_FOLDER = Function(
    name="preview_folder",
    summary="Renders a folder name template",
    description="Returns the folder below the target connection's path for given values of the macros: `%DATASET_ID%`, "
    "`%DATASET_NAME%`, `%DESTINATION%`, `%DESTINATION_INSTANCE_NAME%`, `%DESTINATION_INSTANCE_ID%`, "
    "`%SANDBOX_NAME%`, `%ORGANIZATION_NAME%`, `%DATETIME(...)%` and `%EXPORT_TIME%`. The format of "
    "`DATETIME` consists of `YYYY`, `MM`, `dd`, `HH`, `mm` and `ss`; Adobe documents `YYYYMMdd_HHmmss`.",
    parameters=(
        Parameter(
            name="template",
            description="Template, as in `schedule.folder_name_template`. Null is Adobe's default template.",
            allow_null=True,
        ),
        Parameter(
            name="values",
            description="Map with a value for each macro in the template, by the macro's name in lower case "
            "(`dataset_id`, `sandbox_name`, ...). For `DATETIME` and `EXPORT_TIME` it has the time of the run as "
            "`time`, in RFC 3339. Other keys are ignored.",
            type=Map(STRING),
        ),
    ),
    returns=STRING,
    example='provider::aep::preview_folder("%DATASET_ID%/%EXPORT_TIME%", '
    '{ dataset_id = "5ef3e3259ad2a1191ab7dd7d", time = "2031-12-01T00:00:00Z" })',
)

S3_ROLE_TRUST_POLICY = Function(
    name="s3_role_trust_policy",
    summary="Returns the trust policy of the AWS role for Amazon S3",
    description="Returns the trust policy, in JSON, of the AWS role in `s3_role` of a base connection to Amazon S3. It "
    "allows Adobe's AWS account to assume the role with the ID of your organisation as `sts:ExternalId`, which "
    "Adobe has sent in every AssumeRole since August 2026 (release notes of 18 August 2026). Without this condition, another "
    "organisation that knows the ARN could have Adobe write to your bucket. The policy grants no access to a bucket; "
    "Adobe's page on the destination Amazon S3 lists the permissions that the role needs.",
    parameters=(
        Parameter(
            name="organization_id",
            description="ID of the organisation, as in the provider's `organization_id`: letters and digits, followed by "
            "`@AdobeOrg`.",
        ),
        Parameter(
            name="principal",
            description="AWS principal that may assume the role, as an account's number or an ARN. Null is Adobe's "
            f"account, `{ADOBE_PRINCIPAL}`, which is in AWS's partition `aws`; Adobe's pages name none for the "
            "partitions of China (`aws-cn`) and of the US government (`aws-us-gov`).",
            allow_null=True,
        ),
    ),
    returns=STRING,
    example='provider::aep::s3_role_trust_policy("5555467B5D8013E50A494220@AdobeOrg", null)',
)

FUNCTIONS = (SCHEDULE_RUNS, CONNECTION_SPEC_ID, FLOW_SPEC_ID, PREVIEW_FOLDER, S3_ROLE_TRUST_POLICY)
