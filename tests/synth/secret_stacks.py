"""Stacks with a secret in a connection or a provider, for the tests of literal secrets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from cdktf import App, ITerraformIterator, TerraformIterator, TerraformStack, TerraformVariable

from constructs_lib import (
    AepProvider,
    BaseConnection,
    BaseConnectionAmazonS3,
    BaseConnectionAzureBlob,
    BaseConnectionSftp,
    SecretVariable,
)

CANARY = "AKIACANARYCANARYCANA"
PEM = f"-----BEGIN RSA PRIVATE KEY-----\n{CANARY}\n-----END RSA PRIVATE KEY-----\n"
LOGIN: dict[str, Any] = {"domain": "sftp.example.org", "username": "aep"}
AZURE = "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={};EndpointSuffix=core.windows.net"
SHARED = "BlobEndpoint=https://acme.blob.core.windows.net/;SharedAccessSignature="
VAULT = "${ephemeral.vault_kv_secret_v2.sftp.data}"
Build = Callable[[TerraformStack, SecretVariable], object]


def server(
    stack: TerraformStack, password: Any, for_each: ITerraformIterator | None = None
) -> BaseConnection:
    """A base connection with this password."""
    return BaseConnection(
        stack,
        "server",
        name="server",
        sftp=BaseConnectionSftp(domain="sftp.example.org", username="aep", password=password),
        for_each=for_each,
    )


def written(folder: Path, build: Build) -> str:
    """All that `cdktf synth` writes for a stack with a provider and a variable for a secret."""
    app = App(outdir=str(folder))
    stack = TerraformStack(app, "my-stack")
    AepProvider(stack, "aep")
    build(stack, SecretVariable(stack, "secret"))
    app.synth()
    return files(folder)


def files(folder: Path) -> str:
    """The text of all files in a folder."""
    return "".join(path.read_text() for path in sorted(folder.rglob("*")) if path.is_file())


def password(value: Callable[[TerraformStack, str], object]) -> Build:
    """A connection whose password is made from the stack and the secret's reference."""
    return lambda stack, secret: server(stack, value(stack, secret.value))


def later(change: Callable[[TerraformStack, BaseConnection, SecretVariable], object]) -> Build:
    """A connection with a good password, and a change after it was made."""

    def build(stack: TerraformStack, secret: SecretVariable) -> None:
        change(stack, server(stack, secret.value), secret)

    return build


def repeated(iterator: Callable[[], TerraformIterator], value: Callable[[Any], str]) -> Build:
    """A connection for each element of an iterator, which gives the password."""

    def build(stack: TerraformStack, _: SecretVariable) -> None:
        each = iterator()
        server(stack, value(each), for_each=each)

    return build


def stack_override(path: str, value: object) -> Build:
    """A good connection in a stack with this override."""
    return later(lambda stack, _, __: stack.add_override(path, value))


def typed(kind: str, reference: str) -> Build:
    """A connection whose password is from an ephemeral variable of this type."""

    def build(stack: TerraformStack, _: SecretVariable) -> None:
        variable = TerraformVariable(stack, "login", type=kind, sensitive=True)
        variable.add_override("ephemeral", True)
        server(stack, reference)

    return build


def provider(argument: str, value: Callable[[TerraformStack, str], object]) -> Build:
    """A second provider with a secret setting."""

    def build(stack: TerraformStack, secret: SecretVariable) -> None:
        settings: dict[str, Any] = {argument: value(stack, secret.value)}
        AepProvider(stack, "second", alias="second", **settings)

    return build


def azure(value: Callable[[str], str]) -> Build:
    """A base connection for Azure Blob Storage with a connection string made from the secret's reference."""

    def build(stack: TerraformStack, secret: SecretVariable) -> None:
        block = BaseConnectionAzureBlob(connection_string=value(secret.value))
        BaseConnection(stack, "server", name="server", azure_blob=block)

    return build


def role(value: Callable[[str], str]) -> Build:
    """A base connection for Amazon S3 with a role's ARN made from the secret's reference."""

    def build(stack: TerraformStack, secret: SecretVariable) -> None:
        block = BaseConnectionAmazonS3(s3_role=value(secret.value))
        BaseConnection(stack, "server", name="server", amazon_s3=block)

    return build
