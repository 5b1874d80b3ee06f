"""Where an export's files go."""

from __future__ import annotations

from typing import Any, Self

from constructs_lib.construct_error import Problem
from constructs_lib.credentials import (
    AdlsGen2Credentials,
    AzureBlobCredentials,
    Credentials,
    GoogleCloudStorageCredentials,
    S3Credentials,
    SftpCredentials,
)
from constructs_lib.generated import base_connection, target_connection
from constructs_lib.generated.base_connection import BaseConnection
from provider_shim.schema.paths import AttributeName, Path, path


class Destination:
    """A place in one of the destinations, with the credentials for it: one named method for each kind.

    `credentials` is left out where the export uses an existing base connection (`account`).
    """

    __slots__ = ("_credentials", "_location", "_name")

    _name: str
    _location: dict[str, str]
    _credentials: Credentials | None

    def __init__(self) -> None:
        raise TypeError("use one of the named methods, such as Destination.amazon_s3(...)")

    @classmethod
    def amazon_s3(cls, *, bucket_name: str, path: str, credentials: S3Credentials | None = None) -> Self:
        """A folder in an Amazon S3 bucket."""
        return cls._make("amazon_s3", {"bucket_name": bucket_name, "path": path}, credentials)

    @classmethod
    def azure_blob(
        cls, *, container: str, path: str, credentials: AzureBlobCredentials | None = None
    ) -> Self:
        """A folder in a container of Azure Blob Storage."""
        return cls._make("azure_blob", {"container": container, "path": path}, credentials)

    @classmethod
    def adls_gen2(cls, *, path: str, credentials: AdlsGen2Credentials | None = None) -> Self:
        """A folder in Azure Data Lake Storage Gen2; the credentials name the container."""
        return cls._make("adls_gen2", {"path": path}, credentials)

    @classmethod
    def data_landing_zone(cls, *, path: str) -> Self:
        """A folder in the sandbox's Data Landing Zone, which needs no credentials. Adobe deletes files there
        after seven days.
        """
        return cls._make("data_landing_zone", {"path": path}, None)

    @classmethod
    def google_cloud_storage(
        cls, *, bucket_name: str, path: str, credentials: GoogleCloudStorageCredentials | None = None
    ) -> Self:
        """A folder in a Google Cloud Storage bucket."""
        return cls._make("google_cloud_storage", {"bucket_name": bucket_name, "path": path}, credentials)

    @classmethod
    def sftp(cls, *, remote_path: str, credentials: SftpCredentials | None = None) -> Self:
        """A folder on an SFTP server; the credentials name the server."""
        return cls._make("sftp", {"remote_path": remote_path}, credentials)

    @classmethod
    def _make(cls, name: str, location: dict[str, str], credentials: Credentials | None) -> Self:
        made = cls.__new__(cls)
        made._name, made._location, made._credentials = name, location, credentials
        return made

    @property
    def name(self) -> str:
        """The destination's name for Terraform, such as `amazon_s3`."""
        return self._name

    @property
    def _fits_credentials(self) -> bool:
        return self._credentials is None or self._credentials.destination == self._name

    def _credentials_problems(self) -> list[Problem]:
        """What is wrong with the credentials as a whole, where the export makes its own base connection."""
        if self._credentials is None and self._name != "data_landing_zone":
            return [
                Problem(
                    "destination.credentials",
                    f"credentials for {self._name} are missing. Give them, or an `account` to the export.",
                )
            ]
        if not self._fits_credentials:
            given = type(self._credentials).__name__
            return [Problem("destination.credentials", f"{given} can't be used for {self._name}.")]
        return []

    def _account_problems(self, account: BaseConnection | str) -> list[Problem]:
        """What is wrong with an existing base connection, as far as it can be seen."""
        if self._credentials is not None:
            return [Problem("account", "it has credentials already: leave out the destination's.")]
        made_for = [name for name in _BASES if isinstance(account, BaseConnection) and account._gives(name)]
        if made_for and self._name not in made_for:
            return [Problem("account", f"it is for {made_for[0]}, and the destination is {self._name}.")]
        return []

    def _to_target(self) -> dict[str, Any]:
        """The block of an `aep_target_connection`."""
        return {self._name: _TARGETS[self._name](**self._location)}

    def _to_base(self) -> dict[str, Any]:
        """The block of an `aep_base_connection`."""
        fields = {} if self._credentials is None else self._credentials._fields
        return {self._name: _BASES[self._name](**fields)}

    def _argument(self, place: Path) -> Path:
        """The argument from which an attribute of one of the two blocks comes."""
        match place.steps:
            case (AttributeName(self._name), AttributeName(field)) if field in self._location:
                return path("destination", field)
            case (AttributeName(self._name), AttributeName(field)) if self._credentials is not None:
                return path("destination", "credentials", self._credentials._arguments.get(field, field))
        return path("destination")


_BASES: dict[str, Any] = {
    "amazon_s3": base_connection.BaseConnectionAmazonS3,
    "azure_blob": base_connection.BaseConnectionAzureBlob,
    "adls_gen2": base_connection.BaseConnectionAdlsGen2,
    "data_landing_zone": base_connection.BaseConnectionDataLandingZone,
    "google_cloud_storage": base_connection.BaseConnectionGoogleCloudStorage,
    "sftp": base_connection.BaseConnectionSftp,
}
_TARGETS: dict[str, Any] = {
    "amazon_s3": target_connection.TargetConnectionAmazonS3,
    "azure_blob": target_connection.TargetConnectionAzureBlob,
    "adls_gen2": target_connection.TargetConnectionAdlsGen2,
    "data_landing_zone": target_connection.TargetConnectionDataLandingZone,
    "google_cloud_storage": target_connection.TargetConnectionGoogleCloudStorage,
    "sftp": target_connection.TargetConnectionSftp,
}
