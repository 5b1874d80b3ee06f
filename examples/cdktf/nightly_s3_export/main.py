"""One dataset, every night, to a folder in an Amazon S3 bucket."""

from datetime import UTC, datetime

from cdktf import App, TerraformOutput, TerraformStack

from constructs_lib import (
    AepProvider,
    Dataset,
    DatasetExport,
    Destination,
    FileFormat,
    S3Credentials,
    Schedule,
    SecretVariable,
)

app = App()
stack = TerraformStack(app, "nightly-s3-export")
AepProvider(stack, "aep")

export = DatasetExport(
    stack,
    "orders",
    datasets=[Dataset(id="64b7e8acdd522e6190ac9567", name="Orders")],
    destination=Destination.amazon_s3(
        bucket_name="acme-aep",
        path="exports/orders",
        credentials=S3Credentials.role(SecretVariable(stack, "s3_role").value),
    ),
    file_format=FileFormat.parquet(),
    schedule=Schedule.daily(
        start=datetime(2031, 12, 1, 2, tzinfo=UTC),
        end=datetime(2032, 12, 1, 2, tzinfo=UTC),
    ),
)
TerraformOutput(stack, "flow_id", value=export.flow_id)

app.synth()
