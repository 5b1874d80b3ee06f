"""Secrets reach neither the synthesised stack nor a plan file, nor a message about them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from cdktf import App, Fn, TerraformStack, TerraformVariable, Token

from constructs_lib import (
    AdlsGen2Credentials,
    AepProvider,
    AzureBlobCredentials,
    BaseConnection,
    BaseConnectionAmazonS3,
    BaseConnectionSftp,
    ConstructError,
    Dataset,
    DatasetExport,
    Destination,
    FileFormat,
    GoogleCloudStorageCredentials,
    S3Credentials,
    Schedule,
    SecretVariable,
    SftpCredentials,
)
from constructs_lib.testing import synthesize

pytestmark = pytest.mark.slow

CANARY = "AKIACANARYCANARYCANA"
SERVER: dict[str, Any] = {"domain": "sftp.example.org", "username": "aep"}
PRINCIPAL = {"url": "abfss://a@b.dfs.core.windows.net", "tenant": "acme", "service_principal_id": "id"}


@pytest.fixture
def stack() -> TerraformStack:
    """An empty stack named `my-stack`."""
    return TerraformStack(App(), "my-stack")


def export(stack: TerraformStack, destination: Destination) -> None:
    """An export to this destination."""
    DatasetExport(
        stack,
        "orders",
        datasets=[Dataset(id="5ef3e3259ad2a1191ab7dd7d", name="Orders")],
        destination=destination,
        file_format=FileFormat.json(),
        schedule=Schedule.once(datetime(2031, 12, 1, tzinfo=UTC)),
    )


def log_ins(secret: str) -> dict[str, Destination]:
    """A destination for each secret argument, by the argument's name; the secret is given to it alone."""
    good = "${var.unknown_here}"
    place = {"bucket_name": "acme-aep", "path": "x"}
    return {
        "access_key": Destination.amazon_s3(**place, credentials=S3Credentials.access_key(secret, good)),
        "secret_key": Destination.amazon_s3(**place, credentials=S3Credentials.access_key(good, secret)),
        "arn": Destination.amazon_s3(**place, credentials=S3Credentials.role(secret)),
        "connection_string": Destination.azure_blob(
            container="acme", path="x", credentials=AzureBlobCredentials.connection_string(secret)
        ),
        "service_principal_key": Destination.adls_gen2(
            path="x",
            credentials=AdlsGen2Credentials.service_principal(**PRINCIPAL, service_principal_key=secret),
        ),
        "secret_access_key": Destination.google_cloud_storage(
            **place,
            credentials=GoogleCloudStorageCredentials.hmac_key(
                access_key_id="GOOG1E", secret_access_key=secret
            ),
        ),
        "password": Destination.sftp(
            remote_path="x", credentials=SftpCredentials.password(**SERVER, password=secret)
        ),
        "ssh_key": Destination.sftp(
            remote_path="x", credentials=SftpCredentials.ssh_key(**SERVER, ssh_key=secret)
        ),
    }


@pytest.mark.parametrize("argument", list(log_ins("")))
@pytest.mark.parametrize("literal", [CANARY, "", "CANARY${ss", "$${var.CANARY}", "${CANARY}"])
def test_literal_secrets_are_rejected(stack: TerraformStack, argument: str, literal: str) -> None:
    """Every secret argument refuses a literal, also one that looks like a template, and never shows it."""
    with pytest.raises(ConstructError) as caught:
        export(stack, log_ins(literal)[argument])

    assert caught.value.argument == f"destination.credentials.{argument}"
    assert "can't be given as a literal" in caught.value.problem
    assert "SecretVariable" in caught.value.problem
    assert "CANARY" not in str(caught.value)


@pytest.mark.parametrize("argument", list(log_ins("")))
def test_plain_variables_are_rejected(stack: TerraformStack, argument: str) -> None:
    """A variable that is not ephemeral is refused for every secret argument: plan files would hold it."""
    plain = TerraformVariable(stack, "plain", type="string", sensitive=True)

    with pytest.raises(ConstructError, match="the variable `plain` is not ephemeral") as caught:
        export(stack, log_ins(plain.string_value)[argument])

    assert caught.value.argument == f"destination.credentials.{argument}"


def sftp(stack: TerraformStack, password: Any) -> None:
    """A base connection with this password."""
    BaseConnection(
        stack,
        "server",
        name="server",
        sftp=BaseConnectionSftp(domain="sftp.example.org", username="aep", password=password),
    )


@pytest.mark.parametrize(
    "wrap",
    [
        lambda plain: f"prefix-{plain.string_value}",
        lambda plain: Fn.base64encode(plain.string_value),
        lambda plain: Fn.join("-", ["a", plain.string_value]),
        lambda plain: Token.as_any(plain.string_value),
        lambda _: "${var.plain}",
        lambda _: "${nonsensitive(var.plain)}",
    ],
)
def test_plain_variables_are_found_inside_expressions(stack: TerraformStack, wrap: Any) -> None:
    """Wrapping a plain variable into an expression does not hide it."""
    plain = TerraformVariable(stack, "plain", type="string")

    with pytest.raises(ConstructError, match="the variable `plain` is not ephemeral"):
        sftp(stack, wrap(plain))


def test_an_ephemeral_variable_may_be_used_in_expressions() -> None:
    """A secret may be a part of an expression, as in a connection string."""

    def build(stack: TerraformStack) -> None:
        AepProvider(stack, "aep")
        sftp(stack, Fn.base64encode(f"a-{SecretVariable(stack, 'secret').value}"))

    [server] = synthesize(build)["resource"]["aep_base_connection"].values()

    assert server["sftp"]["password"] == '${base64encode("a-${var.secret}")}'


def test_a_variable_made_ephemeral_by_hand_is_as_good(stack: TerraformStack) -> None:
    """What counts is that the variable is ephemeral, not the class that made it."""
    variable = TerraformVariable(stack, "secret", type="string")
    variable.add_override("ephemeral", True)

    sftp(stack, variable.string_value)


def test_other_ephemeral_values_are_accepted(stack: TerraformStack) -> None:
    """An ephemeral resource, such as one that reads a secret store, is a good source of a secret."""
    sftp(stack, "${ephemeral.vault_kv_secret_v2.sftp.data.password}")


def test_the_origin_of_an_attribute_is_not_visible(stack: TerraformStack) -> None:
    """An attribute of another resource is accepted: this is the limit of the check, and the docs state it."""
    sftp(stack, "${terraform_data.anything.output}")


def test_a_variable_deep_in_a_stack_is_found(stack: TerraformStack) -> None:
    """A plain variable is found by its Terraform name wherever it is in the stack."""
    inner = SecretVariable(stack, "outer")
    plain = TerraformVariable(inner, "plain", type="string")

    with pytest.raises(ConstructError, match=f"the variable `{plain.friendly_unique_id}` is not ephemeral"):
        sftp(stack, plain.string_value)


@pytest.mark.parametrize("setting", ["client_secret", "access_token"])
def test_the_provider_rejects_literal_secrets(stack: TerraformStack, setting: str) -> None:
    """The provider's own secrets keep the same rule."""
    with pytest.raises(ConstructError) as caught:
        AepProvider(stack, "aep", **cast(Any, {setting: CANARY}))

    assert (caught.value.construct, caught.value.argument) == ("my-stack/aep", setting)
    assert CANARY not in str(caught.value)


def test_value_classes_do_not_show_secrets() -> None:
    """A literal that is about to be refused is not in what a value class prints of itself either."""
    assert CANARY not in repr(BaseConnectionAmazonS3(s3_access_key=CANARY, s3_role=CANARY))
    assert CANARY not in repr(S3Credentials.role(CANARY))


def test_secret_variables_are_ephemeral_and_sensitive() -> None:
    """The Terraform variable has the construct's id as its name, so `TF_VAR_<id>` sets it."""
    assert synthesize(lambda stack: SecretVariable(stack, "s3_secret_key"))["variable"] == {
        "s3_secret_key": {"type": "string", "sensitive": True, "ephemeral": True}
    }


def test_no_secret_is_in_the_synthesised_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    """Values of the environment stay out: synthesis never asks for them."""
    for name in ("secret", "client_secret"):
        monkeypatch.setenv(f"TF_VAR_{name}", CANARY)
    monkeypatch.setenv("AEP_CLIENT_SECRET", CANARY)

    def build(stack: TerraformStack) -> None:
        AepProvider(stack, "aep", client_secret=SecretVariable(stack, "client_secret").value)
        export(stack, log_ins(SecretVariable(stack, "secret").value)["arn"])

    document = json.dumps(synthesize(build))

    assert "${var.secret}" in document
    assert CANARY not in document
