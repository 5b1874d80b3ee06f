"""The constructs as users type them. Type checkers read this file, and nothing runs it.

Each `type: ignore` stands for a mistake that a type checker must find: where it finds none, strict mode
complains that the comment is not needed.
"""

from __future__ import annotations

from datetime import UTC, datetime

from cdktf import TerraformOutput, TerraformStack, TerraformVariable

from constructs_lib import (
    AepProvider,
    BaseConnection,
    BaseConnectionAmazonS3,
    DataDatasets,
    Dataset,
    DatasetExport,
    Destination,
    FileFormat,
    Flow,
    FlowSchedule,
    S3Credentials,
    Schedule,
    SecretVariable,
    SftpCredentials,
    SourceConnection,
    SourceConnectionDataset,
    Timeouts,
)


def good(stack: TerraformStack) -> None:
    """What type checkers accept."""
    provider = AepProvider(stack, "aep", max_retries=3, scopes=["openid"], alias="eu")
    secret: str = SecretVariable(stack, "secret").value
    base = BaseConnection(
        stack, "base", name="base", amazon_s3=BaseConnectionAmazonS3(s3_role=secret), provider=provider
    )
    SourceConnection(stack, "all", name="all", datasets=DataDatasets(stack, "list").datasets)
    SourceConnection(
        stack,
        "some",
        name="some",
        datasets=[SourceConnectionDataset(id="5ef3e3259ad2a1191ab7dd7d", name="Orders")],
        timeouts=Timeouts(create="5m"),
    )
    flow = Flow(
        stack,
        "flow",
        name="flow",
        destination="amazon_s3",
        source_connection_id=base.id,
        target_connection_id=base.id,
        schedule=FlowSchedule(export_mode="x", time_unit="day", interval=1, start_time="y"),
        enabled=TerraformVariable(stack, "enabled").boolean_value,
    )
    revision: float = base.credentials_revision
    TerraformOutput(stack, "revision", value=revision)
    export = DatasetExport(
        stack,
        "export",
        datasets=(Dataset(id=flow.id, name="Orders"),),
        destination=Destination.amazon_s3(
            bucket_name="acme-aep", path="x", credentials=S3Credentials.role(secret)
        ),
        file_format=FileFormat.parquet("NONE"),
        schedule=Schedule.every_hours(12, datetime(2031, 12, 1, tzinfo=UTC)),
        account=base,
    )
    flow_id: str = export.flow_id
    Schedule.every_hours(1, datetime(2031, 12, 1, tzinfo=UTC))
    TerraformOutput(stack, "flow_id", value=flow_id)


def bad(stack: TerraformStack) -> None:
    """What type checkers refuse."""
    FileFormat.parquet(compression="ZIP")  # type: ignore[arg-type]
    Schedule.every_hours(5, "2031-12-01T00:00:00Z")  # type: ignore[arg-type]
    Schedule.once(1954540800)  # type: ignore[arg-type]
    Destination.data_landing_zone()  # type: ignore[call-arg]
    login = SftpCredentials.password(domain="a", username="b", password="c")
    Destination.amazon_s3(bucket_name="a", path="b", credentials=login)  # type: ignore[arg-type]
    AepProvider(stack, "aep", max_retries="3")  # type: ignore[arg-type]
    BaseConnection(stack, "base", amazon_s3=BaseConnectionAmazonS3())  # type: ignore[call-arg]
    Dataset(id="5ef3e3259ad2a1191ab7dd7d")  # type: ignore[call-arg]
    Dataset(id="a", name="b").name = "c"  # type: ignore[misc]
