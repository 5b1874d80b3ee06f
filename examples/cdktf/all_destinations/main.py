"""An export to each destination, in one stack."""

from datetime import UTC, datetime

from cdktf import App, TerraformOutput, TerraformStack
from constructs import Construct

from constructs_lib import (
    AdlsGen2Credentials,
    AepProvider,
    AzureBlobCredentials,
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

DATASETS = [
    Dataset(id="64b7e8acdd522e6190ac9567", name="Orders"),
]
START = datetime(2031, 12, 1, tzinfo=UTC)
END = datetime(2032, 12, 1, tzinfo=UTC)


class AllDestinations(TerraformStack):
    """The stack. The provider takes its settings from the environment (`AEP_ENDPOINT`, ...)."""

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        AepProvider(self, "aep")

        self.export(
            "s3",
            Destination.amazon_s3(
                bucket_name="acme-aep",
                path="exports/orders",
                credentials=S3Credentials.access_key(
                    self.secret("s3_access_key"), self.secret("s3_secret_key")
                ),
            ),
            FileFormat.parquet(compression="GZIP"),
            Schedule.every_hours(3, start=START, end=END),
        )
        self.export(
            "azure_blob",
            Destination.azure_blob(
                container="aep-exports",
                path="exports/orders",
                credentials=AzureBlobCredentials.connection_string(
                    self.secret("azure_blob_connection_string")
                ),
            ),
            FileFormat.parquet(compression="NONE"),
            Schedule.every_hours(6, start=START, end=END),
        )
        self.export(
            "adls_gen2",
            Destination.adls_gen2(
                path="exports/orders",
                credentials=AdlsGen2Credentials.service_principal(
                    url="abfss://exports@acme.dfs.core.windows.net",
                    tenant="acme.onmicrosoft.com",
                    service_principal_id="0a1b2c3d-1111-2222-3333-444455556666",
                    service_principal_key=self.secret("adls_gen2_service_principal_key"),
                ),
            ),
            FileFormat.json(),
            Schedule.every_hours(9, start=START, end=END),
        )
        self.export(
            "data_landing_zone",
            Destination.data_landing_zone(path="exports/orders"),
            FileFormat.json(),
            Schedule.every_hours(12, start=START, end=END),
        )
        self.export(
            "google_cloud_storage",
            Destination.google_cloud_storage(
                bucket_name="acme-aep",
                path="exports/orders",
                credentials=GoogleCloudStorageCredentials.hmac_key(
                    access_key_id="GOOG1EXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLE",
                    secret_access_key=self.secret("google_cloud_storage_secret_access_key"),
                ),
            ),
            FileFormat.parquet(),
            Schedule.daily(start=START, end=END),
        )
        self.export(
            "sftp_password",
            Destination.sftp(
                remote_path="/exports/orders",
                credentials=SftpCredentials.password(
                    domain="sftp.example.org", username="aep", password=self.secret("sftp_password")
                ),
            ),
            FileFormat.json(),
            Schedule.daily(start=START, end=END),
        )
        self.export(
            "sftp_ssh_key",
            Destination.sftp(
                remote_path="/exports/orders",
                credentials=SftpCredentials.ssh_key(
                    domain="sftp.example.org", username="aep", ssh_key=self.secret("sftp_ssh_key")
                ),
            ),
            FileFormat.parquet(),
            Schedule.once(start=START),
        )

    def secret(self, name: str) -> str:
        """A secret that is given to Terraform as `TF_VAR_<name>` and stored nowhere."""
        return SecretVariable(self, name).value

    def export(
        self, name: str, destination: Destination, file_format: FileFormat, schedule: Schedule
    ) -> None:
        """An export of the datasets, with its flow's id as an output of the stack."""
        made = DatasetExport(
            self,
            f"orders_{name}",
            datasets=DATASETS,
            destination=destination,
            file_format=file_format,
            schedule=schedule,
        )
        TerraformOutput(self, f"{name}_flow_id", value=made.flow_id)


app = App()
AllDestinations(app, "all-destinations")
app.synth()
