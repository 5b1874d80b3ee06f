"""Wrong arguments end in an error that names the construct and the argument, before anything is made."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import pytest
from cdktf import App, TerraformStack
from constructs import Construct

from constructs_lib import (
    AepProvider,
    BaseConnection,
    BaseConnectionAmazonS3,
    BaseConnectionDataLandingZone,
    ConstructError,
    DataConnectionSpec,
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
    TargetConnection,
    TargetConnectionSftp,
    Timeouts,
)

pytestmark = pytest.mark.slow

ORDERS = Dataset(id="5ef3e3259ad2a1191ab7dd7d", name="Orders")
START = datetime(2031, 12, 1, tzinfo=UTC)
FLOW_ID = "eb54b3b3-3949-4f12-89c8-64eafaba858f"


@pytest.fixture
def stack() -> TerraformStack:
    """An empty stack named `my-stack`."""
    return TerraformStack(App(), "my-stack")


def export(stack: TerraformStack, **arguments: Any) -> DatasetExport:
    """An export `orders` with these arguments in place of good ones."""
    usual: dict[str, Any] = {
        "datasets": [ORDERS],
        "destination": Destination.data_landing_zone(path="exports"),
        "file_format": FileFormat.json(),
        "schedule": Schedule.once(START),
    }
    return DatasetExport(stack, "orders", **(usual | arguments))


def refused(stack: TerraformStack, **arguments: Any) -> ConstructError:
    """The error of an export with these arguments in place of good ones."""
    with pytest.raises(ConstructError) as caught:
        export(stack, **arguments)

    assert caught.value.construct == "my-stack/orders"
    assert str(caught.value).startswith("my-stack/orders: ")
    return caught.value


def bucket(name: str, **arguments: Any) -> Destination:
    """A destination in this bucket, for an export with an account."""
    return Destination.amazon_s3(bucket_name=name, path="exports", **arguments)


@pytest.mark.parametrize(
    ("arguments", "argument", "problem"),
    [
        ({"datasets": []}, "datasets", "at least one dataset"),
        (
            {"datasets": [ORDERS, Dataset(id="5EF3", name="Bad")]},
            "datasets[1].id",
            '24 hexadecimal digits in lower case. It is "5EF3". For example: "5ef3e3259ad2a1191ab7dd7d".',
        ),
        ({"datasets": [Dataset(id=ORDERS.id, name=" ")]}, "datasets[0].name", "not be empty"),
        (
            {"destination": bucket("Acme_AEP"), "account": FLOW_ID},
            "destination.bucket_name",
            "be a bucket name: 3 to 63 lower-case letters",
        ),
        (
            {"destination": Destination.azure_blob(container="a--b", path="x"), "account": FLOW_ID},
            "destination.container",
            "be a container name",
        ),
        (
            {"destination": Destination.azure_blob(container="acme", path="a b"), "account": FLOW_ID},
            "destination.path",
            "be one or more letters",
        ),
        ({"destination": bucket("acme-aep")}, "destination.credentials", "are missing"),
        ({"account": "base"}, "account", "must be the id of a Flow Service entity"),
        (
            {"file_format": FileFormat.parquet(cast(Any, "ZIP"))},
            "file_format.compression",
            '"GZIP" or "NONE". It is "ZIP"',
        ),
        (
            {"schedule": Schedule.every_hours(cast(Any, 5), START)},
            "schedule.hours",
            "can be 1 or 3 or 6 or 9 or 12, not 5",
        ),
        (
            {"schedule": Schedule.daily(START, end=datetime(2031, 11, 30, tzinfo=UTC))},
            "schedule.end",
            "Choose a time for end_time that lies after start_time",
        ),
        ({"schedule": Schedule.once(datetime(2031, 12, 1))}, "schedule.start", "has no time zone"),
        ({"schedule": Schedule.once(START.replace(microsecond=5))}, "schedule.start", "in whole seconds"),
        (
            {"schedule": Schedule.daily(START, end=datetime(2032, 12, 1))},
            "schedule.end",
            "has no time zone",
        ),
        ({"schedule": Schedule.once("tomorrow")}, "schedule.start", "an RFC 3339 time"),
        ({"schedule": Schedule.once("2031-02-30T00:00:00Z")}, "schedule.start", "an RFC 3339 time"),
        (
            {"schedule": Schedule.once(START, folder_name_template="")},
            "schedule.folder_name_template",
            "not be empty",
        ),
        ({"name": ""}, "name", "not be empty"),
        ({"timeouts": Timeouts(delete="soon")}, "timeouts.delete", "be a positive duration"),
        ({"enabled": "yes"}, "enabled", "must be true or false, not str"),
        ({"credentials_version": True}, "credentials_version", "must be a number, not bool"),
    ],
)
def test_an_export_rejects(
    stack: TerraformStack, arguments: dict[str, Any], argument: str, problem: str
) -> None:
    """Each mistake is reported once, at the argument that the user wrote."""
    error = refused(stack, **arguments)

    assert [each.argument for each in error.problems] == [argument]
    assert problem in error.problem
    assert (error.argument, error.problem) == (error.problems[0].argument, error.problems[0].text)


def test_an_export_reports_all_problems_at_once(stack: TerraformStack) -> None:
    """All problems are in one error, each on its line."""
    error = refused(
        stack,
        datasets=[],
        account="base",
        file_format=FileFormat.parquet(cast(Any, "ZIP")),
        schedule=Schedule.once(datetime(2031, 12, 1)),
    )

    assert [each.argument for each in error.problems] == [
        "datasets",
        "account",
        "file_format.compression",
        "schedule.start",
    ]
    assert str(error).startswith("my-stack/orders: 4 problems\n  - datasets must name at least one dataset.")


def test_an_error_names_a_construct_inside_a_construct(stack: TerraformStack) -> None:
    """The path leads through the user's own constructs."""
    team = Construct(stack, "team")

    with pytest.raises(ConstructError, match=r"^my-stack/team/orders: datasets must name"):
        DatasetExport(
            team,
            "orders",
            datasets=[],
            destination=Destination.data_landing_zone(path="exports"),
            file_format=FileFormat.json(),
            schedule=Schedule.once(START),
        )


def test_credentials_and_account_exclude_each_other(stack: TerraformStack) -> None:
    """An export with an account takes no credentials, which would go nowhere."""
    login = S3Credentials.role(SecretVariable(stack, "role").value)

    error = refused(stack, destination=bucket("acme-aep", credentials=login), account=FLOW_ID)

    assert (error.argument, error.problem) == (
        "account",
        "it has credentials already: leave out the destination's.",
    )


def test_an_account_is_for_the_same_destination(stack: TerraformStack) -> None:
    """A base connection that is made for another destination is refused."""
    zone = BaseConnection(stack, "zone", name="zone", data_landing_zone=BaseConnectionDataLandingZone())

    error = refused(stack, destination=bucket("acme-aep"), account=zone)

    assert (error.argument, error.problem) == (
        "account",
        "it is for data_landing_zone, and the destination is amazon_s3.",
    )


def test_credentials_are_for_the_same_destination(stack: TerraformStack) -> None:
    """Credentials of another destination are refused, where no type checker did it before."""
    login = SftpCredentials.password(
        domain="a", username="b", password=SecretVariable(stack, "password").value
    )

    error = refused(stack, destination=bucket("acme-aep", credentials=login))

    assert (error.argument, error.problem) == (
        "destination.credentials",
        "SftpCredentials can't be used for amazon_s3.",
    )


def test_credentials_are_checked_by_their_arguments(stack: TerraformStack) -> None:
    """What is not secret among the credentials is checked, and named as the user wrote it."""
    secret = SecretVariable(stack, "password").value
    login = SftpCredentials.password(domain="", username="aep", password=secret, port=70000)

    error = refused(stack, destination=Destination.sftp(remote_path="/", credentials=login))

    assert [each.argument for each in error.problems] == [
        "destination.credentials.domain",
        "destination.credentials.port",
    ]


@pytest.mark.parametrize("kind", [Destination, FileFormat, Schedule, S3Credentials])
def test_value_classes_are_made_by_their_named_methods(kind: type) -> None:
    """The constructor can't be used, so that no inconsistent value exists."""
    with pytest.raises(TypeError, match="use "):
        kind()


def test_references_are_passed_over(stack: TerraformStack) -> None:
    """What only Terraform will know is no mistake, wherever it stands."""
    DatasetExport(
        stack,
        "orders",
        datasets=[Dataset(id="${var.dataset}", name="Orders")],
        destination=bucket("acme-${var.region}"),
        account="${data.other.id}",
        file_format=FileFormat.parquet(cast(Any, "${var.compression}")),
        schedule=Schedule.daily("${var.start}", end="2031-12-01T00:00:00Z"),
    )


@pytest.mark.parametrize(
    ("make", "argument", "problem"),
    [
        (
            lambda stack: BaseConnection(stack, "orders", name="x"),
            "",
            "Exactly one of `amazon_s3`",
        ),
        (
            lambda stack: BaseConnection(
                stack,
                "orders",
                name="x",
                amazon_s3=BaseConnectionAmazonS3(),
                data_landing_zone=BaseConnectionDataLandingZone(),
            ),
            "data_landing_zone",
            "are both set",
        ),
        (
            lambda stack: TargetConnection(
                stack,
                "orders",
                name="x",
                base_connection_id="base",
                sftp=TargetConnectionSftp(remote_path="x"),
                file_type="PARQUET",
                compression="GZIP",
            ),
            "base_connection_id",
            "a UUID",
        ),
        (
            lambda stack: Flow(
                stack,
                "orders",
                name="x",
                source_connection_id=FLOW_ID,
                target_connection_id=FLOW_ID,
                schedule=FlowSchedule(
                    export_mode="DAILY_FULL_EXPORT",
                    time_unit="day",
                    interval=0,
                    start_time="2031-12-01T00:00:00Z",
                ),
            ),
            "",
            "Set `destination` or `flow_spec_id`.",
        ),
        (
            lambda stack: SourceConnection(
                stack, "orders", name="x", datasets=[SourceConnectionDataset(id="1", name="a")]
            ),
            "datasets[0].id",
            "24 hexadecimal digits",
        ),
        (lambda stack: DataConnectionSpec(stack, "orders", destination="ftp"), "destination", "be one of"),
        (lambda stack: AepProvider(stack, "orders", sandbox_name="Prod!"), "sandbox_name", "sandbox's name"),
    ],
)
def test_single_resources_reject(stack: TerraformStack, make: Any, argument: str, problem: str) -> None:
    """The constructs of single resources check the same rules, by the resource's own attribute names."""
    with pytest.raises(ConstructError) as caught:
        make(stack)

    assert caught.value.construct == "my-stack/orders"
    assert caught.value.argument == argument
    assert problem in caught.value.problem
    assert stack.node.try_find_child("orders") is None


DICTIONARIES: dict[str, tuple[Any, str | None]] = {
    "an optional key is absent": (
        lambda stack: sftp(stack, {"domain": "a", "username": "b", "password": "${var.secret}"}),
        None,
    ),
    "an optional key is null": (
        lambda stack: sftp(stack, {"domain": "a", "username": "b", "ssh_key": "${var.key}", "port": None}),
        None,
    ),
    "all keys are optional": (
        lambda stack: BaseConnection(stack, "x", name="x", amazon_s3=cast(Any, {})),
        None,
    ),
    "timeouts": (
        lambda stack: sftp(stack, {"domain": "a", "username": "b"}, timeouts={"create": "1m"}),
        None,
    ),
    "datasets": (lambda stack: export(stack, datasets=[{"id": ORDERS.id, "name": "Orders"}]), None),
    "a generator of datasets": (lambda stack: export(stack, datasets=(each for each in [ORDERS])), None),
    "a required key is absent": (
        lambda stack: sftp(stack, {"domain": "a"}),
        "sftp.username: it must be given",
    ),
    "a dataset without a name": (
        lambda stack: export(stack, datasets=[{"id": ORDERS.id}]),
        "datasets[0].name: it must be given",
    ),
    "an unknown key": (
        lambda stack: sftp(stack, {"domain": "a", "username": "b", "pasword": "CANARY"}),
        "sftp.pasword: it is not an argument. "
        "The arguments are `domain`, `username`, `port`, `password`, `ssh_key`.",
    ),
    "an unknown key of a dataset": (
        lambda stack: export(stack, datasets=[{"id": ORDERS.id, "name": "a", "nmae": "b"}]),
        "datasets[0].nmae: it is not an argument. The arguments are `id`, `name`.",
    ),
    "an unknown timeout": (
        lambda stack: sftp(stack, {"domain": "a", "username": "b"}, timeouts={"creat": "1m"}),
        "timeouts.creat: it is not an argument",
    ),
    "a text for an object": (
        lambda stack: sftp(stack, "CANARY"),
        "sftp: it must be a value class or a dictionary",
    ),
    "a list for an object": (lambda stack: sftp(stack, ["CANARY"]), "sftp: it must be a value class"),
    "any object": (lambda stack: sftp(stack, object()), "sftp: it must be a value class or a dictionary"),
    "a text for datasets": (lambda stack: export(stack, datasets="CANARY"), "datasets: it must be a list"),
    "a text for a dataset": (
        lambda stack: export(stack, datasets=["CANARY"]),
        "datasets[0]: it must be a value",
    ),
    "one dataset": (lambda stack: export(stack, datasets=ORDERS), "datasets: it must be a list"),
    "no datasets": (lambda stack: export(stack, datasets=None), "datasets: it must be given"),
    "a dictionary for a destination": (
        lambda stack: export(stack, destination={"sftp": {"password": "CANARY"}}),
        "destination: use a method of `Destination`: it can't be dict.",
    ),
    "a dictionary for credentials": (
        lambda stack: export(
            stack,
            destination=Destination.sftp(remote_path="/", credentials=cast(Any, {"password": "CANARY"})),
        ),
        "destination.credentials: dict can't be used for sftp",
    ),
    "a text for a file format": (
        lambda stack: export(stack, file_format="JSON"),
        "file_format: use a method of `FileFormat`: it can't be str.",
    ),
    "a dictionary for a schedule": (
        lambda stack: export(stack, schedule={"start": "now"}),
        "schedule: use a method of `Schedule`: it can't be dict.",
    ),
    "a number for an account": (
        lambda stack: export(stack, account=5),
        "account: it must be a BaseConnection",
    ),
    "a text for a list": (
        lambda stack: AepProvider(stack, "x", scopes=cast(Any, "a,b")),
        "scopes: it must be a list",
    ),
    "a number in a list": (
        lambda stack: AepProvider(stack, "x", scopes=cast(Any, [1])),
        "scopes: it must be text",
    ),
    "a construct for a secret": (
        lambda stack: AepProvider(stack, "x", client_secret=cast(Any, SecretVariable(stack, "secret"))),
        "client_secret: it must be text, not SecretVariable",
    ),
    "bytes for a secret": (
        lambda stack: AepProvider(stack, "x", client_secret=cast(Any, b"CANARY")),
        "client_secret: it must be text, not bytes",
    ),
    "no number": (
        lambda stack: AepProvider(stack, "x", max_retries=float("nan")),
        "max_retries: it must be a finite number",
    ),
    "minus infinity, which is no token": (
        lambda stack: AepProvider(stack, "x", max_retries=float("-inf")),
        "max_retries: it must be a finite number",
    ),
    "a number of 5000 digits": (
        lambda stack: AepProvider(stack, "x", max_retries=10**5000),
        "max_retries: it must be a number of at most 30 digits",
    ),
    "a text that is no Unicode": (
        lambda stack: AepProvider(stack, "x", sandbox_name="\ud800"),
        "unpaired surrogates",
    ),
}


def sftp(stack: TerraformStack, block: Any, **arguments: Any) -> BaseConnection:
    """A base connection with this value in place of a value class."""
    return BaseConnection(stack, "x", name="x", sftp=block, **arguments)


@pytest.mark.parametrize(("make", "problem"), DICTIONARIES.values(), ids=list(DICTIONARIES))
def test_dictionaries_and_wrong_types_are_checked_like_value_classes(
    stack: TerraformStack, make: Any, problem: str | None
) -> None:
    """A dictionary may lack what is optional; another mistake is a `ConstructError` without a value in it."""
    if problem is None:
        make(stack)
        assert stack.to_terraform()["resource"]
        return

    with pytest.raises(ConstructError) as caught:
        make(stack)

    assert problem in str(caught.value)
    assert "CANARY" not in str(caught.value)


def test_disputed_rules_are_left_to_the_plan(stack: TerraformStack) -> None:
    """Uncompressed JSON, on which Adobe's sources disagree, is for the provider to judge."""
    TargetConnection(
        stack,
        "orders",
        name="x",
        base_connection_id=FLOW_ID,
        sftp=TargetConnectionSftp(remote_path="x"),
        file_type="JSON",
        compression="NONE",
    )
