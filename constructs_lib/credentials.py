"""How an export gets into its destination. Every secret in here is a reference to an ephemeral variable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self


class Credentials:
    """One way to log in. Make a value of the class named after your destination, by the method you use.

    A secret argument takes `SecretVariable(...).value`. A literal is refused when the stack is synthesised.
    """

    __slots__ = ("_arguments", "_fields")

    destination: ClassVar[str]
    """The destination's name for Terraform."""

    _fields: dict[str, object]
    _arguments: dict[str, str]

    def __init__(self) -> None:
        raise TypeError(f"use one of the named methods of {type(self).__name__}")

    @classmethod
    def _make(cls, fields: Mapping[str, tuple[str, object]]) -> Self:
        """From the attributes of the base connection, each with the argument's name and its value."""
        made = cls.__new__(cls)
        made._fields = {name: value for name, (_, value) in fields.items()}
        made._arguments = {name: argument for name, (argument, _) in fields.items()}
        return made

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"  # a literal that is about to be refused shall not be shown


class S3Credentials(Credentials):
    """How to log in at Amazon S3."""

    __slots__ = ()
    destination = "amazon_s3"

    @classmethod
    def access_key(cls, access_key: str, secret_key: str) -> Self:
        """The id of an AWS access key and its secret, both as references to ephemeral variables."""
        return cls._make(
            {"s3_access_key": ("access_key", access_key), "s3_secret_key": ("secret_key", secret_key)}
        )

    @classmethod
    def role(cls, arn: str) -> Self:
        """The ARN of an AWS role that trusts Adobe's account, as a reference to an ephemeral variable: Flow
        Service keeps the ARN as it keeps a password.
        """
        return cls._make({"s3_role": ("arn", arn)})


class AzureBlobCredentials(Credentials):
    """How to log in at Azure Blob Storage."""

    __slots__ = ()
    destination = "azure_blob"

    @classmethod
    def connection_string(cls, connection_string: str) -> Self:
        """The storage account's connection string, as a reference to an ephemeral variable."""
        return cls._make({"connection_string": ("connection_string", connection_string)})


class AdlsGen2Credentials(Credentials):
    """How to log in at Azure Data Lake Storage Gen2."""

    __slots__ = ()
    destination = "adls_gen2"

    @classmethod
    def service_principal(
        cls, *, url: str, tenant: str, service_principal_id: str, service_principal_key: str
    ) -> Self:
        """A service principal of Microsoft Entra; its key is a reference to an ephemeral variable.

        `url` has the form `abfss://<container>@<account>.dfs.core.windows.net`.
        """
        return cls._make(
            {
                "url": ("url", url),
                "tenant": ("tenant", tenant),
                "service_principal_id": ("service_principal_id", service_principal_id),
                "service_principal_key": ("service_principal_key", service_principal_key),
            }
        )


class GoogleCloudStorageCredentials(Credentials):
    """How to log in at Google Cloud Storage."""

    __slots__ = ()
    destination = "google_cloud_storage"

    @classmethod
    def hmac_key(cls, *, access_key_id: str, secret_access_key: str) -> Self:
        """An HMAC key: its access id, and its secret as a reference to an ephemeral variable."""
        return cls._make(
            {
                "access_key_id": ("access_key_id", access_key_id),
                "secret_access_key": ("secret_access_key", secret_access_key),
            }
        )


class SftpCredentials(Credentials):
    """How to log in at an SFTP server."""

    __slots__ = ()
    destination = "sftp"

    @classmethod
    def password(cls, *, domain: str, username: str, password: str, port: int | None = None) -> Self:
        """A password, as a reference to an ephemeral variable. `domain` is the server's name or address."""
        return cls._make(
            {
                "domain": ("domain", domain),
                "username": ("username", username),
                "port": ("port", port),
                "password": ("password", password),
            }
        )

    @classmethod
    def ssh_key(cls, *, domain: str, username: str, ssh_key: str, port: int | None = None) -> Self:
        """An RSA private key without a passphrase: the key file's text in base64, as a reference to an
        ephemeral variable. `domain` is the server's name or address.
        """
        return cls._make(
            {
                "domain": ("domain", domain),
                "username": ("username", username),
                "port": ("port", port),
                "ssh_key": ("ssh_key", ssh_key),
            }
        )
